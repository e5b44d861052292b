import { describe, expect, it } from 'vitest';
import type { EngineMessage } from '../../engine/protocol/worker-messages.ts';
import { initObstacle } from '../../experiment/settings/availability.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { runFileOf } from '../run-file/run-file.ts';
import { initialState, type State } from '../state.ts';
import { engine, frame, openedState, play, readyMessage, trainedState, workerEvent } from '../testing/page.ts';
import { update } from '../update.ts';
import { lastStep } from './run.ts';

describe('what the worker says', () => {
  it('keeps where each step was computed', () => {
    const gpu = { ...engine, backend: 'webgpu', stepper: 'fused', device: 'a chip' } as const;
    const moved: EngineMessage = { type: 'engine', run: 1, engine: gpu, from: 6, secondsPerStep: 2e-5 };
    const state = play(trainedState(), workerEvent(moved), workerEvent({ ...moved, run: 0, from: 9, engine }));
    expect(state.run.engine?.stepper).toBe('fused');
    expect(state.run.secondsPerStep).toBe(2e-5);
    expect(runFileOf(state.run, '1')).toMatchObject({
      backend: 'cpu 0–6, webgpu 7–10',
      device: 'processor 0–6, a chip 7–10',
    });
    // Timings may arrive without a step.
    const stayed = play(trainedState(), workerEvent({ ...moved, engine: { ...engine, timed: [] }, secondsPerStep: 0 }));
    expect(runFileOf(stayed.run, '1')?.backend).toBe('cpu');
    expect(stayed.run.secondsPerStep).toBe(1e-4);
  });

  it('never mixes two runs: after two quick changes only the frames of the last one count', () => {
    let state = play(
      trainedState(),
      { type: 'changed', changes: { rank: 4 } },
      { type: 'changed', changes: { rank: 5 } },
    );
    expect(state.next?.run.number).toBe(3);
    state = play(state, workerEvent(frame(1, 11, 5)), workerEvent(readyMessage(2)), workerEvent(frame(2, 0, 1)));
    expect(state.run.number).toBe(1);
    expect(lastStep(state.run)).toBe(10);
    state = play(state, workerEvent(readyMessage(3)), workerEvent(frame(2, 0, 9)), workerEvent(frame(3, 0, 1)));
    expect(state.run.number).toBe(3);
    expect(lastStep(state.run)).toBe(0);
    expect(state.experiment.rank).toBe(5);
  });

  it('does not take an old answer for a new one: paused, trained again, the first "paused" arrives late', () => {
    const asked = play(trainedState(), { type: 'pause' });
    const late = asked.run.wanted.order;
    let state = play(asked, workerEvent({ type: 'done', run: 1, order: late, ending: 'paused', step: 10 }), {
      type: 'train',
    });
    state = play(state, workerEvent({ type: 'done', run: 1, order: late, ending: 'paused', step: 10 }));
    expect(state.run.status).toBe('training');
  });

  it('stops at the last good step when a run diverges, and offers two ways out and its complaint', () => {
    const state = trainedState();
    const done = play(
      state,
      workerEvent({ type: 'done', run: 1, order: state.run.wanted.order, ending: 'diverged', step: 7 }),
    );
    expect(lastStep(done.run)).toBe(7);
    const [notice] = done.notices;
    expect(notice.title).toBe('Training diverged at step 8.');
    expect(notice.actions).toHaveLength(3);
    const again = play(done, notice.actions[0].event);
    expect(again.next?.start).toBe('yes');
    expect(again.experiment.lr).toBeLessThan(0.02);
  });

  it('keeps the losses of a run on samples in step order, and none of a step that went wrong', () => {
    const losses = (training: number) => ({ training, heldOut: 2 * training });
    const between = [{ step: 4, spectra: [new Float64Array(0)], losses: losses(0.4) }];
    let state = play(
      initialState({ backend: null, stepper: null }),
      openedState,
      workerEvent(readyMessage(1)),
      workerEvent(frame(1, 0, 1, { losses: losses(1) })),
      { type: 'train' },
      workerEvent(frame(1, 1, 10, { between, losses: losses(0.1) })),
    );
    expect(state.run.losses).toEqual({ steps: [0, 4, 10], training: [1, 0.4, 0.1], heldOut: [2, 0.8, 0.2] });
    // Measured again from step 8 on, with another rate of α.
    const changes = [{ step: 8, key: 'alpha', value: 4 }] as const;
    state = play(state, workerEvent(frame(1, 8, 3, { changes, losses: losses(7) })));
    expect(state.run.losses.training).toEqual([1, 0.4, 7]);
    const { order } = state.run.wanted;
    state = play(state, workerEvent({ type: 'done', run: 1, order, ending: 'diverged', step: 9 }));
    expect(state.run.losses.steps).toEqual([0, 4]);
  });

  it('stops a run that the device refuses on its way, keeps it and can go on', () => {
    const state = play(
      trainedState(),
      workerEvent({ type: 'failed', run: 1, kind: 'refused', why: 'Too little memory.' }),
    );
    expect([state.run.status, lastStep(state.run)]).toEqual(['stopped', 10]);
    expect(play(state, { type: 'train' }).next?.run.replay).toEqual({ to: 10, changes: [] });
  });

  it('starts over where there was no engine, when Train is pressed', () => {
    const dead = play(
      initialState({ backend: null, stepper: null }),
      openedState,
      workerEvent({ type: 'failed', run: 1, kind: 'broken', why: 'no' }),
    );
    expect(dead.run.status).toBe('stopped');
    expect(play(dead, { type: 'train' }).next).toMatchObject({ start: 'yes', run: { number: 2 } });
  });
});

/** A page opened with an initialisation that is impossible in its setting, and the worker's answer. */
function refused(changes: Parameters<typeof change>[1]): State {
  const experiment = change(defaults(), changes);
  const opened = update(initialState({ backend: null, stepper: null }), {
    type: 'opened',
    experiment,
    drawing: null,
    notices: [],
    preset: null,
  });
  const why = initObstacle(experiment.init, experiment) ?? 'Nothing to learn.';
  return update(opened, { type: 'engine', message: { type: 'failed', run: 1, kind: 'refused', why } });
}

it('an initialisation that is not available is refused with the nearest setting one click away', () => {
  for (const [changes, label] of [
    [{ init: 'pissa', d: 1024, k: 1024, rank: 100 }, 'Use rank 64'],
    [{ init: 'task-informed' }, 'Use the regression target'],
    [{ init: 'orthogonal', rank: 7 }, 'Use rank 6'],
  ] as const) {
    const state = refused(changes);
    const [notice] = state.notices;
    expect(notice.actions.map((action) => action.label)).toEqual([label]);
    const after = update(state, notice.actions[0].event);
    expect(after.experiment.init).toBe(changes.init);
    expect(initObstacle(after.experiment.init, after.experiment)).toBeNull();
    expect([after.next?.run.experiment, after.notices]).toEqual([after.experiment, []]);
    expect(after.past.length).toBe(state.past.length + 1);
  }
});

it('where something else stands in the way there is nothing to offer', () => {
  expect(refused({ init: 'gaussian' }).notices[0].actions).toEqual([]);
});

it('a page that has nothing to go back to knows that its settings are not possible, until others are asked for', () => {
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
