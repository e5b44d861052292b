import { describe, expect, it } from 'vitest';
import { parseLink } from '../experiment/link/link.ts';
import { presets } from '../experiment/presets.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import type { PageEvent } from './events.ts';
import { undoStep, withUndoStep } from './run/compact-run.ts';
import { addFrame } from './run/history.ts';
import { lastStep, shownModule } from './run/run.ts';
import { linkOf } from './select.ts';
import { initialState, type State } from './state.ts';
import { endedState, frame, idleState, play, readyMessage, trainedState, workerEvent } from './testing/page.ts';

const changed = (changes: Partial<Experiment>): PageEvent => ({ type: 'changed', changes });
const UNDO: PageEvent = { type: 'undo' };
const REDO: PageEvent = { type: 'redo' };
const done = (state: State, step: number): PageEvent => {
  const run = state.next?.run ?? state.run;
  return workerEvent({ type: 'done', run: run.number, order: run.wanted.order, ending: 'finished', step });
};
const got = ({ next }: State): PageEvent => workerEvent(readyMessage(next?.run.number ?? -1));
const shown = (s: State) => ({ rank: s.experiment.rank, status: s.run.status, step: lastStep(s.run), next: s.next });

function twice(first = endedState()): State {
  const asked = play(first, changed({ rank: 4 }), workerEvent(readyMessage(2)), workerEvent(frame(2, 0, 301)));
  return play(asked, done(asked, 300));
}

describe('undo', () => {
  it('brings the finished run back, number for number, and redo the other one', () => {
    const first = endedState();
    const second = twice(first);
    let state = play(second, UNDO);
    expect(shown(state)).toMatchObject({ rank: 8, step: 300 });
    // The worker has it before it is on screen, so that it can continue.
    expect(state.next?.run).toMatchObject({ replay: { to: 300, changes: [] }, experiment: { rank: 8 } });
    state = play(state, got(state));
    expect(shown(state)).toEqual({ rank: 8, status: 'finished', step: 300, next: null });
    expect(state.run.trace).toBe(first.run.trace);
    expect(state.run.frames).toBe(first.run.frames);
    expect(play(state, workerEvent(frame(state.run.number, 0, 301))).run.trace).toBe(first.run.trace);
    state = play(state, REDO);
    state = play(state, got(state));
    expect(shown(state)).toEqual({ rank: 4, status: 'finished', step: 300, next: null });
    expect(state.run.trace).toBe(second.run.trace);
  });

  it('goes through runs that are on their way back', () => {
    const third = play(twice(), changed({ rank: 2 }));
    const both = play(third, got(third), workerEvent(frame(3, 0, 301)));
    let state = play(both, done(both, 300), UNDO, UNDO);
    state = play(state, got(state));
    expect(shown(state)).toMatchObject({ rank: 8, step: 300, next: null });
    state = play(state, REDO, REDO);
    state = play(state, got(state));
    expect(shown(state)).toMatchObject({ rank: 2, step: 300, next: null });
  });

  it('of a drag leads back to the run before it, which is also the one that stays beside the new one', () => {
    const drag = (rank: number): PageEvent => ({ type: 'changed', changes: { rank }, group: 'rank' });
    let state = play(endedState(), drag(4), workerEvent(readyMessage(2)), drag(2), workerEvent(frame(2, 0, 301)));
    state = play(state, done(state, 300), workerEvent(readyMessage(3)), workerEvent(frame(3, 0, 301)));
    state = play(state, done(state, 300), { type: 'settled' });
    expect([state.run.experiment.rank, state.ghost?.experiment.rank]).toEqual([2, 8]);
    state = play(state, UNDO);
    expect(shown(play(state, got(state)))).toMatchObject({ rank: 8, step: 300 });
  });

  it('of what was opened brings back the run too; one that was under way stands still', () => {
    const event = { type: 'opened', experiment: parseLink('#v=1&d=9').experiment, drawing: null, notices: [] } as const;
    let state = play(trainedState(), { ...event, preset: null }, workerEvent(readyMessage(2)), UNDO);
    state = play(state, got(state));
    expect(shown(state)).toEqual({ rank: 8, status: 'paused', step: 10, next: null });
  });

  it('of a setting that tuned the run tunes it back', () => {
    const state = play(trainedState(), changed({ lr: 0.5 }), UNDO);
    expect([state.experiment.lr, state.next, state.run.status]).toEqual([null, null, 'training']);
    expect(play(state, REDO).experiment.lr).toBe(0.5);
  });

  it('may be cancelled, and then everything is as it was', () => {
    const state = play(twice(), UNDO, { type: 'cancel' });
    expect(shown(state)).toEqual({ rank: 4, status: 'finished', step: 300, next: null });
  });

  it('repeats a run that takes long only where it is to go on', () => {
    const slow = { ...endedState(), run: { ...endedState().run, secondsPerStep: 0.1 } };
    let state = play(slow, changed({ rank: 4 }), workerEvent(readyMessage(2)), UNDO);
    expect(state.next?.run).toMatchObject({ replay: null, recorded: true });
    state = play(state, got(state));
    expect(shown(state)).toMatchObject({ rank: 8, status: 'finished', step: 300 });
    state = play(state, { type: 'train' });
    expect(state.next?.run.replay?.to).toBe(300);
  });

  it('keeps no more in memory than it may: first the runs go, of the oldest steps, then the steps', () => {
    const factors = { A: new Float32Array(1e5), B: new Float32Array(1e5), spectrum: null, alignment: null };
    let { frames } = endedState().run;
    for (let step = 1; step <= 100; step++) frames = addFrame(frames, { step, modules: [factors] });
    const large = { ...endedState(), run: { ...endedState().run, frames } };
    const one = undoStep(large, true).run?.frames ?? [];
    expect(one.length).toBeLessThan(20);
    expect([one[0], one.at(-1)]).toEqual([frames[0], frames.at(-1)]);
    let list: State['past'] = [];
    for (let i = 0; i < 250; i++) list = withUndoStep(list, undoStep(large, true));
    expect(list).toHaveLength(200);
    const held = list.findIndex(({ run }) => run !== null);
    expect(list.slice(held).every(({ run }) => run !== null)).toBe(true);
    expect(200 - held).toBeGreaterThan(5);
    expect(200 - held).toBeLessThan(20);
    const { run } = undoStep(endedState(), true);
    expect([run && 'ready' in run, run && 'extremes' in run]).toEqual([false, false]);
  });
});

