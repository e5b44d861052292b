import {
  type AnyMatrix,
  frobenius,
  type Matrix64,
  multiply,
  pickColumns,
  scale,
  toFloat64,
  transpose,
  zeros,
} from '../../../math/matrix.ts';
import { type FactorRule, isPairRule, type OptimiserName } from '../../optimisers.ts';
import type { Batches } from '../batches.ts';

import { errors, type Factors, meanLoss } from './mean-loss.ts';
import { newtonSchulzAsPublished, polarByIteration } from './orthogonalised.ts';
import { pairReference } from './pair-reference.ts';

/** L and its gradients over all columns of X and R, in float64 and written for clarity. */
export function lossAndGradients(R: Matrix64, X: AnyMatrix, factors: Factors) {
  const { A, B, scaling } = factors;
  const delta = scale(errors(R, X, factors), 1 / X.cols);
  return {
    loss: meanLoss(R, X, factors),
    gradA: scale(multiply(multiply(transposed(B), delta), transposed(X)), scaling),
    gradB: scale(multiply(delta, transposed(multiply(A, X))), scaling),
  };
}

const transposed = (m: AnyMatrix) => transpose(toFloat64(m));

interface State {
  readonly m: Float64Array;
  readonly v: Float64Array;
  power1: number;
  power2: number;
}

type Rule = (theta: Float64Array, g: Float64Array, lr: number, state: State, cols: number) => void;

const adam =
  (decay: number): Rule =>
  (theta, g, lr, state) => {
    state.power1 *= 0.9;
    state.power2 *= 0.999;
    for (let i = 0; i < theta.length; i++) {
      state.m[i] = 0.9 * state.m[i] + 0.1 * g[i];
      state.v[i] = 0.999 * state.v[i] + 0.001 * g[i] * g[i];
      const step = state.m[i] / (1 - state.power1) / (Math.sqrt(state.v[i] / (1 - state.power2)) + 1e-8);
      theta[i] -= lr * (step + decay * theta[i]);
    }
  };

const rules: Record<FactorRule, Rule> = {
  sgd: (theta, g, lr) => {
    for (let i = 0; i < theta.length; i++) theta[i] -= lr * g[i];
  },
  momentum: (theta, g, lr, { v }) => {
    for (let i = 0; i < theta.length; i++) {
      v[i] = 0.9 * v[i] + g[i];
      theta[i] -= lr * v[i];
    }
  },
  adam: adam(0),
  adamw: adam(0.01),
  muon: (theta, g, lr, { v }, cols) => {
    const ahead = g.map((x, i) => {
      v[i] = 0.95 * v[i] + x;
      return x + 0.95 * v[i];
    });
    const X = newtonSchulzAsPublished({ rows: g.length / cols, cols, data: ahead });
    for (let i = 0; i < theta.length; i++) theta[i] -= lr * X.data[i];
  },
  polar: (theta, g, lr, _state, cols) => {
    const X = polarByIteration({ rows: g.length / cols, cols, data: g });
    for (let i = 0; i < theta.length; i++) theta[i] -= lr * X.data[i];
  },
  signsgd: (theta, g, lr) => {
    for (let i = 0; i < theta.length; i++) if (g[i] !== 0) theta[i] += g[i] > 0 ? -lr : lr;
  },
};

export interface Training extends Factors {
  readonly R: Matrix64;
  readonly X: AnyMatrix;
  readonly opt: OptimiserName;
  readonly lr: number;
  readonly ratio: number;
  readonly steps: number;
  readonly batches?: Batches;
  readonly frozen?: 'A' | 'B' | null;
}

/** N updates: N + 1 losses and norms of gradients, each over the batch of its step, and the final factors. */
export function train({ R, X, opt, lr, ratio, steps, batches, scaling, frozen, ...start }: Training) {
  let [A, B] = [scale(start.A, 1), scale(start.B, 1)];
  const fresh = (m: Matrix64) => ({
    m: zeros(m.rows, m.cols).data,
    v: zeros(m.rows, m.cols).data,
    power1: 1,
    power2: 1,
  });
  const [stateA, stateB] = [fresh(A), fresh(B)];
  const loss: number[] = [];
  const gradNormA: number[] = [];
  const gradNormB: number[] = [];
  for (let t = 0; t <= steps; t++) {
    const columns = batches?.at(t);
    const [someR, someX] = columns ? [pickColumns(R, columns), pickColumns(X, columns)] : [R, X];
    const now = lossAndGradients(someR, someX, { A, B, scaling });
    loss.push(now.loss);
    gradNormA.push(frobenius(now.gradA));
    gradNormB.push(frobenius(now.gradB));
    if (t === steps) break;
    if (isPairRule(opt)) {
      const pair = { A, B, scaling, rateA: lr, rateB: ratio * lr, frozen };
      pairReference(opt, pair, (A, B) => lossAndGradients(someR, someX, { A, B, scaling }));
      [A, B] = [pair.A, pair.B];
      continue;
    }
    if (frozen !== 'A') rules[opt](A.data, now.gradA.data, lr, stateA, A.cols);
    if (frozen !== 'B') rules[opt](B.data, now.gradB.data, ratio * lr, stateB, B.cols);
  }
  return { A, B, loss, gradNormA, gradNormB };
}
