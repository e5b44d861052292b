import { targets } from '../../experiment/targets/index.ts';
import type { State } from '../../state/state.ts';
import { useDispatch, useShown } from '../page.tsx';

/** Whether the run on screen has samples. */
export function hasSamples({ run, experiment }: State): boolean {
  return run.ready ? run.ready.samples !== null : targets.byName(experiment.target).kind === 'samples';
}

/** Goes from the losses to the gradient norms and back, where both can be had. */
export function LossesSwitch() {
  const offered = useShown(hasSamples);
  const gradients = useShown((s) => s.gradients);
  const dispatch = useDispatch();
  if (!offered) return null;
  return (
    <button
      type="button"
      className="link why"
      aria-label={gradients ? 'Show the losses instead' : 'Show the gradient norms instead'}
      onClick={() => dispatch({ type: 'gradients', shown: !gradients })}
    >
      {gradients ? 'losses' : 'gradients'}
    </button>
  );
}
