import type { OptimiserName } from '../../experiment/optimisers.ts';

/**
 * One update of one factor, in place: θ (float32) after gradient g, update number t ≥ 1. Returns Σ Δθ². `moments` holds
 * as many arrays as the optimiser keeps, zero before the first update. PyTorch's conventions (docs/model.md, "The optimisers").
 */
type Update = (
  theta: Float32Array,
  g: Float64Array,
  moments: readonly Float32Array[],
  rate: number,
  t: number,
) => number;

const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** θ ← θ − lr·m̂/(√v̂ + ε) − lr·decay·θ. */
const adamUpdate =
  (decay: number): Update =>
  (theta, g, [m, v], rate, t) => {
    const step = rate / (1 - BETA1 ** t);
    const correction = 1 / Math.sqrt(1 - BETA2 ** t);
    let sum = 0;
    for (let i = 0; i < theta.length; i++) {
      const gradient = g[i];
      const m1 = BETA1 * m[i] + (1 - BETA1) * gradient;
      const v1 = BETA2 * v[i] + (1 - BETA2) * gradient * gradient;
      m[i] = m1;
      v[i] = v1;
      const delta = (step * m1) / (Math.sqrt(v1) * correction + EPSILON) + rate * decay * theta[i];
      theta[i] -= delta;
      sum += delta * delta;
    }
    return sum;
  };

export const updates = {
  sgd: (theta, g, _moments, rate) => {
    let sum = 0;
    for (let i = 0; i < theta.length; i++) {
      const delta = rate * g[i];
      theta[i] -= delta;
      sum += delta * delta;
    }
    return sum;
  },
  momentum: (theta, g, [v], rate) => {
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
} satisfies Record<OptimiserName, Update>;
