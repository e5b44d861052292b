import { describe, expect, it } from 'vitest';
import { defaults } from '../../experiment/settings/experiment.ts';
import { actionsOf } from '../actions.ts';
import type { PageEvent } from '../events.ts';
import { initialState, type State } from '../state.ts';
import { endedState, play, trainedState } from '../testing/page.ts';
import { update } from '../update.ts';

const drawing = { rows: 1, cols: 2, data: Float64Array.of(0, 1) };
const start = (): State => {
  const state = initialState({ backend: null, stepper: null });
  return update(state, { type: 'opened', experiment: defaults(), drawing: null, notices: [], preset: null });
};
const draw = (data: string, more: Partial<Extract<PageEvent, { type: 'drawn' }>> = {}): PageEvent => ({
  ...{ type: 'drawn', data, drawing },
  ...more,
});
const named = ({ drawings }: State) => [...drawings.keys()];

it('keeps a drawing as long as undo or redo leads to it', () => {
  const drawn = play(start(), draw('Ba'), draw('Bb'), draw('Bc'));
  expect(named(drawn)).toEqual(['Ba', 'Bb', 'Bc']);
  const back = play(drawn, { type: 'undo' }, { type: 'undo' });
  expect([named(back), back.experiment.data, back.drawing]).toEqual([['Ba', 'Bb', 'Bc'], 'Ba', drawing]);
  // Another change than the one undone.
  expect(named(play(back, draw('Bd')))).toEqual(['Ba', 'Bd']);
});

it('lets go of a drawing with the last step of undo that holds it', () => {
  let state = play(start(), draw('Ba'), draw('Bb'));
  for (let rank = 0; rank < 200; rank++) {
    expect(named(state)).toEqual(['Ba', 'Bb']);
    state = update(state, { type: 'changed', changes: { rank: 1 + (rank % 2) } });
  }
  state = update(state, { type: 'changed', changes: { rank: 5 } });
  expect(named(state)).toEqual(['Bb']);
});

it('keeps the matrix that was brought last: the target’s tile leads back to it', () => {
  const own = { target: 'matrix', d: 1, k: 2 } as const;
  let state = play(
    start(),
    draw('Dw1', { changes: own }),
    draw('Dw2', { changes: own }),
    draw('Dw1', { changes: own }),
  );
  state = update(state, draw('Ba'));
  for (let i = 0; i < 201; i++) state = update(state, draw(i % 2 ? 'Bb' : 'Bc'));
  expect(new Set(named(state))).toEqual(new Set(['Dw1', 'Bb', 'Bc']));
});

describe('where all rates follow the number of steps', () => {
  const scheduled = (state: State): State => {
    const experiment = { ...state.experiment, schedule: 'cosine' } as const;
    return { ...state, experiment, run: { ...state.run, experiment: { ...state.run.experiment, schedule: 'cosine' } } };
  };

  it('Train more makes a longer run from its first step, which Undo takes back', () => {
    const ended = scheduled(endedState());
    expect([ended, endedState()].map((state) => actionsOf(state).main.label)).toEqual(['Train longer', 'Train more']);
    const more = play(ended, { type: 'train' });
    expect(more.next?.run.experiment).toMatchObject({ steps: 600, schedule: 'cosine' });
    expect(more.next?.start).toBe('yes');
    expect([more.experiment.steps, more.run.more]).toEqual([600, 0]);
    const back = play(more, { type: 'undo' });
    expect(back.experiment.steps).toBe(300);
    // At one rate the same run goes on.
    const other = play(endedState(), { type: 'train' });
    expect([other.next, other.run.more, other.experiment.steps]).toEqual([null, 300, 600]);
  });

  it('another number of steps is another run, at its end and on the way', () => {
    for (const state of [endedState(), trainedState()]) {
      const changed = play(scheduled(state), { type: 'changed', changes: { steps: 500 } });
      expect(changed.next?.run.experiment.steps).toBe(500);
      expect(play(state, { type: 'changed', changes: { steps: 500 } }).next).toBeNull();
    }
  });

  it('so is another schedule or warm-up', () => {
    for (const changes of [{ schedule: 'linear' }, { warmup: 20 }] as const)
      expect(play(trainedState(), { type: 'changed', changes }).next?.run.experiment).toMatchObject(changes);
  });
});
