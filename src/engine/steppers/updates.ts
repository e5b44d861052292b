import type { FactorRule } from '../../experiment/optimisers.ts';
import { wholePower } from '../../math/elementary.ts';
import type { Matrix64 } from '../../math/matrix.ts';
import { methodParts } from './method-parts.ts';
import { type FactorNumbers, move, type UpdateSettings } from './move.ts';

/**
 * One update of one factor, in place: θ after gradient g, in PyTorch's conventions (docs/model.md, "The optimisers").
 * Returns Σ Δθ².
 */
type Update = (theta: FactorNumbers, g: FactorNumbers, moments: readonly FactorNumbers[], by: UpdateSettings) => number;

const BETA1 = 0.9;
const BETA2 = 0.999;

/** θ ← θ − lr·m̂/(√v̂ + ε) − lr·decay·θ. */
const adamUpdate =
  (decay: number): Update =>
  (theta, g, [m, v], { rate, t, epsilon }) => {
    const step = rate / (1 - wholePower(BETA1, t));
    const correction = 1 / Math.sqrt(1 - wholePower(BETA2, t));
    let sum = 0;
    for (let i = 0; i < theta.length; i++) {
      const gradient = g[i];
      const m1 = BETA1 * m[i] + (1 - BETA1) * gradient;
      const v1 = BETA2 * v[i] + (1 - BETA2) * gradient * gradient;
      m[i] = m1;
      v[i] = v1;
      const delta = (step * m1) / (Math.sqrt(v1) * correction + epsilon) + rate * decay * theta[i];
      theta[i] -= delta;
      sum += delta * delta;
    }
    return sum;
  };

const matrix = (data: Float64Array, cols: number): Matrix64 => ({ rows: data.length / cols, cols, data });

const MUON_BETA = 0.95;

export const updates = {
  sgd: (theta, g, _moments, { rate }) => move(theta, g, rate),
  momentum: (theta, g, [v], { rate }) => {
    let sum = 0;
    for (let i = 0; i < theta.length; i++) {
      const v1 = 0.9 * v[i] + g[i];
      v[i] = v1;
      const delta = rate * v1;
      theta[i] -= delta;
      sum += delta * delta;
    }
    return sum;
  },
  adam: adamUpdate(0),
  adamw: adamUpdate(0.01),
  // v ← 0.95·v + g, and of g + 0.95·v (Nesterov) the matrix with all singular values near 1.
  muon: (theta, g, [v], { rate, columns }) => {
    const ahead = new Float64Array(g.length);
    for (let i = 0; i < g.length; i++) {
      const v1 = MUON_BETA * v[i] + g[i];
      v[i] = v1;
      ahead[i] = g[i] + MUON_BETA * v1;
    }
    return move(theta, methodParts().orthogonal.newtonSchulz(matrix(ahead, columns)).data, rate);
  },
  polar: (theta, g, _moments, { rate, columns }) =>
    move(theta, methodParts().orthogonal.polarFactor(matrix(Float64Array.from(g), columns)).data, rate),
  signsgd: (theta, g, _moments, { rate }) => {
    let sum = 0;
    for (let i = 0; i < theta.length; i++) {
      const delta = rate * Math.sign(g[i]);
      theta[i] -= delta;
      sum += delta * delta;
    }
    return sum;
  },
} satisfies Record<FactorRule, Update>;
