import type { CellRun } from '../../experiment/run-file/run-record.ts';
import type { Palette, SweepAxis, SweepCell, SweepScene } from '../sweep/cells.ts';

/** The tokens of the two themes (ui/looks/tokens.css). */
export const PALETTES: Readonly<Record<'light' | 'dark', Palette>> = {
  light: { paper: [251, 250, 246], ink: [27, 30, 34], hue: [10, 122, 80] },
  dark: { paper: [20, 23, 26], ink: [236, 234, 228], hue: [94, 216, 180] },
};

export const RATES: SweepAxis = {
  key: 'lr',
  name: 'learning rate',
  before: 'rate ',
  texts: ['0.001', '0.002', '0.005', '0.01', '0.02', '0.05', '0.1', '0.2', '0.5', '1', '2', '5'],
  numbers: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
  scale: 'log',
};

export function rankAxis(ranks: readonly number[]): SweepAxis {
  return { key: 'rank', name: 'rank r', before: 'r = ', texts: ranks.map(String), numbers: ranks, scale: 'log' };
}

export const RULES: SweepAxis = {
  key: 'scaling',
  name: 'scaling rule',
  before: 's = ',
  texts: ['α/r', 'α/√r', '1'],
  numbers: null,
  scale: 'linear',
};

export function runFigures(error: number, floor: number | null = 0.1, changes: Partial<CellRun> = {}): CellRun {
  const diverged = !Number.isFinite(error);
  return {
    status: diverged ? 'diverged' : 'finished',
    steps: diverged ? 4 : 300,
    error: diverged ? 1e9 : error,
    floor,
    loss: 1,
    heldOut: null,
    training: null,
    effectiveRank: 2,
    rate: 0.01,
    reached: floor !== null && error <= 1.05 * floor ? 120 : null,
    curve: { steps: [0, 100, 200, 300], values: [1, (1 + error) / 2, error, error] },
    ...changes,
  };
}

type Runs = (place: readonly number[], seed: number) => CellRun | null;

export function sweepScene(
  axes: readonly SweepAxis[],
  seeds: number,
  runs: Runs,
  changes: Partial<SweepScene> = {},
): SweepScene {
  const places = axes.reduce<number[][]>(
    (lists, { texts }) => texts.flatMap((_, i) => lists.map((list) => [...list, i])),
    [[]],
  );
  const cells = places.map(
    (at): SweepCell => ({ at, why: null, runs: Array.from({ length: seeds }, (_, seed) => runs(at, seed)) }),
  );
  return {
    axes,
    cells,
    seeds,
    measure: 'ratio',
    samples: false,
    pointed: null,
    palette: PALETTES.light,
    floors: null,
    noise: null,
    perRank: 1 / 32,
    weights: 4096,
    ...changes,
  };
}

/** As of SGD: smaller rates end higher, and beyond an edge that moves with rank and rule all diverge. */
export function ratesScene(
  changes: Partial<SweepScene> = {},
  ranks: readonly number[] = [1, 2, 4, 8, 16, 32],
): SweepScene {
  return sweepScene(
    [RATES, rankAxis(ranks), RULES],
    3,
    ([rate = 0, rank = 0, rule = 0], seed) => {
      const lr = RATES.numbers?.[rate] ?? 1;
      const r = ranks[rank] ?? 1;
      const edge = [0.021 * r, 0.021 * Math.sqrt(r), 1.1][rule] ?? 1;
      const floor = 0.7 / r;
      return lr > edge
        ? runFigures(Number.POSITIVE_INFINITY, floor)
        : runFigures(floor * (1 + (0.02 * r * (1 + seed / 50)) / lr / 10), floor);
    },
    changes,
  );
}

/** As of a target of true rank 8 with noise: errors 1% above floors that drop below the noise at rank 8. */
export function noisyScene(seeds: number, ranks: readonly number[] = [1, 2, 4, 8, 16, 32, 64]): SweepScene {
  const floors = Array.from({ length: 65 }, (_, r) => (r < 8 ? Math.sqrt(1 - r / 8.03) : 0.05 * Math.sqrt(1 - r / 64)));
  return sweepScene(
    [rankAxis(ranks)],
    seeds,
    ([i = 0], seed) => {
      const floor = floors[ranks[i] ?? 1] ?? 0;
      return runFigures(floor * 1.01 + 0.004 * (1 + seed / 10), floor);
    },
    { measure: 'error', floors, noise: 0.05 },
  );
}
