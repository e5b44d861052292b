import { shownModule } from '../../state/run/run.ts';
import { rateOf, shownFrame } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { scalingShown } from '../../ui/scene-of.ts';
import { type NoStep, type ShownStep, stepOf } from './step-of-run.ts';

/** The step on screen. */
export function shownStepOf(state: State, n: number): ShownStep | NoStep {
  const { run } = state;
  const [module, frame] = [shownModule(run), shownFrame(state)];
  if (!module || !frame) return 'none';
  return stepOf(
    {
      experiment: run.experiment,
      module,
      samples: run.ready?.samples?.training ?? null,
      step: frame.step,
      factors: frame,
      scaling: scalingShown(state),
      rate: rateOf(state),
    },
    n,
  );
}
