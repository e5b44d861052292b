import { type Actions, actionsOf } from '../../state/actions.ts';
import { useBuilt } from '../built.ts';
import { steady, useLongPreparation } from '../calm.ts';
import { useDispatch } from '../page.tsx';

function useActions() {
  const long = useLongPreparation();
  return useBuilt((state) => {
    const { main, step, rewind } = actionsOf(steady(state, long));
    return { label: main.label, does: main.does, step, rewind };
  });
}

/** Train, Pause, Rewind or Cancel: whatever comes next. */
export function MainButton() {
  const { label, does } = useActions();
  const dispatch = useDispatch();
  return (
    <button
      type="button"
      className="btn main"
      onClick={() => dispatch({ type: does satisfies Actions['main']['does'] })}
    >
      {label}
    </button>
  );
}

export function StepButton() {
  const { step } = useActions();
  const dispatch = useDispatch();
  return (
    <button type="button" className="btn" disabled={!step} onClick={() => dispatch({ type: 'train', steps: 1 })}>
      Step
    </button>
  );
}

/** Left out where the main button already rewinds. */
export function RewindButton() {
  const { rewind, does } = useActions();
  const dispatch = useDispatch();
  if (does === 'rewind') return null;
  return (
    <button type="button" className="btn" disabled={!rewind} onClick={() => dispatch({ type: 'rewind' })}>
      Rewind
    </button>
  );
}
