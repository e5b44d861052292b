/**
 * The tables of docs/predicted.md. By default one run of each is measured and held against them;
 * UPDATE_PREDICTED=1 npx vitest run predicted-page measures all of them again and writes the page: some minutes.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { number } from '../numbers.ts';
import type { Experiment } from '../settings/params.ts';
import { BAND, measuredDistance } from './predict.ts';
import { compared, edgeFigures } from './testing/measure.ts';
import { PREDICTED_PROSE } from './testing/predicted-prose.ts';

const FILE = new URL('../../../docs/predicted.md', import.meta.url);
const WRITES = process.env.UPDATE_PREDICTED === '1';
const SEEDS = [1, 2, 3, 4, 5];

const TARGETS: readonly Partial<Experiment>[] = [
  { target: 'low-rank', truerank: 8 },
  { target: 'decay', rate: 0.9 },
  { target: 'rotation' },
  { target: 'edit' },
];
const SIDES = [16, 64];

interface Row {
  readonly name: string;
  readonly settings: Partial<Experiment>;
  /** Of the automatic rate. */
  readonly factor: number;
}

const ROWS: readonly Row[] = [
  ...[1, 4, 16].flatMap((rank) => [
    { name: `orthonormal, r = ${rank}`, settings: { init: 'orthonormal' as const, rank }, factor: 1 },
    {
      name: `orthonormal, r = ${rank}, a tenth of the rate`,
      settings: { init: 'orthonormal' as const, rank },
      factor: 0.1,
    },
  ]),
  ...[2, 4, 8, 16].map((rank) => ({ name: `Kaiming, r = ${rank}`, settings: { rank }, factor: 1 })),
  ...[4, 16].map((rank) => ({
    name: `aligned, SGD, r = ${rank}`,
    settings: { init: 'aligned' as const, rank },
    factor: 1,
  })),
  { name: 'aligned, polar, r = 4', settings: { init: 'aligned', opt: 'polar', rank: 4 }, factor: 1 },
];

const EDGE_TARGETS: readonly Partial<Experiment>[] = [...TARGETS, { target: 'picture' }];
const SCALINGS = ['standard', 'rslora', 'none'] as const;
const EDGE_RANKS = [1, 2, 4, 8, 16, 32];

const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1];
const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

async function distances({ settings, factor }: Row, seeds: readonly number[]) {
  const found: { readonly error: number; readonly single: number | null }[] = [];
  for (const target of TARGETS) {
    for (const side of SIDES) {
      for (const seed of seeds) {
        const run = await compared({ ...target, d: side, k: side, seed, ...settings }, 300, factor);
        const single = run.prediction.directions.length > 0 ? run.single / run.largest : null;
        found.push({ error: run.distance, single });
      }
    }
  }
  return found;
}

async function courseTable(): Promise<string> {
  const rows: string[][] = [];
  for (const row of ROWS) {
    const all = await distances(row, SEEDS);
    const singles = all.flatMap(({ single }) => single ?? []);
    const errors = all.map(({ error }) => error);
    rows.push([
      row.name,
      number(median(errors), 2),
      number(Math.max(...errors), 2),
      singles.length > 0 ? number(Math.max(...singles), 2) : '–',
    ]);
  }
  return table(['start', 'error, median', 'error, largest', 'one direction, largest, of σ₁'], rows);
}

async function edgeTable(): Promise<string> {
  const all: Awaited<ReturnType<typeof edgeFigures>>[] = [];
  for (const target of EDGE_TARGETS)
    for (const rank of EDGE_RANKS)
      for (const scaling of SCALINGS)
        for (const seed of SEEDS) all.push(await edgeFigures({ ...target, d: 32, k: 32, rank, scaling, seed }));
  const range = (list: readonly number[]) => `${number(Math.min(...list), 2)}–${number(Math.max(...list), 2)}`;
  const bands: readonly (readonly [string, number, number])[] = [
    ['κ up to 2', 0, 2],
    ['2 to 3', 2, 3],
    ['3 to 4', 3, 4],
    ['above 4', 4, Number.POSITIVE_INFINITY],
  ];
  const rows = bands.flatMap(([name, from, to]) => {
    const here = all.filter(({ kappa }) => kappa > from && kappa <= to);
    if (here.length === 0) return [];
    return [
      [
        name,
        String(here.length),
        range(here.map(({ settles }) => settles.overUnstable)),
        range(here.map(({ settles }) => settles.overNothing)),
        range(here.map(({ survives }) => survives)),
      ],
    ];
  });
  return table(
    [
      '',
      'cases',
      'settles up to, over *first unstable*',
      'over η₁',
      'does not diverge up to, over min(1.25η₁, 2 × *first unstable*)',
    ],
    rows,
  );
}

describe('docs/predicted.md', () => {
  it.runIf(WRITES)(
    'is measured and written',
    async () => {
      const [courses, edges] = [await courseTable(), await edgeTable()];
      writeFileSync(FILE, PREDICTED_PROSE.replace('COURSES', courses).replace('EDGES', edges));
    },
    3_600_000,
  );

  const page = readFileSync(FILE, 'utf8');
  const cells = page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it('has its own text', () => {
    const [before, between, after] = PREDICTED_PROSE.split(/COURSES|EDGES/);
    expect(page.startsWith(before) && page.includes(between) && page.endsWith(after)).toBe(true);
  });

  const figure = (name: string, column: number) => {
    const cell = cells.find(([, first]) => first === name)?.[column] ?? '';
    return Number(cell.replace(/·10⁻(.)/, (_, digit) => `e-${'⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)}`));
  };

  it('has the figures that the page says beside the switch', () => {
    for (const [law, name, ranks] of [
      ['flow', 'orthonormal', [1, 4, 16]],
      ['band', 'Kaiming', [2, 4, 8, 16]],
    ] as const)
      for (const rank of ranks) {
        const { median: usual, worst } = measuredDistance(law, rank);
        expect([usual, worst]).toEqual([2, 3].map((column) => figure(`${name}, r = ${rank}`, column)));
      }
    const singles = [8, 16].map((rank) => figure(`Kaiming, r = ${rank}`, 4));
    expect(Math.max(...singles)).toBe(BAND);
  });

  it.each(ROWS.filter((_, i) => i % 3 === 0).map((row) => [row.name, row] as const))(
    'says of %s no less than a run shows',
    async (name, { settings, factor }) => {
      const largest = figure(name, 3);
      const run = await compared({ ...TARGETS[0], d: 16, k: 16, ...settings }, 300, factor);
      expect(run.distance).toBeLessThanOrEqual(1.05 * largest);
    },
  );
});
