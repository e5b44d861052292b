import { useDispatch } from '../page.tsx';

/** Copies the link of what is on screen and shows it. */
export function ShareButton() {
  const dispatch = useDispatch();
  return (
    <button type="button" className="btn share" onClick={() => dispatch({ type: 'panel', panel: { name: 'share' } })}>
      Share<span className="wide"> link</span>
    </button>
  );
}
