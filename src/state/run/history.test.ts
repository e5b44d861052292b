import { describe, expect, it } from 'vitest';
import type { ExtremesMessage, FrameMessage } from '../../engine/protocol/frame.ts';
import type { DoneMessage, WorkerMessage } from '../../engine/protocol/worker-messages.ts';
import { emptyTrace, type HistoryLosses, NO_LOSSES } from '../../experiment/run-file/run-record.ts';
import { defaults } from '../../experiment/settings/experiment.ts';
import { initialState, type State } from '../state.ts';
import { frame, readyMessage } from '../testing/page.ts';
import { update } from '../update.ts';
import {
  addExtremes,
  addLosses,
  addSamples,
  extremesAt,
  type HistoryExtremes,
  lossesUntil,
  withDeferredSamples,
} from './history.ts';
import { newRun } from './run.ts';

const many = (count: number): HistoryLosses => {
  let kept = NO_LOSSES;
  for (let t = 0; t < count; t++) kept = addLosses(kept, t, { training: 1 / (t + 1), heldOut: 2 / (t + 1) });
  return kept;
};

it('keeps the first and the last step, whatever goes between', () => {
  const kept = many(7001);
  expect(kept.steps.length).toBeLessThanOrEqual(2000);
  expect([kept.steps[0], kept.steps.at(-1)]).toEqual([0, 7000]);
  kept.steps.forEach((t, i) => {
    expect([kept.training[i], kept.heldOut[i]]).toEqual([1 / (t + 1), 2 / (t + 1)]);
  });
});

it('thins what came after a file, and nothing of what the file held', () => {
  let kept = many(1900);
  for (let t = 1900; t < 9000; t++) kept = addLosses(kept, t, { training: 1, heldOut: 2 }, 1899);
  expect(kept.steps.slice(0, 1900)).toEqual(many(1900).steps);
  expect(kept.steps.length).toBeLessThanOrEqual(1900 + 2000);
  expect(kept.steps.at(-1)).toBe(8999);
});

it('a step that is measured again replaces what was kept of it and of later ones', () => {
  const again = addLosses(many(10), 6, { training: 5, heldOut: 6 });
  expect(again.steps).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect([again.training.at(-1), again.heldOut.at(-1)]).toEqual([5, 6]);
});

it('can be cut, and stays the same where nothing is cut off', () => {
  const kept = many(5);
  expect(lossesUntil(kept, 2)).toEqual({
    steps: [0, 1, 2],
    training: kept.training.slice(0, 3),
    heldOut: kept.heldOut.slice(0, 3),
  });
  expect(lossesUntil(kept, 9)).toBe(kept);
  expect(lossesUntil(kept, -1)).toEqual(NO_LOSSES);
});

const samplesAt = (...steps: number[]) =>
  steps.map((step) => ({ step, spectra: [Float64Array.of(1 / (step + 1))], losses: null }));
const stepsOf = (samples: readonly { readonly step: number }[]) => samples.map(({ step }) => step);

it('what comes before the first new step is not touched, and what is measured again is replaced', () => {
  const known = samplesAt(0, 5, 8, 10);
  expect(stepsOf(addSamples(known, samplesAt(5, 10, 12), 11))).toEqual([0, 5, 8, 10, 12]);
  expect(addSamples(known, samplesAt(5, 10), 11)).toBe(known);
  expect(stepsOf(addSamples(known, samplesAt(9), 8))).toEqual([0, 5, 9]);
});

it('grows no further than a bound beyond what a file held, of which nothing goes', () => {
  const file = samplesAt(...Array.from({ length: 3000 }, (_, t) => t));
  let kept = addSamples(file, samplesAt(3000), 3000, 2999);
  for (let t = 3001; t < 9000; t++) kept = addSamples(kept, samplesAt(t), t, 2999);
  expect(stepsOf(kept).slice(0, 3001)).toEqual(Array.from({ length: 3001 }, (_, t) => t));
  expect(kept.length).toBeLessThanOrEqual(3000 + 1024);
  expect(kept.at(-1)?.step).toBeGreaterThan(8980);
});

const plane = { values: new Float32Array(1), rows: 1, cols: 1, blockRows: 2, blockCols: 2 };
const at = (step: number): HistoryExtremes => ({ module: 'W', step, W: plane, dW: plane, E: plane });
const steps = (kept: readonly HistoryExtremes[]) => kept.map(({ step }) => step);

describe('what is kept of extremes', () => {
  it('is in order of steps, each once', () => {
    const kept = [5, 0, 9, 5].reduce<readonly HistoryExtremes[]>((list, step) => addExtremes(list, at(step)), []);
    expect(steps(kept)).toEqual([0, 5, 9]);
  });

  it('is bounded, however long the run; the first and the newest stay', () => {
    let kept: readonly HistoryExtremes[] = [];
    for (let step = 0; step < 1000; step++) {
      kept = addExtremes(kept, at(step));
      expect(kept.length).toBeLessThanOrEqual(16);
      expect([kept[0].step, kept.at(-1)?.step]).toEqual([0, step]);
    }
  });

  it('is bounded for each module by itself', () => {
    let kept: readonly HistoryExtremes[] = [];
    for (let step = 0; step < 40; step++)
      for (const module of ['q', 'v']) kept = addExtremes(kept, { ...at(step), module });
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
    return { ...state, run: { ...newRun(1, defaults()), status: 'training', ready: readyMessage(1) } };
  };
  const told = (state: State, message: Partial<WorkerMessage> & Pick<WorkerMessage, 'type'>) =>
    update(state, { type: 'engine', message: message as WorkerMessage });
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

it('spectra that come after their steps take their places among the others', () => {
  const sample = (step: number, value = step) => ({ step, spectra: [Float64Array.of(value)], losses: null });
  const run = { samples: [sample(2), sample(6)], trace: { ...emptyTrace(), length: 9 }, held: -1 };
  const late = [sample(4), sample(6, 99), sample(8), sample(9)];
  const all = withDeferredSamples(run, late);
  expect(all.map(({ step }) => step)).toEqual([2, 4, 6, 8]);
  expect(all[2].spectra[0]?.[0]).toBe(6);
  // Steps from a file are not supplemented.
  expect(withDeferredSamples({ ...run, held: 7 }, late).map(({ step }) => step)).toEqual([2, 6, 8]);
  expect(withDeferredSamples(run, [sample(2)])).toBe(run.samples);
});
