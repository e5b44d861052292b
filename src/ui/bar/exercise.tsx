import { useDispatch, useShown } from '../page.tsx';

/** The title of a class link, in the place of the experiments. */
export function ExerciseTitle() {
  const title = useShown((s) => s.view.title);
  return <p className="exercise">{title || 'Exercise'}</p>;
}

/** Opens what hands the run in. */
export function HandIn() {
  const dispatch = useDispatch();
  return (
    <button
      type="button"
      className="btn main hand-in"
      aria-haspopup="dialog"
      onClick={() => dispatch({ type: 'panel', panel: { name: 'handin' } })}
    >
      Hand in …
    </button>
  );
}
