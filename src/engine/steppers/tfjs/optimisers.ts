import { add, div, mul, scalar, slice, sqrt, type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { OptimiserName } from '../../../experiment/optimisers.ts';
import type { Settings } from '../stepper.ts';

/** What an update of the packed factors may look at. All tensors are (k + d) × r unless they are constants. */
export interface Moment {
  readonly factors: Tensor;
  readonly gradient: Tensor;
  /** The gradient's entries squared, made for its norm anyway. */
  readonly squared: Tensor;
  readonly moments: readonly Tensor[];
  readonly constants: Constants;
  /** Row i of `schedule` for this update, one 1 × 1 tensor a column. */
  readonly now: readonly Tensor[];
}

/** Scalars that stay for as long as the settings do. */
export type Constants = Readonly<Record<'lr' | 'beta1' | 'beta2' | 'momentum' | 'shrink', Tensor>>;

/** One optimiser on tensors, for the rate lr; the ratio is put on after. Runs inside a tidy. */
interface Form {
  /** The numbers that change from update to update, for update t ≥ 1 at rate lr. */
  readonly schedule: (t: number, lr: number) => readonly number[];
  readonly update: (m: Moment) => { readonly delta: Tensor; readonly moments: Tensor[] };
}

// As the device holds them, so that the bias correction undoes exactly what the device has summed.
const BETA1 = Math.fround(0.9);
const BETA2 = Math.fround(0.999);
const EPSILON = 1e-8;
const DECAY = 0.01;

export function makeConstants(lr: number): Constants {
  return {
    lr: scalar(lr),
    beta1: scalar(BETA1),
    beta2: scalar(BETA2),
    momentum: scalar(0.9),
    shrink: scalar(DECAY * lr),
  };
}

/**
 * Adam on plain sums M ← β₁M + g, V ← β₂V + g²: m̂ = c₁M and v̂ = c₂V with cᵢ = (1 − βᵢ)/(1 − βᵢᵗ) in float64, and
 * lr·m̂/(√v̂ + ε) = (lr·c₁/√c₂) · M/(√V + ε/√c₂): two multiplications fewer a step, and 1 − β is never formed in float32.
 */
const adam: Form = {
  schedule: (t, lr) => {
    const c1 = (1 - BETA1) / (1 - BETA1 ** t);
    const root2 = Math.sqrt((1 - BETA2) / (1 - BETA2 ** t));
    return [(lr * c1) / root2, EPSILON / root2];
  },
  update: ({ gradient, squared, moments: [m, v], constants, now: [rate, epsilon] }) => {
    const m1 = add(mul(m, constants.beta1), gradient);
    const v1 = add(mul(v, constants.beta2), squared);
    return { delta: mul(div(m1, add(sqrt(v1), epsilon)), rate), moments: [m1, v1] };
  },
};

/** What a moment of this form is in units of PyTorch's: momentum's v is the same; Adam's m and v carry 1 − β. */
export const MOMENT_UNITS: Record<OptimiserName, readonly number[]> = {
  sgd: [],
  momentum: [1],
  adam: [1 - BETA1, 1 - BETA2],
  adamw: [1 - BETA1, 1 - BETA2],
};

export const forms = {
  sgd: {
    schedule: () => [],
    update: ({ gradient, constants }) => ({ delta: mul(gradient, constants.lr), moments: [] }),
  },
  momentum: {
    schedule: () => [],
    update: ({ gradient, moments: [v], constants }) => {
      const v1 = add(mul(v, constants.momentum), gradient);
      return { delta: mul(v1, constants.lr), moments: [v1] };
    },
  },
  adam,
  adamw: {
    schedule: adam.schedule,
    update: (m) => {
      const { delta, moments } = adam.update(m);
      return { delta: add(delta, mul(m.factors, m.constants.shrink)), moments };
    },
  },
} satisfies Record<OptimiserName, Form>;

/** The scalars of n updates after update t, uploaded once: n × how many there are; null where there are none. */
export function scheduleOf({ opt, lr }: Settings, t: number, n: number): Tensor | null {
  const numbers = Array.from({ length: n }, (_, i) => forms[opt].schedule(t + i + 1, lr));
  const columns = numbers[0].length;
  return columns === 0 ? null : tensor(Float32Array.from(numbers.flat()), [n, columns]);
}

/** The scalars of one of them, each 1 × 1. */
export function rowOf(schedule: Tensor, i: number): Tensor[] {
  return Array.from({ length: schedule.shape[1] ?? 0 }, (_, j) => slice(schedule, [i, j], [1, 1]));
}
