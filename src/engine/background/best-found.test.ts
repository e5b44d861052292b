import { expect, it } from 'vitest';
import type { FoundMessage } from '../protocol/worker-messages.ts';
import { TestPage } from '../testing/page.ts';

const SMALL = { d: 24, k: 20, rank: 3, steps: 40, noise: 0 } as const;
const found = (page: TestPage, run: number) => page.when((m): m is FoundMessage => m.type === 'found' && m.run === run);

it.each([
  ['dora', 'row-scaling'],
  ['hira', 'hadamard'],
] as const)('%s writes the update made for it: the lowest error found is nothing', async (method, target) => {
  const page = new TestPage();
  page.run(1, { ...SMALL, method, target, truerank: 3 });
  expect((await page.ready(1)).modules[0].method?.floor).toBeNull();
  expect((await found(page, 1)).floor).toEqual({ kind: 'best', value: 0 });
});

it.each(['dora', 'hira'] as const)('the lowest error of %s is one that a run nearly reaches', async (method) => {
  const page = new TestPage();
  page.run(1, { ...SMALL, method, target: 'rotation', steps: 600 });
  const { floor } = await found(page, 1);
  await page.done(page.pace(1));
  const end = page.all('frame', 1).at(-1)?.series.relativeError?.at(-1) ?? Number.NaN;
  expect(Math.abs(end - floor.value)).toBeLessThan(0.03);
});

it('is told once a run, also after a change of the rate, and again at once for the same matrices', async () => {
  const page = new TestPage();
  page.run(1, { ...SMALL, method: 'dora', target: 'rotation' });
  const first = await found(page, 1);
  await page.done(page.pace(1));
  await page.settled();
  expect(page.all('found', 1)).toHaveLength(1);
  page.run(2, { ...SMALL, method: 'dora', target: 'rotation', lr: 0.003 });
  expect((await found(page, 2)).floor).toEqual(first.floor);
});

it('is not searched for where a floor is known, nor where a search would take minutes', async () => {
  const page = new TestPage();
  page.run(1, { ...SMALL, method: 'ia3' });
  await page.ready(1);
  await page.settled();
  page.run(2, { ...SMALL, d: 64, k: 64, rank: 32, method: 'hira' });
  await page.ready(2);
  await page.settled();
  expect(page.all('found')).toEqual([]);
});
