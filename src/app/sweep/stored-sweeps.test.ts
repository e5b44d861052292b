import { expect, it, vi } from 'vitest';
import type { CellRun } from '../../experiment/run-file/run-record.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Shelf } from '../../kit/storage.ts';
import { deleteStoredSweep, MAX_STORED_SWEEPS, storedSweep, storeSweep, sweepKey } from './stored-sweeps.ts';

/** Storage that copies its values, as the browser's does. */
function shelfOf(things = new Map<string, unknown>()): Shelf & { readonly things: Map<string, unknown> } {
  return {
    things,
    get: async (name) => structuredClone(things.get(name)),
    set: async (name, value) => things.set(name, structuredClone(value)).has(name),
    del: async (name) => void things.delete(name),
    names: async () => [...things.keys()],
  };
}

const figures: CellRun = {
  status: 'diverged',
  steps: 3,
  rate: 0.1,
  loss: 0.25,
  error: 0.1,
  floor: null,
  heldOut: null,
  effectiveRank: 2.5,
  training: null,
  reached: 2,
  curve: { steps: [], values: [] },
};
const results = [figures, null, { why: 'a bug' }, { ...figures, error: null, heldOut: 4 }];
/** Runs without figures are repeated. */
const again = [figures, null, null, results[3]];

it('finds the accuracies of networks again, and other sweeps as they were stored before', async () => {
  const shelf = shelfOf();
  const learned = { ...figures, status: 'finished' as const, accuracy: 0.957, oldAccuracy: 0.5712 };
  await storeSweep('nets', [learned, null], shelf);
  expect(await storedSweep('nets', 2, shelf)).toEqual([learned, null]);
  await storeSweep('matrices', [figures], shelf);
  const numbers = [...shelf.things.values()].flatMap((value) =>
    typeof value === 'object' && value !== null && 'numbers' in value && value.numbers instanceof Float64Array
      ? [value.numbers.length]
      : [],
  );
  expect(numbers).toEqual([22, 9]);
});

it('keeps the rate of each matrix of a network', async () => {
  const shelf = shelfOf();
  const each = [{ ...figures, rate: '0.0041,0.02', accuracy: 0.9, oldAccuracy: 0.5 }, null];
  await storeSweep('rates', each, shelf);
  expect(await storedSweep('rates', 2, shelf)).toEqual(each);
  const [[name, stored]] = [...shelf.things].filter(([of]) => of !== 'list');
  for (const rates of ['0.1', ['a,b', null], [{}, null], ['0.1,-1', null]]) {
    shelf.things.set(name, { ...(stored as object), rates });
    expect(await storedSweep('rates', 2, shelf)).toBeNull();
  }
});

it('finds results again by what was swept, and nothing else', async () => {
  const shelf = shelfOf();
  await storeSweep('one', results, shelf);
  expect(await storedSweep('one', 4, shelf)).toEqual(again);
  expect(await storedSweep('one', 5, shelf)).toBeNull();
  expect(await storedSweep('other', 4, shelf)).toBeNull();
  await storeSweep('one', [figures, figures, null, null], shelf);
  expect(await storedSweep('one', 4, shelf)).toEqual([figures, figures, null, null]);
  await deleteStoredSweep('one', shelf);
  expect(await storedSweep('one', 4, shelf)).toBeNull();
});

it('keeps the newest, and what was kept again counts as new', async () => {
  const shelf = shelfOf();
  for (let i = 0; i < MAX_STORED_SWEEPS; i++) await storeSweep(`sweep ${i}`, results, shelf);
  await storeSweep('sweep 0', results, shelf);
  for (let i = 0; i < 3; i++) await storeSweep(`later ${i}`, results, shelf);
  const found = async (key: string) => (await storedSweep(key, 4, shelf)) !== null;
  expect([await found('sweep 0'), await found('sweep 3'), await found('sweep 4')]).toEqual([true, false, true]);
  expect(shelf.things.size).toBe(MAX_STORED_SWEEPS + 1);
});

it('reads nothing from what is damaged, and lives with storage that refuses', async () => {
  const shelf = shelfOf();
  await storeSweep('one', results, shelf);
  const [name] = shelf.things.keys();
  for (const odd of [null, 7, {}, { key: 'one', statuses: [1], numbers: [] }, { key: 'one' }]) {
    shelf.things.set(name, odd);
    expect(await storedSweep('one', 4, shelf)).toBeNull();
  }
  const refusing: Shelf = { ...shelf, get: async () => null, set: async () => false };
  await storeSweep('one', results, refusing);
  expect(await storedSweep('one', 4, refusing)).toBeNull();
  vi.useFakeTimers();
  const silent = storedSweep('one', 4, { ...shelf, get: () => new Promise(() => {}) });
  await vi.advanceTimersByTimeAsync(3000);
  expect(await silent).toBeNull();
  vi.useRealTimers();
});

it('tells sweeps apart by whatever decides a number, and by nothing that does not', () => {
  const e = defaults();
  const plan = { axes: [{ key: 'rank' as const, values: [1, 2] }], repeat: 2 };
  const key = sweepKey(e, plan, '1');
  const others = [
    sweepKey({ ...e, seed: 2 }, plan, '1'),
    sweepKey({ ...e, lr: 0.1 }, plan, '1'),
    sweepKey({ ...e, data: 'abcd' }, plan, '1'),
    sweepKey({ ...e, data: 'abdc' }, plan, '1'),
    sweepKey(e, { ...plan, repeat: 3 }, '1'),
    sweepKey(e, { ...plan, axes: [{ key: 'rank', values: [1, 3] }] }, '1'),
    sweepKey(e, plan, '2'),
  ];
  expect(new Set([key, ...others]).size).toBe(8);
  // The value on screen of a setting that varies does not matter.
  expect(sweepKey({ ...e, rank: 32 }, plan, '1')).toBe(key);
  const network = change(e, { target: 'digits' });
  const ofNetwork = sweepKey(network, plan, '1');
  expect(sweepKey(change(network, { rank: 32 }), plan, '1')).toBe(ofNetwork);
  // At a fixed α other cells are trained than at one that follows the ranks.
  expect(sweepKey(change(network, { alpha: network.alpha }), plan, '1')).not.toBe(ofNetwork);
  // An automatic rate stays automatic whatever number a link has for it.
  expect(sweepKey({ ...e, lr: 0.0123, auto: 'lr' }, plan, '1')).toBe(key);
});
