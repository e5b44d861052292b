import { cached } from '../experiment/layer/cached.ts';
import { type LayerModule, unitOf } from '../experiment/layer/module.ts';
import type { NetworkProblem, Problem } from '../experiment/layer/problem.ts';
import type { NetworkAnswers } from '../experiment/run-file/run-record.ts';
import type { Metric } from '../experiment/settings/metric.ts';
import { type AnyMatrix, frobenius, type Matrix64, zeros } from '../math/matrix.ts';
import { productSpectrum, productSvd } from '../math/spectral/product-svd.ts';
import { along, subspaceAlignment } from '../math/spectral/subspaces.ts';
import type { FrameMessage, ModuleSpectra } from './protocol/frame.ts';
import type { Watch } from './protocol/page-messages.ts';
import { timeShare } from './run/task-queue.ts';
import type { Factors, StepEntries } from './steppers/stepper.ts';
import { networkKernels } from './steppers/wasm/network-kernels.ts';
import { networkParts } from './tasks/network/network-parts.ts';
import { regressionLoss } from './tasks/regression.ts';
import { heldOutTask, trainingTask } from './tasks/task.ts';

const NOTHING: ModuleSpectra = { spectrum: null, alignment: null };
/** Largest share of the time spent on spectra while a run is going. */
const SHARE = 0.1;

/** Losses over all samples, and of a network its answers to the held-out examples. */
interface Measured {
  readonly losses: FrameMessage['losses'];
  readonly answers: NetworkAnswers | null;
}

export const NOT_MEASURED: Measured = { losses: null, answers: null };

/** Contents of a frame besides its entries; null: not watched, or skipped this time. */
export interface Observation extends Measured {
  readonly modules: readonly ModuleSpectra[];
}

export type Observer = (
  factors: readonly Factors[],
  scalings: readonly number[],
  watch: Watch,
  always: boolean,
  sampled?: readonly (Float64Array | null)[] | null,
) => Observation;

/** Spectra in float64. If slow, only some frames get one; `always`: first, last and paused step. */
export function observer(problem: Problem, clock: () => number): Observer {
  const measure = lossesOf(problem);
  const nothing: Observation = { modules: problem.modules.map(() => NOTHING), ...NOT_MEASURED };
  const share = timeShare(SHARE, clock);
  return (factors, scalings, watch, always, sampled = null) => {
    if (watch.metrics.length === 0 || (!always && !share.isDue())) return nothing;
    return share.run(() => ({
      modules: problem.modules.map((module: LayerModule, i) =>
        observe(module, factors[i], scalings[i], watchedMetrics(watch, module), sampled?.[i] ?? null),
      ),
      ...(measure?.(factors, scalings) ?? NOT_MEASURED),
    }));
  };
}

export function watchedMetrics({ metrics, modules }: Watch, { name }: Pick<LayerModule, 'name'>): readonly Metric[] {
  return modules === null || modules.includes(name) ? metrics : [];
}

export function spectrumOf({ d, k, rank }: LayerModule, { A, B }: Factors, s: number): Float64Array {
  return productSpectrum({ rows: d, cols: rank, data: B }, { rows: rank, cols: k, data: A }, s);
}

/** Directions of ΔW* along which a run is followed: as many as can be told apart in a picture. */
const FOLLOWED = 8;

/** uᵢᵀΔW·vᵢ for the leading singular directions of ΔW*; null if they are not known. */
export function directionsOf(module: LayerModule, { A, B }: Factors, s: number): Float64Array | null {
  const vectors = module.wanted?.spectrum.vectors ?? null;
  if (!vectors) return null;
  const { left, right, scale } = updateFactors(module, A, B, s);
  return along(vectors, FOLLOWED, left, right, scale);
}

type MeasureLosses = (factors: readonly Factors[], scalings: readonly number[]) => Measured;

/** The series of a frame: the loss, and the relative error if every ΔW* is known. */
export function seriesOf(problem: Problem): (entries: StepEntries) => FrameMessage['series'] {
  const norm = normOf(problem);
  return ({ series: { loss, distance } }) => {
    if (norm === null) return { loss };
    // For a matrix target the loss is ½·distance².
    const distances = distance ?? loss.map((value) => Math.sqrt(2 * value));
    return { loss, relativeError: distances.map((length) => length / norm) };
  };
}

/** What errors are shares of, ‖ΔW*‖_F over all modules; null if one of them is unknown. */
function normOf({ modules }: Problem): number | null {
  const norms = modules.flatMap(({ wanted }: LayerModule) => (wanted ? [unitOf(wanted)] : []));
  return norms.length < modules.length ? null : Math.hypot(...norms);
}

/** Multiply-adds of both losses that take a few milliseconds. */
const QUICK = 4e6;

/** Share of the time spent on the answers of a network between frames. If that takes at most some ms, no more than three in a row are left out. */
const ANSWERS_SHARE = 0.2;
const CHEAP_MS = 5;
const MOST_LEFT_OUT = 3;

