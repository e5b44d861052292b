import { type FactorRule, isPairRule, optimisers, type PairRule, USUAL_EPSILON } from '../../experiment/optimisers.ts';
import type { TrainedArray } from '../tasks/methods/pass.ts';
import { batchReader, createNetwork } from '../tasks/network/create.ts';
import type { FloatArray, NetworkKernels } from '../tasks/network/kernels.ts';
import { methodParts } from './method-parts.ts';
import {
  adaptedModule,
  fullModule,
  kept,
  methodModule,
  type TrainedFactor,
  type TrainedModule,
  together,
} from './network-modules.ts';
import { pacedAt } from './regime/rate-share.ts';
import { decay, distanceOf, shortenJointly } from './regime/regime-steps.ts';
import { emptyEntries, type Pack, type StepEntries, type Stepper, type StepperStart } from './stepper.ts';

/** Trains the matrices of a network by hand-written gradients on any kernels in float32. Throws if there is no network. */
export function networkStepper(start: StepperStart, kernels: NetworkKernels): Stepper {
  const { network, regime } = start;
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
    const roomFor = (length: number, known: readonly Float32Array[] = []) => {
      const room = [kernels.buffer(length), kernels.buffer(length)];
      for (const [n, moment] of known.entries()) room[n]?.set(moment);
      return room;
    };
    if (module.method) {
      const own = ({ values, gradient, stream, fast, cols }: TrainedArray, n: number): TrainedFactor => ({
        ...{ values: kept(values), gradient, stream, fast: fast === true, columns: cols, frozen: false, updateNorm: 0 },
        room: roomFor(values.length, moments?.own?.[n]),
      });
      return methodModule(net.layers[at], module, module.method, network.layers[at].W, kernels, own);
    }
    const factor = (name: 'A' | 'B', values: Float32Array, gradient: FloatArray): TrainedFactor => {
      const frozen = module.frozen === name;
      const room = frozen ? [] : roomFor(values.length, moments?.[name]);
      const columns = name === 'A' || module.full ? module.k : module.rank;
      return { values, gradient, columns, frozen, stream: name, fast: name === 'B', room, updateNorm: 0 };
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
  const factors = modules.flatMap((module) => module.factors);
  let t = start.state?.t ?? 0;
  let step = start.step ?? 0;
  let loss = 0;
  const batchAt = batchReader(network.data, net.inputs[0]);
  /** Of a module, with the rate of the update that follows. */
  const paced = (i: number) => pacedAt(start.schedule, settings[i], step);
  refreshAll();
  evaluate();

  function refreshAll(): void {
    for (const [i, { refresh }] of modules.entries()) refresh(settings[i].inner ?? 1);
  }

  function evaluate(): void {
    for (const [i, { layer }] of modules.entries()) layer.scaling = settings[i].scaling;
    loss = net.measure(batchAt(step));
    for (const [i, { backward }] of modules.entries()) backward?.(settings[i].inner ?? 1);
  }

  function update(): void {
    const [{ opt }] = settings;
    shorten();
    const decayed = decayB();
    if (isPairRule(opt)) updatePairs(opt);
    else updateFactors(opt);
    for (const { B, before } of decayed) B.updateNorm = distanceOf(B.values, before);
    refreshAll();
    step += 1;
  }

  /** To the largest norm of all gradients together, if there is one. */
  function shorten(): void {
    const trained = factors.filter(({ frozen }) => !frozen).map(({ gradient }) => gradient);
    shortenJointly(regime?.clip, trained, (gradient) => kernels.norm(gradient));
  }

  /** Every B of LoRA, and what it was. */
  function decayB() {
    const share = regime?.decayB;
    if (share === undefined) return [];
    return modules.map(({ factors: [, B] }, i) => {
      const { lr, ratio } = paced(i);
      const before = B.values.slice();
      decay(B.values, ratio * lr * share);
      return { B, before };
    });
  }

  /** All modules take a part of their step before the gradients are measured for the next one. */
  function updatePairs(opt: PairRule): void {
    t += 1;
    const moved = modules.map(() => ({ A: 0, B: 0 }));
    for (const [n, part] of methodParts().pairs.pairParts[opt].entries()) {
      if (n > 0) {
        evaluate();
        shorten();
      }
      for (const [
        i,
        {
          factors: [A, B],
          layer,
        },
      ] of modules.entries()) {
        const { lr, ratio, scaling } = paced(i);
        const frozen = A.frozen ? 'A' : B.frozen ? 'B' : null;
        const { A: a, B: b } = part({
          ...{ A: A.values, B: B.values, gradA: A.gradient, gradB: B.gradient },
          ...{ rank: layer.rank, frozen, scaling, rateA: lr, rateB: ratio * lr },
        });
        moved[i].A += a;
        moved[i].B += b;
      }
    }
    for (const [
      i,
      {
        factors: [A, B],
      },
    ] of modules.entries()) {
      A.updateNorm = Math.sqrt(moved[i].A);
      B.updateNorm = Math.sqrt(moved[i].B);
    }
  }

  function updateFactors(opt: FactorRule): void {
    t += 1;
    for (const [i, { factors: own }] of modules.entries()) {
      const { lr, ratio, epsilon = USUAL_EPSILON } = paced(i);
      for (const factor of own) {
        if (factor.frozen) continue;
        const by = { opt, rate: factor.fast ? ratio * lr : lr, t, columns: factor.columns, epsilon };
        factor.updateNorm = kernels.update(factor.values, factor.gradient, factor.room, by);
      }
    }
  }

  function note({ series, modules: own }: StepEntries, at: number): void {
    series.loss[at] = loss;
    const gradient = (factor: TrainedFactor) => kernels.norm(factor.gradient);
    for (const [i, { factors: all }] of modules.entries()) {
      own[i].gradNormA[at] = together(all, 'A', gradient);
      own[i].gradNormB[at] = together(all, 'B', gradient);
      own[i].updateNormA[at] = together(all, 'A', ({ updateNorm }) => updateNorm);
      own[i].updateNormB[at] = together(all, 'B', ({ updateNorm }) => updateNorm);
    }
  }

  const pack = (entries: StepEntries): Pack => ({ entries, modules: modules.map(({ copy }) => copy()) });

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
      if (next.some(({ scaling, inner }, i) => scaling !== before[i].scaling || inner !== before[i].inner)) {
        refreshAll();
        evaluate();
      }
    },
    snapshot() {
      const copy = () =>
        factors.map(({ values, room, updateNorm }) => ({
          values: values.slice(),
          moments: room.map((m) => m.slice()),
          updateNorm,
        }));
      let state: { readonly factors: ReturnType<typeof copy>; readonly t: number; readonly step: number } | null = {
        ...{ factors: copy(), t, step },
      };
      return {
        restore() {
          if (!state) return;
          ({ t, step } = state);
          for (const [i, { values, moments, updateNorm }] of state.factors.entries()) {
            factors[i].values.set(values);
            for (const [n, moment] of moments.entries()) factors[i].room[n].set(moment);
            factors[i].updateNorm = updateNorm;
          }
          refreshAll();
          evaluate();
        },
        dispose() {
          state = null;
        },
      };
    },
    async optimiserState() {
      const copy = (factor: TrainedFactor) => momentsOf(factor).map((m) => Float32Array.from(m));
      const momentsOfAll = start.modules.map(({ method }, i) => {
        const all = modules[i].factors.map(copy);
        return method ? { A: [], B: [], own: all } : { A: all[0], B: all[1] };
      });
      return { t, modules: momentsOfAll };
    },
    dispose() {},
  };
}
