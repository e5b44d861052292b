import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { layerCache } from '../experiment/layer/problem.ts';
import { floorAtRank } from '../experiment/layer/reach.ts';
import { prepareModule } from '../experiment/layer/testing/one-module.ts';
import { type OptimiserName, optimisers } from '../experiment/optimisers.ts';
import { svd } from '../math/factor/svd.ts';
import { type AnyMatrix, type Matrix64, multiply, transpose } from '../math/matrix.ts';
import { median } from '../math/median.ts';
import { gaussian, stream } from '../math/random.ts';
import { recordedFigures } from '../math/testing/recorded-figures.ts';
import { RULES } from './testing/derived-grid.ts';
import { experimentOf, layerOf, trainAtDerivedRate } from './testing/derived-runs.ts';
import { cartesianProduct } from './testing/pairwise-cover.ts';

/** The tables of docs/methods.md, "Optimisers": UPDATE_RECORDED=1 makes all runs again, UPDATE_DOCS=1 writes the tables. */

const RECORDED = new URL('./testing/optimiser-figures.json', import.meta.url);
const PAGE = 'docs/methods.md';
const NAMES = optimisers.all.map(({ name }) => name);

const SIGMA = [4, 2, 1, 0.5];
const [SIZE, STEPS] = [32, 400];
const SEEDS = [1, 2, 3, 4, 5];
/** Stands for a direction that is not reached. */
const NEVER = 1e4;

/** ΔW* with the four singular values in random directions, and these. */
function fourModes(seed: number) {
  const basis = (name: string) => svd(gaussian(SIZE, SIGMA.length, stream(seed, name))).U;
  const [U, V] = [basis('left'), basis('right')];
  const US: Matrix64 = { ...U, data: U.data.map((x, i) => x * SIGMA[i % SIGMA.length]) };
  return { U, V, target: multiply(US, transpose(V)) };
}

const made = new Map<string, Promise<readonly number[]>>();

/** The first steps at which uᵀ·ΔW·v of each direction is at least 90% of its σ. */
async function arrivals(opt: OptimiserName, rank: number, seed: number): Promise<readonly number[]> {
  const { U, V, target } = fourModes(seed);
  const e = experimentOf({ target: 'matrix', normalise: false, d: SIZE, k: SIZE, rank, opt, seed, steps: STEPS });
  const layer = prepareModule(e, target, { vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  const observe = Array.from({ length: STEPS }, (_, i) => i);
  const { observed, scalings } = await trainAtDerivedRate(e, layer, STEPS, { observe });
  return SIGMA.map((sigma, mode) => {
    const found = observed.find(({ factors: [{ A, B }] }) => {
      const column = (M: Matrix64) => ({
        ...{ rows: SIZE, cols: 1 },
        data: M.data.filter((_, i) => i % SIGMA.length === mode),
      });
      const [A32, B32]: readonly AnyMatrix[] = [
        { rows: rank, cols: SIZE, data: A },
        { rows: SIZE, cols: rank, data: B },
      ];
      const left = multiply(transpose(column(U)), B32);
      const right = multiply(A32, column(V));
      return scalings[0] * multiply(left, right).data[0] >= 0.9 * sigma;
    });
    return found?.step ?? NEVER;
  });
}

function arrival(opt: OptimiserName, rank: number, seed: number, mode: number): Promise<number> {
  const key = `${opt} ${rank} ${seed}`;
  const run = made.get(key) ?? arrivals(opt, rank, seed);
  made.set(key, run);
  return run.then((steps) => steps[mode]);
}

const stepText = (steps: number) => (steps === NEVER ? 'not in 400' : String(steps));

async function orderRow(opt: OptimiserName, rank: number): Promise<string> {
  const cells: string[] = [];
  for (const mode of SIGMA.keys()) {
    const steps = await recordedFigures(RECORDED, `${opt}, rank ${rank}, σ ${SIGMA[mode]}`, SEEDS, (seed) =>
      arrival(opt, rank, seed, mode),
    );
    const [low, high] = [Math.min(...steps), Math.max(...steps)];
    cells.push(`${stepText(median(steps))}${low === high ? '' : ` (${stepText(low)}–${stepText(high)})`}`);
  }
  return `| ${optimisers.byName(opt).label} | ${cells.join(' | ')} |`;
}

const grid = [
  ...cartesianProduct({ d: [16], rank: [1, 4, 8], seed: [1, 2] }),
  ...cartesianProduct({ d: [64], rank: [1, 4, 8, 32], seed: [1, 2] }),
  ...cartesianProduct({ d: [256], rank: [1, 4, 32], seed: [1] }),
].flatMap((size) =>
  (['low-rank', 'decay', 'rotation'] as const).flatMap((target) =>
    RULES.map((scaling) => ({ ...size, target, scaling })),
  ),
);

/** How far above its floor a run of 300 steps ends, as a share of ‖ΔW*‖. */
async function aboveFloor(opt: OptimiserName, { d, target, ...rest }: (typeof grid)[number]): Promise<number> {
  const e = experimentOf({ target, d, k: d, ...rest, opt, law: 'geometric', rate: 0.9, truerank: Math.min(8, d) });
  const layer = layerOf(e, layerCache());
  const { summary, entries } = await trainAtDerivedRate(e, layer, 300);
  const [start, end] = [entries.loss[0], entries.loss[entries.loss.length - 1]];
  const what = JSON.stringify(e);
  expect(summary.status, what).not.toBe('diverged');
  expect(end, what).toBeLessThan(start);
  return Math.max(1e-9, Math.sqrt(2 * end) / layer.targetNorm - (floorAtRank(layer) ?? 0));
}

async function gridRow(opt: OptimiserName): Promise<string> {
  const ends = await recordedFigures(RECORDED, `${opt}, above the floor`, grid, (one) => aboveFloor(opt, one));
  const cells = new Map<string, number[]>();
  for (const [i, { target, d }] of grid.entries()) {
    const key = `${target} ${d}`;
    cells.set(key, [...(cells.get(key) ?? []), ends[i]]);
  }
  const worst = Math.max(...[...cells.values()].map(median));
  return `| ${optimisers.byName(opt).label} | ${worst.toFixed(3)} | ${Math.max(...ends).toFixed(3)} |`;
}

/** A table of the page stands behind a comment with its name. */
function expectOnPage(name: string, table: readonly string[]): void {
  const page = readFileSync(PAGE, 'utf8');
  const start = page.indexOf(`<!-- ${name} -->\n\n`) + `<!-- ${name} -->\n\n`.length;
  const end = page.indexOf('\n\n', start);
  if (process.env.UPDATE_DOCS) writeFileSync(PAGE, page.slice(0, start) + table.join('\n') + page.slice(end));
  else expect(page.slice(start, end)).toBe(table.join('\n'));
}

describe('the page of methods', () => {
  it.each([8, 4])('has the steps to 90% of each direction at rank %d', async (rank) => {
    const table = [`| rank ${rank} | σ = 4 | 2 | 1 | ½ |`, '| --- | --- | --- | --- | --- |'];
    for (const opt of NAMES) table.push(await orderRow(opt, rank));
    expectOnPage(`order at rank ${rank}`, table);
  });

  it('has the distance from the floor after 300 steps at the automatic rates', async () => {
    const table = ['| optimiser | worst median | largest |', '| --- | --- | --- |'];
    for (const opt of NAMES) table.push(await gridRow(opt));
    expectOnPage('above the floor', table);
  });
});
