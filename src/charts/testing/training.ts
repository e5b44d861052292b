import { paint, pictures } from '../../experiment/targets/pictures.ts';
import { type Matrix64, scale, zeros } from '../../math/matrix.ts';
import { type Stream, stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import type { Scene } from '../chart.ts';

export interface RunSettings {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly alpha: number;
  readonly optimiser: 'adam' | 'sgd';
  readonly rate: number;
  readonly steps: number;
  readonly zeroAtStart: Scene['zeroAtStart'];
}

/** The target of the gallery: a picture without its mean, σ₁ = 1. */
export function landscapeTarget(d: number, k: number): Matrix64 {
  const grey = paint(pictures.byName('landscape'), d, k);
  const mean = grey.data.reduce((sum, v) => sum + v, 0) / grey.data.length;
  const centred = { ...grey, data: grey.data.map((v) => v - mean) };
  return scale(centred, 1 / singularValues(centred)[0]);
}

export function startFactors({ d, k, rank, zeroAtStart }: RunSettings) {
  const fill = (rows: number, cols: number, bound: number, source: Stream): Matrix64 => {
    const m = zeros(rows, cols);
    for (let i = 0; i < m.data.length; i++) m.data[i] = (2 * source.uniform() - 1) * bound;
    return m;
  };
  const A = fill(rank, k, 1 / Math.sqrt(k), stream(7, 'A'));
  const B = fill(d, rank, 1 / Math.sqrt(rank), stream(7, 'B'));
  return {
    A: zeroAtStart === 'A' || zeroAtStart === 'both' ? zeros(rank, k) : A,
    B: zeroAtStart === 'B' || zeroAtStart === 'both' ? zeros(d, rank) : B,
  };
}

/** Updates a factor in place by one step and returns the norm of the change. */
export function factorUpdater({ optimiser, rate }: RunSettings, factor: Matrix64): (gradient: Matrix64) => number {
  const first = new Float64Array(factor.data.length);
  const second = new Float64Array(factor.data.length);
  let step = 0;
  return ({ data }) => {
    step++;
    let square = 0;
    for (let i = 0; i < data.length; i++) {
      first[i] = 0.9 * first[i] + 0.1 * data[i];
      second[i] = 0.999 * second[i] + 0.001 * data[i] * data[i];
      const mean = first[i] / (1 - 0.9 ** step);
      const spread = Math.sqrt(second[i] / (1 - 0.999 ** step)) + 1e-8;
      const change = rate * (optimiser === 'sgd' ? data[i] : mean / spread);
      factor.data[i] -= change;
      square += change * change;
    }
    return Math.sqrt(square);
  };
}
