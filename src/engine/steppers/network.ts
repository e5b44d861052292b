import { type DigitSet, PIXELS } from '../../experiment/network/digits.ts';
import { type OptimiserName, optimisers } from '../../experiment/optimisers.ts';
import type { FloatArray, NetworkKernels } from '../tasks/network/kernels.ts';
import type { Linear } from '../tasks/network/linear.ts';
import { createMlp } from '../tasks/network/mlp.ts';
import {
  emptyEntries,
  type ModuleStart,
  type Pack,
  type StepEntries,
  type Stepper,
  type StepperStart,
} from './stepper.ts';
import { updates } from './typescript.ts';

/** A trained factor: where the forward pass reads it, its gradient, and its optimiser's moments. */
interface TrainedFactor {
  readonly values: Float32Array;
  readonly gradient: FloatArray;
  readonly frozen: boolean;
  moments: Float32Array[];
  updateNorm: number;
}

interface TrainedModule {
  readonly layer: Linear;
  readonly A: TrainedFactor;
  readonly B: TrainedFactor;
  /** After an update of its factors. */
  readonly refresh: () => void;
}

/** Trains the matrices of a network by hand-written gradients on any kernels in float32. Throws if there is no network. */
export function networkStepper(start: StepperStart, kernels: NetworkKernels): Stepper {
  const { network } = start;
  if (!network) throw new Error('This stepper trains a network.');
  const { training, batches } = network;
  const named = new Map(start.modules.map((module) => [module.name, module]));
  const shapes = network.layers.map(({ name, d, k }) => {
    const module = named.get(name);
    const full = module?.full === true;
    return { d, k, rank: module && !full ? module.rank : 0, full };
  });
  const net = createMlp(kernels, shapes, batches.size);
  for (const [i, layer] of net.layers.entries()) {
    layer.W.set(network.layers[i].W);
    layer.refresh();
  }
  let settings = start.settings;
  const modules = start.modules.map((module, i): TrainedModule => {
    const at = network.layers.findIndex(({ name }) => name === module.name);
    const moments = start.state?.modules[i] ?? null;
    const opt = settings[i].opt;
    const factor = (name: 'A' | 'B', values: Float32Array, gradient: FloatArray): TrainedFactor => ({
      ...{ values, gradient, frozen: module.frozen === name, updateNorm: 0 },
      moments: moments ? moments[name].map((m) => m.slice()) : freshMoments(opt, values.length),
    });
    return module.full
      ? fullModule(net.layers[at], module, network.layers[at].W, factor)
      : adaptedModule(net.layers[at], module, factor);
  });
  const factors = modules.flatMap(({ A, B }) => [A, B]);
  let t = start.state?.t ?? 0;
  let step = start.step ?? 0;
  let loss = 0;
  const picked: { inputs: Float32Array; answers: Uint8Array } = {
    inputs: new Float32Array(batches.size * PIXELS),
    answers: new Uint8Array(batches.size),
  };
  evaluate();

  function evaluate(): void {
    for (const [i, { layer }] of modules.entries()) layer.scaling = settings[i].scaling;
    pick(training, batches.at(step), picked);
    loss = net.measure(picked);
  }

  function update(): void {
    t += 1;
    step += 1;
    for (const [i, { A, B, refresh }] of modules.entries()) {
      const { opt, lr, ratio } = settings[i];
      for (const [factor, rate] of [
        [A, lr],
        [B, ratio * lr],
      ] as const) {
        if (factor.frozen) continue;
        factor.updateNorm = Math.sqrt(updates[opt](factor.values, factor.gradient, factor.moments, rate, t));
      }
      refresh();
    }
  }

  function note({ series, modules: own }: StepEntries, at: number): void {
    series.loss[at] = loss;
    for (const [i, { A, B }] of modules.entries()) {
      own[i].gradNormA[at] = norm(A.gradient);
      own[i].gradNormB[at] = norm(B.gradient);
      own[i].updateNormA[at] = A.updateNorm;
      own[i].updateNormB[at] = B.updateNorm;
    }
  }

  const pack = (entries: StepEntries): Pack => ({
    entries,
    modules: modules.map(({ A, B }) => ({ A: A.values.slice(), B: B.values.slice() })),
  });

  return {
    async measure() {
      const entries = emptyEntries(1, modules.length);
      note(entries, 0);
      return pack(entries);
    },
    async steps(n) {
      const entries = emptyEntries(n, modules.length);
      for (let i = 0; i < n; i++) {
        update();
        evaluate();
        note(entries, i);
      }
      return pack(entries);
    },
    tune(next) {
      const before = settings;
      settings = next;
      if (next[0].opt !== before[0].opt) {
        for (const factor of factors) factor.moments = freshMoments(next[0].opt, factor.values.length);
        t = 0;
      }
      if (next.some(({ scaling }, i) => scaling !== before[i].scaling)) evaluate();
    },
    snapshot() {
      const copy = () =>
        factors.map(({ values, moments, updateNorm }) => ({
          values: values.slice(),
          moments: moments.map((m) => m.slice()),
          updateNorm,
        }));
      let kept: { readonly factors: ReturnType<typeof copy>; readonly t: number; readonly step: number } | null = {
        ...{ factors: copy(), t, step },
      };
      return {
        restore() {
          if (!kept) return;
          ({ t, step } = kept);
          for (const [i, { values, moments, updateNorm }] of kept.factors.entries()) {
            factors[i].values.set(values);
            factors[i].moments = moments.map((m) => m.slice());
            factors[i].updateNorm = updateNorm;
          }
          for (const { refresh } of modules) refresh();
          evaluate();
        },
        dispose() {
          kept = null;
        },
      };
    },
    async optimiserState() {
      const copy = ({ moments }: TrainedFactor) => moments.map((m) => m.slice());
      return { t, modules: modules.map(({ A, B }) => ({ A: copy(A), B: copy(B) })) };
    },
    dispose() {},
  };
}

