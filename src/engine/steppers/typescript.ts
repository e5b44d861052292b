import { measureMatrix, squaredDistance } from '../tasks/matrix.ts';
import { measureRegression } from '../tasks/regression.ts';
import {
  type Entries,
  emptyEntries,
  onlyModule,
  type Pack,
  type Snapshot,
  type Start,
  type Stepper,
} from './stepper.ts';
import { updates } from './typescript-optimisers.ts';
import { copyOf, freshMoments, type State, stateOf } from './typescript-state.ts';

/** Plain loops over float32 factors: the readable twin of every other stepper, and the processor's own. */
export function typescriptStepper(start: Start): Stepper {
  const module = onlyModule(start);
  const task = { ...module, target: module.target.slice() };
  const samples = start.samples ?? null;
  let settings = start.settings;
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

  function note({ series, modules: [own] }: Entries, at: number): void {
    series.loss[at] = state.loss;
    if (series.distance) series.distance[at] = state.distance;
    own.gradNormA[at] = norm(state.gradA);
    own.gradNormB[at] = norm(state.gradB);
    own.updateNormA[at] = state.updateNormA;
    own.updateNormB[at] = state.updateNormB;
  }

  const pack = (entries: Entries): Pack => ({ entries, modules: [{ A: state.A.slice(), B: state.B.slice() }] });

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
    tune(next) {
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
      let kept: State | null = copyOf(state);
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
