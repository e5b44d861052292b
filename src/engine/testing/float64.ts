import { type FactorRule, isPairRule } from '../../experiment/optimisers.ts';
import { newtonSchulzAsPublished, polarByIteration } from '../../experiment/regression/testing/orthogonalised.ts';
import { pairReference } from '../../experiment/regression/testing/pair-reference.ts';
import { frobenius, type Matrix64, multiply, scale, subtract, transpose, zeros } from '../../math/matrix.ts';
import type { Settings } from '../steppers/stepper.ts';

/** A training loop in float64, written for clarity: the second oracle besides PyTorch's golden values. */
export interface Oracle {
  A: Matrix64;
  B: Matrix64;
  loss: number[];
  gradNormA: number[];
  gradNormB: number[];
}

type Rule = (theta: Matrix64, g: Matrix64, lr: number, state: { m: Matrix64; v: Matrix64; t: number }) => void;

function entry(m: Matrix64, f: (x: number, i: number) => number): void {
  for (let i = 0; i < m.data.length; i++) m.data[i] = f(m.data[i], i);
}

const adam =
  (decay: number): Rule =>
  (theta, g, lr, state) => {
    state.t += 1;
    entry(theta, (x) => x * (1 - lr * decay));
    entry(state.m, (m, i) => 0.9 * m + 0.1 * g.data[i]);
    entry(state.v, (v, i) => 0.999 * v + 0.001 * g.data[i] ** 2);
    const hat = (x: number, beta: number) => x / (1 - beta ** state.t);
    entry(theta, (x, i) => x - (lr * hat(state.m.data[i], 0.9)) / (Math.sqrt(hat(state.v.data[i], 0.999)) + 1e-8));
  };

const rules: Record<FactorRule, Rule> = {
  sgd: (theta, g, lr) => entry(theta, (x, i) => x - lr * g.data[i]),
  momentum: (theta, g, lr, { v }) => {
    entry(v, (x, i) => 0.9 * x + g.data[i]);
    entry(theta, (x, i) => x - lr * v.data[i]);
  },
  adam: adam(0),
  adamw: adam(0.01),
  muon: (theta, g, lr, { v }) => {
    entry(v, (x, i) => 0.95 * x + g.data[i]);
    const ahead = subtract(g, scale(v, -0.95));
    const X = newtonSchulzAsPublished(ahead);
    entry(theta, (x, i) => x - lr * X.data[i]);
  },
  polar: (theta, g, lr) => {
    const X = polarByIteration(g);
    entry(theta, (x, i) => x - lr * X.data[i]);
  },
  signsgd: (theta, g, lr) => entry(theta, (x, i) => (g.data[i] === 0 ? x : g.data[i] > 0 ? x - lr : x + lr)),
};

export function lossAndGradients(target: Matrix64, A: Matrix64, B: Matrix64, s: number) {
  const E = subtract(scale(multiply(B, A), s), target);
  return {
    loss: frobenius(E) ** 2 / 2,
    gradA: scale(multiply(transpose(B), E), s),
    gradB: scale(multiply(E, transpose(A)), s),
  };
}

export function train(
  target: Matrix64,
  A0: Matrix64,
  B0: Matrix64,
  settings: Settings,
  steps: number,
  frozen: 'A' | 'B' | null = null,
): Oracle {
  const { scaling, opt, lr, ratio } = settings;
  const copy = (m: Matrix64) => scale(m, 1);
  const out: Oracle = { A: copy(A0), B: copy(B0), loss: [], gradNormA: [], gradNormB: [] };
  const fresh = (m: Matrix64) => ({ m: zeros(m.rows, m.cols), v: zeros(m.rows, m.cols), t: 0 });
  const stateA = fresh(A0);
  const stateB = fresh(B0);
  for (let t = 0; t <= steps; t++) {
    const { loss, gradA, gradB } = lossAndGradients(target, out.A, out.B, scaling);
    out.loss.push(loss);
    out.gradNormA.push(frobenius(gradA));
    out.gradNormB.push(frobenius(gradB));
    if (t === steps) break;
    if (isPairRule(opt)) {
      const pair = { A: out.A, B: out.B, scaling, rateA: lr, rateB: lr * ratio, frozen };
      pairReference(opt, pair, (A, B) => lossAndGradients(target, A, B, scaling));
      [out.A, out.B] = [pair.A, pair.B];
      continue;
    }
    if (frozen !== 'A') rules[opt](out.A, gradA, lr, stateA);
    if (frozen !== 'B') rules[opt](out.B, gradB, lr * ratio, stateB);
  }
  return out;
}
