import { describe, expect, it } from 'vitest';
import { defaults } from '../experiment/experiment.ts';
import type { FrameMessage } from '../protocol/frame.ts';
import type { ReadyMessage } from '../protocol/ready.ts';
import type { EngineMessage } from '../protocol/up.ts';
import type { PageEvent } from './events.ts';
import { lastStep } from './run.ts';
import { runFileOf } from './run-file.ts';
import { linkOf, rateOf } from './select.ts';
import { initialState, type State } from './state.ts';
import { update } from './update.ts';

const engine = {
  backend: 'cpu',
  stepper: 'TypeScript',
  device: 'processor',
  emulated: false,
  why: null,
  timed: [],
} as const;

const whole = (values: Float32Array, size: number) => ({
  mean: { values, rows: size, cols: size, blockRows: 1, blockCols: 1 },
  extreme: null,
});

function ready(run: number, size = 4): ReadyMessage {
  const square = new Float32Array(size * size).fill(0.5);
  return {
    type: 'ready',
    run,
    engine,
    facts: { a: 0.5, b: 0, sigma1: 1 },
    d: size,
    k: size,
    rank: 2,
    base: square,
    target: square,
    planes: { base: whole(square, size), target: whole(square, size) },
    targetNorm: 1,
    baseNorm: 1,
    targetSpectrum: Float64Array.from([1, 0, 0, 0]),
    targetKnown: { how: 'computed', error: 1e-15 },
    A: new Float32Array(2 * size).fill(0.1),
    B: new Float32Array(2 * size),
    moved: null,
    frozenFactor: null,
    floorAtRank: 0,
    samples: null,
    rate: 0.02,
    secondsPerStep: 1e-4,
    bytes: 1e6,
  };
}

function frame(run: number, from: number, count: number, more: Partial<FrameMessage> = {}): FrameMessage {
  const list = Float64Array.from({ length: count }, (_, i) => from + i);
  const norms = {
    loss: list,
    gradNormA: list,
    gradNormB: list,
    updateNormA: list,
    updateNormB: list,
    relativeError: list,
  };
  const factors = {
    A: new Float32Array(8),
    B: new Float32Array(8),
    spectrum: null,
    between: [],
    alignment: null,
    losses: null,
  };
  return { type: 'frame', run, frame: 0, from, ...norms, ...factors, changes: [], secondsPerStep: 1e-4, ...more };
}

const play = (state: State, ...events: PageEvent[]) => events.reduce(update, state);
const up = (message: Extract<PageEvent, { type: 'engine' }>['message']): PageEvent => ({ type: 'engine', message });
const opened: PageEvent = { type: 'opened', experiment: defaults(), drawing: null, notices: [], preset: 'picture' };

/** A page whose run 1 stands at step 0. */
function idle(): State {
  return play(initialState({ backend: null, stepper: null }), opened, up(ready(1)), up(frame(1, 0, 1)));
}

/** …and has trained 10 steps. */
function trained(): State {
  return play(idle(), { type: 'train' }, up(frame(1, 1, 10)));
}

