import { describe, expect, it } from 'vitest';
import { parseLink } from '../experiment/link/link.ts';
import { eventOf } from '../ui/keys/list.ts';
import { actionsOf } from './actions.ts';
import type { PageEvent } from './events.ts';
import { initialState, type State } from './state.ts';
import { endedState, frame, play, readyMessage, workerEvent } from './testing/page.ts';
import { resetEvent } from './update.ts';

const LINK = '#v=1&target=low-rank&rank=2&show=alpha,opt&lock=rank,steps&goal=error:0.05&handin=1&title=600';

function exercise(link = LINK): State {
  const { experiment, view, faults } = parseLink(link);
  expect(faults).toEqual([]);
  const before = play(endedState(), { type: 'changed', changes: { rank: 4 } });
  const opened: PageEvent = {
    type: 'opened',
    experiment,
    view,
    drawing: null,
    notices: [],
    preset: null,
    fromAddress: true,
  };
  const asked = play(before, opened);
  const number = asked.next?.run.number ?? 0;
  return play(asked, workerEvent(readyMessage(number)), workerEvent(frame(number, 0, 1)));
}

const pressed = { shift: false, chart: null };

function after(key: string, state: State): State {
  const event = eventOf(key, state, pressed);
  return event ? play(state, event) : state;
}

describe('an exercise', () => {
  it('lets what it shows be changed, by controls and keys', () => {
    const state = exercise();
    expect(play(state, { type: 'changed', changes: { alpha: 4 } }).experiment.alpha).toBe(4);
    expect(after(']', state).experiment.alpha).toBe(2 * state.experiment.alpha);
  });

  it('keeps what is locked or hidden, whatever is pressed, and says so', () => {
    const state = exercise();
    for (const key of ['+', '-', 'n', '.', ',']) {
      const now = after(key, state);
      expect(now.experiment).toEqual(state.experiment);
      expect(now.run).toBe(state.run);
      expect(now.notices.map(({ title }) => title).join()).toMatch(/cannot be changed in this exercise/);
    }
    expect(play(state, { type: 'changed', changes: { steps: 1000 } }).experiment.steps).toBe(state.experiment.steps);
    const retried = play(state, { type: 'retry', changes: { lr: 0.5 } });
    expect(retried.experiment).toEqual(state.experiment);
    expect(retried.next).toBeNull();
  });

  it('takes of a change what it allows', () => {
    const now = play(exercise(), { type: 'changed', changes: { rank: 16, alpha: 4 } });
    expect([now.experiment.rank, now.experiment.alpha]).toEqual([2, 4]);
  });

  it('is not left by Undo, nor by an experiment of the menu with another value of what is locked', () => {
    const state = exercise();
    expect(state.past).toEqual([]);
    expect(play(state, { type: 'undo' }).experiment).toEqual(state.experiment);
    const { experiment, view } = parseLink('#v=1&target=low-rank&rank=16');
    const chosen = play(state, { type: 'opened', experiment, view, drawing: null, notices: [], preset: 'picture' });
    expect(chosen.experiment).toEqual(state.experiment);
    expect(chosen.view.lock).toBe(state.view.lock);
  });

  it('can undo what it lets be changed', () => {
    const state = exercise();
    const changed = play(state, { type: 'changed', changes: { alpha: 4 } });
    expect(play(changed, { type: 'undo' }).experiment).toEqual(state.experiment);
  });

  it('lets a setting that sits at its default follow one that is open', () => {
    const state = exercise('#v=1&target=regression&samples=64&batch=16&show=samples&title=a');
    const now = play(state, { type: 'changed', changes: { samples: 8 } });
    expect([now.experiment.samples, now.experiment.batch]).toEqual([8, 8]);
  });

  it('keeps nothing of a lesson, and stands as it was left once that is closed', () => {
    const state = exercise();
    const { experiment } = parseLink('#v=1&target=rotation&rank=8&d=16&k=16');
    const step: PageEvent = { type: 'opened', experiment, drawing: null, notices: [], preset: null };
    const read = play(state, { type: 'viewed', changes: { lesson: 'what-is-lora' } }, step);
    const now = play(read, { type: 'changed', changes: { rank: 1, alpha: 2 } });
    expect([now.experiment.target, now.experiment.rank, now.experiment.alpha]).toEqual(['rotation', 1, 2]);
    expect(now.notices).toEqual([]);
    const closed = play(now, { type: 'viewed', changes: { lesson: '' } });
    expect(closed.experiment).toEqual(state.experiment);
    expect(closed.view).toMatchObject({ lock: 'rank,steps', goal: 'error:0.05' });
    expect(play(closed, { type: 'changed', changes: { rank: 4 } }).experiment.rank).toBe(2);
    expect(resetEvent(closed)).toMatchObject({ experiment: state.experiment });
  });

  it('has no more steps than its link has, where they are locked', () => {
    const finished = (state: State): State => ({ ...state, run: { ...state.run, status: 'finished' } });
    expect(actionsOf(finished(exercise())).main.does).toBe('rewind');
    expect(actionsOf(finished(exercise('#v=1&show=steps&title=a'))).main.label).toBe('Train more');
  });

  it('goes with the run that is handed in', () => {
    const now = play(exercise(), { type: 'viewed', changes: { by: 'Mei' } });
    expect(now.run.view).toMatchObject({ by: 'Mei', goal: 'error:0.05', handin: true });
  });
});

describe('a reset', () => {
  it('goes back to the link as it was opened: all settings and step 0', () => {
    const state = exercise();
    const changed = play(
      state,
      { type: 'changed', changes: { alpha: 4, opt: 'sgd' } },
      { type: 'viewed', changes: { view: 'present', by: 'Mei' } },
    );
    const now = after('0', changed);
    expect(now.experiment).toEqual(state.experiment);
    expect(now.view).toEqual({ ...state.view, view: 'present', by: 'Mei' });
    expect(now.next?.run.trace.length).toBe(0);
  });

  it('is nothing before anything was opened', () => {
    expect(resetEvent(initialState({ backend: null, stepper: null }))).toBeNull();
  });
});
