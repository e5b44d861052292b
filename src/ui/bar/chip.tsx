import { useDispatch, useShown } from '../page.tsx';
import { chipWords } from '../words/backend.ts';

/** What steps are computed on, in two words; a click says what that changes. */
export function Chip() {
  const text = useShown((s) => chipWords(s.run));
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
