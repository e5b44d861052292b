import { isPairRule, optimisers, USUAL_EPSILON } from '../../experiment/optimisers.ts';
import { measureMatrix, squaredDistance } from '../tasks/matrix.ts';
import { measureRegression } from '../tasks/regression.ts';
import { methodParts } from './method-parts.ts';
import { pacedAt } from './regime/rate-share.ts';
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
import { updates } from './updates.ts';

/** Plain loops over float32 factors: the readable twin of every other stepper, and the processor's own. */
export function typescriptStepper(start: StepperStart): Stepper {
  const module = singleModule(start);
  const task = { ...module, target: module.target.slice() };
  const samples = start.samples ?? null;
  let [settings] = start.settings;
  let state = stateOf(start);
  const regime = start.regime ? methodParts().regimes.regimeSteps(start.regime, task, samples) : null;
  evaluate();

  function evaluate(): void {
    const { A, B, gradA, gradB, step } = state;
    const { scaling } = settings;
    if (samples === null) {
      state.loss = measureMatrix(task, scaling, A, B, gradA, gradB) / 2;
    } else {
      const { d, k, rank } = task;
      state.loss = measureRegression({ d, k, rank, ...samples }, scaling, A, B, gradA, gradB, samples.batches.at(step));
      state.distance = Math.sqrt(squaredDistance(task, scaling, A, B));
    }
    regime?.measured(state, scaling);
  }

  const paced = () => pacedAt(start.schedule, settings, state.step);
  const update = regime ? () => regime.around(state, paced(), make) : make;

  function make(): void {
    const { opt, lr, ratio, scaling, epsilon = USUAL_EPSILON } = paced();
    const { A, B, gradA, gradB, momentsA, momentsB } = state;
    const { rank, frozen = null } = task;
    if (isPairRule(opt)) {
      const pair = { A, B, gradA, gradB, rank, frozen, scaling, rateA: lr, rateB: ratio * lr };
      const moved = methodParts().pairs.pairStep(opt, pair, () => {
        evaluate();
        regime?.clip(state);
        return state;
      });
      state.updateNormA = Math.sqrt(moved.A);
      state.updateNormB = Math.sqrt(moved.B);
      state.t += 1;
      state.step += 1;
      return;
    }
    const apply = updates[opt];
    state.t += 1;
    state.step += 1;
    const { t } = state;
    if (frozen !== 'A')
      state.updateNormA = Math.sqrt(apply(A, gradA, momentsA, { rate: lr, t, columns: task.k, epsilon }));
    if (frozen !== 'B')
      state.updateNormB = Math.sqrt(apply(B, gradB, momentsB, { rate: ratio * lr, t, columns: rank, epsilon }));
  }

  function note({ series, modules: [own] }: StepEntries, at: number): void {
    series.loss[at] = state.loss;
    if (series.distance) series.distance[at] = state.distance;
    own.gradNormA[at] = (regime?.norm ?? norm)(state.gradA);
    own.gradNormB[at] = (regime?.norm ?? norm)(state.gradB);
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
