import { type OptimiserName, optimisers } from '../../experiment/optimisers.ts';
import { wholePower } from '../../math/elementary.ts';
import { measureMatrix, squaredDistance } from '../tasks/matrix.ts';
import { measureRegression } from '../tasks/regression.ts';
import {
  emptyEntries,
  type Pack,
  type Settings,
  type Snapshot,
  type StepEntries,
  type Stepper,
  type StepperStart,
  singleModule,
} from './stepper.ts';

/** Plain loops over float32 factors: the readable twin of every other stepper, and the processor's own. */
export function typescriptStepper(start: StepperStart): Stepper {
  const module = singleModule(start);
  const task = { ...module, target: module.target.slice() };
  const samples = start.samples ?? null;
  let [settings] = start.settings;
  let state = stateOf(start);
  evaluate();

  function evaluate(): void {
    const { A, B, gradA, gradB, step } = state;
    const { scaling } = settings;
    if (samples === null) {
      state.loss = measureMatrix(task, scaling, A, B, gradA, gradB) / 2;
      return;
    }
    const { d, k, rank } = task;
    state.loss = measureRegression({ d, k, rank, ...samples }, scaling, A, B, gradA, gradB, samples.batches.at(step));
    state.distance = Math.sqrt(squaredDistance(task, scaling, A, B));
  }

  function update(): void {
    const apply = updates[settings.opt];
    const { lr, ratio } = settings;
    state.t += 1;
    state.step += 1;
    if (module.frozen !== 'A') state.updateNormA = Math.sqrt(apply(state.A, state.gradA, state.momentsA, lr, state.t));
    if (module.frozen !== 'B')
      state.updateNormB = Math.sqrt(apply(state.B, state.gradB, state.momentsB, ratio * lr, state.t));
  }

  function note({ series, modules: [own] }: StepEntries, at: number): void {
    series.loss[at] = state.loss;
    if (series.distance) series.distance[at] = state.distance;
    own.gradNormA[at] = norm(state.gradA);
    own.gradNormB[at] = norm(state.gradB);
    own.updateNormA[at] = state.updateNormA;
    own.updateNormB[at] = state.updateNormB;
  }

  const pack = (entries: StepEntries): Pack => ({ entries, modules: [{ A: state.A.slice(), B: state.B.slice() }] });

  return {
    async measure() {
      const entries = emptyEntries(1, 1, samples !== null);
      note(entries, 0);
      return pack(entries);
    },
    async steps(n) {
      const entries = emptyEntries(n, 1, samples !== null);
      for (let i = 0; i < n; i++) {
        update();
        evaluate();
        note(entries, i);
      }
      return pack(entries);
    },
    tune([next]) {
      const before = settings;
      settings = next;
      if (next.opt !== before.opt) {
        state.momentsA = freshMoments(next, state.A.length);
        state.momentsB = freshMoments(next, state.B.length);
        state.t = 0;
      }
      if (next.scaling !== before.scaling) evaluate();
    },
    snapshot(): Snapshot {
      let kept: FactorState | null = copyOf(state);
      return {
        restore() {
          if (kept) state = copyOf(kept);
        },
        dispose() {
          kept = null;
        },
      };
    },
    async optimiserState() {
      const { t, momentsA, momentsB } = state;
      return { t, modules: [{ A: momentsA.map((m) => m.slice()), B: momentsB.map((m) => m.slice()) }] };
    },
    dispose() {},
  };
}

function norm(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * x[i];
  return Math.sqrt(sum);
}

/**
 * One update of one factor, in place: θ (float32) after gradient g, update t ≥ 1, in PyTorch's conventions
 * (docs/model.md, "The optimisers"). Returns Σ Δθ².
 */
type Update = (
  theta: Float32Array | Float64Array,
  g: Float64Array | Float32Array,
  moments: readonly (Float32Array | Float64Array)[],
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
    const step = rate / (1 - wholePower(BETA1, t));
    const correction = 1 / Math.sqrt(1 - wholePower(BETA2, t));
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

export interface FactorState {
  readonly A: Float32Array;
  readonly B: Float32Array;
  readonly gradA: Float64Array;
  readonly gradB: Float64Array;
  momentsA: Float32Array[];
  momentsB: Float32Array[];
  t: number;
  step: number;
  loss: number;
  distance: number;
  updateNormA: number;
  updateNormB: number;
}

function stateOf(start: StepperStart): FactorState {
  const [settings] = start.settings;
  const { A, B, moments } = singleModule(start);
  return {
    A: A.slice(),
    B: B.slice(),
    gradA: new Float64Array(A.length),
    gradB: new Float64Array(B.length),
    momentsA: moments ? moments.A.map((m) => m.slice()) : freshMoments(settings, A.length),
    momentsB: moments ? moments.B.map((m) => m.slice()) : freshMoments(settings, B.length),
    t: start.state?.t ?? 0,
    step: start.step ?? 0,
    loss: 0,
    distance: 0,
    updateNormA: 0,
    updateNormB: 0,
  };
}

function freshMoments({ opt }: Settings, length: number): Float32Array[] {
  return Array.from({ length: optimisers.byName(opt).moments }, () => new Float32Array(length));
}

function copyOf(state: FactorState): FactorState {
  return {
    ...state,
    A: state.A.slice(),
    B: state.B.slice(),
    gradA: state.gradA.slice(),
    gradB: state.gradB.slice(),
    momentsA: state.momentsA.map((m) => m.slice()),
    momentsB: state.momentsB.map((m) => m.slice()),
  };
}
