import { describe, expect, it } from 'vitest';
import { defaults } from '../experiment/settings/experiment.ts';
import { defaultView } from '../experiment/settings/view.ts';
import type { PageEvent } from './events.ts';
import { lastStep, type Run } from './run/run.ts';
import { linkOf } from './select.ts';
import type { State } from './state.ts';
import { endedState, frame, idleState, play, readyMessage, trainedState, workerEvent } from './testing/page.ts';

const rank = (r: number): PageEvent => ({ type: 'changed', changes: { rank: r }, group: 'rank' });
const shown = ({ run }: State): [Run['number'], Run['status'], number] => [run.number, run.status, lastStep(run)];

describe('a link that says done', () => {
  const link = (done: boolean): PageEvent => ({
    type: 'opened',
    experiment: { ...defaults(), rank: 4 },
    view: { ...defaultView(), done },
    drawing: null,
    notices: [],
    preset: null,
  });

  it('is trained to its end before it is shown, once', () => {
    let state = play(idleState(), link(true), workerEvent(readyMessage(2)));
    expect(state.next).toMatchObject({ behind: true, run: { status: 'training', wanted: { until: 300 } } });
    state = play(state, workerEvent(frame(2, 0, 301)));
    state = play(state, workerEvent({ type: 'done', run: 2, order: 1, ending: 'finished', step: 300 }));
    expect([shown(state), state.ghost, state.view.done]).toEqual([[2, 'finished', 300], null, false]);
    expect(linkOf(state)).not.toContain('done');
  });

  it('asks first if that takes long, and without it nothing is trained', () => {
    const slow = play(idleState(), link(true), workerEvent({ ...readyMessage(2), secondsPerStep: 1 }));
    expect([slow.next, slow.run.status, slow.notices.length]).toEqual([null, 'idle', 1]);
    const idle = play(idleState(), link(false), workerEvent(readyMessage(2)));
    expect([idle.next, idle.run.status]).toEqual([null, 'idle']);
  });
});

