import type { FrameMessage } from '../../engine/protocol/frame.ts';
import type { ReadyMessage } from '../../engine/protocol/worker-messages.ts';
import { round } from '../../experiment/numbers.ts';
import type { Contradiction, HistoryModule } from '../../experiment/run-file/run-record.ts';
import type { NewNotice } from '../events.ts';
import { newNotice, withNotice } from '../notices.ts';
import type { State } from '../state.ts';
import type { Run } from './run.ts';

// A run continues from its file's link, so numbers in the file that contradict the link are reported.

/** All back ends start with the same bits; a file of another program may have rounded them. */
const SHARE_OF_ENTRY = 1e-5;
/** Of a loss at step 0, and of ½‖ΔW*‖², since float32 loses a small loss next to it: back ends differ by less. */
const SHARE_OF_LOSS = 1e-3;
const SHARE_OF_SCALE = 1e-8;
/** Later, back ends diverge by rounding, which training may amplify. Only a gross difference is reported. */
const FACTOR_LATER = 2;
const SHARE_LATER = 0.01;
const SHARE_OF_PRODUCT = 0.5;
/** Two runs whose losses agree this well took the same path, and must end at the same B·A. */
const SAME_LOSS = 1e-4;

export function startContradictions({ recorded, frames, ready }: Run): readonly Contradiction[] {
  const [start] = frames;
  if (!ready || !recorded || start?.step !== 0) return [];
  const differs = (of: 'A' | 'B') => ready.modules.some((module, i) => differ(start.modules[i][of], module[of]));
  const ownDiffers = ready.modules.some(({ method }, i) =>
    method?.own.some((is, n) => differ(start.modules[i].own?.[n] ?? EMPTY, is)),
  );
  return [...(['A', 'B'] as const).filter(differs), ...(ownDiffers ? (['own numbers'] as const) : [])].map((of) => ({
    of,
  }));
}

const EMPTY = new Float32Array();

/** Compares first loss, last loss and last B·A of a file with its link, before `remeasured`, the first changed step. */
export function frameContradictions(run: Run, frame: FrameMessage, remeasured: number): readonly Contradiction[] {
  return run.recorded && run.ready
    ? [...againstFirst(run, run.ready, frame), ...againstLast(run, run.ready, frame, remeasured)]
    : [];
}

function againstFirst(run: Run, ready: ReadyMessage, frame: FrameMessage): readonly Contradiction[] {
  const { from, series } = frame;
  if (from > 0) return [];
  const [recorded, link] = [run.trace.series.loss[0], series.loss[0]];
  const found: Contradiction[] = series.loss.length > 1 ? [] : [...accuracyContradiction(run, frame)];
  if (!near(recorded, link, scaleOf(ready))) found.unshift({ of: 'first loss', step: 0, recorded, link });
  return found;
}

/** Accuracies of a network by the file and by its link at one step, if both are known. */
function accuracyContradiction({ losses: own }: Run, frame: FrameMessage): readonly Contradiction[] {
  const step = frame.from + frame.series.loss.length - 1;
  const at = own.steps.indexOf(step);
  const pairs = [
    [own.accuracy?.[at], frame.losses?.accuracy],
    [own.oldAccuracy?.[at], frame.losses?.oldAccuracy],
  ] as const;
  for (const [recorded, link] of pairs)
    if (recorded !== undefined && link !== undefined && Math.abs(recorded - link) > SHARE_OF_ANSWERS)
      return [{ of: 'accuracy', step, recorded, link }];
  return [];
}

function againstLast(run: Run, ready: ReadyMessage, frame: FrameMessage, remeasured: number): readonly Contradiction[] {
  const { trace, held: step, frames } = run;
  const { loss } = trace.series;
  const count = frame.series.loss.length;
  const at = step - frame.from;
  if (step < 1 || step >= Math.min(trace.length, remeasured) || at < 0 || at >= count) return [];
  const [recorded, link] = [loss[step], frame.series.loss[at]];
  const far = farApart(recorded, link, Math.max(loss[0], scaleOf(ready)));
  const together = at === count - 1 && Math.abs(recorded - link) <= SAME_LOSS * link;
  const end = together ? frames.find((f) => f.step === step) : undefined;
  return [
    ...(together ? accuracyContradiction(run, frame) : []),
    ...(far ? [{ of: 'last loss' as const, step, recorded, link }] : []),
    ...(end && someProductDiffers(end.modules, frame.modules, ready) ? [{ of: 'last product' as const, step }] : []),
  ];
}

/** ½‖ΔW*‖² over the modules with a known ΔW*; the loss of a network does not depend on one. */
function scaleOf({ modules, network }: ReadyMessage): number {
  if (network) return 0;
  return modules.reduce((sum, { wanted }) => sum + (wanted?.norm ?? 0) ** 2 / 2, 0);
}

function near(a: number, b: number, scale: number): boolean {
  return Math.abs(a - b) <= SHARE_OF_LOSS * Math.max(a, b) + SHARE_OF_SCALE * scale;
}

function farApart(a: number, b: number, scale: number): boolean {
  return !(Math.max(a, b) <= FACTOR_LATER * Math.min(a, b) || Math.abs(a - b) <= SHARE_LATER * scale);
}

