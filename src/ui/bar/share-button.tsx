import { useDispatch } from '../page.tsx';

/** Shows the link of what is on screen, ready to be copied. */
export function ShareButton() {
  const dispatch = useDispatch();
  return (
    <button
      type="button"
      className="btn share"
      onClick={() => {
        dispatch({ type: 'command', command: 'copy-link' });
        dispatch({ type: 'panel', panel: { name: 'share' } });
      }}
    >
      Share<span className="wide"> link</span>
    </button>
  );
}
