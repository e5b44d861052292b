import { describe, expect, it, vi } from 'vitest';
import type { PageEvent } from './events.ts';
import { initialPage, labOf, labStore, updatePage } from './page.ts';
import { lastStep } from './run/run.ts';
import { createStore } from './state.ts';
import { frame, openedState, readyMessage, workerEvent } from './testing/page.ts';

const choice = { backend: null, stepper: null };
const of = (session: number, event: PageEvent): PageEvent => ({ ...event, session });
const play = (...events: PageEvent[]) => events.reduce(updatePage, initialPage(choice));

/** Two labs, each with a run at step 0: lab 0 has run 1, lab 1 has run 2. */
const two = [
  { type: 'joined', session: 1 } as const,
  openedState,
  of(1, { ...openedState, experiment: { ...openedState.experiment, rank: 4 } }),
  workerEvent(readyMessage(2)),
  workerEvent(readyMessage(1)),
  workerEvent(frame(1, 0, 1)),
  workerEvent(frame(2, 0, 1)),
];

describe('a page with two labs', () => {
  it('hands every message of the worker to the lab whose run it is about, and numbers runs over the whole page', () => {
    const page = play(...two, of(1, { type: 'train' }), workerEvent(frame(2, 1, 5)));
    const [a, b] = [labOf(page, 0), labOf(page, 1)];
    expect([a.run.number, b.run.number]).toEqual([1, 2]);
    expect([a.experiment.rank, b.experiment.rank]).toEqual([8, 4]);
    expect([lastStep(a.run), lastStep(b.run)]).toEqual([0, 5]);
    expect([a.run.status, b.run.status]).toEqual(['idle', 'training']);
    expect(labOf(play(...two, of(1, { type: 'rewind' }), { type: 'rewind' }), 0).next?.run.number).toBe(4);
  });

  it('takes an event that names no lab for the first one, and tells each only of its own', () => {
    const page = play(...two, { type: 'cell', cell: { row: 1, column: 1 } });
    expect(labOf(page, 0).cell).toEqual({ row: 1, column: 1 });
    expect(labOf(page, 1).cell).toBeNull();
    const undone = play(...two, { type: 'changed', changes: { alpha: 4 } }, of(1, { type: 'undo' }));
    expect(labOf(undone, 0).experiment.alpha).toBe(4);
  });

  it('gives all labs what is one for the page', () => {
    const page = play(...two, of(1, { type: 'theme', theme: 'dark' }));
    expect([labOf(page, 0).theme, labOf(page, 1).theme]).toEqual(['dark', 'dark']);
    const trained = play(...two, { type: 'train' }, of(1, { type: 'train' }), { type: 'hidden', hidden: true });
    expect([0, 1].map((session) => labOf(trained, session).run.wanted.pace)).toEqual([0, 0]);
    const chosen = play(...two, { type: 'choose', choice: { backend: 'cpu', stepper: null } });
    expect([0, 1].map((session) => labOf(chosen, session).next?.run.number)).toEqual([3, 4]);
  });

  it('forgets a lab that was taken away, but never the first', () => {
    const page = play(...two, { type: 'left', session: 1 }, { type: 'left', session: 0 });
    expect(page.sessions.map(({ session }) => session)).toEqual([0]);
    expect(updatePage(page, workerEvent(frame(2, 1, 1)))).toBe(page);
    expect(labOf(page, 1).run.ready).toBeNull();
  });

  it('changes nothing of a lab that an event is not about', () => {
    const before = play(...two);
    const after = updatePage(before, of(1, { type: 'look', step: 0 }));
    expect(after.sessions[0]).toBe(before.sessions[0]);
    expect(updatePage(before, { type: 'settled' })).toBe(before);
    expect(labOf(before, 1)).toBe(labOf(before, 1));
  });
});

describe('one lab’s side of the store', () => {
  it('says in which lab something happened, and hears of its own', () => {
    const page = createStore(play(...two), updatePage, () => {});
    const [a, b] = [labStore(page, 0), labStore(page, 1)];
    const [ofA, ofB] = [vi.fn(), vi.fn()];
    a.react(ofA);
    b.react(ofB);
    b.dispatch({ type: 'changed', changes: { alpha: 4 } });
    expect([a.state().experiment.alpha, b.state().experiment.alpha]).toEqual([16, 4]);
    expect(ofA).not.toHaveBeenCalled();
    expect(ofB).toHaveBeenCalledOnce();
    page.dispatch({ type: 'hidden', hidden: true });
    expect([ofA.mock.calls.length, ofB.mock.calls.length]).toEqual([1, 2]);
  });
});
