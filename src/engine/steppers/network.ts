import { type FactorRule, isPairRule, optimisers, type PairRule, USUAL_EPSILON } from '../../experiment/optimisers.ts';
import { batchReader, createNetwork } from '../tasks/network/create.ts';
import type { FloatArray, NetworkKernels } from '../tasks/network/kernels.ts';
import type { Linear } from '../tasks/network/linear.ts';
import { pairParts } from './pairs.ts';
import {
  emptyEntries,
  type ModuleStart,
  type Pack,
  type StepEntries,
  type Stepper,
  type StepperStart,
} from './stepper.ts';

/** A trained factor: where the forward pass reads it, its gradient, and its optimiser's moments. */
interface TrainedFactor {
  readonly values: Float32Array;
  readonly gradient: FloatArray;
  readonly columns: number;
  readonly frozen: boolean;
  /** For as many moments as any optimiser has. */
  readonly room: readonly FloatArray[];
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
  const named = new Map(start.modules.map((module) => [module.name, module]));
  const shapes = network.layers.map(({ name, d, k }) => {
    const module = named.get(name);
    const full = module?.full === true;
    return { d, k, rank: module && !full ? module.rank : 0, full };
  });
  const net = createNetwork(kernels, network.data, shapes, network.data.batches.size);
  for (const [i, layer] of net.layers.entries()) {
    layer.W.set(network.layers[i].W);
    layer.refresh();
  }
  let settings = start.settings;
  const modules = start.modules.map((module, i): TrainedModule => {
    const at = network.layers.findIndex(({ name }) => name === module.name);
    const moments = start.state?.modules[i] ?? null;
    const factor = (name: 'A' | 'B', values: Float32Array, gradient: FloatArray): TrainedFactor => {
      const frozen = module.frozen === name;
      const room = frozen ? [] : [kernels.buffer(values.length), kernels.buffer(values.length)];
      for (const [n, known] of moments?.[name].entries() ?? []) room[n]?.set(known);
      const columns = name === 'A' || module.full ? module.k : module.rank;
      return { values, gradient, columns, frozen, room, updateNorm: 0 };
    };
    return module.full
      ? fullModule(net.layers[at], module, network.layers[at].W, kernels, factor)
      : adaptedModule(net.layers[at], module, factor);
  });
  /** Of a frozen factor, zeros that nothing reads. */
  const momentsOf = ({ room, values }: TrainedFactor) =>
    Array.from(
      { length: optimisers.byName(settings[0].opt).moments },
      (_, n) => room[n] ?? new Float32Array(values.length),
    );
  const factors = modules.flatMap(({ A, B }) => [A, B]);
  let t = start.state?.t ?? 0;
  let step = start.step ?? 0;
  let loss = 0;
  const batchAt = batchReader(network.data, net.inputs[0]);
  evaluate();

  function evaluate(): void {
    for (const [i, { layer }] of modules.entries()) layer.scaling = settings[i].scaling;
    loss = net.measure(batchAt(step));
  }

  function update(): void {
    const [{ opt }] = settings;
    if (isPairRule(opt)) updatePairs(opt);
    else updateFactors(opt);
    for (const { refresh } of modules) refresh();
    step += 1;
  }

  /** All modules take a part of their step before the gradients are measured for the next one. */
  function updatePairs(opt: PairRule): void {
    t += 1;
    const moved = modules.map(() => ({ A: 0, B: 0 }));
    for (const [n, part] of pairParts[opt].entries()) {
      if (n > 0) evaluate();
      for (const [i, { A, B, layer }] of modules.entries()) {
        const { lr, ratio, scaling } = settings[i];
        const frozen = A.frozen ? 'A' : B.frozen ? 'B' : null;
        const { A: a, B: b } = part({
          ...{ A: A.values, B: B.values, gradA: A.gradient, gradB: B.gradient },
          ...{ rank: layer.rank, frozen, scaling, rateA: lr, rateB: ratio * lr },
        });
        moved[i].A += a;
        moved[i].B += b;
      }
    }
    for (const [i, { A, B }] of modules.entries()) {
      A.updateNorm = Math.sqrt(moved[i].A);
      B.updateNorm = Math.sqrt(moved[i].B);
    }
  }

  function updateFactors(opt: FactorRule): void {
    t += 1;
    for (const [i, { A, B }] of modules.entries()) {
      const { lr, ratio, epsilon = USUAL_EPSILON } = settings[i];
      for (const [factor, rate] of [
        [A, lr],
        [B, ratio * lr],
      ] as const) {
        if (factor.frozen) continue;
        const by = { opt, rate, t, columns: factor.columns, epsilon };
        factor.updateNorm = kernels.update(factor.values, factor.gradient, factor.room, by);
      }
    }
  }

  function note({ series, modules: own }: StepEntries, at: number): void {
    series.loss[at] = loss;
    for (const [i, { A, B }] of modules.entries()) {
      own[i].gradNormA[at] = kernels.norm(A.gradient);
      own[i].gradNormB[at] = kernels.norm(B.gradient);
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
        for (const { room } of factors) for (const moment of room) moment.fill(0);
        t = 0;
      }
      if (next.some(({ scaling }, i) => scaling !== before[i].scaling)) evaluate();
    },
    snapshot() {
      const copy = () =>
        factors.map(({ values, room, updateNorm }) => ({
          values: values.slice(),
          moments: room.map((m) => m.slice()),
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
            for (const [n, moment] of moments.entries()) factors[i].room[n].set(moment);
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
      const copy = (factor: TrainedFactor) => momentsOf(factor).map((m) => Float32Array.from(m));
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
function fullModule(
  layer: Linear,
  module: ModuleStart,
  W0: Float32Array,
  { buffer, sum }: NetworkKernels,
  factor: MakeFactor,
): TrainedModule {
  const [base, delta, none] = [buffer(W0.length), buffer(W0.length), new Float32Array()];
  base.set(W0);
  const isB = module.frozen === 'A';
  delta.set(isB ? module.B : module.A);
  const refresh = () => {
    sum(layer.W, base, delta);
    layer.refresh();
  };
  refresh();
  return {
    layer,
    A: isB ? factor('A', module.A.slice(), none) : factor('A', own(delta), layer.gradients.W),
    B: isB ? factor('B', own(delta), layer.gradients.W) : factor('B', module.B.slice(), none),
    refresh,
  };
}
