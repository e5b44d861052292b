import { expect, it } from 'vitest';
import { TestPage } from './testing/page.ts';

it.each([
  ['mica', 'decay', 1.002],
  ['mica', 'low-rank', 1.002],
  ['kaiming-uniform', 'decay', 1.002],
  ['pissa', 'decay', 1.002],
  ['lora-ga', 'low-rank', 1.002],
  ['olora', 'edit', 1.002],
] as const)(
  'a run from %s on %s ends no lower than the floor that is sent, and near it where it can',
  async (init, target, near) => {
    const page = new TestPage();
    page.run(1, { target, init, d: 24, k: 20, rank: 4, truerank: 6, steps: 2000 });
    const [{ wanted, frozenFactor }] = (await page.ready(1)).modules;
    const floor = wanted?.floorAtRank ?? Number.NaN;
    await page.done(page.pace(1));
    const error = page.trace(1, 'relativeError').at(-1) ?? Number.NaN;
    expect(frozenFactor).toBe(init === 'mica' ? 'B' : null);
    expect(error).toBeGreaterThan(floor - 1e-6);
    expect(error).toBeLessThan(floor * near);
  },
);
