import { describe, expect, it } from 'vitest';
import type { PageEvent } from '../events.ts';
import { frame, idle, play, ready, trained, up } from '../testing/page.ts';
import { lastStep } from './run.ts';

const choose: PageEvent = { type: 'choose', choice: { backend: 'cpu', stepper: null } };

describe('another back end', () => {
  it('goes on with a run that trains, from where it was, to where it was to go', () => {
    const asked = play(trained(), choose);
    expect(asked.next?.run).toMatchObject({ number: 2, replay: { to: 10 } });
    const on = play(asked, up(ready(2)));
    expect(on.run).toMatchObject({ status: 'training', wanted: { until: 300, pace: 50 }, scripted: false });
    expect(lastStep(play(on, up(frame(2, 11, 5))).run)).toBe(15);
  });

  it('makes as many steps as were asked for, and no more', () => {
    const some = play(idle(), { type: 'train', steps: 20, scripted: true }, up(frame(1, 1, 10)));
    const on = play(some, choose, up(ready(2)));
    expect(on.run).toMatchObject({
      status: 'training',
      wanted: { until: 20, pace: Number.POSITIVE_INFINITY },
      scripted: true,
    });
  });

  it('begins again with a run that was about to make its first step', () => {
    const on = play(idle(), { type: 'train' }, choose, up(ready(2)));
    expect(on.run).toMatchObject({ status: 'training', wanted: { until: 300 } });
  });

  it('starts nothing: a run that stands still or is being paused stands still', () => {
    expect(play(idle(), choose, up(ready(2))).run.status).toBe('idle');
    const pausing = play(trained(), { type: 'pause' });
    expect(play(pausing, choose, up(ready(2))).run.status).toBe('paused');
  });

  it('keeps what is being prepared: a recorded run, a run that is repeated, new settings and their start', () => {
    const { run, experiment } = trained();
    const file = { ...run, experiment, rate: 0.02, status: 'finished' } as const;
    const opened = play(idle(), { type: 'recorded', run: file, drawing: null, notices: [] }, choose);
    expect(opened.next?.run.number).toBe(3);
    const there = play(opened, up(ready(2)), up(ready(3)));
    expect(there.run).toMatchObject({ number: 3, recorded: true, status: 'finished' });
    expect(lastStep(there.run)).toBe(10);

    const repeated = play(there, { type: 'train' }, choose);
    expect(repeated.next).toMatchObject({ start: 'yes', run: { number: 5, replay: { to: 10 } } });

    const changed = play(trained(), { type: 'changed', changes: { rank: 4 } }, choose, up(ready(3)));
    expect(changed.run).toMatchObject({ number: 3, status: 'training', experiment: { rank: 4 } });
  });
});
