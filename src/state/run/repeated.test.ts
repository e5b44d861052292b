import { describe, expect, it } from 'vitest';
import type { EngineMessage } from '../../engine/protocol/worker-messages.ts';
import { defaults } from '../../experiment/settings/experiment.ts';
import { runFileOf } from '../run-file/run-file.ts';
import { engine, frame, idleState, play, readyMessage, trainedState, workerEvent } from '../testing/page.ts';
import { lastStep } from './run.ts';

describe('a run that is repeated', () => {
  it('keeps where steps were computed while they are repeated', () => {
    const gpu = { ...engine, backend: 'webgpu', stepper: 'fused', device: 'a chip' } as const;
    const news: EngineMessage = { type: 'engine', run: 1, engine: gpu, from: 6, secondsPerStep: 0 };
    const lost = play(
      trainedState(),
      workerEvent(news),
      workerEvent({ type: 'failed', run: 1, kind: 'device-lost', why: 'lost' }),
    );
    const again = play(
      lost,
      { type: 'train' },
      workerEvent(readyMessage(2)),
      workerEvent({ ...news, run: 2, engine, from: 3 }),
    );
    expect(runFileOf(again.run, '1')?.backend).toBe('cpu 0–6, webgpu 7–10');
    expect(runFileOf(play(again, workerEvent(frame(2, 1, 14))).run, '1')?.backend).toBe(
      'cpu 0–6, webgpu 7–10, cpu 11–14',
    );
  });

  it('names the place of a recorded run: the file’s, and this one from where it goes on', () => {
    const { run, experiment } = trainedState();
    const computed = [{ from: 0, backend: 'webgpu', device: 'a chip' }];
    const recorded = { ...run, experiment, rate: 0.02, computed, status: 'paused' } as const;
    const opened = play(
      idleState(),
      { type: 'recorded', run: recorded, drawing: null, notices: [] },
      workerEvent(readyMessage(2)),
    );
    expect(runFileOf(opened.run, '1')?.backend).toBe('webgpu');
    const later = play(opened, { type: 'train' }, workerEvent(readyMessage(3)), workerEvent(frame(3, 1, 12)));
    expect(runFileOf(later.run, '1')?.backend).toBe('webgpu 0–10, cpu 11–12');
    const fresh = { ...recorded, trace: idleState().run.trace, frames: idleState().run.frames };
    const begun = play(
      idleState(),
      { type: 'recorded', run: fresh, drawing: null, notices: [] },
      workerEvent(readyMessage(2)),
      {
        type: 'train',
      },
    );
    expect(runFileOf(play(begun, workerEvent(frame(2, 1, 12))).run, '1')?.backend).toBe('cpu');
  });

  it('begins anew after an adapter of a file, which holds no steps', () => {
    const { run, experiment } = trainedState();
    const record = { ...run, experiment, rate: 0.02, status: 'finished', untrained: true } as const;
    const opened = play(
      idleState(),
      { type: 'recorded', run: record, drawing: null, notices: [] },
      workerEvent(readyMessage(2)),
    );
    expect(lastStep(opened.run)).toBe(10);
    const { next } = play(opened, { type: 'train' });
    expect(next?.run.replay).toBeNull();
    const later = play(opened, { type: 'train' }, workerEvent(readyMessage(3)), workerEvent(frame(3, 0, 2)));
    expect([lastStep(later.run), later.run.untrained, later.run.contradictions]).toEqual([1, undefined, []]);
  });

  it('keeps a run whose device was lost, and repeats its steps before it goes on', () => {
    let state = play(trainedState(), workerEvent({ type: 'failed', run: 1, kind: 'device-lost', why: 'lost' }));
    expect(state.run.status).toBe('device-lost');
    expect(lastStep(state.run)).toBe(10);
    state = play(state, { type: 'train' });
    expect(state.next?.run.replay).toEqual({ to: 10, changes: [] });
    state = play(state, workerEvent(readyMessage(2)), workerEvent(frame(2, 0, 11)));
    expect(state.run.status).toBe('training');
    expect(state.run.workerStep).toBe(10);
    expect(lastStep(play(state, workerEvent(frame(2, 11, 3))).run)).toBe(13);
  });

  it('loses nothing that a file held when its steps are repeated in fewer looks', () => {
    const steps = [0, 2, 4, 6, 8, 10];
    const spectrumAt = (step: number) => Float64Array.of(step, 0);
    const file = {
      ...trainedState().run,
      experiment: defaults(),
      rate: 0.02,
      status: 'paused',
      samples: steps.map((step) => ({ step, spectra: [spectrumAt(step)] })),
      losses: { steps, training: steps.map((t) => t + 0.5), heldOut: steps.map((t) => t + 0.7) },
      changes: [{ step: 3, key: 'alpha', value: 4 }],
    } as const;
    const opened = play(
      idleState(),
      { type: 'recorded', run: file, drawing: null, notices: [] },
      workerEvent(readyMessage(2)),
      {
        type: 'train',
      },
    );
    const between = [3, 9, 12].map((step) => ({
      step,
      spectra: [Float64Array.of(-1, 0)],
      losses: { training: -1, heldOut: -2 },
    }));
    // Steps 1 … 14 in one frame: ten are known.
    const again = workerEvent(
      frame(3, 1, 14, { between, changes: file.changes, losses: { training: -3, heldOut: -4 } }),
    );
    const { run } = play(opened, workerEvent(readyMessage(3)), again);
    expect(run.losses.steps).toEqual([...steps, 12, 14]);
    expect(run.losses.training).toEqual([...file.losses.training, -1, -3]);
    expect(run.samples.map((s) => [s.step, s.spectra[0]?.[0]])).toEqual([...steps.map((t) => [t, t]), [12, -1]]);
    expect(run.changes).toEqual(file.changes);
    expect(run.held).toBe(10);
  });

  it('takes over a change that was made to a run after it was repeated', () => {
    let state = play(trainedState(), workerEvent({ type: 'failed', run: 1, kind: 'device-lost', why: 'lost' }), {
      type: 'train',
    });
    state = play(
      state,
      workerEvent(readyMessage(2)),
      workerEvent(frame(2, 0, 11)),
      workerEvent(frame(2, 10, 3, { changes: [{ step: 10, key: 'lr', value: 0.5 }] })),
    );
    expect(state.run.changes).toEqual([{ step: 10, key: 'lr', value: 0.5 }]);
    expect(lastStep(state.run)).toBe(12);
  });
});
