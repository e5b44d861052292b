/** The tables of docs/networks.md: what the page's own runs of networks give over seeds, on the plain build of the stepper. */

import {
  accuracyAfterCut,
  gain,
  type NetworkRun,
  trainSettings,
  whenGained,
} from '../../src/experiment/recorded/testing/network-run.ts';
import { change, defaults } from '../../src/experiment/settings/experiment.ts';
import type { Experiment } from '../../src/experiment/settings/params.ts';
import { svd } from '../../src/math/factor/svd.ts';
import { frobenius, type Matrix64, multiply, scale, subtract, toFloat64 } from '../../src/math/matrix.ts';
import { effectiveRank } from '../../src/math/spectral/spectra.ts';
import { intruderDimensions } from '../../src/math/spectral/subspaces.ts';

type Changes = Partial<Experiment>;

export interface TableRow {
  readonly name: string;
  readonly cells: readonly string[];
}

export interface NetworkTable {
  readonly title: string;
  readonly text: string;
  readonly head: readonly string[];
  readonly rows: readonly TableRow[];
}

export const FIVE = [1, 2, 3, 4, 5];
const FULL: Changes = { method: 'full' };
const rank = (r: number): Changes => ({ rank: r, alpha: 2 * r });

export const settings = (target: Experiment['target'], changes: Changes) =>
  change(change(defaults(), { target }), changes);
const run = (target: Experiment['target'], changes: Changes, every = 25) =>
  trainSettings(settings(target, changes), every);

const short = (value: number) => value.toFixed(3).replace(/^(-?)0\./, '$1.');
const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]) => sorted(values)[(values.length - 1) >> 1];
/** Median [least–most] of a figure over seeds. */
export const spread = (values: readonly number[], write = short) => {
  const all = sorted(values);
  return `${write(median(all))} [${write(all[0])}–${write(all[all.length - 1])}]`;
};

async function overSeeds<T>(seeds: readonly number[], of: (seed: number) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (const seed of seeds) found.push(await of(seed));
  return found;
}

/** ΔW of a matrix at the end of a run. */
function updateOf({ run: { problem, observed, scalings } }: NetworkRun, name: string) {
  const at = problem.modules.findIndex((module) => module.name === name);
  const { d, k, rank, base } = problem.modules[at];
  const { A, B } = observed[observed.length - 1].factors[at];
  const s = scalings[at];
  const product = multiply(
    { rows: d, cols: rank, data: Float64Array.from(B, (value) => s * value) },
    { rows: rank, cols: k, data: Float64Array.from(A) },
  );
  return { base: toFloat64(base), update: product };
}

const sizeOf = ({ base, update }: { base: Matrix64; update: Matrix64 }) => frobenius(update) / frobenius(base);

/** Accuracy on the new task by rank, and the first step (of every 25th) at 95% of full fine-tuning's gain. */
export async function accuracyByRank(
  target: Experiment['target'],
  tasks: readonly Experiment['adapt'][],
  ranks: readonly number[],
  seeds = FIVE,
): Promise<NetworkTable> {
  const rows: TableRow[] = [];
  for (const adapt of tasks) {
    const full = await overSeeds(seeds, (seed) => run(target, { adapt, seed, ...FULL }));
    const low: NetworkRun[][] = [];
    for (const r of ranks) low.push(await overSeeds(seeds, (seed) => run(target, { adapt, seed, ...rank(r) })));
    const of = (runs: readonly NetworkRun[]) => spread(runs.map(({ accuracy }) => accuracy));
    const gains = (runs: readonly NetworkRun[]) => spread(runs.map((one, i) => gain(one, full[i])));
    const reached = (runs: readonly NetworkRun[]) =>
      runs.map((one, i) => whenGained(one, full[i], 0.95)?.step ?? Number.POSITIVE_INFINITY);
    const step = (runs: readonly NetworkRun[]) => String(median(reached(runs))).replace('Infinity', 'never');
    rows.push({ name: adapt, cells: [short(full[0].points[0].accuracy), of(full), ...low.map(of)] });
    rows.push({ name: '… share of full’s gain', cells: ['', '1', ...low.map(gains)] });
    rows.push({ name: '… steps to 95% of it', cells: ['', step(full), ...low.map(step)] });
  }
  return {
    title: `Accuracy by rank: ${target}`,
    text: 'Right answers to held-out examples of the new task at the end, at the automatic rate with α = 2r.',
    head: ['task', 'before', 'full', ...ranks.map((r) => `r = ${r}`)],
    rows,
  };
}

