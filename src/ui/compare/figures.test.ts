import { describe, expect, it } from 'vitest';
import { count } from '../../experiment/numbers.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { PageEvent } from '../../state/events.ts';
import { endedState, entries, frame, play, readyMessage, workerEvent } from '../../state/testing/page.ts';
import { rowsOf } from './figures.ts';
import { findingsOf } from './findings.tsx';
import { cellSize, liveColumn, pictureOf, pinnedColumns, type RunColumn } from './run-columns.ts';

const live: Experiment = { ...defaults(), target: 'picture' };
const [usual] = [play(endedState(), { type: 'compare', does: 'pin' } satisfies PageEvent)].map(({ run }) => run);

function column(name: string, changes: Partial<Experiment>, more: Partial<RunColumn> = {}): RunColumn {
  const experiment = change(live, changes);
  const { d, k, rank } = experiment;
  const at = { at: name === 'this run' ? ('live' as const) : 1, pin: null, name, experiment, run: usual, d, k, rank };
  const none = { factors: null, floor: 0.1, ownFloor: null, within: 4, rate: 0.01, target: 'one', goal: 'one' };
  return { ...at, ...none, error: 0.2, status: 'finished', ...more };
}
const sentence = (...columns: RunColumn[]) => {
  const { towards, closest, own } = findingsOf([column('this run', {}), ...columns]);
  return [towards, closest, ...own];
};

describe('the sentence on runs side by side', () => {
  it('says which one comes closest, and which have a floor of their own', () => {
    expect(sentence(column('r = 32', { rank: 32 }, { error: 0.02 }), column('PiSSA', { init: 'pissa' }))).toEqual([
      'Three runs, same target',
      'r = 32 comes closest',
      'PiSSA starts from part of W₀ and has its own floor.',
    ]);
    const moved = [column('a', { init: 'pissa' }), column('b', { init: 'lora-ga' })];
    expect(sentence(...moved)[2]).toBe('PiSSA and LoRA-GA start from part of W₀ and have floors of their own.');
  });
  it('does not call one of two the closest whose printed errors are the same, nor one that has diverged', () => {
    const [near, far] = [
      column('seed 2', { seed: 2 }, { error: 0.20001 }),
      column('r = 1', { rank: 1 }, { error: 0.6 }),
    ];
    expect(sentence(near, far)[1]).toBe('this run and seed 2 come equally close');
    expect(sentence(near)[1]).toBe('all end at the same error');
    expect(sentence(column('SGD', { opt: 'sgd' }, { error: 0.01, status: 'diverged' }))[1]).toBe(
      'this run comes closest',
    );
  });
  it('counts a run that is on screen and pinned once', () => {
    const [twin, other] = [column('the same settings', {}), column('r = 32', { rank: 32 }, { error: 0.02 })];
    expect(sentence(twin, other).slice(0, 2)).toEqual(['Two runs, same target', 'r = 32 comes closest']);
    expect(sentence(twin).slice(0, 2)).toEqual(['Two runs with the same settings', null]);
  });
  it('leaves the run on screen out until it has made a step', () => {
    const still = { ...usual, trace: { ...usual.trace, length: 1 } };
    const columns = [
      column('this run', {}, { run: still, error: 1 }),
      column('r = 32', { rank: 32 }),
      column('r = 2', { rank: 2 }, { error: 0.6 }),
    ];
    expect(findingsOf(columns)).toEqual({
      towards: 'Two runs, same target',
      closest: 'r = 32 comes closest',
      own: ['This run has not been trained yet.'],
    });
    const [errors, , within] = rowsOf(columns);
    expect(errors.figures[0]).toEqual({ value: '1.00', note: 'not trained yet' });
    expect(within.figures[0]).toEqual({ value: '–' });
  });
  it('compares nothing across different targets', () => {
    expect(sentence(column('r = 2', { rank: 2 }, { target: 'other' }))).toEqual([
      'Two runs, not all with the same target',
      null,
    ]);
  });
});

describe('the table of runs', () => {
  const figures = (label: string, ...columns: RunColumn[]) =>
    rowsOf([column('this run', {}), ...columns]).find((row) => row.label === label)?.figures;
  it('marks the best, says where a floor is its own, and where a run never comes near', () => {
    const best = column('r = 32', { rank: 32 }, { error: 0.02, ownFloor: 'PiSSA', within: null });
    expect(figures('Relative error', best)).toMatchObject([{ value: '0.200', best: false }, { best: true }]);
    expect(figures('Floor', best)?.[1]).toEqual({ value: '0.100', note: 'its own' });
    expect(figures('Within 5% of it', best)?.map(({ value }) => value)).toEqual(['step 4', 'not yet']);
    expect(figures('Trained parameters', best)?.map(({ value }) => value)).toEqual(['1,024', '4,096']);
  });
  it('says how many steps each has made where they differ', () => {
    const short = { ...usual, trace: { ...usual.trace, length: 121 } };
    expect(figures('Steps', column('r = 2', { rank: 2 }))).toBeUndefined();
    expect(figures('Steps', column('mine', { steps: 120 }, { run: short }))?.map(({ value }) => value)).toEqual([
      '300',
      '120',
    ]);
    const diverged = column('SGD', { opt: 'sgd' }, { run: short, status: 'diverged' });
    expect(figures('Steps', diverged)).toBeUndefined();
  });
  it('has a row for a setting that differs and that no name says', () => {
    const pins = play(endedState(), { type: 'compare', does: 'pin' }).compare.pins;
    const named = column('mine', { opt: 'sgd', seed: 4 }, { pin: { ...pins[0], own: 'mine' } });
    expect(figures('Optimiser', named)?.map(({ value }) => value)).toEqual(['Adam', 'SGD']);
    expect(figures('Optimiser', column('SGD', { opt: 'sgd' }, { pin: pins[0] }))).toBeUndefined();
  });
});

