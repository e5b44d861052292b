import { describe, expect, it } from 'vitest';
import { partOf } from '../../math/testing/part-of.ts';
import type { Experiment } from '../settings/params.ts';
import { SCALINGS, type Scaling } from '../settings/rate.ts';
import { checkOverSeeds, readRecorded } from './testing/check-over-seeds.ts';
import { trainPreset } from './testing/preset-run.ts';

const RULES = Object.keys(SCALINGS) as Scaling[];

/** Error over floor for each of the settings; null if the run diverged. */
async function row(preset: string, settings: readonly Partial<Experiment>[]): Promise<(number | null)[]> {
  const cells = [];
  for (const one of settings) cells.push(await cellOf(preset, { seed: 1, ...one }));
  return cells;
}

const known = new Map<string, Promise<number | null>>();

function cellOf(preset: string, { seed, rank, scaling, lr, ...rest }: Partial<Experiment>): Promise<number | null> {
  const changes = { seed, ...(rank && { rank }), ...(scaling && { scaling }), ...(lr && { lr }), ...rest };
  const key = `${preset} ${JSON.stringify(changes)}`;
  const cell = known.get(key) ?? trainCell(preset, changes);
  known.set(key, cell);
  return cell;
}

async function trainCell(preset: string, changes: Partial<Experiment>): Promise<number | null> {
  const { diverged, error, floors, experiment } = await trainPreset(preset, changes);
  return diverged ? null : error / floors[experiment.rank];
}

