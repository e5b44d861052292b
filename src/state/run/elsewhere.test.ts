import { describe, expect, it } from 'vitest';
import type { PageEvent } from '../events.ts';
import { frame, idleState, play, readyMessage, trainedState, workerEvent } from '../testing/page.ts';
import { lastStep } from './run.ts';

const choose: PageEvent = { type: 'choose', choice: { backend: 'cpu', stepper: null } };

describe('another back end', () => {
  it('goes on with a run that trains, from where it was, to where it was to go', () => {
    const asked = play(trainedState(), choose);
    expect(asked.next?.run).toMatchObject({ number: 2, replay: { to: 10 } });
    const on = play(asked, workerEvent(readyMessage(2)));
    expect(on.run).toMatchObject({ status: 'training', wanted: { until: 300, pace: 50 }, scripted: false });
    expect(lastStep(play(on, workerEvent(frame(2, 11, 5))).run)).toBe(15);
  });

  it('makes as many steps as were asked for, and no more', () => {
    const some = play(idleState(), { type: 'train', steps: 20, scripted: true }, workerEvent(frame(1, 1, 10)));
    const on = play(some, choose, workerEvent(readyMessage(2)));
    expect(on.run).toMatchObject({
      status: 'training',
      wanted: { until: 20, pace: Number.POSITIVE_INFINITY },
      scripted: true,
    });
  });

  it('begins again with a run that was about to make its first step', () => {
    const on = play(idleState(), { type: 'train' }, choose, workerEvent(readyMessage(2)));
    expect(on.run).toMatchObject({ status: 'training', wanted: { until: 300 } });
  });

  it('starts nothing: a run that stands still or is being paused stands still', () => {
    expect(play(idleState(), choose, workerEvent(readyMessage(2))).run.status).toBe('idle');
    const pausing = play(trainedState(), { type: 'pause' });
    expect(play(pausing, choose, workerEvent(readyMessage(2))).run.status).toBe('paused');
  });

  it('keeps what is being prepared: a recorded run, a run that is repeated, new settings and their start', () => {
    const { run, experiment } = trainedState();
    const file = { ...run, experiment, rate: 0.02, status: 'finished' } as const;
    const opened = play(idleState(), { type: 'recorded', run: file, drawing: null, notices: [] }, choose);
    expect(opened.next?.run.number).toBe(3);
    const there = play(opened, workerEvent(readyMessage(2)), workerEvent(readyMessage(3)));
    expect(there.run).toMatchObject({ number: 3, recorded: true, status: 'finished' });
    expect(lastStep(there.run)).toBe(10);

    const repeated = play(there, { type: 'train' }, choose);
    expect(repeated.next).toMatchObject({ start: 'yes', run: { number: 5, replay: { to: 10 } } });

    const changed = play(
      trainedState(),
      { type: 'changed', changes: { rank: 4 } },
      choose,
      workerEvent(readyMessage(3)),
    );
    expect(changed.run).toMatchObject({ number: 3, status: 'training', experiment: { rank: 4 } });
  });
});
