import type { Layer } from '../experiment/layer.ts';
import type { Metric } from '../experiment/metric.ts';
import { frobenius } from '../math/matrix.ts';
import { productSpectrum, productSvd, subspaceAlignment } from '../math/spectral/spectra.ts';
import type { Entries } from './steppers/stepper.ts';
import { heldOutOf, trainingOf } from './task.ts';
import { regressionLoss } from './tasks/regression.ts';
import { updateFactors } from './update.ts';

/** What a frame holds beside its entries; null: not watched, or not this time. */
export interface Observed {
  /** Singular values of s·B·A, min(r, d, k) of them, descending. */
  readonly spectrum: Float64Array | null;
  readonly alignment: { readonly left: Float64Array; readonly right: Float64Array } | null;
  /** Loss on all training samples, and on those held out; null where there are no samples. */
  readonly losses: { readonly training: number; readonly heldOut: number } | null;
}

const NOTHING: Observed = { spectrum: null, alignment: null, losses: null };
/** At most this share of the time goes into spectra while a run goes on. */
const SHARE = 0.1;

export type Observer = (
  A: Float32Array,
  B: Float32Array,
  scaling: number,
  watch: readonly Metric[],
  always: boolean,
) => Observed;

/**
 * Spectra in float64 from the float32 factors. Where they are slow against the steps (a high rank) only some frames get
 * one; `always` is for the first and last step of a run and for a pause.
 */
export function observer(layer: Layer, clock: () => number): Observer {
  const losses = lossesOf(layer);
  let free = Number.NEGATIVE_INFINITY;
  return (A, B, scaling, watch, always) => {
    const before = clock();
    if (watch.length === 0 || (!always && before < free)) return NOTHING;
    const observed = { ...observe(layer, A, B, scaling, watch), losses: losses?.(A, B, scaling) ?? null };
    const after = clock();
    free = after + (after - before) * (1 / SHARE - 1);
    return observed;
  };
}

/** The singular values of s·B·A. */
export function spectrumOf({ d, k, rank }: Layer, { A, B }: Factors, s: number): Float64Array {
  return productSpectrum({ rows: d, cols: rank, data: B }, { rows: rank, cols: k, data: A }, s);
}

interface Factors {
  readonly A: Float32Array;
  readonly B: Float32Array;
}

type Losses = (A: Float32Array, B: Float32Array, scaling: number) => NonNullable<Observed['losses']>;

/** ‖s·B·A − goal‖_F/‖ΔW*‖_F of each step. */
export function relativeErrors(
  { loss, distance }: Pick<Entries, 'loss' | 'distance'>,
  targetNorm: number,
): Float64Array {
  // Of a matrix target the loss is ½·distance².
  const distances = distance ?? loss.map((value) => Math.sqrt(2 * value));
  return distances.map((length) => length / targetNorm);
}

/** Multiply-adds of both losses that take a few milliseconds. */
const QUICK = 4e6;

/** The losses where they are cheap enough not to be felt; null where there are none, or they are not. */
export function quickLossesOf(layer: Layer): Losses | null {
  const { d, k, rank, data } = layer;
  return data && (data.X.cols + data.heldOut.X.cols) * rank * (d + k) <= QUICK ? lossesOf(layer) : null;
}

/** The losses of all samples in float64; null where the layer has none. */
export function lossesOf(layer: Layer): Losses | null {
  const [training, heldOut] = [trainingOf(layer), heldOutOf(layer)];
  if (!training || !heldOut) return null;
  return (A, B, scaling) => ({
    training: regressionLoss(training, scaling, A, B),
    heldOut: regressionLoss(heldOut, scaling, A, B),
  });
}

function observe(
  layer: Layer,
  A: Float32Array,
  B: Float32Array,
  s: number,
  watch: readonly Metric[],
): Omit<Observed, 'losses'> {
  const { d, k, rank } = layer;
  const left = { rows: d, cols: rank, data: B };
  const right = { rows: rank, cols: k, data: A };
  const { values, vectors } = layer.spectrum;
  if (!watch.includes('alignment') || vectors === null) {
    return { spectrum: watch.includes('spectrum') ? productSpectrum(left, right, s) : null, alignment: null };
  }
  // Where a start has moved a part of W₀, ΔW is not s·B·A, whose values are shown: it has s₀·B₀·A₀ less.
  const update = updateFactors(layer, A, B, s);
  const { U, S, V } = productSvd(update.left, update.right, update.scale);
  const wanted = beyondRounding(values, layer.targetNorm / 2);
  const learned = beyondRounding(S, update.scale * frobenius(update.left) * frobenius(update.right));
  const alignment = {
    left: subspaceAlignment(vectors.U, wanted, U, learned),
    right: subspaceAlignment(vectors.V, wanted, V, learned),
  };
  return { spectrum: layer.moved ? productSpectrum(left, right, s) : S, alignment };
}

/** 2·2⁻²⁴: rounding two factors to float32 moves their product by at most this of the product of their Frobenius norms. */
const ROUNDED = 2 ** -23;

/** Singular values without those that rounding to float32 can have made: their directions say nothing. */
function beyondRounding(values: Float64Array, size: number): Float64Array {
  return values.map((value) => (value > ROUNDED * size ? value : 0));
}
