import { describe, expect, it } from 'vitest';
import { extend, type Run } from '../../state/run/run.ts';
import { initialState, type State } from '../../state/state.ts';
import { entries } from '../../state/testing/page.ts';
import { announcement, preparationProgress, statusWords } from './status.ts';

interface Given {
  readonly status: Run['status'];
  readonly last?: number;
  readonly error?: number;
  readonly gradient?: number;
  readonly run?: Partial<Run>;
}

/** A 4 × 4 layer of rank 2 whose floor at rank 2 is 0.3/√(1 + 0.25 + 0.09). */
function stateOf({ status, last = 96, error = 0.4, gradient = 1, run = {} }: Given): State {
  const state = initialState({ backend: null, stepper: null });
  const n = last + 1;
  const of = (value: number) => new Float64Array(n).fill(value);
  const given = { loss: of(1), gradNormA: of(gradient), gradNormB: of(gradient), relativeError: of(error) };
  const trace = extend(state.run.trace, entries(0, of(0), given));
  const module = {
    ...{ name: 'W', d: 4, k: 4, rank: 2, facts: { a: 1, b: 0, sigma1: 1 }, baseNorm: 2 },
    A: new Float32Array(8).fill(1),
    B: new Float32Array(8),
    wanted: { spectrum: Float64Array.of(1, 0.5, 0.3, 0), known: { how: 'computed', error: 1e-15 } },
  };
  const ready = { modules: [module] } as unknown as NonNullable<Run['ready']>;
  const experiment = { ...state.experiment, seed: 7 };
  return { ...state, experiment, run: { ...state.run, experiment, status, trace, ready, workerStep: last, ...run } };
}

function withModule(state: State, more: object, wanted: object = {}): State {
  const [module] = state.run.ready?.modules ?? [];
  const modules = [{ ...module, ...more, wanted: { ...module?.wanted, ...wanted } }];
  return { ...state, run: { ...state.run, ready: { modules } as unknown as NonNullable<Run['ready']> } };
}

const line = (state: State) => {
  const { first, rest, below } = statusWords(state);
  return [first + rest, below];
};

