import { describe, expect, it } from 'vitest';
import type { Experiment } from '../experiment/settings/params.ts';
import { extend, type Run } from '../state/run/run.ts';
import { initialState, type State } from '../state/state.ts';
import { endedState, entries, frame, idleState, play, readyMessage, workerEvent } from '../state/testing/page.ts';
import { sceneOf, shownBudget, shownScaling } from './lab-scene.ts';

/** A 2 × 2 layer of rank 1 with `steps` measured steps and a frame at each. */
function after(steps: number): State {
  const state = initialState({ backend: null, stepper: null });
  const n = steps + 1;
  const list = Array.from({ length: n }, (_, i) => 1 / (i + 1));
  const trace = extend(state.run.trace, entries(0, list));
  const frames = Array.from({ length: n }, (_, step) => ({
    step,
    modules: [
      {
        A: Float32Array.of(1, step),
        B: Float32Array.of(0, step),
        spectrum: Float64Array.of(step),
        alignment: null,
      },
    ],
  }));
  const module = {
    ...{ name: 'W', d: 2, k: 2, rank: 1, facts: { a: 1, b: 0, sigma1: 1 } },
    base: new Float32Array(4),
    wanted: {
      matrix: Float32Array.of(1, 0, 0, 0.5),
      spectrum: Float64Array.of(1, 0.5),
      known: { how: 'computed', error: 1e-15 },
    },
    A: Float32Array.of(1, 0),
    B: Float32Array.of(0, 0),
  };
  const ready = { type: 'ready', run: 0, modules: [module] } as unknown as NonNullable<Run['ready']>;
  const experiment = { ...state.experiment, d: 2, k: 2, rank: 1 };
  return { ...state, experiment, run: { ...state.run, experiment, status: 'paused', ready, trace, frames } };
}

describe('sceneOf', () => {
  it('is the same scene until something that it shows changes', () => {
    const state = after(3);
    const scene = sceneOf(state, 'rank');
    expect(sceneOf({ ...state, cell: { row: 1, column: 1 }, theme: 'dark' }, 'rank')).toBe(scene);
    expect(sceneOf({ ...state, hover: { axis: 'step', step: 2 } }, 'rank')).toBe(scene);
    expect(sceneOf({ ...state, hover: { axis: 'rank', index: 2 } }, 'rank')).not.toBe(scene);
    expect(sceneOf(after(4), 'rank')).not.toBe(scene);
  });

  it('has samples, batch and floors of a target that has some, and the floor that holds', () => {
    const state = after(3);
    expect(sceneOf(state, 'step')).toMatchObject({ samples: null, ownFloor: { value: null, by: 'rank' } });
    const set = { count: 20, X: new Float32Array(40), Y: new Float32Array(40) };
    const samples = { training: set, heldOut: { ...set, count: 9 }, floors: { training: 0.1, heldOut: Number.NaN } };
    const losses = { steps: [0, 3], training: [1, 0.5], heldOut: [1, 0.7] };
    const [module] = state.run.ready?.modules ?? [];
    const wanted = { ...module?.wanted, floorAtRank: 0.25 };
    const facts = { a: 1, b: 0, sigma1: 1, inputs: { batch: 4 } };
    const readyWith = (more: object) => {
      const modules = [{ ...module, wanted, facts, moved: {}, ...more }];
      return { ...state.run.ready, samples, modules } as unknown as Run['ready'];
    };
    const ready = readyWith({});
    const scene = sceneOf({ ...state, run: { ...state.run, ready, losses } }, 'step');
    expect(scene.ownFloor).toMatchObject({ value: 0.25, by: 'moved', open: 0 });
    expect(scene.samples).toMatchObject({
      count: 20,
      heldOut: 9,
      batch: 4,
      losses,
      floors: { training: 0.1, heldOut: null },
    });
    const frozen = readyWith({ frozenFactor: 'B' });
    expect(sceneOf({ ...state, run: { ...state.run, ready: frozen } }, 'step').ownFloor.by).toBe('frozen');
  });

  it('holds what was measured at the step on show', () => {
    const state = { ...after(3), look: 1 };
    const scene = sceneOf(state, 'step');
    expect(scene).toMatchObject({ step: 1, lookingBack: true, rank: 1, zeroAtStart: 'B', budget: 300 });
    expect(Array.from(scene.spectrum ?? [])).toEqual([1]);
    expect(scene.curves.length).toBe(4);
    expect(scene.sampled.steps).toEqual([0, 1, 2, 3]);
    expect(Array.from(scene.target?.floor ?? [])[0]).toBe(1);
  });

  it('has of the previous run all spectra that were known of it, those between its frames too', () => {
    const spectrumAt = (step: number) => Float64Array.of(step, 0);
    const between = [2, 5].map((step) => ({ step, spectra: [spectrumAt(step)], losses: null }));
    const [module] = frame(1, 1, 9).modules;
    const modules = [{ ...module, spectrum: spectrumAt(9) }];
    const before = play(idleState(), { type: 'train' }, workerEvent(frame(1, 1, 9, { between, modules })));
    const { others } = sceneOf(before, 'rank');
    expect(others).toEqual([]);
    const known = sceneOf(before, 'rank').sampled;
    expect(known.steps).toEqual([2, 5, 9]);
    const after = play(
      before,
      { type: 'changed', changes: { seed: 3 } },
      workerEvent(readyMessage(2)),
      workerEvent(frame(2, 0, 1)),
    );
    expect(sceneOf(after, 'rank').others.map(({ sampled }) => sampled)).toEqual([known]);
  });

  it('has a sentence in place of the picture while there are no matrices', () => {
    const scene = sceneOf(initialState({ backend: null, stepper: null }), 'rank');
    expect(scene.empty).toMatch(/matrices/);
    expect(scene.target).toBeNull();
  });
});

