import type { DoneMessage, FailedMessage } from '../protocol/up.ts';
import { giveUp, refused } from './begin.ts';
import { lossesUntil } from './losses.ts';
import { brokenNotice, deviceLostNotice, divergedNotice, refusedNotice, withNotice } from './notices.ts';
import { lastStep, type Run } from './run.ts';
import type { State } from './state.ts';
import { cutAfter } from './trace.ts';

/** The worker has stopped stepping, as the page wanted or by itself. */
export function onDone(state: State, done: DoneMessage): State {
  const { run } = state;
  if (done.order !== run.wanted.order) return state;
  const trace = done.ending === 'diverged' ? cutAfter(run.trace, done.step) : run.trace;
  const good = <T extends { readonly step: number }>(list: readonly T[]) =>
    done.ending === 'diverged' ? list.filter(({ step }) => step <= done.step) : list;
  const [frames, samples] = [good(run.frames), good(run.samples)];
  const extremes = run.extremes.filter((e) => e.step <= done.step);
  const losses = lossesUntil(run.losses, done.step);
  const after: State = {
    ...state,
    run: {
      ...{ ...run, trace, frames, samples, losses, extremes },
      ...{ status: done.ending, scripted: false, workerStep: done.step },
    },
  };
  return done.ending === 'diverged' ? withNotice(after, divergedNotice(after, done)) : after;
}

/** The run, or the one being prepared, cannot go on. */
export function onFailed(state: State, failed: FailedMessage): State {
  if (failed.kind === 'refused') return withNotice(refused(state), refusedNotice(state.experiment, failed));
  const { next } = state;
  const base: State = next ? giveUp(state) : state;
  const lost = failed.kind === 'device-lost';
  const run: Run = {
    ...base.run,
    status: lost ? 'device-lost' : 'stopped',
    scripted: false,
    workerStep: -1,
    pausedByHiding: false,
  };
  const notice = lost ? deviceLostNotice(Math.max(0, lastStep(run))) : brokenNotice(failed.why);
  return withNotice({ ...base, run }, notice);
}