describe('how a run stands', () => {
  it('is said for every status', () => {
    expect(line(stateOf({ status: 'idle', last: 0 }))).toEqual([
      'Ready, step 0 of 300',
      'B = 0, so ΔW = 0: the layer still behaves exactly like W₀',
    ]);
    expect(line(stateOf({ status: 'training' }))).toEqual([
      'Training, step 96 of 300',
      'seed 7 (Rewind returns to this exact start)',
    ]);
    expect(line(stateOf({ status: 'paused' }))).toEqual([
      'Paused at step 96 of 300',
      'drag the timeline or press ← → to look back',
    ]);
    expect(line(stateOf({ status: 'device-lost' }))[0]).toBe('Stopped, the graphics device was lost');
    expect(line(stateOf({ status: 'stopped' }))[0]).toBe('Stopped at step 96 of 300');
    expect(line(stateOf({ status: 'stopped', last: -1, run: { ready: null } }))[0]).toBe('Not started');
    expect(line(stateOf({ status: 'stopped', last: -1, run: { ready: null, refused: true } }))).toEqual([
      'Not possible with these settings',
      'see the message above',
    ]);
  });

  it('is announced in whole sentences', () => {
    const end = stateOf({ status: 'finished', last: 300, error: 0.3 / Math.sqrt(1.34) });
    expect(announcement(statusWords(end))).toBe(
      'Finished, 300 of 300 steps. The error is at the floor for r\u00a0=\u00a02.',
    );
    expect(announcement({ first: 'Ready', rest: ', step 0', below: 'r = 2' })).toBe('Ready, step 0. r = 2.');
    expect(announcement({ first: 'Preparing', rest: ' ΔW*', below: '' })).toBe('Preparing ΔW*.');
    const one = stateOf({ status: 'finished', last: 1 });
    expect(line({ ...one, experiment: { ...one.experiment, steps: 1 } })[0]).toBe('Finished, 1 of 1 step');
  });

  it('says how far above the floor a finished run is', () => {
    const floor = 0.3 / Math.sqrt(1.34);
    expect(line(stateOf({ status: 'finished', last: 300, error: floor + 0.0051 }))).toEqual([
      'Finished, 300 of 300 steps',
      'the error is 0.005 above the floor for r\u00a0=\u00a02',
    ]);
    expect(line(stateOf({ status: 'finished', error: floor }))[1]).toBe(
      'the error is at the floor for r\u00a0=\u00a02',
    );
    expect(line(stateOf({ status: 'converged', error: floor }))[1]).toBe(
      'nothing is changing: the error is at the floor for r\u00a0=\u00a02',
    );
  });

  it('is at its floor within what the printed digits or float32 leave open, and only then', () => {
    const at = (error: number, floorAtRank: number) => {
      const state = stateOf({ status: 'finished', last: 300, error });
      return line(withModule(state, {}, { floorAtRank }))[1];
    };
    expect(at(1.25e-4, 0)).toBe('the error is 1.25·10⁻⁴ above the floor for r\u00a0=\u00a02');
    expect(at(9e-6, 0)).toBe('the error is at the floor for r\u00a0=\u00a02');
    expect(at(0.1686, 0.1682)).toBe('the error is at the floor for r\u00a0=\u00a02');
    expect(at(0.0104, 0.01)).toBe('the error is 4.00·10⁻⁴ above the floor for r\u00a0=\u00a02');
    expect(at(0.9006, 0.9)).toBe('the error is 6.00·10⁻⁴ above the floor for r\u00a0=\u00a02');
    // Printed as 0.547 and 0.532.
    expect(at(0.5466, 0.5324)).toBe('the error is 0.015 above the floor for r\u00a0=\u00a02');
    expect(at(0.0014, 0)).toBe('the error is 0.001 above the floor for r\u00a0=\u00a02');
  });

  it('of a run that converged above its floor says what was measured, not that all is over', () => {
    const state = stateOf({ status: 'converged', last: 60, error: 0.9 });
    const falling = Float64Array.from({ length: 61 }, (_, i) => (i === 0 ? 1e6 : 1));
    const norms = { ...state.run.trace.modules[0], gradNormA: falling, gradNormB: falling };
    const trace = { ...state.run.trace, modules: [norms] };
    expect(line({ ...state, run: { ...state.run, trace } })[1]).toBe(
      'gradients are down to 10⁻⁵ of their peak: the error is 0.641 above the floor for r\u00a0=\u00a02',
    );
  });

  it('says where the floor is not known, since only the leading singular values are', () => {
    const state = stateOf({ status: 'finished', last: 300 });
    const known = { how: 'leading', error: 1e-4 } as const;
    expect(line(withModule(state, {}, { known, spectrum: Float64Array.of(1) }))[1]).toBe(
      'the floor for r\u00a0=\u00a02 is not known: only the leading singular value of ΔW* is',
    );
    expect(line(withModule(state, { rank: 3 }, { known, spectrum: Float64Array.of(1, 0.5) }))[1]).toBe(
      'the floor for r\u00a0=\u00a03 is not known: only the leading 2 singular values of ΔW* are',
    );
  });

  it('names the lowest error found for a method without a floor, above or below it, never a floor', () => {
    const method = { name: 'dora', floor: { kind: 'best', value: 0.345 } };
    const endOf = (error: number, of: object = method) =>
      line(
        withModule(stateOf({ status: 'finished', last: 300, error }), { method: of, rank: 4 }, { floorAtRank: null }),
      )[1];
    expect(endOf(0.4)).toBe('the error is 0.055 above the lowest found, 0.345; a run may go below it');
    expect(endOf(0.344)).toBe('the error is 0.001 below the lowest found, 0.345; a run may go below it');
    expect(endOf(0.3453)).toBe('the error is that of the lowest found, 0.345; a run may go below it');
    expect(endOf(0.4, { ...method, floor: null })).toBe('the lowest possible error is not known');
  });

  it('does not say at the floor where the floor itself is not known so well', () => {
    const state = stateOf({ status: 'finished', last: 300, error: 0.3 / Math.sqrt(1.34) });
    const endOf = (open: Float64Array) => {
      const known = { how: 'leading', error: 1e-2, open } as const;
      return line(withModule(state, {}, { known, spectrum: Float64Array.of(1, 0.5), norm: Math.sqrt(1.34) }))[1];
    };
    expect(endOf(Float64Array.of(1e-9, 0.002))).toBe('the error is within 0.003 of the floor for r\u00a0=\u00a02');
    expect(endOf(Float64Array.of(1e-9, 1e-9))).toBe('the error is at the floor for r\u00a0=\u00a02');
  });

  it('names what decides the floor: the initialisation where a part of W₀ moved, the factor where one is frozen', () => {
    const state = stateOf({ status: 'finished', last: 300, error: 0.5 });
    const endOf = (more: object) => line(withModule(state, { rank: 1, ...more }, { floorAtRank: 0.25 }))[1];
    // Named after the run's initialisation, here the default.
    expect(endOf({ moved: { scaling: 1, output: { largest: 0, bound: 1e-7 }, reach: null } })).toBe(
      'the error is 0.250 above the floor with Kaiming uniform',
    );
    expect(endOf({ frozenFactor: 'B' })).toBe('the error is 0.250 above the floor with this B');
  });

  it('says why nothing moved', () => {
    const dead = stateOf({ status: 'finished', gradient: 0 });
    const zero = { A: new Float32Array(8), facts: { a: 0, b: 0, sigma1: 1 } };
    expect(line(withModule(dead, zero))[1]).toBe('A = B = 0, so both gradients are exactly 0');
  });

  it('of an optimum, where both gradients are exactly 0 as well, says that it is one', () => {
    const optimum = stateOf({ status: 'finished', gradient: 0, error: 0.3 / Math.sqrt(1.34) });
    expect(line(optimum)[1]).toBe('the error is at the floor for r\u00a0=\u00a02');
  });

  it('names the step that diverged and the one on screen, and marks it', () => {
    const state = stateOf({ status: 'diverged', last: 15 });
    expect(line(state)).toEqual(['Diverged at step 16', 'showing step 15, the last good state']);
    expect(statusWords(state).bad).toBe(true);
  });

  it('says which step is looked back at', () => {
    expect(line({ ...stateOf({ status: 'paused' }), look: 40 })[1]).toBe('viewing step 40 of 96');
  });

  it('tells a pause of the hidden page from one that was asked for', () => {
    expect(line(stateOf({ status: 'paused', run: { pausedByHiding: true } }))[1]).toMatch(/hidden/);
  });

  it('tells steps that are repeated from new ones', () => {
    const repeating = { replay: { to: 96, changes: [] }, workerStep: 10 };
    expect(line(stateOf({ status: 'training', run: repeating }))[0]).toBe('Replaying the first 96 steps');
  });

  it('says how much a start with ΔW ≠ 0 changes the layer', () => {
    const start = {
      step: 0,
      modules: [
        { A: new Float32Array(8), B: new Float32Array(8), spectrum: Float64Array.of(0.3, 0.4), alignment: null },
      ],
    };
    const state = stateOf({ status: 'idle', last: 0, run: { frames: [start] } });
    expect(line(withModule(state, { facts: { a: 1, b: 1, sigma1: 1 } }))[1]).toBe(
      'the initialisation already changes the layer: ‖ΔW‖ is 25% of ‖W₀‖',
    );
  });
});

describe('progress', () => {
  it('is that of the run in preparation', () => {
    const state = stateOf({ status: 'preparing' });
    const run = { ...state.run, progress: { stage: 'ΔW*', fraction: 0.419 } };
    const preparing: State = {
      ...state,
      next: { run, before: 'idle', fallback: state.experiment, start: 'no', steps: null, after: null, behind: false },
    };
    expect(preparationProgress(preparing)).toEqual({ stage: 'ΔW*', fraction: 0.419 });
    expect(line(preparing)[0]).toBe('Preparing ΔW*, 41%');
    expect(preparationProgress(stateOf({ status: 'idle' }))).toBeNull();
  });
});