describe('how large a learning rate', () => {
  it('best-rate: with Adam it is 0.01 to 0.05 at every rank and under every rule', async () => {
    const rates = [0.005, 0.01, 0.02, 0.05, 0.1];
    const measure = async (seed: number) => {
      const best: number[] = [];
      for (const scaling of RULES) {
        for (const rank of [1, 8, 32]) {
          const cells = await row(
            'best-rate',
            rates.map((lr) => ({ seed, scaling, rank, lr })),
          );
          const errors = cells.map((cell) => cell ?? Number.POSITIVE_INFINITY);
          best.push(rates[errors.indexOf(Math.min(...errors))]);
        }
      }
      const [min, max] = [Math.min(...best), Math.max(...best)];
      return { figures: { 'smallest best rate': min, largest: max }, holds: min >= 0.01 && max <= 0.05 };
    };
    await checkOverSeeds(
      'best-rate',
      measure,
      () => grid('best-rate', [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]),
      String,
    );
  }, 120_000);

  it('largest-rate: with SGD it grows ×100 from rank 1 to 32 under α/r, ×10 under α/√r, not at all under 1', async () => {
    const rates = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
    /** From two steps below the expected edge, upwards until a run diverges. */
    const largest = async (changes: Partial<Experiment>, expected: number) => {
      const from = rates.indexOf(expected) - 2;
      let edge = 0;
      for (const lr of rates.slice(from)) {
        if ((await cellOf('largest-rate', { ...changes, lr })) === null) break;
        edge = lr;
      }
      return edge;
    };
    const edges: Record<Scaling, readonly [number, number]> = {
      standard: [0.02, 2],
      rslora: [0.02, 0.2],
      none: [1, 1],
    };
    const measure = async (seed: number) => {
      const figures: Record<string, number> = {};
      for (const scaling of RULES) {
        const [low, high] = edges[scaling];
        const at1 = await largest({ seed, scaling, rank: 1 }, low);
        const at32 = await largest({ seed, scaling, rank: 32 }, high);
        figures[`growth under s = ${SCALINGS[scaling]}`] = Number((at32 / at1).toPrecision(3));
      }
      return { figures, holds: Object.values(figures).join() === '100,10,1' };
    };
    await checkOverSeeds('largest-rate', measure, () => grid('largest-rate', rates), String);
  }, 120_000);

  it('scaling-rule: with SGD at one rate the error turns and rises under α/r, and falls under α/√r', async () => {
    const ranks = [4, 8, 16, 32, 64];
    const errors = async (changes: Partial<Experiment>) => {
      const found = [];
      for (const rank of ranks) found.push((await trainPreset('scaling-rule', { ...changes, rank })).error);
      return found;
    };
    const measure = async (seed: number) => {
      const [plain, root] = [await errors({ seed }), await errors({ seed, scaling: 'rslora' })];
      return {
        figures: {
          'α/r: rank 16': plain[2],
          'rank 64': plain[4],
          'α/√r: rank 16': root[2],
          'rank 64 ': root[4],
        },
        holds: plain[4] > 1.1 * plain[2] && root.slice(1).every((error, i) => error < root[i]),
      };
    };
    // With Adam the two are level, and both fall.
    const adam = await errors({ opt: 'adam', lr: 0.01 });
    const adamRoot = await errors({ opt: 'adam', lr: 0.01, scaling: 'rslora' });
    adam.forEach((error, i) => {
      expect(error / adamRoot[i]).toBeCloseTo(1, 1);
    });
    expect(adam.slice(1).every((error, i) => error < adam[i])).toBe(true);
    // The gradient of B at step 0 falls as 1/√r under α/r and stays level under α/√r.
    const gradient = async (changes: Partial<Experiment>) =>
      (await trainPreset('scaling-rule', { ...changes, steps: 1 })).points.gradNormB[0];
    expect((await gradient({ rank: 4 })) / (await gradient({ rank: 64 }))).toBeCloseTo(4, 0);
    const root4 = await gradient({ rank: 4, scaling: 'rslora' });
    expect(root4 / (await gradient({ rank: 64, scaling: 'rslora' }))).toBeCloseTo(1, 0);
    const [plain, root] = [await errors({}), await errors({ scaling: 'rslora' })];
    const points = (values: readonly number[]) => values.map((value, i) => [i, value] as const);
    await checkOverSeeds('scaling-rule', measure, async () => ({
      kind: 'lines',
      axis: 'error, r = 4, 8, 16, 32, 64',
      high: 1,
      lines: [
        { label: 'α/r', look: 'ink-3', points: points(plain) },
        { label: 'α/√r', look: 'dw', points: points(root) },
      ],
    }));
  }, 120_000);

  it('where-the-zero-goes: B = 0 with A of variance 1/k takes four times the rate of A = 0 with B of variance 1/r', async () => {
    const rates = [0.02, 0.05, 0.1, 0.2, 0.5];
    const measure = async (seed: number) => {
      const edge = async (init: Experiment['init']) => {
        const cells = await row(
          'where-the-zero-goes',
          rates.map((lr) => ({ seed, init, lr })),
        );
        return rates[cells.indexOf(null) - 1] ?? 0;
      };
      const [zeroB, zeroA, gaussian] = [await edge('kaiming-normal'), await edge('init-b'), await edge('gaussian')];
      return {
        figures: { 'largest rate: B = 0, 1/k': zeroB, 'A = 0, 1/r': zeroA, 'B = 0, 1/r': gaussian },
        holds: zeroB >= 4 * zeroA && gaussian === zeroA,
      };
    };
    const inits = ['kaiming-normal', 'init-b', 'gaussian'] as const;
    const shown = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5];
    const cells = [];
    for (const init of inits)
      cells.push(
        await row(
          'where-the-zero-goes',
          shown.map((lr) => ({ init, lr })),
        ),
      );
    const picture = {
      kind: 'grid',
      axis: 'rate 0.005 … 0.5 →',
      rows: ['B = 0', 'A = 0', '1/r'],
      panels: [{ label: '', cells }],
    } as const;
    await checkOverSeeds('where-the-zero-goes', measure, async () => picture, String);
  });

  it('two-rates: each at its best rate, λ = 4 ends about a tenth above λ = 1, and λ = 16 1.6 times as high', async () => {
    const rates = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1];
    const cells = (ratio: number, seed: number) =>
      row(
        'two-rates',
        rates.map((lr) => ({ ratio, lr, seed })),
      );
    const measure = async (seed: number) => {
      const best = async (ratio: number) =>
        Math.min(...(await cells(ratio, seed)).map((cell) => cell ?? Number.POSITIVE_INFINITY));
      const [one, four, sixteen] = [await best(1), await best(4), await best(16)];
      return {
        figures: { 'best error ÷ floor: λ = 1': one, 'λ = 4': four, 'λ = 16': sixteen },
        holds: Math.abs(four / one - 1.1) < 0.07 && Math.abs(sixteen / one - 1.63) < 0.15,
      };
    };
    const panels = [{ label: '', cells: [] as (number | null)[][] }];
    for (const ratio of [1, 2, 4, 8, 16, 32]) panels[0].cells.push(await cells(ratio, 1));
    await checkOverSeeds('two-rates', measure, async () => ({
      kind: 'grid',
      axis: 'rate of A 0.002 … 0.1 →',
      rows: ['λ = 1', '2', '4', '8', '16', '32'],
      panels,
    }));
  });
});

const RANKS = [1, 2, 4, 8, 16, 32];

/** Ranks by rates, a panel per scaling rule. Only a part of the ranks is trained again, the others are as recorded. */
async function grid(preset: string, rates: readonly number[]) {
  const picture = readRecorded()[preset]?.picture;
  const recorded = picture?.kind === 'grid' ? picture.panels : [];
  const panels = [];
  for (const [i, scaling] of RULES.entries()) {
    const again = partOf(RANKS, 3, i);
    const cells = [];
    for (const [at, rank] of RANKS.entries())
      cells.push(
        again.includes(rank)
          ? await row(
              preset,
              rates.map((lr) => ({ scaling, rank, lr })),
            )
          : recorded[i].cells[at],
      );
    panels.push({ label: SCALINGS[scaling], cells });
  }
  return { kind: 'grid' as const, axis: `rate ${rates[0]} … ${rates[rates.length - 1]} →, rank 1 … 32 ↓`, panels };
}
