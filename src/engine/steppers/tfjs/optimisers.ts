import { add, clone, dispose, div, mul, scalar, sign, slice, sqrt, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { noRule, type OptimiserName, optimisers, USUAL_EPSILON } from '../../../experiment/optimisers.ts';
import type { Moments, Settings } from '../stepper.ts';
import type { DeviceTask, TensorFactor, TensorLayout, TensorState } from './device-task.ts';

export interface UpdateInput {
  readonly factors: Tensor;
  readonly gradient: Tensor;
  /** The gradient's entries squared, made for its norm anyway. */
  readonly squared: Tensor;
  readonly moments: readonly Tensor[];
  readonly constants: Constants;
  /** Row i of `schedule` for this update, one 1 × 1 tensor per column. */
  readonly now: readonly Tensor[];
}

/** Scalars that last as long as the settings do. */
export type Constants = Readonly<Record<'lr' | 'beta1' | 'beta2' | 'momentum' | 'shrink', Tensor>>;

interface TensorOptimiser {
  /** The numbers that change from update to update, for update t ≥ 1 at rate lr with Adam's ε. */
  readonly schedule: (t: number, lr: number, epsilon: number) => readonly number[];
  readonly update: (m: UpdateInput) => { readonly delta: Tensor; readonly moments: Tensor[] };
}

// As the device holds them, so that the bias correction undoes exactly what the device has summed.
const BETA1 = Math.fround(0.9);
const BETA2 = Math.fround(0.999);
const DECAY = 0.01;

function makeConstants(lr: number): Constants {
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
const adam: TensorOptimiser = {
  schedule: (t, lr, epsilon) => {
    const c1 = (1 - BETA1) / (1 - BETA1 ** t);
    const root2 = Math.sqrt((1 - BETA2) / (1 - BETA2 ** t));
    return [(lr * c1) / root2, epsilon / root2];
  },
  update: ({ gradient, squared, moments: [m, v], constants, now: [rate, epsilon] }) => {
    const m1 = add(mul(m, constants.beta1), gradient);
    const v1 = add(mul(v, constants.beta2), squared);
    return { delta: mul(div(m1, add(sqrt(v1), epsilon)), rate), moments: [m1, v1] };
  },
};

/** Units of a moment of this form relative to PyTorch's: momentum's v is the same; Adam's m and v carry 1 − β. */
const MOMENT_UNITS: Record<OptimiserName, readonly number[]> = {
  sgd: [],
  momentum: [1],
  adam: [1 - BETA1, 1 - BETA2],
  adamw: [1 - BETA1, 1 - BETA2],
  muon: [1],
  polar: [],
  scaled: [],
  'lora-pro': [],
  signsgd: [],
};

const tensorOptimisers = {
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
  signsgd: {
    schedule: () => [],
    update: ({ gradient, constants }) => ({ delta: mul(sign(gradient), constants.lr), moments: [] }),
  },
  muon: null,
  polar: null,
  scaled: null,
  'lora-pro': null,
} satisfies Record<OptimiserName, TensorOptimiser | null>;

/** Throws for a rule that works on whole matrices: backends/tfjs.ts says that it does not fit. */
export function tensorOptimiser(opt: OptimiserName): TensorOptimiser {
  const found = tensorOptimisers[opt];
  if (found === null) throw new Error(noRule('TensorFlow.js', opt));
  return found;
}

/** The scalars of n updates after update t, uploaded once, one row per update; null if there are none. */
export function scheduleOf({ opt, lr, epsilon = USUAL_EPSILON }: Settings, t: number, n: number): Tensor | null {
  const { schedule } = tensorOptimiser(opt);
  const numbers = Array.from({ length: n }, (_, i) => schedule(t + i + 1, lr, epsilon));
  const columns = numbers[0].length;
  return columns === 0 ? null : tensor(Float32Array.from(numbers.flat()), [n, columns]);
}

export function rowOf(schedule: Tensor, i: number): Tensor[] {
  return Array.from({ length: schedule.shape[1] ?? 0 }, (_, j) => slice(schedule, [i, j], [1, 1]));
}

// Moments on the device are packed like the factors, in units of their own; outside in PyTorch's form.

export function freshMoments({ opt }: Settings, factors: Tensor): Tensor[] {
  return Array.from({ length: optimisers.byName(opt).moments }, () =>
    tensor(new Float32Array(factors.size), factors.shape),
  );
}

export function momentsFrom(moments: readonly Moments[], { opt }: Settings, layout: TensorLayout): Tensor[] {
  const { rows, columns, pack } = layout;
  const onDevice = (unit: number, i: number) =>
    pack(moments.map(({ A, B }) => ({ A: A[i], B: B[i] }))).map((x) => x / unit);
  return MOMENT_UNITS[opt].map((unit, i) => tensor(onDevice(unit, i), [rows, columns]));
}

export async function readMoments(
  moments: Tensor[],
  { opt }: Settings,
  { unpack }: TensorLayout,
  modules: number,
): Promise<Moments[]> {
  // Cloned, so that a step meanwhile cannot take them away.
  const kept = moments.map((m) => clone(m));
  const data = await Promise.all(kept.map((m) => m.data<'float32'>())).finally(() => dispose(kept));
  const inUnits = (m: Float32Array, i: number) => m.map((x) => x * MOMENT_UNITS[opt][i]);
  const parts = data.map((m, i) => unpack(inUnits(m, i)));
  return Array.from({ length: modules }, (_, module) => ({
    A: parts.map((part) => part[module].A),
    B: parts.map((part) => part[module].B),
  }));
}

export type TunedTensors = {
  readonly scaling: Tensor;
  readonly constants: Constants;
  /** By row the rate as a multiple of the first module's, 0 for a frozen factor; null if all are 1. */
  readonly ratios: Tensor | null;
};

export function tuneTensors(
  settings: readonly Settings[],
  { layout, scalingOf }: DeviceTask,
  frozen: readonly (TensorFactor | null)[],
): TunedTensors {
  const [{ lr }] = settings;
  const rates = layout.rowValues((at, factor) => {
    const own = settings[at];
    return frozen[at] === factor ? 0 : (own.lr / lr) * (factor === 'B' ? own.ratio : 1);
  });
  const ratios = rates.every((rate) => rate === 1) ? null : tensor(rates, [layout.rows, 1]);
  return { scaling: scalingOf(settings), constants: makeConstants(lr), ratios };
}

export function disposeTunedTensors({ scaling, constants, ratios }: TunedTensors): void {
  dispose([scaling, ...Object.values(constants)]);
  ratios?.dispose();
}

export function disposeState({ factors, gradient, squared, moments, rows }: TensorState): void {
  dispose([factors, gradient, squared, ...moments, ...rows]);
}

/** The same data under new handles: nothing is copied on the device, since tensors never change. */
export function cloneState(state: TensorState): TensorState {
  const [errors, gradient, update, ...residual] = state.rows;
  return {
    factors: clone(state.factors),
    gradient: clone(state.gradient),
    squared: clone(state.squared),
    moments: state.moments.map((m) => clone(m)),
    rows: [clone(errors), clone(gradient), clone(update), ...residual.map((sums) => clone(sums))],
  };
}