/** Which matrices of the network of digits have adapters, at rank 4: the better of two rates. */
export async function byMatrix(): Promise<NetworkTable> {
  const subsets = ['in', 'hidden', 'out', 'in,hidden', 'in,out', 'hidden,out', 'in,hidden,out'];
  const rows: TableRow[] = [];
  for (const adapt of ['rotate', 'invert', 'relabel', 'zero-to-nine'] as const) {
    const cells: string[] = [];
    for (const modules of subsets) {
      const at = async (lr: number) =>
        overSeeds(FIVE, async (seed) => (await run('digits', { adapt, seed, modules, ...rank(4), lr }, 300)).accuracy);
      const [slow, fast] = [await at(0.01), await at(0.03)];
      cells.push(spread(median(slow) >= median(fast) ? slow : fast));
    }
    rows.push({ name: adapt, cells });
  }
  return {
    title: 'Which matrices: digits, rank 4',
    text: 'Right answers at the end, at the better one of the rates .01 and .03.',
    head: ['task', ...subsets.map((names) => names.replaceAll(',', ' '))],
    rows,
  };
}

/** Full fine-tuning cut to a rank by the SVD of each ΔW, beside LoRA trained at it. */
export async function cutOrTrained(): Promise<NetworkTable> {
  const ranks = [1, 4, 8, 16];
  const rows: TableRow[] = [];
  for (const adapt of ['rotate', 'invert'] as const) {
    const full = await overSeeds(FIVE, (seed) => run('digits', { adapt, seed, ...FULL }, 300));
    const cut = ranks.map((r) => spread(full.map((one) => accuracyAfterCut(one, r))));
    const trained: string[] = [];
    for (const r of ranks) {
      const runs = await overSeeds(FIVE, (seed) => run('digits', { adapt, seed, ...rank(r) }, 300));
      trained.push(spread(runs.map(({ accuracy }) => accuracy)));
    }
    rows.push({ name: `${adapt}, full cut to`, cells: cut }, { name: '… LoRA trained at', cells: trained });
  }
  return {
    title: 'Cut or trained: digits',
    text: 'Right answers of full fine-tuning cut to a rank, and of LoRA trained at it.',
    head: ['task', ...ranks.map((r) => `r = ${r}`)],
    rows,
  };
}

/** Effective ranks of ΔW and the energy of its first directions. */
export async function spectraOfUpdates(): Promise<NetworkTable> {
  const rows: TableRow[] = [];
  for (const adapt of ['rotate', 'mirror', 'invert', 'relabel'] as const)
    for (const [method, changes] of [
      ['full', FULL],
      ['r = 8', rank(8)],
    ] as const) {
      const runs = await overSeeds(FIVE, (seed) => run('digits', { adapt, seed, ...changes }, 300));
      const sigma = (name: string) => runs.map(({ spectra }) => spectra.get(name) ?? new Float64Array());
      const ranks = (name: string) =>
        spread(
          sigma(name).map((values) => effectiveRank(values)),
          (value) => value.toFixed(1),
        );
      const kept = (count: number) =>
        short(
          median(
            sigma('in').map((values) => {
              const squares = Array.from(values, (value) => value * value);
              const sum = (some: readonly number[]) => some.reduce((total, value) => total + value, 0);
              return sum(squares.slice(0, count)) / sum(squares);
            }),
          ),
        );
      rows.push({ name: `${adapt}, ${method}`, cells: [ranks('in'), ranks('hidden'), ...[1, 2, 4, 8].map(kept)] });
    }
  return {
    title: 'Is the update low-rank? Digits',
    text: 'Effective rank of ΔW (of 64; noise: 51), and the share of the energy of the first matrix’s ΔW in its first directions.',
    head: ['task, method', 'in', 'hidden', '1 direction', '2', '4', '8'],
    rows,
  };
}

const RATES = [0.001, 0.002, 0.005, 0.01, 0.02];
const METHODS: readonly (readonly [name: string, changes: Changes])[] = [
  ['full', FULL],
  ...[16, 8, 4, 1].map((r) => [`r = ${r}`, rank(r)] as const),
];
const PLANE_TASKS = ['rotate', 'mirror', 'invert', 'shuffle'] as const;

interface PlaneRun {
  readonly adapt: string;
  readonly method: string;
  readonly lr: number;
  readonly seed: number;
  readonly run: NetworkRun;
  /** ‖ΔW‖/‖W₀‖ and intruder dimensions of the first matrix. */
  readonly size: number;
  readonly intruders: number;
}