describe('a setting that is changed after a finished run', () => {
  it('trains again at full speed behind the old picture, which stays until the new run has ended', () => {
    let state = play(endedState(), rank(4));
    const old = state.run.trace;
    expect(state.run.trace).toBe(old);
    state = play(state, workerEvent(readyMessage(2)));
    expect(state.run.trace).toBe(old);
    expect(state.next).toMatchObject({ behind: true, run: { status: 'training', wanted: { until: 300 } } });
    expect(state.next?.run.wanted.pace).toBe(Number.POSITIVE_INFINITY);
    state = play(state, workerEvent(frame(2, 0, 1)), workerEvent(frame(2, 1, 300)));
    expect(state.run.trace).toBe(old);
    state = play(state, workerEvent({ type: 'done', run: 2, order: 1, ending: 'finished', step: 300 }));
    expect(state.next).toBeNull();
    expect(shown(state)).toEqual([2, 'finished', 300]);
    expect(state.run.experiment.rank).toBe(4);
    expect(state.ghost?.trace).toBe(old);
  });

  it('is not queued while it is dragged: the run under way ends, and the newest setting is next', () => {
    let state = play(endedState(), rank(4), rank(3), rank(2));
    expect(state.lastNumber).toBe(2);
    expect(state.experiment.rank).toBe(2);
    state = play(state, workerEvent(readyMessage(2)), rank(1), workerEvent(frame(2, 0, 301)));
    state = play(state, workerEvent({ type: 'done', run: 2, order: 1, ending: 'finished', step: 300 }));
    expect(state.run.experiment.rank).toBe(4);
    expect(state.next?.run).toMatchObject({ number: 3, experiment: { rank: 1 } });
    state = play(state, workerEvent(readyMessage(3)), workerEvent(frame(3, 0, 301)));
    state = play(state, workerEvent({ type: 'done', run: 3, order: 1, ending: 'finished', step: 300 }));
    expect([state.next, state.run.experiment.rank]).toEqual([null, 1]);
  });

  it('waits at step 0 if the run is predicted, so that the dashes stand before it', () => {
    const lab = play(endedState(), { type: 'viewed', changes: { predict: true } });
    const waits = play(lab, { type: 'changed', changes: { lr: 0.3 } }, workerEvent(readyMessage(2)));
    expect([waits.run.status, waits.next]).toEqual(['idle', null]);
    const network = play(lab, { type: 'changed', changes: { target: 'digits' } }, workerEvent(readyMessage(2)));
    expect(network.next).not.toBeNull();
  });

  it('waits at step 0 where a run of that size takes long, the old one beside it', () => {
    const slow = play(endedState(), { type: 'changed', changes: { d: 1024, k: 1024 } }, workerEvent(readyMessage(2)));
    expect([slow.run.status, slow.next]).toEqual(['idle', null]);
    // Estimated as quick, measured as slow.
    const late = play(endedState(), rank(4), workerEvent({ ...readyMessage(2), secondsPerStep: 0.1 }));
    expect(shown(late)).toEqual([2, 'idle', -1]);
    expect(late.ghost?.trace.length).toBe(301);
    const next = play(late, workerEvent(frame(2, 0, 1)), rank(5), workerEvent(readyMessage(3)));
    expect(next.ghost?.trace.length).toBe(301);
  });

  it('is short where the clock has not moved', () => {
    const fast = play(endedState(), rank(4), workerEvent({ ...readyMessage(2), secondsPerStep: 0 }));
    expect(fast.next?.behind).toBe(true);
  });

  it('trains in sight if a run was opened, or in a first visit, and is measured as slow', () => {
    const slow = workerEvent({ ...readyMessage(2), secondsPerStep: 0.1 });
    const experiment = { ...defaults(), rank: 4 };
    const opened = play(endedState(), { type: 'sweep', sweep: { does: 'open', experiment } });
    expect(opened.next?.start).toBe('quick');
    expect(play(opened, slow).run.status).toBe('training');
    const view = { ...defaultView(), view: 'first' as const };
    const owl = { ...endedState(), tour: 2, view, experiment: { ...defaults(), target: 'edit' as const } };
    expect(play(owl, rank(4), slow).run.status).toBe('training');
  });

  it('that turns out to be slow trains on in sight', () => {
    const slow = workerEvent(frame(2, 0, 11, { secondsPerStep: 0.1 }));
    const state = play(endedState(), rank(4), workerEvent(readyMessage(2)), slow);
    expect([state.next, ...shown(state)]).toEqual([null, 2, 'training', 10]);
    // Step times of a cold start count less.
    expect(play(endedState(), rank(4), workerEvent({ ...readyMessage(2), secondsPerStep: 0.005 })).next?.behind).toBe(
      true,
    );
  });

  it('may be given up, refused or diverge', () => {
    const asked = play(endedState(), rank(4), workerEvent(readyMessage(2)), workerEvent(frame(2, 0, 20)));
    expect(shown(play(asked, { type: 'cancel' }))).toEqual([1, 'finished', 300]);
    expect(play(asked, { type: 'cancel' }).experiment.rank).toBe(8);
    const failed: PageEvent = workerEvent({ type: 'failed', run: 2, kind: 'refused', why: 'No.' });
    const refused = play(endedState(), rank(4), failed);
    expect(shown(refused)).toEqual([1, 'finished', 300]);
    expect(refused.notices).toHaveLength(1);
    // A drag that crosses an impossible value continues.
    const passed = play(endedState(), rank(4), rank(5), failed);
    expect([passed.notices, passed.next?.run.experiment.rank]).toEqual([[], 5]);
    const diverged = play(asked, workerEvent({ type: 'done', run: 2, order: 1, ending: 'diverged', step: 10 }));
    expect(shown(diverged)).toEqual([2, 'diverged', 10]);
    expect(diverged.notices[0].tone).toBe('bad');
  });

  it('is any but the budget, of a run that has ended; one at step 0 or paused waits as before', () => {
    for (const changes of [{ alpha: 32 }, { scaling: 'rslora' }, { opt: 'sgd' }, { lr: 0.001 }, { seed: 2 }] as const)
      expect(play(endedState(), { type: 'changed', changes }).next?.start, JSON.stringify(changes)).toBe('again');
    const longer = play(endedState(), { type: 'changed', changes: { steps: 400 } });
    expect([longer.next, longer.run.status]).toEqual([null, 'paused']);
    expect(play(idleState(), rank(4)).next?.start).toBe('no');
    expect(play(trainedState(), rank(4)).next?.start).toBe('yes');
    expect(play(trainedState(), { type: 'changed', changes: { alpha: 32 } }).next).toBeNull();
  });

  it('is nothing that a link does: it opens idle', () => {
    const event = { type: 'opened', experiment: defaults(), drawing: null, notices: [], preset: null } as const;
    const opened = play(endedState(), event, workerEvent(readyMessage(2)), workerEvent(frame(2, 0, 1)));
    expect([opened.run.status, opened.ghost]).toEqual(['idle', null]);
  });
});