it('a cell outside the matrices on show is none: the pointer is still over the picture of larger ones', () => {
  const state = idleState();
  const { d, k } = shownModule(state) ?? { d: 0, k: 0 };
  const at = (row: number, column: number) => play(state, { type: 'cell', cell: { row, column } }).cell;
  expect(at(d - 1, k - 1)).toEqual({ row: d - 1, column: k - 1 });
  expect([at(d, 0), at(0, k)]).toEqual([null, null]);
});

describe('training more', () => {
  const more = (first = endedState()) => play(first, { type: 'train' });

  it('gives the steps to this run alone: undo takes them back, rewind and a new run have the budget of before', () => {
    let state = more();
    expect([state.experiment.steps, state.run.wanted.until]).toEqual([600, 600]);
    expect(linkOf(state)).toContain('steps=600');
    state = play(state, workerEvent(frame(1, 301, 300)));
    state = play(state, done(state, 600));
    expect(play(state, { type: 'rewind' }).next?.run.experiment.steps).toBe(300);
    const fresh = play(state, changed({ rank: 4 }), changed({ rank: 2 }));
    expect(fresh.experiment).toMatchObject({ rank: 2, steps: 300 });
    expect(fresh.next?.run.experiment.steps).toBe(300);
    // Its own step of undo leads to the longer run, the previous one to the shorter.
    state = play(fresh, { type: 'cancel' });
    expect([state.experiment.steps, lastStep(state.run)]).toEqual([600, 600]);
    const first = endedState();
    state = play(more(first), workerEvent(frame(1, 301, 50)), UNDO);
    state = play(state, got(state));
    expect([state.experiment.steps, state.run.status, lastStep(state.run)]).toEqual([300, 'finished', 300]);
    expect(state.run.trace).toBe(first.run.trace);
  });

  it('by hand is a budget like any other', () => {
    const state = play(more(), changed({ steps: 1000 }), { type: 'rewind' });
    expect(state.next?.run.experiment.steps).toBe(1000);
  });
});

describe('the experiment on screen', () => {
  const opened = (): State => {
    const { experiment } = parseLink(presets.byName('true-rank').link);
    const event = { type: 'opened', experiment, drawing: null, notices: [], preset: 'true-rank' } as const;
    return play(
      initialState({ backend: null, stepper: null }),
      event,
      workerEvent(readyMessage(1)),
      workerEvent(frame(1, 0, 1)),
    );
  };

  it('is recognised when all settings are its own again', () => {
    let state = play(opened(), changed({ seed: 5 }));
    expect(state.preset).toBeNull();
    expect(play(state, changed({ seed: 1 })).preset).toBe('true-rank');
    expect(play(state, UNDO).preset).toBe('true-rank');
    state = play(opened(), changed({ lr: 0.5 }));
    expect(state.preset).toBeNull();
    expect(play(state, changed({ lr: null })).preset).toBe('true-rank');
  });

  it('is the same after more steps than it asks for', () => {
    let state = play(opened(), { type: 'train' }, workerEvent(frame(1, 1, 300)));
    state = play(state, done(state, 300), { type: 'train' });
    expect([state.experiment.steps, state.preset]).toEqual([600, 'true-rank']);
    expect(play(state, changed({ lr: 0.5 }), changed({ lr: null })).preset).toBe('true-rank');
  });

  it('is none that was never opened', () => {
    expect(play(idleState(), changed({ seed: 77 })).preset).toBeNull();
  });
});

describe('undo of Plan a run', () => {
  const plan = (cost: string): PageEvent => ({ type: 'viewed', changes: { cost } });
  const there: PageEvent = { type: 'viewed', changes: { view: 'plan' } };

  it('steps through its settings, and leaves the lab alone', () => {
    const lab = play(idleState(), changed({ rank: 4 }));
    const one = play(lab, there, plan('model:gpt2'), plan('model:vit-b16'));
    const back = play(one, UNDO);
    expect([back.view.cost, back.experiment.rank]).toEqual(['model:gpt2', 4]);
    expect(play(back, REDO).view.cost).toBe('model:vit-b16');
    expect(play(back, UNDO, UNDO, UNDO)).toMatchObject({ view: { cost: '', view: 'plan' }, experiment: { rank: 4 } });
    // Another change ends what could be done again.
    expect(play(back, plan('model:llama-3-8b')).costs).toEqual({ past: ['', 'model:gpt2'], future: [] });
    // In the lab it is the lab's.
    const home = play(one, { type: 'viewed', changes: { view: 'lab' } }, UNDO);
    expect([home.view.cost, home.experiment.rank]).toEqual(['model:vit-b16', 8]);
  });

  it('has no step for a plan that stays as it is, or that a lesson changes', () => {
    expect(play(idleState(), there, plan('')).costs.past).toEqual([]);
    expect(play(idleState(), plan('model:gpt2')).costs.past).toEqual([]);
  });
});