it('gives pictures one size of cell, as large as fits', () => {
  const columns = [8, 8, 2, 32, 8].map((rank, i) => column(String(i), { rank }));
  expect(cellSize(columns, { k: 64 }, 4000, 1.75)).toBe(1.75);
  const cell = cellSize(columns, { k: 64 }, 900, 1.75);
  const wide = columns.reduce((sum, { k, rank }) => sum + (k + rank) * cell, 64 * cell);
  expect(wide + 104 + 6 * 20 + 5 * 8).toBeCloseTo(900);
});

it('shows ΔW as s·B·A, without what an initialisation has moved out of W₀, and E beside the same ΔW* alone', () => {
  const [A, B] = [Float32Array.of(1, 2), Float32Array.of(3, 5)];
  const own = { d: 2, k: 2, rank: 1 } as const;
  const one = { ...column('a', {}), ...own, factors: { A, B, scaling: 2, start: null } };
  expect([...(pictureOf(one, 'dW', null)?.values ?? [])]).toEqual([6, 12, 10, 20]);
  const start = { A: Float32Array.of(1, 0), B: Float32Array.of(1, 1), scaling: 4 };
  const moved = { ...one, factors: { A, B, scaling: 2, start } };
  const update = pictureOf(moved, 'dW', null);
  expect([...(update?.values ?? [])]).toEqual([2, 12, 6, 20]);
  if (!update) throw new Error('no picture');
  const plane = { ...update, values: Float32Array.of(1, 1, 1, 1) };
  expect([...(pictureOf(moved, 'E', { plane, goal: 'one' })?.values ?? [])]).toEqual([1, 11, 5, 19]);
  expect(pictureOf(moved, 'E', { plane, goal: 'other' })).toBeNull();
});

it('builds the run on screen from the same parts as long as nothing changes, a rate that a link held too', () => {
  const state = { ...endedState(), experiment: { ...live, lr: 0.02, auto: 'lr' } };
  const [one, other] = [liveColumn(state), liveColumn(state)];
  for (const key of Object.keys(one) as (keyof RunColumn)[]) expect(other[key], key).toBe(one[key]);
});

it('takes the figures of a pin and of the run on screen from their records', () => {
  const state = play(endedState(), { type: 'compare', does: 'pin' });
  const [pin] = pinnedColumns(state);
  const now = liveColumn(state);
  expect(pin).toMatchObject({ at: 1, error: 300, floor: 0, target: now.target, rate: 0.02 });
  expect(now).toMatchObject({ at: 'live', error: 300, floor: 0, rate: 0.02 });
  expect(pinnedColumns(state)).toBe(pinnedColumns(state));
  const again = play(
    state,
    { type: 'changed', changes: { rank: 1 } },
    workerEvent(readyMessage(2)),
    workerEvent(frame(2, 0, 2)),
  );
  expect(pinnedColumns(again)[0].name).toBe('r = 8');
  expect(entries(0, [1]).modules.length).toBe(1);
});

describe('networks side by side', () => {
  const losses = (accuracy: number, oldAccuracy: number) => ({
    ...{ steps: [0], training: [Number.NaN], heldOut: [1], accuracy: [accuracy], oldAccuracy: [oldAccuracy] },
  });
  const modules = [
    { name: 'in', d: 64, k: 64, rank: 16 },
    { name: 'out', d: 10, k: 64, rank: 10 },
  ];
  const net = (accuracy: number, oldAccuracy: number, changes: Partial<Experiment> = {}) => {
    const run = { ...usual, modules, losses: losses(accuracy, oldAccuracy) };
    return column('this run', { target: 'digits', ...changes }, { run, error: null, floor: null });
  };
  const texts = (columns: readonly RunColumn[], label: string) =>
    rowsOf(columns)
      .find((row) => row.label === label)
      ?.figures.map(({ value, best }) => (best ? `${value} best` : value));

  it('have their accuracies, the highest the best, and what they train', () => {
    const columns = [net(0.943, 0.571), net(0.957, 0.45, { rank: 16 }), net(0.97, 0.4, { method: 'full' })];
    expect(texts(columns, 'Accuracy')).toEqual(['0.943', '0.957', '0.970 best']);
    expect(texts(columns, 'On the old task')).toEqual(['0.571 best', '0.450', '0.400']);
    expect(texts(columns, 'Relative error')).toBeUndefined();
    // Of the three matrices: 8·128·2 + 8·74, 16·128·2 + 10·74, and 64·64·2 + 10·64.
    expect(texts(columns, 'Trained parameters')).toEqual([2640, 4836, 8832].map(count));
  });

  it('stand beside a matrix run, each with what it has', () => {
    const columns = [column('this run', {}), net(0.943, 0.571)];
    expect(texts(columns, 'Accuracy')).toEqual(['–', '0.943']);
    expect(texts(columns, 'Relative error')).toEqual(['0.200 best', '–']);
    expect(() => findingsOf(columns)).not.toThrow();
  });
});
