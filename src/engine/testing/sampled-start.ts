import { batchesOf } from '../../experiment/regression/batches.ts';
import type { Order } from '../../experiment/regression/order.ts';
import { type Problem, problem } from '../../experiment/regression/testing/problem.ts';
import { train } from '../../experiment/regression/testing/reference.ts';
import { frobenius, multiply, scale, subtract, toFloat32 } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import type { Settings } from '../steppers/stepper.ts';
import type { OneStart } from './one-matrix.ts';
import { regressionData } from './regression-data.ts';
import { ADAM_SETTINGS, matrixOf } from './starts.ts';

interface Sampled extends Problem {
  readonly rank?: number;
  /** Samples per step; default: all. */
  readonly batch?: number;
  readonly order?: Order;
  readonly settings?: Settings;
  readonly zeroB?: boolean;
  readonly frozen?: 'A' | 'B' | null;
}

/** A regression start with coloured inputs and some noise, and the same run in float64. */
export function sampledStart({
  rank = 3,
  batch,
  order,
  settings = ADAM_SETTINGS,
  zeroB = false,
  frozen = null,
  ...wanted
}: Sampled = {}) {
  const p = problem({ labelNoise: 0.2, ...wanted });
  const { d, k, n, seed } = p;
  const A = toFloat32(scale(gaussian(rank, k, stream(seed, 'A')), 1 / Math.sqrt(k)));
  const B = toFloat32(scale(gaussian(d, rank, stream(seed, 'B')), zeroB ? 0 : 1 / Math.sqrt(rank)));
  const batches = batchesOf(n, batch ?? n, p.streams, order);
  const samples = { ...regressionData(p.base, p.samples), batches };
  const start: OneStart = { d, k, rank, target: p.update.data, A: A.data, B: B.data, settings, samples, frozen };
  const data = { R: p.R, X: p.samples.X, batches, frozen };
  return {
    start,
    inFloat64: (steps: number) =>
      train({ ...data, A: matrixOf(rank, k, A.data), B: matrixOf(d, rank, B.data), ...settings, steps }),
    distance: (A: Float32Array, B: Float32Array) =>
      frobenius(subtract(scale(multiply(matrixOf(d, rank, B), matrixOf(rank, k, A)), settings.scaling), p.update)),
  };
}