describe('the scaling on show', () => {
  it('is the one in force at the step that is looked back at', () => {
    const state = after(3);
    const run = { ...state.run, changes: [{ step: 2, key: 'alpha' as const, value: 32 }] };
    const changed = { ...state, run, experiment: { ...state.experiment, alpha: 32 } };
    expect(shownScaling(changed)).toBe(32);
    expect(shownScaling({ ...changed, look: 2 })).toBe(32);
    expect(shownScaling({ ...changed, look: 1 })).toBe(16);
  });
});

describe('the run that a restart has replaced', () => {
  const replaced = (changes: Partial<Experiment>) => {
    const asked = play(
      endedState(),
      { type: 'changed', changes },
      workerEvent(readyMessage(2)),
      workerEvent(frame(2, 0, 301)),
    );
    const order = asked.next?.run.wanted.order ?? 0;
    return play(asked, workerEvent({ type: 'done', run: 2, order, ending: 'finished', step: 300 }));
  };
  const names = (state: State) => sceneOf(state, 'step').others.map(({ name }) => name);

  it('is named by what it had another value of, in the words of its control', () => {
    expect(names(replaced({ rank: 4 }))).toEqual(['previous, r = 8']);
    expect(names(replaced({ init: 'lora-ga' }))).toEqual(['previous, Kaiming']);
    expect(names(replaced({ opt: 'sgd' }))).toEqual(['previous, Adam']);
    expect(names(replaced({ lr: 0.5 }))).toEqual(['previous, automatic rate']);
  });

  it('is not drawn beside the same run again', () => {
    const again = play(endedState(), { type: 'rewind' }, workerEvent(readyMessage(2)), workerEvent(frame(2, 0, 1)));
    expect(names(again)).toEqual([]);
    expect(names(play(again, { type: 'changed', changes: { rank: 4 } }, workerEvent(readyMessage(3))))).toEqual([
      'previous, r = 8',
    ]);
  });
});

describe('the end of the step axis', () => {
  it('moves on with a run that goes past its budget', () => {
    const state = after(3);
    expect(shownBudget({ ...state, experiment: { ...state.experiment, steps: 2 } })).toBe(3);
  });

  it('moves on with the steps that are made of those that were added, not with what they may come to', () => {
    const state = play(endedState(), { type: 'train' });
    expect([state.experiment.steps, shownBudget(state)]).toEqual([600, 300]);
    expect(shownBudget(play(state, workerEvent(frame(1, 301, 20))))).toBe(320);
  });
});

describe('frozen axes', () => {
  const present = { view: { ...initialState({ backend: null, stepper: null }).view, view: 'present' as const } };

  it('are those of the lab as it stood, until they are released or Present is left', () => {
    const then = play({ ...after(3), ...present }, { type: 'freeze', on: true });
    const now = { ...then, ...after(9), frozen: then.frozen, ...present };
    expect(sceneOf(now, 'step').axes?.curves.length).toBe(4);
    expect(sceneOf(now, 'step')).toBe(sceneOf(now, 'step'));
    expect(sceneOf(play(now, { type: 'freeze', on: false }), 'step').axes).toBeUndefined();
    expect(play(now, { type: 'viewed', changes: { view: 'lab' } }).frozen).toBeNull();
  });
});