/** Every task, method and rate over five seeds: what the next four tables are read from. */
export async function planeRuns(): Promise<readonly PlaneRun[]> {
  const found: PlaneRun[] = [];
  const pretrained = new Map<string, ReturnType<typeof svd>>();
  for (const adapt of PLANE_TASKS)
    for (const [method, changes] of METHODS)
      for (const lr of RATES)
        for (const seed of FIVE) {
          const one = await run('digits', { adapt, seed, lr, ...changes }, 5);
          const moved = updateOf(one, 'in');
          const before = pretrained.get('in') ?? svd(moved.base);
          pretrained.set('in', before);
          const intruders = intruderDimensions(before, svd(subtract(moved.base, scale(moved.update, -1))), {
            epsilon: 0.6,
          });
          found.push({ adapt, method, lr, seed, run: one, size: sizeOf(moved), intruders });
        }
  return found;
}

const figure = (runs: readonly PlaneRun[], of: (one: PlaneRun) => number) => median(runs.map(of));

/** New accuracy, old accuracy and size of the first ΔW by rate. */
export function plane(runs: readonly PlaneRun[]): NetworkTable {
  const rows = METHODS.map(([method]) => ({
    name: method,
    cells: RATES.map((lr) => {
      const own = runs.filter((one) => one.adapt === 'rotate' && one.method === method && one.lr === lr);
      const figures = [
        figure(own, (one) => one.run.accuracy),
        figure(own, (one) => one.run.old),
        figure(own, (one) => one.size),
      ];
      return figures.map((value) => value.toFixed(2).replace(/^0\./, '.')).join(' / ');
    }),
  }));
  return {
    title: 'New / old / size by rate: digits, rotated',
    text: 'Accuracy on the new and on the old task after 300 steps, and ‖ΔW‖/‖W₀‖ of the first matrix; medians of five seeds.',
    head: ['method', ...RATES.map(String)],
    rows,
  };
}

/** What is left of the old task when 95% of full's gain is first reached, each method at the rate that keeps most. */
export function keptAtEqual(runs: readonly PlaneRun[]): NetworkTable {
  const rows = PLANE_TASKS.map((adapt) => {
    const cells = METHODS.map(([method]) => {
      const kept = RATES.map((lr) => {
        const own = runs.filter((one) => one.adapt === adapt && one.method === method && one.lr === lr);
        const old = own.map((one) => {
          const full = runs.find(
            (other) =>
              other.adapt === adapt && other.method === 'full' && other.lr === 0.005 && other.seed === one.seed,
          );
          return full ? (whenGained(one.run, full.run, 0.95)?.old ?? Number.NaN) : Number.NaN;
        });
        return old.some(Number.isNaN) ? Number.NaN : median(old);
      }).filter((value) => !Number.isNaN(value));
      return kept.length === 0 ? 'never' : short(Math.max(...kept));
    });
    return { name: adapt, cells };
  });
  return {
    title: 'Kept at equal gain: digits',
    text: 'Accuracy on the old task at the first step (of every fifth) with 95% of full fine-tuning’s gain in all five seeds, at the rate that keeps most.',
    head: ['task', ...METHODS.map(([name]) => name)],
    rows,
  };
}

const BINS = [0.2, 0.3, 0.4, 0.55, 0.75, 1, 1.4];

export function intrudersBySize(runs: readonly PlaneRun[]): NetworkTable {
  const rows = METHODS.map(([method]) => ({
    name: method,
    cells: BINS.slice(1).map((to, i) => {
      const own = runs.filter((one) => one.method === method && one.size >= BINS[i] && one.size < to);
      const mean = own.reduce((sum, { intruders }) => sum + intruders, 0) / own.length;
      return own.length === 0 ? '–' : `${mean.toFixed(1)} (${own.length})`;
    }),
  }));
  return {
    title: 'Intruder dimensions by size: digits, first matrix',
    text: 'Of the first ten left singular vectors of W₀ + ΔW, those whose largest |cosine| with one of W₀ is below .6; mean over tasks, rates and seeds (number of runs).',
    head: ['method', ...BINS.slice(1).map((to, i) => `${BINS[i]}–${to}`)],
    rows,
  };
}

export function bestRates(runs: readonly PlaneRun[]): NetworkTable {
  const rows = PLANE_TASKS.map((adapt) => {
    const best = METHODS.map(([method]) => {
      const of = (lr: number) =>
        figure(
          runs.filter((one) => one.adapt === adapt && one.method === method && one.lr === lr),
          (one) => one.run.accuracy,
        );
      return RATES.reduce((top, lr) => (of(lr) > of(top) ? lr : top));
    });
    return { name: adapt, cells: best.map((lr) => `${lr} (${(lr / best[0]).toFixed(1)} ×)`) };
  });
  return {
    title: 'The best rate, and how many times full’s: digits',
    text: 'Of the five rates the one with the highest median accuracy.',
    head: ['task', ...METHODS.map(([name]) => name)],
    rows,
  };
}

