import type { Change } from '../experiment/settings/tuned.ts';
import type { FrameMessage } from '../protocol/frame.ts';
import { againstFrame } from './against-link.ts';
import { withContradictions } from './contradicted.ts';
import { keep } from './frames.ts';
import { keepLosses, lossesUntil } from './losses.ts';
import { lastStep, type Run } from './run.ts';
import { keepSamples } from './samples.ts';
import type { State } from './state.ts';
import { extend, startingAt } from './trace.ts';

/** Steps of the run on screen, known or new. */
export function onFrame(before: State, frame: FrameMessage): State {
  const fresh = freshIn(frame, before.run);
  const remeasured = Math.min(...fresh.map((c) => c.step));
  const state = withContradictions(before, againstFrame(before.run, frame, remeasured));
  const { run } = state;
  const step = frame.from + frame.series.loss.length - 1;
  const atStart = frame.changes.filter((c) => c.step === 0);
  // Repeated steps of a run that is known are not shown again: what was recorded stays as it was.
  const known = run.replay?.to ?? (run.recorded ? lastStep(run) : -1);
  if (step <= known && fresh.length === 0) return { ...state, run: { ...run, workerStep: step } };
  const first = known < 0 ? frame.from : Math.max(frame.from, Math.min(known + 1, remeasured));
  const modules = frame.modules.map(({ A, B, spectrum, alignment }) => ({ A, B, spectrum, alignment }));
  return {
    ...state,
    ghost: step > 0 ? null : state.ghost,
    run: {
      ...run,
      trace: extend(run.trace, startingAt(frame, first)),
      samples: keepSamples(run.samples, frame.between, first, run.held),
      frames: keep(run.frames, { step, modules }),
      losses: lossesWith(run, frame, first),
      // A change of s changes s·B·A at its own step too.
      extremes: run.extremes.filter((e) => (known < 0 ? frame.changes : fresh).every((c) => e.step < c.step)),
      changes: fresh.length > 0 ? [...run.changes, ...fresh] : run.changes,
      workerStep: step,
      replay: null,
      secondsPerStep: frame.secondsPerStep || run.secondsPerStep,
      // A change before the first step belongs to the start of the run.
      ...(atStart.length > 0 && known < 0 && started(run, atStart)),
    },
  };
}

/** Changes of a frame that the page does not know. */
function freshIn({ changes }: FrameMessage, run: Run): readonly Change[] {
  return changes.filter(
    (c) => c.step > 0 && !run.changes.some((k) => k.step === c.step && k.key === c.key && k.value === c.value),
  );
}

/** Losses between frames and at the end of this one, from a step on: one that is measured again has other losses. */
function lossesWith(run: Run, { from, series, between, losses }: FrameMessage, first: number): Run['losses'] {
  const end = { step: from + series.loss.length - 1, losses };
  return [...between, end]
    .filter(({ step }) => step >= first)
    .reduce(
      (kept, at) => (at.losses ? keepLosses(kept, at.step, at.losses, run.held) : kept),
      lossesUntil(run.losses, first - 1),
    );
}

/** The start of a run after changes that were made before its first step. */
function started(run: Run, changes: readonly Change[]): Pick<Run, 'experiment' | 'rate'> {
  const settings = Object.fromEntries(changes.filter((c) => c.key !== 'lr').map((c) => [c.key, c.value]));
  const rate = changes.findLast((c) => c.key === 'lr')?.value;
  return { experiment: { ...run.experiment, ...settings }, rate: typeof rate === 'number' ? rate : run.rate };
}
