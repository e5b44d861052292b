import type { Curve, CurveAxis, CurvesScene } from '../charts/curves/curves.ts';
import { namesAxis, numbersAxis, type RecordedMap } from '../figures/figures.tsx';
import {
  DRAWN_RANKS,
  density,
  expectedLength,
  expectedVariance,
  type InitDraw,
  meanLength,
  meanSquare,
  productEntries,
} from './draws.ts';
import { RACE_INITS, type RaceInit, type RaceOptimiser, RECORDED } from './recorded.ts';

const steps = (last: number, ticks: readonly number[]): CurveAxis => {
  return { name: 'step', scale: 'linear', ends: [0, last], ticks };
};
const errors = (top: number): CurveAxis => {
  return { name: 'error', scale: 'linear', ends: [0, top], ticks: [0, 0.25, 0.5, 0.75, 1] };
};
const RANK_AXIS: CurveAxis = { name: 'rank r', scale: 'log', ends: [1, 64], ticks: [...DRAWN_RANKS] };

const NAMES: Readonly<Record<RaceInit, string>> = {
  'kaiming-uniform': 'B = 0',
  symmetric: 'both random',
  svd: 'SVD of ΔW*',
  pissa: 'PiSSA',
};

/** Median and middle half over training. */
export function raceScene(optimiser: RaceOptimiser, racers: readonly RaceInit[] = RACE_INITS): CurvesScene {
  const curves = racers.map((racer): Curve => {
    const { median, low, high } = RECORDED.race[optimiser][racer];
    return {
      name: NAMES[racer],
      className: 'dw',
      points: median.map((value, i) => [RECORDED.steps[i], value] as const),
      band: median.map((_, i) => [RECORDED.steps[i], low[i], high[i]] as const),
      kind: RACE_INITS.indexOf(racer),
      ...(racer === 'kaiming-uniform' ? { strong: true } : {}),
    };
  });
  return { x: steps(60, [0, 20, 40, 60]), y: { ...errors(1.3), ticks: [0, 0.25, 0.5, 0.75, 1, 1.25] }, curves };
}

/** A run widened on the way, by zeros and by random rows. */
export function widenedScene(): CurvesScene {
  const { zeros, rows, at, floors } = RECORDED.widened;
  const last = zeros[zeros.length - 1][0];
  return {
    x: steps(last, [0, at, last]),
    y: errors(1.05),
    curves: [
      { name: 'zeros in both', className: 'ink', points: zeros, strong: true },
      { name: 'A random', className: 'dw', points: rows },
    ],
    floor: {
      name: 'floor',
      points: [
        [0, floors[0]],
        [at, floors[0]],
        [at, floors[1]],
        [last, floors[1]],
      ],
    },
  };
}

const BINS = 41;

/** The distribution of the entries of B·A at a rank, and the normal density with the formula's variance. */
export function spreadScene(rank: number, seed: number): CurvesScene {
  const deviation = Math.sqrt(expectedVariance(rank));
  const end = 4 * deviation;
  const found = density(productEntries(rank, seed), end, BINS);
  const width = (2 * end) / BINS;
  const outline = found.flatMap((height, i): (readonly [number, number])[] => [
    [-end + i * width, height],
    [-end + (i + 1) * width, height],
  ]);
  const bell = Array.from({ length: 81 }, (_, i) => {
    const x = -end + (i * 2 * end) / 80;
    return [x, Math.exp(-(x * x) / (2 * deviation ** 2)) / (deviation * Math.sqrt(2 * Math.PI))] as const;
  });
  const tick = Number((2 * deviation).toPrecision(1));
  return {
    x: { name: 'entry', scale: 'linear', ends: [-end, end], ticks: [-tick, 0, tick] },
    y: { name: 'density', scale: 'linear', ends: [0, 1.15 * Math.max(...found, bell[40][1])], ticks: [0] },
    curves: [
      { name: 'bell, rσ⁴', className: 'ink-3', points: bell, kind: 1 },
      { name: 'drawn', className: 'dw', points: outline },
    ],
  };
}

export function varianceScene(seed: number): CurvesScene {
  return {
    x: RANK_AXIS,
    y: { name: 'variance', scale: 'log', ends: [0.02, 8], ticks: [0.0625, 0.25, 1, 4] },
    curves: [
      {
        name: 'formula rσ⁴',
        className: 'ink-3',
        points: DRAWN_RANKS.map((rank) => [rank, expectedVariance(rank)]),
        kind: 1,
      },
      {
        name: 'drawn',
        className: 'dw',
        points: DRAWN_RANKS.map((rank) => [rank, meanSquare(productEntries(rank, seed))]),
        marked: true,
        alone: true,
      },
    ],
  };
}

/** The length of Ax by rank: drawn, and by the formula. */
export function lengthScene(seed: number): CurvesScene {
  const drawn = (start: InitDraw, name: string, kind: number): Curve => {
    const points = DRAWN_RANKS.map((rank) => [rank, meanLength(start, rank, seed)] as const);
    return { name, className: 'a', points, kind, marked: true, alone: true };
  };
  const formula = (start: InitDraw): Curve => {
    return {
      name: '',
      className: 'ink-3',
      points: DRAWN_RANKS.map((rank) => [rank, expectedLength(start, rank)]),
      kind: 1,
    };
  };
  return {
    x: RANK_AXIS,
    y: { name: '‖Ax‖²/‖x‖²', scale: 'log', ends: [0.003, 3], ticks: [0.01, 0.1, 1] },
    curves: [
      formula('gaussian'),
      formula('kaiming'),
      drawn('gaussian', 'variance 1/r', 0),
      drawn('kaiming', 'Kaiming', 1),
    ],
  };
}

/** Rates by zero factor. */
export function zerosMap(): RecordedMap {
  const { rates, cells, floor } = RECORDED.zeros;
  const lr = numbersAxis('lr', 'learning rate', 'rate ', rates);
  const init = namesAxis('init', 'zero', '', ['B = 0, A 1/k', 'A = 0, B 1/r', 'B = 0, A 1/r']);
  return { axes: [lr, init], panels: [cells], floors: [floor, floor, floor] };
}

const lines = (all: readonly { readonly label: string; readonly points: Curve['points'] }[], own: string) =>
  all.map(({ label, points }, i): Curve => {
    return { name: label, className: 'dw', points, kind: i % 4, ...(label === own ? { strong: true } : {}) };
  });

export function floorsScene(): CurvesScene {
  return { x: steps(200, [0, 50, 100, 200]), y: errors(1.05), curves: lines(RECORDED.ownFloors, 'Kaiming') };
}

/** PiSSA and Kaiming, with the target along W₀ and apart from it. */
export function pissaScene(which: 'along' | 'apart'): CurvesScene {
  const last = which === 'along' ? 100 : 300;
  return { x: steps(last, [0, last / 2, last]), y: errors(1.05), curves: lines(RECORDED.pissa[which], 'PiSSA') };
}
