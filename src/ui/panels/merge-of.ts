import { scalingAt } from '../../experiment/run-file/run-record.ts';
import { shownModule } from '../../state/run/run.ts';
import { shownFrame, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import type { ToMerge } from '../../state/view.ts';
import { scalingShown } from '../scene-of.ts';

/** The adapter on screen: the newest factors that are known of the step on show, with the s of their step. */
export function adapterShown(state: State): ToMerge | null {
  const frame = shownFrame(state);
  if (!frame) return null;
  const module = shownModule(state);
  if (!module) return null;
  const { step, A, B } = frame;
  return {
    step,
    module: module.name,
    A,
    B,
    scaling: step === shownStep(state) ? scalingShown(state) : scalingAt(state.run, step),
  };
}

/** Why the worker cannot merge now, a sentence; null where it can. */
export function mergeMissing({ run, next }: State): string | null {
  if (next) return 'Making the matrices …';
  if (run.refused) return 'These settings give no matrices.';
  if (run.ready === null) return 'No matrices yet. Press Train to make them.';
  if (run.workerStep < 0) return 'The engine has stopped. Press Continue or Train, then merge.';
  return null;
}
