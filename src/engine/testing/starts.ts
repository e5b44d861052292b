import { type Matrix64, multiply, scale, toFloat32, zeros } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import type { Settings } from '../steppers/stepper.ts';
import type { OneStart } from './one-matrix.ts';

export const ADAM_SETTINGS: Settings = { scaling: 2, opt: 'adam', lr: 0.01, ratio: 1 };

export function randomStart(
  d: number,
  k: number,
  rank: number,
  settings: Settings = ADAM_SETTINGS,
  seed = 1,
): OneStart {
  const draw = (rows: number, cols: number, deviation: number, purpose: string) =>
    gaussian(rows, cols, stream(seed, purpose)).data.map((x) => x * deviation);
  return {
    d,
    k,
    rank,
    target: new Float32Array(draw(d, k, 1 / Math.sqrt(Math.max(d, k)), 'target')),
    A: new Float32Array(draw(rank, k, 1 / Math.sqrt(rank), 'A')),
    B: toFloat32(zeros(d, rank)).data,
    settings,
  };
}

/** A random start on a target of rank 3 without noise, which any higher rank fits down to float32's last digits. */
export function fittedStart(d: number, k: number, rank: number, settings: Settings = ADAM_SETTINGS): OneStart {
  const draw = (rows: number, cols: number, purpose: string) => gaussian(rows, cols, stream(1, purpose));
  const target = scale(multiply(draw(d, 3, 'left'), draw(3, k, 'right')), 1 / Math.sqrt(d * k));
  return { ...randomStart(d, k, rank, settings), target: toFloat32(target).data };
}

export function matrixOf(rows: number, cols: number, data: Float32Array): Matrix64 {
  return { rows, cols, data: new Float64Array(data) };
}

/** The largest |x_i − y_i| over the largest |y_i|: in matrices small entries have the rounding of the large ones. */
export function differenceOfLargest(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let [off, largest] = [0, 0];
  for (let i = 0; i < y.length; i++) {
    off = Math.max(off, Math.abs(x[i] - y[i]));
    largest = Math.max(largest, Math.abs(y[i]));
  }
  if (x.length !== y.length) return Number.NaN;
  return off === 0 ? 0 : off / largest;
}

/** Largest |x − y|/|y| over two rows of numbers, NaN if their lengths differ. */
export function relativeDifference(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < y.length; i++) {
    const difference = Math.abs(x[i] - y[i]);
    if (difference > 0) largest = Math.max(largest, difference / Math.abs(y[i]));
    if (Number.isNaN(difference)) return Number.NaN;
  }
  return x.length === y.length ? largest : Number.NaN;
}
