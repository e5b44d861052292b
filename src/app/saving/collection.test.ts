import { afterEach, expect, it, vi } from 'vitest';
import { SHELF } from '../../kit/storage.ts';
import { type OwnExperiment, writeCollection } from '../../state/collection/collection.ts';
import { trainingStore } from '../testing/store.ts';
import { carryOutCollection } from './collection.ts';

afterEach(() => vi.restoreAllMocks());

/** Storage that holds a text; what is written afterwards. */
function holding(text: string): string[] {
  const written: string[] = [];
  vi.spyOn(SHELF, 'get').mockImplementation(async () => written.at(-1) ?? text);
  vi.spyOn(SHELF, 'set').mockImplementation(async (_, value) => written.push(String(value)) > 0);
  return written;
}

it('experiments that a newer page has stored are not written over, and new ones are on the page alone', async () => {
  const written = holding('{"format":"lora-explorer/experiments","version":2,"experiments":[]}');
  const store = trainingStore();
  for (const title of ['one', 'two']) await carryOutCollection({ keep: { title, note: '' } }, store);
  expect(written).toEqual([]);
  expect(store.state().mine).toMatchObject({ refused: true, experiments: [{ title: 'one' }, { title: 'two' }] });
});

it('two changes at once are stored one after the other, with what another tab has added', async () => {
  const [a, b, c] = ['a', 'b ', 'c'].map((title): OwnExperiment => ({ title, note: '', link: '#v=1', picture: null }));
  const written = holding(writeCollection([a, c]));
  const store = trainingStore();
  const first = carryOutCollection({ put: [b], before: [a] }, store);
  await Promise.all([first, carryOutCollection({ put: [], before: [b] }, store)]);
  const titles = written.map((text) => JSON.parse(text).experiments.map(({ title }: OwnExperiment) => title));
  expect(titles).toEqual([['b ', 'c'], ['c']]);
});
