import type { MethodTask, TrainedArray } from '../tasks/methods/pass.ts';
import type { FloatArray, NetworkKernels } from '../tasks/network/kernels.ts';
import type { Linear } from '../tasks/network/linear.ts';
import { methodParts } from './method-parts.ts';
import type { Factors, ModuleStart } from './stepper.ts';

/** A trained factor: where the forward pass reads it, its gradient, and its optimiser's moments. */
export interface TrainedFactor {
  readonly values: Float32Array;
  readonly gradient: FloatArray;
  readonly columns: number;
  readonly frozen: boolean;
  /** Whose norms it counts among. */
  readonly stream: 'A' | 'B';
  /** Has λ times the rate. */
  readonly fast: boolean;
  /** For as many moments as any optimiser has. */
  readonly room: readonly FloatArray[];
  updateNorm: number;
}

export interface TrainedModule {
  readonly layer: Linear;
  /** A and B, or the arrays of a method beside LoRA. */
  readonly factors: readonly TrainedFactor[];
  /** After an update of its factors, for s of the method's formula. */
  readonly refresh: (inner: number) => void;
  /** After the gradients of W are there. */
  readonly backward?: (inner: number) => void;
  readonly copy: () => Factors;
}

type MakeFactor = (name: 'A' | 'B', values: Float32Array, gradient: FloatArray) => TrainedFactor;

/** The norm of all the arrays of a stream; 0 without any. */
export function together(
  factors: readonly TrainedFactor[],
  stream: 'A' | 'B',
  norm: (factor: TrainedFactor) => number,
) {
  const norms = factors.filter((factor) => factor.stream === stream).map(norm);
  return norms.length === 1 ? norms[0] : Math.hypot(...norms);
}

/** The kernels keep float32: the layer's own memory holds the factors. */
export const kept = (values: FloatArray) => values as Float32Array;

const pairOf = (A: TrainedFactor, B: TrainedFactor): Pick<TrainedModule, 'factors' | 'copy'> => ({
  factors: [A, B],
  copy: () => ({ A: A.values.slice(), B: B.values.slice() }),
});

export function adaptedModule(layer: Linear, { A, B }: ModuleStart, factor: MakeFactor): TrainedModule {
  layer.A.set(A);
  layer.B.set(B);
  const [a, b] = [factor('A', kept(layer.A), layer.gradients.A), factor('B', kept(layer.B), layer.gradients.B)];
  return { layer, ...pairOf(a, b), refresh: () => {} };
}

/** ΔW by itself, for W = fl(W₀ + ΔW), which `form` makes. */
function besideBase(layer: Linear, W0: Float32Array, { buffer, sum }: NetworkKernels) {
  const [base, delta] = [buffer(W0.length), buffer(W0.length)];
  base.set(W0);
  const form = () => {
    sum(layer.W, base, delta);
    layer.refresh();
  };
  return { delta, form };
}

/** ΔW is kept by itself, and W is formed after each update. */
export function fullModule(
  layer: Linear,
  module: ModuleStart,
  W0: Float32Array,
  kernels: NetworkKernels,
  factor: MakeFactor,
): TrainedModule {
  const { delta, form } = besideBase(layer, W0, kernels);
  const none = new Float32Array();
  const isB = module.frozen === 'A';
  delta.set(isB ? module.B : module.A);
  const whole = [kept(delta), layer.gradients.W] as const;
  const [A, B] = isB
    ? [factor('A', module.A.slice(), none), factor('B', ...whole)]
    : [factor('A', ...whole), factor('B', module.B.slice(), none)];
  return { layer, ...pairOf(A, B), refresh: form };
}

/** ΔW follows from the method's own numbers, and their gradients from that of W; it is given as full fine-tuning gives its own. */
export function methodModule(
  layer: Linear,
  { A, B, d, k, own = [] }: ModuleStart,
  method: MethodTask,
  W0: Float32Array,
  kernels: NetworkKernels,
  factor: (array: TrainedArray, n: number) => TrainedFactor,
): TrainedModule {
  const chain = methodParts().chains.methodChains[method.name](kernels, method);
  const { delta, form } = besideBase(layer, W0, kernels);
  for (const [n, { values }] of chain.trained.entries()) {
    if (own[n]?.length !== values.length) throw new Error(`${method.name} starts with other numbers.`);
    values.set(own[n]);
  }
  const factors = chain.trained.map(factor);
  const still = d < k ? B.slice() : A.slice();
  return {
    layer,
    factors,
    refresh(inner) {
      chain.update(delta, inner);
      form();
    },
    backward: (inner) => chain.backward(layer.gradients.W, inner),
    copy() {
      const whole = Float32Array.from(delta);
      const pair = d < k ? { A: whole, B: still.slice() } : { A: still.slice(), B: whole };
      return { ...pair, own: factors.map(({ values }) => Float32Array.from(values)) };
    },
  };
}