type MakeFactor = (name: 'A' | 'B', values: Float32Array, gradient: FloatArray) => TrainedFactor;

/** The kernels keep float32: the layer's own memory holds the factors. */
const own = (values: FloatArray) => values as Float32Array;

function adaptedModule(layer: Linear, { A, B }: ModuleStart, factor: MakeFactor): TrainedModule {
  layer.A.set(A);
  layer.B.set(B);
  return {
    layer,
    A: factor('A', own(layer.A), layer.gradients.A),
    B: factor('B', own(layer.B), layer.gradients.B),
    refresh: () => {},
  };
}

/** ΔW is kept by itself, and W = fl(W₀ + ΔW) is formed after each update. */
function fullModule(layer: Linear, module: ModuleStart, W0: Float32Array, factor: MakeFactor): TrainedModule {
  const [A, B] = [module.A.slice(), module.B.slice()];
  const delta = module.frozen === 'A' ? B : A;
  const refresh = () => {
    for (let i = 0; i < delta.length; i++) layer.W[i] = W0[i] + delta[i];
    layer.refresh();
  };
  refresh();
  const none = new Float32Array();
  return {
    layer,
    A: factor('A', A, module.frozen === 'A' ? none : layer.gradients.W),
    B: factor('B', B, module.frozen === 'B' ? none : layer.gradients.W),
    refresh,
  };
}

function pick(
  { inputs, answers }: DigitSet,
  rows: Int32Array,
  to: { inputs: Float32Array; answers: Uint8Array },
): void {
  for (const [i, row] of rows.entries()) {
    to.inputs.set(inputs.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS);
    to.answers[i] = answers[row];
  }
}

function norm(x: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return Math.sqrt(sum);
}

function freshMoments(opt: OptimiserName, length: number): Float32Array[] {
  return Array.from({ length: optimisers.byName(opt).moments }, () => new Float32Array(length));
}
