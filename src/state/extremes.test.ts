import { describe, expect, it } from 'vitest';
import { defaults } from '../experiment/settings/experiment.ts';
import type { ExtremesMessage, FrameMessage } from '../protocol/frame.ts';
import type { DoneMessage, Up } from '../protocol/up.ts';
import { extremesAt, type KeptExtremes, keepExtremes } from './extremes.ts';
import { newRun } from './run.ts';
import { initialState, type State } from './state.ts';
import { frame, ready } from './testing/page.ts';
import { update } from './update.ts';

const plane = { values: new Float32Array(1), rows: 1, cols: 1, blockRows: 2, blockCols: 2 };
const at = (step: number): KeptExtremes => ({ module: 'W', step, W: plane, dW: plane, E: plane });
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

  it('is bounded for each module by itself', () => {
    let kept: readonly KeptExtremes[] = [];
    for (let step = 0; step < 40; step++)
      for (const module of ['q', 'v']) kept = keepExtremes(kept, { ...at(step), module });
    for (const module of ['q', 'v']) {
      const own = kept.filter((k) => k.module === module);
      expect(own.length).toBeLessThanOrEqual(16);
      expect([own[0].step, extremesAt(kept, module, 99)?.step]).toEqual([0, 39]);
    }
  });

  it('is found by the newest at or before a step', () => {
    const kept = [0, 10, 20].map(at);
    expect(extremesAt(kept, 'W', 15)?.step).toBe(10);
    expect(extremesAt(kept, 'W', 20)?.step).toBe(20);
    expect(extremesAt(kept, 'q', 20)).toBeNull();
    expect(extremesAt([], 'W', 5)).toBeNull();
  });
});

describe('on the page', () => {
  const begun = (): State => {
    const state = initialState({ backend: null, stepper: null });
    return { ...state, run: { ...newRun(1, defaults()), status: 'training', ready: ready(1) } };
  };
  const told = (state: State, message: Partial<Up> & Pick<Up, 'type'>) =>
    update(state, { type: 'engine', message: message as Up });
  const extremes = (step: number, run = 1) => ({ type: 'extremes', run, ...at(step) }) satisfies ExtremesMessage;
  const steps5 = (from: number, changes: FrameMessage['changes'] = []) => frame(1, from, 5, { changes });

  it('those of another run are dropped', () => {
    expect(steps(told(told(begun(), extremes(3)), extremes(4, 0)).run.extremes)).toEqual([3]);
  });

  it('those of a step at which a setting changed are forgotten with it', () => {
    const state = [steps5(0), extremes(2), extremes(4)].reduce(told, begun());
    const changed = told(state, steps5(4, [{ step: 4, key: 'alpha', value: 3 }]));
    expect(steps(changed.run.extremes)).toEqual([2]);
    expect(steps(told(state, steps5(5)).run.extremes)).toEqual([2, 4]);
  });

  it('those past the last good step go where a run diverges', () => {
    const state = [steps5(0), extremes(2), extremes(4)].reduce(told, begun());
    const done: DoneMessage = { type: 'done', run: 1, order: 0, ending: 'diverged', step: 3 };
    expect(steps(told(state, done).run.extremes)).toEqual([2]);
  });
});
