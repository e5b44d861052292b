import { expect, it } from 'vitest';
import { obstacleTo } from '../experiment/settings/availability.ts';
import { change, defaults } from '../experiment/settings/experiment.ts';
import { initialState, type State } from './state.ts';
import { update } from './update.ts';

/** A page that was opened with a start that its setting does not have, and the worker's answer. */
function refused(changes: Parameters<typeof change>[1]): State {
  const experiment = change(defaults(), changes);
  const opened = update(initialState({ backend: null, stepper: null }), {
    type: 'opened',
    experiment,
    drawing: null,
    notices: [],
    preset: null,
  });
  const why = obstacleTo(experiment.init, experiment) ?? 'Nothing to learn.';
  return update(opened, { type: 'engine', message: { type: 'failed', run: 1, kind: 'refused', why } });
}

it('a start that cannot be had is refused with the nearest setting one click away', () => {
  for (const [changes, label] of [
    [{ init: 'pissa', d: 1024, k: 1024, rank: 100 }, 'Take rank 64'],
    [{ init: 'task-informed' }, 'Take the regression target'],
    [{ init: 'orthogonal', rank: 7 }, 'Take rank 6'],
  ] as const) {
    const state = refused(changes);
    const [notice] = state.notices;
    expect(notice.actions.map((action) => action.label)).toEqual([label]);
    const after = update(state, notice.actions[0].event);
    expect(after.experiment.init).toBe(changes.init);
    expect(obstacleTo(after.experiment.init, after.experiment)).toBeNull();
    expect([after.next?.run.experiment, after.notices]).toEqual([after.experiment, []]);
    // One step of undo.
    expect(after.past.length).toBe(state.past.length + 1);
  }
});

it('where something else stands in the way there is nothing to offer', () => {
  expect(refused({ init: 'gaussian' }).notices[0].actions).toEqual([]);
});

it('a page that has nothing to go back to knows that its settings cannot be had, until others are asked for', () => {
  const state = refused({ init: 'task-informed' });
  expect([state.run.status, state.run.ready, state.run.refused]).toEqual(['stopped', null, true]);
  const after = update(state, state.notices[0].actions[0].event);
  expect(after.next?.run.refused).toBe(false);
  const back = update(after, { type: 'cancel' });
  expect([back.experiment.target, back.run.refused]).toEqual([state.experiment.target, true]);
});

it('a change that is refused leads back to settings that are not', () => {
  const fresh = update(initialState({ backend: null, stepper: null }), {
    ...{ type: 'opened', experiment: defaults(), drawing: null, notices: [], preset: null },
  });
  const changed = update(update(fresh, { type: 'cancel' }), { type: 'changed', changes: { init: 'task-informed' } });
  const run = changed.next?.run.number ?? -1;
  const again = update(changed, { type: 'engine', message: { type: 'failed', run, kind: 'refused', why: 'No.' } });
  expect([again.experiment.init, again.run.refused]).toEqual([defaults().init, false]);
});

it('what would have it, where the worker knows one setting, is one click away', () => {
  const fresh = update(initialState({ backend: null, stepper: null }), {
    ...{ type: 'opened', experiment: { ...defaults(), normalise: false }, drawing: null, notices: [], preset: null },
  });
  const way = { label: 'Scale to σ₁ = 1', changes: { normalise: true } };
  const state = update(fresh, {
    type: 'engine',
    message: { type: 'failed', run: 1, kind: 'refused', why: 'Too large.', way },
  });
  const [action] = state.notices[0].actions;
  expect(action.label).toBe('Scale to σ₁ = 1');
  expect(update(state, action.event).experiment.normalise).toBe(true);
});
