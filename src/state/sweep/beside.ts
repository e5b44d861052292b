import { differing, following } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { type RunEnd, targetOf } from '../run/ended.ts';
import type { State } from '../state.ts';
import type { Repeated } from './sweep.ts';

const same = (a: Experiment, b: Experiment) => a === b || differing(following(a), following(b)).length === 0;

/** The experiment of the run on screen over several seeds; null where nobody asked, or it is another one now. */
export function repeatedBeside({ sweep: { repeated }, run, next }: State): Repeated | null {
  if (!repeated || next || run.changes.length > 0) return null;
  return same(repeated.experiment, run.experiment) ? repeated : null;
}

const none: readonly RunEnd[] = [];

/** Where the runs of the last sweep over ranks have ended that learned the ΔW* of the run on screen. */
export function sweepEndsBeside({ sweep: { ends }, run }: State): readonly RunEnd[] {
  return ends.length > 0 && ends[0]?.target === targetOf(run) ? ends : none;
}
