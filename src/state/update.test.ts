import { describe, expect, it } from 'vitest';
import type { MergedMessage } from '../engine/protocol/worker-messages.ts';
import { defaults } from '../experiment/settings/experiment.ts';
import { defaultView } from '../experiment/settings/view.ts';
import { lastStep } from './run/run.ts';
import { linkOf, rateOf } from './select.ts';
import { initialState } from './state.ts';
import { frame, idleState, openedState, play, readyMessage, trainedState, workerEvent } from './testing/page.ts';
import { update } from './update.ts';

describe('the page', () => {
  it('opens idle at step 0 and knows the rate and the link', () => {
    const state = idleState();
    expect(state.run.status).toBe('idle');
    expect(rateOf(state)).toBe(0.02);
    expect(linkOf(state)).toContain('rank=8&alpha=16');
    expect(linkOf(state)).toContain('lr=0.02');
  });

  it('restarts at once for a new rank, training if it trained, and keeps the old curves pale during the whole next run', () => {
    let state = play(
      trainedState(),
      { type: 'changed', changes: { rank: 4 } },
      workerEvent(readyMessage(2)),
      workerEvent(frame(2, 0, 1)),
    );
    expect(state.run.status).toBe('training');
    expect(state.ghost?.trace.length).toBe(11);
    state = play(state, workerEvent(frame(2, 1, 1)));
    expect(state.ghost?.trace.length).toBe(11);
  });

  it('tunes a run that goes on without restarting it', () => {
    const state = play(trainedState(), { type: 'changed', changes: { lr: 0.5 } });
    expect(state.next).toBeNull();
    expect(state.run.number).toBe(1);
    const after = play(state, workerEvent(frame(1, 10, 2, { changes: [{ step: 10, key: 'lr', value: 0.5 }] })));
    expect(after.run.changes).toEqual([{ step: 10, key: 'lr', value: 0.5 }]);
    expect(after.run.experiment.lr).toBeNull();
    expect(after.run.rate).toBe(0.02);
  });

  it('counts the changes of one drag as one step of undo', () => {
    let state = idleState();
    for (const alpha of [17, 18, 19]) state = play(state, { type: 'changed', changes: { alpha }, group: 'alpha' });
    state = play(state, { type: 'settled' }, { type: 'changed', changes: { alpha: 30 }, group: 'alpha' });
    expect(state.past).toHaveLength(2);
    state = play(state, { type: 'undo' });
    expect(state.experiment.alpha).toBe(19);
    state = play(state, { type: 'undo' });
    expect(state.experiment.alpha).toBe(16);
    expect(play(state, { type: 'redo' }, { type: 'redo' }).experiment.alpha).toBe(30);
  });

  it('goes back to what was there when a preparation is cancelled or refused', () => {
    const asked = play(trainedState(), { type: 'changed', changes: { d: 512 } });
    for (const event of [
      { type: 'cancel' } as const,
      workerEvent({ type: 'failed', run: 2, kind: 'refused', why: 'Nothing to learn.' }),
    ]) {
      const state = play(asked, event);
      expect(state.next).toBeNull();
      expect(state.experiment.d).toBe(64);
      expect(state.run.status).toBe('paused');
      expect(lastStep(state.run)).toBe(10);
    }
  });

  it('asks before a run that would take long, even where the link says run=1; Train is the answer', () => {
    const slowLink = {
      ...openedState,
      experiment: { ...defaults(), steps: 100_000 },
      view: { ...defaultView(), run: true },
    };
    const slow = { ...readyMessage(1), secondsPerStep: 0.01 };
    let state = play(initialState({ backend: null, stepper: null }), slowLink, workerEvent(slow));
    expect(state.run.status).toBe('idle');
    expect(state.notices[0].texts[0]).toContain('17 min');
    state = play(state, { type: 'train' });
    expect(state.run.status).toBe('training');
    const quick = play(
      initialState({ backend: null, stepper: null }),
      { ...slowLink, experiment: { ...defaults(), steps: 300 } },
      workerEvent(readyMessage(1)),
    );
    expect(quick.run.status).toBe('training');
  });

  it('a change of the view tunes the pace and is no step of undo, and undo leaves the view', () => {
    const paced = play(
      trainedState(),
      { type: 'changed', changes: { seed: 7 } },
      { type: 'viewed', changes: { pace: 4, view: 'present' } },
    );
    expect(paced.past).toHaveLength(1);
    const back = play(paced, { type: 'undo' });
    expect([back.experiment.seed, back.view.pace, back.view.view]).toEqual([1, 4, 'present']);
    const going = play(idleState(), { type: 'train' }, { type: 'viewed', changes: { pace: 4 } });
    expect([going.run.wanted.pace, going.next]).toEqual([4, null]);
  });

  it('pauses in a hidden tab, unless a script trains', () => {
    expect(play(trainedState(), { type: 'hidden', hidden: true }).run.wanted.pace).toBe(0);
    const scripted = play(idleState(), { type: 'train', scripted: true }, { type: 'hidden', hidden: true });
    expect(scripted.run.wanted.pace).toBe(Number.POSITIVE_INFINITY);
  });

  it('trains at once where that is asked for, and the chosen pace stays for what comes after', () => {
    const max = Number.POSITIVE_INFINITY;
    const slow = play(idleState(), { type: 'viewed', changes: { pace: 4 } });
    let state = play(slow, { type: 'train', atOnce: true });
    expect([state.run.wanted.pace, state.view.pace]).toEqual([max, 4]);
    expect(play(state, { type: 'viewed', changes: { view: 'present' } }).run.wanted.pace).toBe(max);
    expect(play(state, { type: 'viewed', changes: { pace: 4 } }).run.wanted.pace).toBe(4);
    // A slow run in progress is accelerated, one in preparation starts at full speed.
    expect(play(slow, { type: 'train' }, { type: 'train', atOnce: true }).run.wanted).toMatchObject({
      pace: max,
      until: 300,
    });
    const next = play(
      slow,
      { type: 'changed', changes: { rank: 1 } },
      { type: 'train', atOnce: true },
      workerEvent(readyMessage(2)),
    );
    expect(next.run).toMatchObject({ number: 2, status: 'training', wanted: { pace: max } });
    state = play(state, workerEvent(frame(1, 1, 300)));
    state = play(
      state,
      workerEvent({ type: 'done', run: 1, order: state.run.wanted.order, ending: 'finished', step: 300 }),
    );
    expect(play(state, { type: 'train' }).run.wanted.pace).toBe(4);
  });

  it('trains on after the budget is spent, with as many steps again', () => {
    const start = idleState();
    const all = play(start, { type: 'train' }, workerEvent(frame(1, 1, 300)));
    const done = play(
      all,
      workerEvent({ type: 'done', run: 1, order: all.run.wanted.order, ending: 'finished', step: 300 }),
    );
    const on = play(done, { type: 'train' });
    expect(on.experiment.steps).toBe(600);
    expect(on.run.wanted.until).toBe(600);
  });

  it('never gives out a run number twice, however often a preparation is cancelled', () => {
    let state = trainedState();
    const numbers = [state.run.number];
    for (let i = 0; i < 4; i++) {
      state = play(state, { type: 'changed', changes: { d: 200 + i } });
      numbers.push(state.next?.run.number ?? 0);
      state = play(state, { type: 'cancel' });
    }
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(play(state, { type: 'train' }).next?.run.number).toBeGreaterThan(Math.max(...numbers));
  });

  it('keeps the drawing that belongs to the settings on screen through undo, redo and cancel', () => {
    const drawing = { rows: 1, cols: 2, data: Float64Array.from([0, 1]) };
    let state = play(idleState(), { type: 'drawn', data: 'abc', drawing });
    expect(state.drawing).toBe(drawing);
    state = play(state, { type: 'undo' });
    expect([state.experiment.data, state.drawing]).toEqual(['', null]);
    state = play(state, { type: 'redo' });
    expect([state.experiment.data, state.drawing]).toEqual(['abc', drawing]);
    state = play(idleState(), { type: 'drawn', data: 'abc', drawing }, { type: 'cancel' });
    expect([state.experiment.data, state.drawing]).toEqual(['', null]);
  });
});

const adapter = { step: 3, module: 'W', A: new Float32Array(2), B: new Float32Array(2), scaling: 2 };
const numbers = { outputs: { difference: 0, bound: 0, share: 0 }, worstCase: 0, lost: 0 };
const both = { ...numbers, unmerged: numbers.outputs };
const answer = (run: number, order: number): MergedMessage => ({
  ...{ type: 'merged', run, order, inputs: 16, size: 0, float32: both, bfloat16: both, intruders: null },
});

it('keeps the answer of the newest merge and drops every other', () => {
  let state = initialState({ backend: null, stepper: null });
  state = update(state, { type: 'engine', message: answer(0, 1) });
  expect(state.merge).toBeNull();
  state = update(state, { type: 'merge', adapter });
  state = update(state, { type: 'merge', adapter: { ...adapter, step: 4 } });
  expect(state.merge).toMatchObject({ run: 0, order: 2, step: 4, answer: null });
  state = update(state, { type: 'engine', message: answer(0, 1) });
  state = update(state, { type: 'engine', message: answer(1, 2) });
  expect(state.merge?.answer).toBeNull();
  state = update(state, { type: 'engine', message: answer(0, 2) });
  expect(state.merge?.answer?.order).toBe(2);
});
