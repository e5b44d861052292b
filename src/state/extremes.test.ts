import { describe, expect, it } from 'vitest';
import { defaults } from '../experiment/settings/experiment.ts';
import type { ExtremesMessage, FrameMessage } from '../protocol/frame.ts';
import type { ReadyMessage } from '../protocol/ready.ts';
import type { DoneMessage, Up } from '../protocol/up.ts';
import { extremesAt, type KeptExtremes, keepExtremes } from './extremes.ts';
import { newRun } from './run.ts';
import { initialState, type State } from './state.ts';
import { update } from './update.ts';

const plane = { values: new Float32Array(1), rows: 1, cols: 1, blockRows: 2, blockCols: 2 };
const at = (step: number): KeptExtremes => ({ step, W: plane, dW: plane, E: plane });
const steps = (kept: readonly KeptExtremes[]) => kept.map(({ step }) => step);

describe('what is kept of extremes', () => {
  it('is in order of steps, each once', () => {
    const kept = [5, 0, 9, 5].reduce<readonly KeptExtremes[]>((list, step) => keepExtremes(list, at(step)), []);
    expect(steps(kept)).toEqual([0, 5, 9]);
  });

  it('is bounded, however long the run; the first and the newest stay', () => {
    let kept: readonly KeptExtremes[] = [];
    for (let step = 0; step < 1000; step++) {
      kept = keepExtremes(kept, at(step));
      expect(kept.length).toBeLessThanOrEqual(16);
      expect([kept[0].step, kept.at(-1)?.step]).toEqual([0, step]);
    }
  });

  it('is found by the newest at or before a step', () => {
    const kept = [0, 10, 20].map(at);
    expect(extremesAt(kept, 15)?.step).toBe(10);
    expect(extremesAt(kept, 20)?.step).toBe(20);
    expect(extremesAt([], 5)).toBeNull();
  });
});

describe('on the page', () => {
  const begun = (): State => {
    const state = initialState({ backend: null, stepper: null });
    const run = {
      ...newRun(1, defaults()),
      status: 'training',
      ready: { d: 4, k: 4, facts: { a: 1, b: 1, sigma1: 1 } } as ReadyMessage,
    } as const;
    return { ...state, run };
  };
  const told = (state: State, message: Partial<Up> & Pick<Up, 'type'>) =>
    update(state, { type: 'engine', message: message as Up });
  const extremes = (step: number, run = 1) => ({ type: 'extremes', run, ...at(step) }) satisfies ExtremesMessage;
  const frame = (from: number, changes: FrameMessage['changes'] = []) => {
    const list = new Float64Array(5);
    const norms = { gradNormA: list, gradNormB: list, updateNormA: list, updateNormB: list, relativeError: list };
    const factors = { A: new Float32Array(1), B: new Float32Array(1), spectrum: null, alignment: null, between: [] };
    return {
      type: 'frame',
      run: 1,
      frame: 0,
      from,
      loss: list,
      ...norms,
      ...factors,
      changes,
      secondsPerStep: 0,
    } as const;
  };

  it('those of another run are dropped', () => {
    expect(steps(told(told(begun(), extremes(3)), extremes(4, 0)).run.extremes)).toEqual([3]);
  });

  it('those of a step at which a setting changed are forgotten with it', () => {
    const state = [frame(0), extremes(2), extremes(4)].reduce(told, begun());
    const changed = told(state, frame(4, [{ step: 4, key: 'alpha', value: 3 }]));
    expect(steps(changed.run.extremes)).toEqual([2]);
    expect(steps(told(state, frame(5)).run.extremes)).toEqual([2, 4]);
  });

  it('those past the last good step go where a run diverges', () => {
    const state = [frame(0), extremes(2), extremes(4)].reduce(told, begun());
    const done: DoneMessage = { type: 'done', run: 1, order: 0, ending: 'diverged', step: 3 };
    expect(steps(told(state, done).run.extremes)).toEqual([2]);
  });
});