describe('the page', () => {
  it('opens idle at step 0 and knows the rate and the link', () => {
    const state = idle();
    expect(state.run.status).toBe('idle');
    expect(rateOf(state)).toBe(0.02);
    expect(linkOf(state)).toContain('rank=8&alpha=16');
    expect(linkOf(state)).toContain('lr=0.02');
  });

  it('keeps where each step was computed', () => {
    const gpu = { ...engine, backend: 'webgpu', stepper: 'fused', device: 'a chip' } as const;
    const moved: EngineMessage = { type: 'engine', run: 1, engine: gpu, from: 6, secondsPerStep: 2e-5 };
    const state = play(trained(), up(moved), up({ ...moved, run: 0, from: 9, engine }));
    expect(state.run.engine?.stepper).toBe('fused');
    expect(state.run.secondsPerStep).toBe(2e-5);
    expect(runFileOf(state.run, '1')).toMatchObject({
      backend: 'cpu 0–6, webgpu 7–10',
      device: 'processor 0–6, a chip 7–10',
    });
    // What was timed may be told without a move.
    const stayed = play(trained(), up({ ...moved, engine: { ...engine, timed: [] }, secondsPerStep: 0 }));
    expect(runFileOf(stayed.run, '1')?.backend).toBe('cpu');
    expect(stayed.run.secondsPerStep).toBe(1e-4);
  });

  it('keeps where steps were computed while they are repeated', () => {
    const gpu = { ...engine, backend: 'webgpu', stepper: 'fused', device: 'a chip' } as const;
    const news: EngineMessage = { type: 'engine', run: 1, engine: gpu, from: 6, secondsPerStep: 0 };
    const lost = play(trained(), up(news), up({ type: 'failed', run: 1, kind: 'device-lost', why: 'lost' }));
    const again = play(lost, { type: 'train' }, up(ready(2)), up({ ...news, run: 2, engine, from: 3 }));
    expect(runFileOf(again.run, '1')?.backend).toBe('cpu 0–6, webgpu 7–10');
    expect(runFileOf(play(again, up(frame(2, 1, 14))).run, '1')?.backend).toBe('cpu 0–6, webgpu 7–10, cpu 11–14');
  });

  it('names the place of a recorded run: the file’s, and this one from where it goes on', () => {
    const { run, experiment } = trained();
    const computed = [{ from: 0, backend: 'webgpu', device: 'a chip' }];
    const recorded = { ...run, experiment, drawing: null, rate: 0.02, computed, status: 'paused' } as const;
    const opened = play(idle(), { type: 'recorded', run: recorded, notices: [] }, up(ready(2)));
    expect(runFileOf(opened.run, '1')?.backend).toBe('webgpu');
    const later = play(opened, { type: 'train' }, up(ready(3)), up(frame(3, 1, 12)));
    expect(runFileOf(later.run, '1')?.backend).toBe('webgpu 0–10, cpu 11–12');
    const fresh = { ...recorded, trace: idle().run.trace, frames: idle().run.frames };
    const begun = play(idle(), { type: 'recorded', run: fresh, notices: [] }, up(ready(2)), { type: 'train' });
    expect(runFileOf(play(begun, up(frame(2, 1, 12))).run, '1')?.backend).toBe('cpu');
  });

  it('never mixes two runs: after two quick changes only the frames of the last one count', () => {
    let state = play(trained(), { type: 'changed', changes: { rank: 4 } }, { type: 'changed', changes: { rank: 5 } });
    expect(state.next?.run.number).toBe(3);
    state = play(state, up(frame(1, 11, 5)), up(ready(2)), up(frame(2, 0, 1)));
    expect(state.run.number).toBe(1);
    expect(lastStep(state.run)).toBe(10);
    state = play(state, up(ready(3)), up(frame(2, 0, 9)), up(frame(3, 0, 1)));
    expect(state.run.number).toBe(3);
    expect(lastStep(state.run)).toBe(0);
    expect(state.experiment.rank).toBe(5);
  });

  it('restarts at once for a new rank, training if it trained, and keeps the old curves pale until the next step', () => {
    let state = play(trained(), { type: 'changed', changes: { rank: 4 } }, up(ready(2)), up(frame(2, 0, 1)));
    expect(state.run.status).toBe('training');
    expect(state.ghost?.trace.length).toBe(11);
    state = play(state, up(frame(2, 1, 1)));
    expect(state.ghost).toBeNull();
  });

  it('tunes a run that goes on without restarting it', () => {
    const state = play(trained(), { type: 'changed', changes: { lr: 0.5 } });
    expect(state.next).toBeNull();
    expect(state.run.number).toBe(1);
    const after = play(state, up(frame(1, 10, 2, { changes: [{ step: 10, key: 'lr', value: 0.5 }] })));
    expect(after.run.changes).toEqual([{ step: 10, key: 'lr', value: 0.5 }]);
    expect(after.run.experiment.lr).toBeNull();
    expect(after.run.rate).toBe(0.02);
  });

  it('counts the changes of one drag as one step of undo', () => {
    let state = idle();
    for (const alpha of [17, 18, 19]) state = play(state, { type: 'changed', changes: { alpha }, group: 'alpha' });
    state = play(state, { type: 'settled' }, { type: 'changed', changes: { alpha: 30 }, group: 'alpha' });
    expect(state.past).toHaveLength(2);
    state = play(state, { type: 'undo' });
    expect(state.experiment.alpha).toBe(19);
    state = play(state, { type: 'undo' });
    expect(state.experiment.alpha).toBe(16);
    expect(play(state, { type: 'redo' }, { type: 'redo' }).experiment.alpha).toBe(30);
  });

  it('does not take an old answer for a new one: paused, trained again, the first "paused" arrives late', () => {
    const asked = play(trained(), { type: 'pause' });
    const late = asked.run.wanted.order;
    let state = play(asked, up({ type: 'done', run: 1, order: late, ending: 'paused', step: 10 }), { type: 'train' });
    state = play(state, up({ type: 'done', run: 1, order: late, ending: 'paused', step: 10 }));
    expect(state.run.status).toBe('training');
  });

  it('stops at the last good step when a run diverges, and offers two ways out', () => {
    const state = trained();
    const done = play(state, up({ type: 'done', run: 1, order: state.run.wanted.order, ending: 'diverged', step: 7 }));
    expect(lastStep(done.run)).toBe(7);
    const [notice] = done.notices;
    expect(notice.title).toBe('Diverged at step 8.');
    expect(notice.actions).toHaveLength(2);
    const again = play(done, notice.actions[0].event);
    expect(again.next?.start).toBe('yes');
    expect(again.experiment.lr).toBeLessThan(0.02);
  });

  it('keeps the losses of a run on samples in step order, and none of a step that went wrong', () => {
    const losses = (training: number) => ({ training, heldOut: 2 * training });
    const between = [{ step: 4, spectrum: new Float64Array(0), losses: losses(0.4) }];
    let state = play(
      initialState({ backend: null, stepper: null }),
      opened,
      up(ready(1)),
      up(frame(1, 0, 1, { losses: losses(1) })),
      { type: 'train' },
      up(frame(1, 1, 10, { between, losses: losses(0.1) })),
    );
    expect(state.run.losses).toEqual({ steps: [0, 4, 10], training: [1, 0.4, 0.1], heldOut: [2, 0.8, 0.2] });
    // Measured again from step 8 on, with another rate of α.
    const changes = [{ step: 8, key: 'alpha', value: 4 }] as const;
    state = play(state, up(frame(1, 8, 3, { changes, losses: losses(7) })));
    expect(state.run.losses.training).toEqual([1, 0.4, 7]);
    const { order } = state.run.wanted;
    state = play(state, up({ type: 'done', run: 1, order, ending: 'diverged', step: 9 }));
    expect(state.run.losses.steps).toEqual([0, 4]);
  });

  it('keeps a run whose device was lost, and repeats its steps before it goes on', () => {
    let state = play(trained(), up({ type: 'failed', run: 1, kind: 'device-lost', why: 'lost' }));
    expect(state.run.status).toBe('device-lost');
    expect(lastStep(state.run)).toBe(10);
    state = play(state, { type: 'train' });
    expect(state.next?.run.replay).toEqual({ to: 10, changes: [] });
    state = play(state, up(ready(2)), up(frame(2, 0, 11)));
    expect(state.run.status).toBe('training');
    expect(state.run.workerStep).toBe(10);
    expect(lastStep(play(state, up(frame(2, 11, 3))).run)).toBe(13);
  });

  it('loses nothing that a file held when its steps are repeated in fewer looks', () => {
    const steps = [0, 2, 4, 6, 8, 10];
    const spectrumAt = (step: number) => Float64Array.of(step, 0);
    const file = {
      ...trained().run,
      experiment: defaults(),
      drawing: null,
      rate: 0.02,
      status: 'paused',
      samples: steps.map((step) => ({ step, spectrum: spectrumAt(step) })),
      losses: { steps, training: steps.map((t) => t + 0.5), heldOut: steps.map((t) => t + 0.7) },
      changes: [{ step: 3, key: 'alpha', value: 4 }],
    } as const;
    const opened = play(idle(), { type: 'recorded', run: file, notices: [] }, up(ready(2)), { type: 'train' });
    const between = [3, 9, 12].map((step) => ({
      step,
      spectrum: Float64Array.of(-1, 0),
      losses: { training: -1, heldOut: -2 },
    }));
    // The worker's steps 1 … 14 in one frame: ten are known.
    const again = up(frame(3, 1, 14, { between, changes: file.changes, losses: { training: -3, heldOut: -4 } }));
    const { run } = play(opened, up(ready(3)), again);
    expect(run.losses.steps).toEqual([...steps, 12, 14]);
    expect(run.losses.training).toEqual([...file.losses.training, -1, -3]);
    expect(run.samples.map((s) => [s.step, s.spectrum[0]])).toEqual([...steps.map((t) => [t, t]), [12, -1]]);
    expect(run.changes).toEqual(file.changes);
    expect(run.held).toBe(10);
  });

  it('goes back to what was there when a preparation is cancelled or refused', () => {
    const asked = play(trained(), { type: 'changed', changes: { d: 512 } });
    for (const event of [
      { type: 'cancel' } as const,
      up({ type: 'failed', run: 2, kind: 'refused', why: 'Nothing to learn.' }),
    ]) {
      const state = play(asked, event);
      expect(state.next).toBeNull();
      expect(state.experiment.d).toBe(64);
      expect(state.run.status).toBe('paused');
      expect(lastStep(state.run)).toBe(10);
    }
  });

  it('asks before a run that would take long, even where the link says run=1; Train is the answer', () => {
    const experiment = { ...defaults(), run: true, steps: 100_000 };
    const slow = { ...ready(1), secondsPerStep: 0.01 };
    let state = play(initialState({ backend: null, stepper: null }), { ...opened, experiment }, up(slow));
    expect(state.run.status).toBe('idle');
    expect(state.notices[0].texts[0]).toContain('17 min');
    state = play(state, { type: 'train' });
    expect(state.run.status).toBe('training');
    const quick = play(
      initialState({ backend: null, stepper: null }),
      { ...opened, experiment: { ...experiment, steps: 300 } },
      up(ready(1)),
    );
    expect(quick.run.status).toBe('training');
  });

  it('pauses in a hidden tab, unless a script trains', () => {
    expect(play(trained(), { type: 'hidden', hidden: true }).run.wanted.pace).toBe(0);
    const scripted = play(idle(), { type: 'train', scripted: true }, { type: 'hidden', hidden: true });
    expect(scripted.run.wanted.pace).toBe(Number.POSITIVE_INFINITY);
  });

  it('trains on after the budget is spent, with as many steps again', () => {
    const start = idle();
    const all = play(start, { type: 'train' }, up(frame(1, 1, 300)));
    const done = play(all, up({ type: 'done', run: 1, order: all.run.wanted.order, ending: 'finished', step: 300 }));
    const on = play(done, { type: 'train' });
    expect(on.experiment.steps).toBe(600);
    expect(on.run.wanted.until).toBe(600);
  });

  it('never gives out a run number twice, however often a preparation is cancelled', () => {
    let state = trained();
    const numbers = [state.run.number];
    for (let i = 0; i < 4; i++) {
      state = play(state, { type: 'changed', changes: { d: 200 + i } });
      numbers.push(state.next?.run.number ?? 0);
      state = play(state, { type: 'cancel' });
    }
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(play(state, { type: 'train' }).next?.run.number).toBeGreaterThan(Math.max(...numbers));
  });

  it('stops a run that the device refuses on its way, keeps it and can go on', () => {
    const state = play(trained(), up({ type: 'failed', run: 1, kind: 'refused', why: 'Too little memory.' }));
    expect([state.run.status, lastStep(state.run)]).toEqual(['stopped', 10]);
    expect(play(state, { type: 'train' }).next?.run.replay).toEqual({ to: 10, changes: [] });
  });

  it('keeps the drawing that belongs to the settings on screen through undo, redo and cancel', () => {
    const drawing = { rows: 1, cols: 2, data: Float64Array.from([0, 1]) };
    let state = play(idle(), { type: 'drawn', data: 'abc', drawing });
    expect(state.drawing).toBe(drawing);
    state = play(state, { type: 'undo' });
    expect([state.experiment.data, state.drawing]).toEqual(['', null]);
    state = play(state, { type: 'redo' });
    expect([state.experiment.data, state.drawing]).toEqual(['abc', drawing]);
    state = play(idle(), { type: 'drawn', data: 'abc', drawing }, { type: 'cancel' });
    expect([state.experiment.data, state.drawing]).toEqual(['', null]);
  });

  it('takes over a change that was made to a run after it was repeated', () => {
    let state = play(trained(), up({ type: 'failed', run: 1, kind: 'device-lost', why: 'lost' }), { type: 'train' });
    state = play(
      state,
      up(ready(2)),
      up(frame(2, 0, 11)),
      up(frame(2, 10, 3, { changes: [{ step: 10, key: 'lr', value: 0.5 }] })),
    );
    expect(state.run.changes).toEqual([{ step: 10, key: 'lr', value: 0.5 }]);
    expect(lastStep(state.run)).toBe(12);
  });

  it('starts over where there was no engine, when Train is pressed', () => {
    const dead = play(
      initialState({ backend: null, stepper: null }),
      opened,
      up({ type: 'failed', run: 1, kind: 'broken', why: 'no' }),
    );
    expect(dead.run.status).toBe('stopped');
    expect(play(dead, { type: 'train' }).next).toMatchObject({ start: 'yes', run: { number: 2 } });
  });
});
