import type { ExtremesMessage, FrameMessage } from '../../engine/protocol/frame.ts';
import type {
  HistoryFrame,
  HistoryLosses,
  MeasuredLosses,
  RunRecord,
  Sample,
} from '../../experiment/run-file/run-record.ts';

const MOST_FRAMES = 1500;
const MOST_BYTES = 96e6;
/** The first, the last and one between, of any size. */
const FEWEST_FRAMES = 3;

/** Adds a frame; if there are too many, every second one is dropped except the first and the last. */
export function addFrame(frames: readonly HistoryFrame[], frame: HistoryFrame): readonly HistoryFrame[] {
  // A step measured again replaces its own frame and later ones.
  const before = frames.filter((f) => f.step < frame.step);
  const kept = [...before, frame];
  return kept.length > mostFor(frame) ? everySecond(kept) : kept;
}

export function frameBytes({ modules }: HistoryFrame): number {
  return modules.reduce((sum, { A, B, own = [], spectrum }) => {
    const numbers = [A, B, ...own].reduce((all, { length }) => all + length, 0);
    return sum + 4 * numbers + 8 * (spectrum?.length ?? 0);
  }, 0);
}

function mostFor(frame: HistoryFrame): number {
  return Math.max(FEWEST_FRAMES, Math.min(MOST_FRAMES, Math.floor(MOST_BYTES / frameBytes(frame))));
}

const everySecond = <T>(list: readonly T[]) => list.filter((_, i) => i % 2 === 0 || i === list.length - 1);

const NONE = new Float32Array(0);

export function withoutFactors(frame: HistoryFrame): HistoryFrame {
  return { ...frame, modules: frame.modules.map(({ own: _, ...module }) => ({ ...module, A: NONE, B: NONE })) };
}

/** The newest kept frame at or before a step; if none, the oldest. */
export function frameAt(frames: readonly HistoryFrame[], step: number): HistoryFrame | null {
  let low = 0;
  let high = frames.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (frames[middle].step <= step) low = middle;
    else high = middle - 1;
  }
  return frames[low] ?? null;
}

/** The newest kept frame at or before a step whose spectra were measured; if none, null. */
export function measuredFrameAt(frames: readonly HistoryFrame[], step: number): HistoryFrame | null {
  return frames.findLast((frame) => frame.step <= step && frame.modules.some(({ spectrum }) => spectrum)) ?? null;
}

/** A network's answers in the first frame, and the newest at or before a step; null if there are none. */
export function answersAt(frames: readonly HistoryFrame[], step: number) {
  const start = frames[0]?.answers;
  const now = frames.findLast((frame) => frame.step <= step && frame.answers)?.answers ?? start;
  return start && now ? { start, now } : null;
}

const MOST_SAMPLES = 1024;

/** Adds spectra from step `first` on. If too many, every second one is dropped, but none up to `held`, from a file. */
export function addSamples(
  kept: readonly Sample[],
  between: FrameMessage['between'],
  first: number,
  held = -1,
): readonly Sample[] {
  const fresh = between.filter(({ step }) => step >= first);
  if (fresh.length === 0 && (kept.at(-1)?.step ?? -1) < first) return kept;
  const all = [...kept.filter(({ step }) => step < first), ...fresh];
  const ours = all.findIndex(({ step }) => step > held);
  return ours < 0 || all.length - ours <= MOST_SAMPLES ? all : all.filter((_, i) => i < ours || (i - ours) % 2 === 0);
}

/** Inserts spectra that arrive late at their steps if nothing is known there, but not among those of a file. */
export function withDeferredSamples(
  { samples, trace, held }: Pick<RunRecord, 'samples' | 'trace' | 'held'>,
  late: FrameMessage['between'],
): readonly Sample[] {
  const fresh = late.filter(
    ({ step }) => step > held && step < trace.length && samples.every((sample) => sample.step !== step),
  );
  return fresh.length === 0 ? samples : [...samples, ...fresh].sort((a, b) => a.step - b.step);
}

const MOST_LOSSES = 2000;

/** If there are too many, every second one is dropped except the first, the last, and up to `held`, from a file. */
export function addLosses(kept: HistoryLosses, step: number, measured: MeasuredLosses, held = -1): HistoryLosses {
  const before = lossesUntil(kept, step - 1);
  const joined = (name: keyof MeasuredLosses) => [...(before[name] ?? []), measured[name] ?? Number.NaN];
  const all = listsBy(measured, joined, [...before.steps, step]);
  const ours = all.steps.findIndex((at) => at > held);
  if (ours < 0 || all.steps.length - ours <= MOST_LOSSES) return all;
  const some = (list: readonly number[]) =>
    list.filter((_, i) => i < ours || (i - ours) % 2 === 0 || i === list.length - 1);
  return listsBy(measured, (name) => some(all[name] ?? []), some(all.steps));
}

/** Accuracies if they are known. */
function listsBy(
  known: { readonly accuracy?: unknown },
  list: (name: keyof MeasuredLosses) => readonly number[],
  steps: readonly number[],
): HistoryLosses {
  const losses = { steps, training: list('training'), heldOut: list('heldOut') };
  return known.accuracy === undefined
    ? losses
    : { ...losses, accuracy: list('accuracy'), oldAccuracy: list('oldAccuracy') };
}

export function lossesUntil(kept: HistoryLosses, last: number): HistoryLosses {
  const count = kept.steps.findLastIndex((step) => step <= last) + 1;
  if (count === kept.steps.length) return kept;
  return listsBy(kept, (name) => (kept[name] ?? []).slice(0, count), kept.steps.slice(0, count));
}

/** The largest entries of blocks at a step, as drawn. */
export type HistoryExtremes = Omit<ExtremesMessage, 'type' | 'run'>;

/** Per module: each is three planes of 256 kB. */
const MOST_EXTREMES = 16;

/** Inserts those of a step; if a module has too many, every second one is dropped except the first and the last. */
export function addExtremes(
  kept: readonly HistoryExtremes[],
  { module, step, W, dW, E }: HistoryExtremes,
): readonly HistoryExtremes[] {
  const others = kept.filter((k) => k.module !== module);
  const before = kept.filter((k) => k.module === module && k.step !== step);
  const all = [...before, { module, step, W, dW, E }].sort((a, b) => a.step - b.step);
  return [...others, ...(all.length > MOST_EXTREMES ? everySecond(all) : all)];
}

/** The newest of a module at or before a step; if none, null. */
export function extremesAt(kept: readonly HistoryExtremes[], module: string, step: number): HistoryExtremes | null {
  return kept.findLast((k) => k.module === module && k.step <= step) ?? null;
}