/** The decoder's rates on sorting down, three seeds. */
export async function decoderRates(): Promise<NetworkTable> {
  const rates: readonly (readonly [string, Changes, readonly number[]])[] = [
    ['full', FULL, [0.0005, 0.001, 0.002, 0.004]],
    ['r = 16', rank(16), [0.0015, 0.003, 0.006]],
    ['r = 8', rank(8), [0.0015, 0.003, 0.006, 0.012]],
    ['r = 4', rank(4), [0.003, 0.006, 0.012]],
    ['r = 1', rank(1), [0.003, 0.006, 0.012, 0.024]],
  ];
  const rows: TableRow[] = [];
  for (const [name, changes, list] of rates) {
    const cells: string[] = [];
    for (const lr of list) {
      const found = await overSeeds([1, 2, 3], (seed) =>
        run('transformer', { adapt: 'sort-down', seed, lr, ...changes }, 400),
      );
      cells.push(`${lr}: ${short(median(found.map(({ accuracy }) => accuracy)))}`);
    }
    rows.push({ name, cells });
  }
  return {
    title: 'Rates of the decoder: sort down',
    text: 'Right symbols at the end by rate; medians of seeds 1 to 3.',
    head: ['method', 'rate: accuracy', '', '', ''],
    rows,
  };
}

/** Size and effective rank of every ΔW of the decoder, block 1 and 2. */
export async function decoderModules(): Promise<NetworkTable> {
  const names = ['q', 'k', 'v', 'o', 'up', 'down'];
  const rows: TableRow[] = [];
  for (const [method, changes] of [
    ['full', { ...FULL, lr: 0.001 }],
    ['r = 8', { ...rank(8), lr: 0.003 }],
  ] as const) {
    const one = await run('transformer', { adapt: 'sort-down', seed: 1, ...changes }, 400);
    const pair = (of: (name: string) => number, digits: number) => (name: string) =>
      [0, 1].map((block) => of(`${block}.${name}`).toFixed(digits).replace(/^0\./, '.')).join(' ');
    rows.push({ name: `${method}, size`, cells: names.map(pair((name) => sizeOf(updateOf(one, name)), 2)) });
    const ranks = (name: string) => effectiveRank(one.spectra.get(name) ?? new Float64Array());
    rows.push({ name: '… effective rank', cells: names.map(pair(ranks, 1)) });
  }
  return {
    title: 'Every ΔW of the decoder: sort down, seed 1',
    text: '‖ΔW‖/‖W₀‖ and effective rank, first and second block.',
    head: ['method', ...names],
    rows,
  };
}

/** The same number of trained parameters, spread over other matrices. */
export async function equalNumbers(): Promise<NetworkTable> {
  const choices: readonly (readonly [string, string, number])[] = [
    ['all, r 6', '', 6],
    ['q v, r 21', 'q,v', 21],
    ['up down, r 14', 'up,down', 14],
    ['q k v o, r 10', 'q,k,v,o', 10],
  ];
  const rows: TableRow[] = [];
  for (const adapt of ['sort-down', 'copy-reverse'] as const)
    for (const lr of adapt === 'sort-down' ? [0.002, 0.005] : [0.003]) {
      const cells: string[] = [];
      for (const [, modules, r] of choices) {
        const found = await overSeeds([1, 2], (seed) =>
          run('transformer', { adapt, seed, lr, modules, ...rank(r) }, 400),
        );
        cells.push(found.map(({ accuracy }) => short(accuracy)).join(' '));
      }
      rows.push({ name: `${adapt}, ${lr}`, cells });
    }
  return {
    title: 'Equal numbers, other matrices: decoder',
    text: 'About 10,500 trained parameters each; right symbols of seeds 1 and 2.',
    head: ['task, rate', ...choices.map(([name]) => name)],
    rows,
  };
}

export const markdown = ({ title, text, head, rows }: NetworkTable): string =>
  [
    `### ${title}`,
    text,
    [
      `| ${head.join(' | ')} |`,
      `|${head.map(() => ' --- |').join('')}`,
      ...rows.map(({ name, cells }) => `| ${[name, ...cells].join(' | ')} |`),
    ].join('\n'),
  ].join('\n\n');
