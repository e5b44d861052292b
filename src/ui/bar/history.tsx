import { useDispatch, useShown } from '../page.tsx';

/** Undo and redo of settings. */
export function History() {
  const [back, forth] = [useShown((s) => s.past.length > 0), useShown((s) => s.future.length > 0)];
  const dispatch = useDispatch();
  return (
    <span className="history">
      <button
        type="button"
        className="link"
        disabled={!back}
        title="Undo the last change of a setting (Ctrl Z)"
        onClick={() => dispatch({ type: 'undo' })}
      >
        Undo
      </button>
      <button
        type="button"
        className="link"
        disabled={!forth}
        title="Redo it (Ctrl Shift Z)"
        onClick={() => dispatch({ type: 'redo' })}
      >
        Redo
      </button>
    </span>
  );
}
