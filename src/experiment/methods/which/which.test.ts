import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { median } from '../../../math/median.ts';
import { countsOf } from '../../settings/counts.ts';
import { change } from '../../settings/experiment.ts';
import { methods } from '../index.ts';
import { giveMethodMaker, methodMaker } from '../method-maker.ts';
import { ADAPTERS, BUDGET_RANKS, budgetOf, sizeWithin } from './adapters.ts';
import { KINDS, SIDE } from './kinds.ts';
import { experimentOf, type FloorTable, measuredRow, updateOf } from './measured.ts';
import json from './table.json' with { type: 'json' };

const table: FloorTable = json;

it('the table has every kind and adapter at each budget, for five seeds', () => {
  expect(table.seeds).toEqual([1, 2, 3, 4, 5]);
  for (const rank of BUDGET_RANKS)
    for (const { name } of KINDS)
      for (const column of [...ADAPTERS, 'shira-places' as const]) {
        const floors = table.floors[`${rank}`][name][column];
        expect(floors).toHaveLength(5);
        for (const floor of floors) expect(floor >= 0 && floor <= 1, `${rank} ${name} ${column}`).toBe(true);
      }
});

it.each(KINDS)('the floors of $name in closed form are those of the table, at one seed', (kind) => {
  const exact = ADAPTERS.filter((name) => name !== 'hira' && name !== 'dora');
  const row = measuredRow(kind, 8, 1, exact);
  for (const column of [...exact, 'shira-places' as const])
    expect(row[column], column).toBeCloseTo(table.floors['8'][kind.name][column][0], 4);
});

it.each(KINDS)('an adapter made for $name leaves no more than its noise at 1,024 parameters', (kind) => {
  const noise = kind.settings.target === 'low-rank' || kind.settings.target === 'kronecker' ? 0.05 : 0;
  for (const adapter of kind.madeFor)
    for (const floor of table.floors['8'][kind.name][adapter]) expect(floor).toBeLessThanOrEqual(noise);
});

it('more parameters never leave more, but for another shape of C in LoKr', () => {
  for (const { name } of KINDS)
    for (const adapter of ADAPTERS) {
      const [few, some, many] = BUDGET_RANKS.map((rank) => table.floors[`${rank}`][name][adapter]);
      if (adapter === 'lokr') continue;
      some.forEach((floor, seed) => {
        expect(floor, `${name} ${adapter}`).toBeLessThanOrEqual(few[seed] + 2e-3);
        expect(many[seed], `${name} ${adapter}`).toBeLessThanOrEqual(floor + 2e-3);
      });
    }
});

it('sizes are the largest within a budget: at 64 × 64 and 1,024 parameters', () => {
  const sizes = Object.fromEntries(ADAPTERS.map((name) => [name, sizeWithin(name, 64, 64, 1024)]));
  expect(sizes).toEqual({
    lora: { rank: 8, parameters: 1024 },
    hira: { rank: 8, parameters: 1024 },
    lokr: { factor: [2, 2], parameters: 1028 },
    oft: { block: 32, parameters: 992 },
    ia3: { parameters: 64 },
    shira: { entries: 1024, parameters: 1024 },
    dora: { rank: 7, parameters: 960 },
    'lora-xs': { rank: 32, parameters: 1024 },
    'b-only': { rank: 16, parameters: 1024 },
  });
  for (const rank of BUDGET_RANKS)
    expect(budgetOf(rank, 64, 64)).toBe(countsOf({ d: 64, k: 64, rank, frozenFactor: null }).trained);
  for (const [d, k] of [
    [1, 1],
    [1, 7],
    [30, 12],
  ] as const)
    for (const name of ADAPTERS) expect(sizeWithin(name, d, k, 4 * (d + k)).parameters).toBeGreaterThanOrEqual(0);
});

it('each kind is an experiment of the Lab as it says', () => {
  for (const kind of KINDS) {
    const e = experimentOf(kind, 1);
    expect(e).toMatchObject({ ...kind.settings, d: SIDE, k: SIDE, seed: 1 });
  }
});

it('docs/methods.md has the median of each cell, and its range where that is wide', () => {
  const page = readFileSync('docs/methods.md', 'utf8');
  const columns = [...ADAPTERS, 'shira-places' as const];
  for (const rank of BUDGET_RANKS) {
    const [, below = ''] = page.split(`\n${budgetOf(rank, SIDE, SIDE)} parameters:\n`);
    const [head, , ...rows] = below
      .trim()
      .split('\n')
      .map((line) => line.split('|').slice(1, -1));
    expect(head).toHaveLength(1 + columns.length);
    for (const [i, { name, label }] of KINDS.entries()) {
      const [row, ...cells] = rows[i].map((cell) => cell.trim());
      expect(row).toBe(label);
      for (const [j, column] of columns.entries()) {
        const floors = table.floors[`${rank}`][name][column];
        const [least, most, usual] = [Math.min(...floors), Math.max(...floors), median(floors)];
        const [said, low, high] = cells[j].match(/[\d.]+/g)?.map(Number) ?? [];
        expect(Math.abs(said - usual), `${rank} ${name} ${column}`).toBeLessThanOrEqual(5.1e-4);
        expect(low !== undefined, `${rank} ${name} ${column}`).toBe(most - usual > 0.04 || usual - least > 0.04);
        if (low === undefined) continue;
        expect(Math.max(Math.abs(low - least), Math.abs(high - most))).toBeLessThanOrEqual(5.1e-4);
      }
    }
  }
});

it('takes ΔW* and W₀ of any experiment without the code of its method, which a page has not loaded', () => {
  const e = experimentOf({ settings: { target: 'rotation' } }, 1);
  const plain = updateOf(e, null);
  const known = methodMaker();
  const none = () => {
    throw new Error('loaded');
  };
  giveMethodMaker({
    ...{ methodModule: none, networkMethodModule: none },
    ...{ quantisedModule: none, mergedWeightsInSlices: none },
  });
  try {
    for (const { name } of methods.all)
      expect(updateOf(change(e, { method: name, init: 'pissa' }), null)).toEqual(plain);
  } finally {
    giveMethodMaker(known);
  }
});
