import { useDispatch, useShown } from '../page.tsx';
import { backendName } from '../words/backend.ts';

/** What steps are computed on, in two words; a click says what that changes. */
export function Chip() {
  const text = useShown((s) => (s.run.engine ? `${backendName(s.run.engine)}, float32` : 'Starting …'));
  const dispatch = useDispatch();
  return (
    <button
      type="button"
      className="link chip"
      title="What is computed where, and what that changes"
      onClick={() => dispatch({ type: 'panel', panel: { name: 'difference' } })}
    >
      {text}
    </button>
  );
}
