import { describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { DEFAULT_PRESET, presets } from '../../experiment/presets.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { defaultView, type ViewName } from '../../experiment/settings/view.ts';
import type { PageEvent } from '../../state/events.ts';
import { initialState, type State } from '../../state/state.ts';
import { frame, play, readyMessage, workerEvent } from '../../state/testing/page.ts';

const { experiment: owl } = parseLink(presets.byName(DEFAULT_PRESET).link);
const opened = (experiment: Experiment, view: ViewName = 'lab'): PageEvent => ({
  type: 'opened',
  experiment,
  view: { ...defaultView(), view },
  drawing: null,
  notices: [],
  preset: null,
});
const lesson = (name: string): PageEvent => ({ type: 'viewed', changes: { view: 'lab', lesson: name } });
const step: readonly PageEvent[] = [
  { ...opened(change(owl, { alpha: 1, steps: 30, lr: 0.005 })), view: undefined } as PageEvent,
  { type: 'train', atOnce: true },
];
const answered = (state: State): State => play(state, workerEvent(readyMessage(state.lastNumber)));
const begun = (experiment: Experiment, view?: ViewName): State =>
  answered(play(initialState({ backend: null, stepper: null }), opened(experiment, view)));
const read = (state: State): State => play(answered(play(state, lesson('what-is-lora'), ...step)), lesson(''));

describe('leaving a lesson', () => {
  it('leads back to the opening at its end, wherever it was opened', () => {
    for (const view of ['first', 'lab'] as const) {
      const state = read(begun(owl, view));
      expect(state.view.lesson).toBe('');
      expect(state.experiment).toMatchObject({ alpha: 16, steps: 300, rank: 8, lr: null });
      expect(state.preset).toBe(DEFAULT_PRESET);
      const trained = answered(state);
      expect(trained.run).toMatchObject({
        status: 'training',
        wanted: { pace: Number.POSITIVE_INFINITY, until: 300 },
      });
      expect(trained.ghost).toBeNull();
    }
  });

  it('leads to the same from a lesson that a link opened', () => {
    const link = {
      ...opened(change(owl, { alpha: 1 })),
      view: { ...defaultView(), lesson: 'what-is-lora' },
    } as PageEvent;
    const state = play(initialState({ backend: null, stepper: null }), link);
    expect(play(answered(state), lesson(''))).toMatchObject({ experiment: { alpha: 16 } });
  });

  it('brings back an experiment of one’s own, with its run and its steps of undo', () => {
    const own = change(owl, { rank: 5, seed: 9 });
    const left = play(begun(own), { type: 'train' }, workerEvent(frame(1, 0, 8)), { type: 'pause' });
    const past = left.past.length;
    const state = read(left);
    expect(state.experiment).toMatchObject({ rank: 5, seed: 9, alpha: 16 });
    expect(state.past).toHaveLength(past);
    expect(state.next?.run.replay).toMatchObject({ to: 7 });
  });

  it('takes the lab of a lesson along, and undo brings back what was left', () => {
    const own = change(owl, { rank: 5, seed: 9 });
    const begin = play(begun(own), { type: 'train' }, workerEvent(frame(1, 0, 8)), { type: 'pause' });
    const studying = answered(play(begin, lesson('what-is-lora'), ...step));
    const taken = play(studying, { type: 'taken' });
    expect(taken).toMatchObject({ experiment: { alpha: 1, steps: 30 }, left: null, view: { lesson: '', step: 1 } });
    expect(taken.run).toBe(studying.run);
    expect(taken.past).toHaveLength(begin.past.length + 1);
    expect(play(taken, { type: 'undo' }).experiment).toMatchObject({ rank: 5, seed: 9 });
  });

  it('shows no run of before beside the settings that a step opens', () => {
    const state = play(begun(owl), { type: 'train' }, workerEvent(frame(1, 0, 8)), lesson('what-is-lora'), ...step);
    expect(answered(state).ghost).toBeNull();
    expect(answered(state).run.status).toBe('training');
  });
});