/** Whether two entries differ by more than rounding relative to the largest entry. */
function differ(was: Float32Array, is: Float32Array): boolean {
  let [largest, apart] = [0, 0];
  for (let i = 0; i < is.length; i++) {
    largest = Math.max(largest, Math.abs(was[i]), Math.abs(is[i]));
    apart = Math.max(apart, Math.abs(was[i] - is[i]));
  }
  return was.length !== is.length || apart > SHARE_OF_ENTRY * largest;
}

type FrameFactors = Pick<HistoryModule, 'A' | 'B'>;

function someProductDiffers(
  was: readonly FrameFactors[],
  is: readonly FrameFactors[],
  { modules }: ReadyMessage,
): boolean {
  return modules.some(({ rank }, i) => productsDiffer(was[i], is[i], rank));
}

/** Of the held-out examples: rounding changes the answers to few of them. */
const SHARE_OF_ANSWERS = 0.02;

/** Test vectors: two, because one may miss a difference by chance. */
const PROBES = 2;

/**
 * Whether B·A acts differently on a few fixed vectors. The factors themselves are not compared: (B·M⁻¹)·(M·A) is the
 * same product, and once Adam has converged, rounding moves A and B along such M.
 */
function productsDiffer(was: FrameFactors, is: FrameFactors, rank: number): boolean {
  let [apart, wasSize, isSize] = [0, 0, 0];
  for (let n = 1; n <= PROBES; n++) {
    const x = Float64Array.from({ length: is.A.length / rank }, (_, j) => Math.sin(n * (j + 1)));
    const [a, b] = [was, is].map(({ A, B }) => times(B, times(A, x)));
    for (let i = 0; i < a.length; i++) {
      apart += (a[i] - b[i]) ** 2;
      wasSize += a[i] ** 2;
      isSize += b[i] ** 2;
    }
  }
  return !(apart <= SHARE_OF_PRODUCT ** 2 * Math.max(wasSize, isSize));
}

/** M·x of a matrix with as many columns as x has entries. */
function times(M: Float32Array, x: Float64Array): Float64Array {
  const cols = x.length;
  const out = new Float64Array(M.length / cols);
  for (let i = 0; i < out.length; i++) for (let j = 0; j < cols; j++) out[i] += M[i * cols + j] * x[j];
  return out;
}

/** Reports each contradiction once. */
export function withContradictions(state: State, found: readonly Contradiction[]): State {
  const { contradictions: known } = state.run;
  const fresh = found.filter(({ of }) => !known.some((k) => k.of === of));
  if (fresh.length === 0) return state;
  const contradictions = [...known, ...fresh];
  return withNotice({ ...state, run: { ...state.run, contradictions } }, contradictedNotice(contradictions));
}

function contradictedNotice(all: readonly Contradiction[]): NewNotice {
  const kind = kindOf(all);
  const { title, means } = WORDS[kind];
  // If nothing belongs to this link, neither does its end.
  const summary = all
    .filter(({ of }) => kind !== 'start' || !OWN.includes(of))
    .map(sentence)
    .join(' ');
  const texts = [`${summary} ${means}`, 'Further training is computed from the link.'];
  return newNotice('recorded', 'bad', title, texts);
}

const OWN: readonly Contradiction['of'][] = ['last error', 'own loss', 'floor'];

const WORDS = {
  start: {
    title: 'This run file contradicts its own link.',
    means: 'The recorded numbers do not belong to this link.',
  },
  own: {
    title: 'This run file contradicts itself.',
    means: 'The figures on screen are those of the file; its matrices say otherwise.',
  },
  end: {
    title: 'This run file does not end where its link does.',
    means: 'Close to divergence, rounding alone can cause this; otherwise the file records another run.',
  },
};

function kindOf(all: readonly Contradiction[]): keyof typeof WORDS {
  const has = (kinds: readonly Contradiction['of'][]) => all.some(({ of }) => kinds.includes(of));
  if (has(['A', 'B', 'own numbers', 'first loss']) || all.some((found) => found.of === 'accuracy' && found.step === 0))
    return 'start';
  return has(OWN) ? 'own' : 'end';
}

function sentence(found: Contradiction): string {
  switch (found.of) {
    case 'A':
    case 'B':
      return `Its ${found.of} at step 0 does not match.`;
    case 'own numbers':
      return 'Its trained numbers at step 0 do not match.';
    case 'first loss':
    case 'last loss':
      return `Its loss at step ${found.step} is ${round(found.recorded, 3)}; the link gives ${round(found.link, 3)}.`;
    case 'accuracy':
      return `Its accuracy at step ${found.step} is ${round(found.recorded, 3)}; the link gives ${round(found.link, 3)}.`;
    case 'last error':
      return `Its error at step ${found.step} is ${round(found.recorded, 3)}; its own A and B give ${round(found.own, 3)}.`;
    case 'own loss':
      return `Its loss at step ${found.step} is ${round(found.recorded, 3)}; its own A and B give ${round(found.own, 3)}.`;
    case 'floor':
      return `Its error at step ${found.step} is ${round(found.recorded, 3)}, below the floor ${round(found.own, 3)}.`;
    case 'last product':
      return `Its B·A at step ${found.step} does not match.`;
    default:
      return found satisfies never;
  }
}
