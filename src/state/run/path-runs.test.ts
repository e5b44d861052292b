import { describe, expect, it } from 'vitest';
import { change } from '../../experiment/settings/experiment.ts';
import type { State } from '../state.ts';
import { networkState } from '../testing/page.ts';
import { update } from '../update.ts';
import { bestAt, missingRuns, pathExperiment, pathLines, pathsOf, sameTask, taskKey } from './path-runs.ts';
import type { PathEnd, PathsEvent } from './run.ts';

const withSettings = (changes: Partial<State['experiment']>): State => {
  const state = networkState();
  return { ...state, run: { ...state.run, experiment: change(state.run.experiment, changes) } };
};
const missing = ({ run, paths }: State) => missingRuns(run.experiment, pathsOf({ run, paths }));
const ended = (state: State, end: PathEnd): State => update(state, { type: 'paths', of: taskKey(state.run), end });
const drawn = (state: State): PathsEvent => ({
  ...{ type: 'paths', of: taskKey(state.run) },
  waiting: missing(state),
});
const end = (rank: number | null, rate: number | null, accuracy: number): PathEnd => ({
  ...{ rank, rate },
  answers: { accuracy, old: 1 - accuracy },
  updates: [],
});

describe('the runs of the paths', () => {
  it('are 25 at five rates, and five ranks at their own', () => {
    const runs = missing(networkState());
    expect(runs).toHaveLength(30);
    expect(runs.filter(({ rate }) => rate === null).map(({ rank }) => rank)).toEqual([1, 2, 4, 8, 16]);
    expect(new Set(runs.map(({ rank, rate }) => `${rank} ${rate}`)).size).toBe(30);
  });

  it('are six more at another rank, and no more for full fine-tuning', () => {
    expect(missing(withSettings({ rank: 6 }))).toHaveLength(36);
    expect(missing(withSettings({ rank: 2 }))).toHaveLength(35);
    expect(missing(withSettings({ method: 'full' }))).toHaveLength(30);
  });

  it('share task, matrices, batch, steps and seed with the run on screen, and nothing else', () => {
    const e = withSettings({ seed: 7, modules: 'in,out', steps: 60, lr: 0.5, init: 'pissa' }).run.experiment;
    const one = pathExperiment(sameTask(e), { rank: 8, rate: 0.01 });
    expect(one).toMatchObject({ seed: 7, modules: 'in,out', steps: 60, rank: 8, lr: 0.01, init: 'kaiming-uniform' });
    expect(pathExperiment(sameTask(e), { rank: null, rate: 0.01 })).toMatchObject({ method: 'full', lr: 0.01 });
    expect(pathExperiment(sameTask(e), { rank: 8, rate: null }).lr).toBeNull();
  });
});

it('takes runs off the list as they end, and keeps their ends when the rest is cancelled', () => {
  const drawing = update(networkState(), drawn(networkState()));
  const one = ended(drawing, end(4, 0.01, 0.9));
  expect(pathsOf(one)).toMatchObject({ ends: [end(4, 0.01, 0.9)] });
  expect(pathsOf(one).waiting).toHaveLength(29);
  const cancelled = update(one, { type: 'paths', of: taskKey(one.run), waiting: [] });
  expect(pathsOf(cancelled)).toEqual({ ends: [end(4, 0.01, 0.9)], waiting: [] });
  expect(missing(cancelled)).toHaveLength(29);
});

it('belongs to a task: another rate or rank keeps it, another seed has none, and it is back with the first', () => {
  const state = ended(networkState(), end(4, 0.01, 0.9));
  const at = (changes: Partial<State['experiment']>) =>
    pathsOf({ ...state, run: { ...state.run, experiment: change(state.run.experiment, changes) } }).ends.length;
  expect([at({}), at({ lr: 0.5 }), at({ rank: 16 }), at({ seed: 2 }), at({ adapt: 'mirror' })]).toEqual([
    1, 1, 1, 0, 0,
  ]);
});

it('draws lines through chosen rates alone, and rings at the best of all', () => {
  const ends = [end(4, 0.02, 0.8), end(4, null, 0.95), end(null, 0.01, 0.97), end(2, null, 0.5)];
  const failed: PathEnd = { rank: 4, rate: 0.001, answers: null, updates: [] };
  const paths = { ends: [...ends, failed], waiting: [] };
  expect(pathLines(paths, ({ answers }) => answers).map(({ name, points }) => [name, points.length])).toEqual([
    ['full fine-tuning', 1],
    ['r = 4', 1],
  ]);
  expect([1, 2, 4].map((rank) => bestAt(paths, rank))).toEqual([null, 0.5, 0.95]);
});