function rarely(measure: MeasureLosses | null, clock: () => number): MeasureLosses | null {
  const share = timeShare(ANSWERS_SHARE, clock);
  let leftOut = 0;
  let cost = 0;
  return (
    measure &&
    ((...at) => {
      const enough = leftOut >= MOST_LEFT_OUT && cost <= CHEAP_MS;
      if (!share.isDue() && !enough) {
        leftOut += 1;
        return NOT_MEASURED;
      }
      leftOut = 0;
      const start = clock();
      const measured = share.run(() => measure(...at));
      cost = clock() - start;
      return measured;
    })
  );
}

/** The losses if they are cheap enough to go unnoticed; else, or if there are none, null. */
export function quickLossesOf(problem: Problem, clock: () => number): MeasureLosses | null {
  if (problem.kind === 'network') return rarely(lossesOf(problem), clock);
  if (problem.kind !== 'samples') return null;
  const { X, heldOut } = problem.data;
  const [{ d, k, rank }] = problem.modules;
  return (X.cols + heldOut.X.cols) * rank * (d + k) <= QUICK ? lossesOf(problem) : null;
}

/** The losses over all samples in float64; null if the problem has none. */
export function lossesOf(problem: Problem): MeasureLosses | null {
  if (problem.kind === 'network') return problem.layers.length > 0 ? networkLosses(problem) : null;
  const [training, heldOut] = [trainingTask(problem), heldOutTask(problem)];
  if (!training || !heldOut) return null;
  return ([{ A, B }], [scaling]) => ({
    losses: {
      training: regressionLoss(training, scaling, A, B),
      heldOut: regressionLoss(heldOut, scaling, A, B),
    },
    answers: null,
  });
}

/** Once for a problem: it holds all held-out examples in memory of its own. */
const networkLosses = cached((problem: NetworkProblem): MeasureLosses => {
  const evaluate = networkParts().evaluate.evaluator(problem, networkKernels());
  return (factors, scalings) => {
    const { loss, answers, ...shares } = evaluate(factors, scalings);
    return { losses: { training: Number.NaN, heldOut: loss, ...shares }, answers };
  };
});

function observe(
  module: LayerModule,
  { A, B }: Factors,
  s: number,
  metrics: readonly Metric[],
  sampled: Float64Array | null,
): ModuleSpectra {
  if (metrics.length === 0) return NOTHING;
  const { wanted } = module;
  const vectors = wanted?.spectrum.vectors ?? null;
  const directions = metrics.includes('directions') ? directionsOf(module, { A, B }, s) : null;
  const spectrum = () => sampled ?? spectrumOf(module, { A, B }, s);
  if (!metrics.includes('alignment') || !wanted || !vectors) {
    return { spectrum: metrics.includes('spectrum') ? spectrum() : null, alignment: null, directions };
  }
  // If an initialisation has moved a part of W₀, ΔW is s·B·A − s₀·B₀·A₀, and its values are shown.
  const update = updateFactors(module, A, B, s);
  const { U, S, V } = productSvd(update.left, update.right, update.scale);
  const values = beyondRounding(wanted.spectrum.values, wanted.norm / 2);
  const learned = beyondRounding(S, update.scale * frobenius(update.left) * frobenius(update.right));
  const alignment = {
    left: subspaceAlignment(vectors.U, values, U, learned),
    right: subspaceAlignment(vectors.V, values, V, learned),
  };
  return { spectrum: module.moved ? spectrum() : S, alignment, directions };
}

/** 2·2⁻²⁴: rounding two factors to float32 moves their product by at most this times the product of their norms. */
const ROUNDED = 2 ** -23;

/** Singular values without those that rounding to float32 can produce: their directions mean nothing. */
function beyondRounding(values: Float64Array, size: number): Float64Array {
  return values.map((value) => (value > ROUNDED * size ? value : 0));
}

/**
 * Two factors and a number whose product is ΔW = W − W₀: B, A and s; if an initialisation has moved a part of W₀ into
 * the adapter, [s·B | −s₀·B₀] (d × 2r), [A; A₀] (2r × k) and 1.
 */
export function updateFactors(
  module: Pick<LayerModule, 'd' | 'k' | 'rank' | 'A' | 'B' | 'moved'>,
  A: Float32Array,
  B: Float32Array,
  s: number,
): { readonly left: AnyMatrix; readonly right: AnyMatrix; readonly scale: number } {
  const { d, k, rank, moved } = module;
  if (!moved) return { left: { rows: d, cols: rank, data: B }, right: { rows: rank, cols: k, data: A }, scale: s };
  const left: Matrix64 = zeros(d, 2 * rank);
  for (let i = 0; i < d; i++) {
    for (let p = 0; p < rank; p++) {
      left.data[2 * i * rank + p] = s * B[i * rank + p];
      left.data[(2 * i + 1) * rank + p] = -moved.scaling * module.B.data[i * rank + p];
    }
  }
  const right = zeros(2 * rank, k);
  right.data.set(A);
  right.data.set(module.A.data, rank * k);
  return { left, right, scale: 1 };
}
