import { useMemo } from 'react';
import { inits } from '../../experiment/inits/index.ts';
import { number } from '../../experiment/numbers.ts';
import { normalColumns, normalRows, uniformRows } from '../../experiment/targets/draws.ts';
import { Button } from '../../kit/button.tsx';
import { multiply } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { useDispatch } from '../../ui/page.tsx';
import type { Curve, CurveAxis, CurvesScene } from '../charts/curves/curves.ts';
import { CurvesFigure, MapFigure, namesAxis, numbersAxis, OpenSweep, type RecordedMap } from '../figures/figures.tsx';
import { useLessonValue } from '../pane/values.tsx';
import { useHasPredicted } from '../step.tsx';
import {
  DRAW,
  DRAWN_RANK,
  LENGTHS,
  OPTIMISER,
  OPTIMISERS,
  POINTED_CELL,
  RACE_INITS,
  type RaceInit,
  type RaceOptimiser,
  RECORDED,
} from './recorded.ts';
import { decayingTarget, trainWidened, WIDENING } from './widened.ts';

/** Rows and columns of the drawn products, and the standard deviation of A and B. */
const SIDE = 8;
export const SIGMA = 0.5;
const DRAWN_RANKS = [1, 2, 4, 8, 16, 32, 64] as const;
const PRODUCTS = 40;

/** All entries of B·A over many draws of A and B, both N(0, σ²). */
export function productEntries(rank: number, seed: number): Float64Array {
  const all = new Float64Array(PRODUCTS * SIDE * SIDE);
  const [ofA, ofB] = [stream(seed, 'A'), stream(seed, 'B')];
  for (let i = 0; i < PRODUCTS; i++) {
    const A = normalRows(rank, SIDE, SIGMA, ofA);
    const B = normalColumns(SIDE, rank, SIGMA, ofB);
    all.set(multiply(B, A).data, i * SIDE * SIDE);
  }
  return all;
}

/** Equals the variance, since the mean is 0. */
export function meanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum / values.length;
}

/** Length of x. */
const INPUTS = 64;
/** Rows of A drawn per rank, over all draws together. */
const ROWS = 128;

type InitDraw = 'gaussian' | 'kaiming';

/** ‖Ax‖²/‖x‖², averaged over draws of A and of inputs x. */
export function meanLength(start: InitDraw, rank: number, seed: number): number {
  const [ofA, ofX] = [stream(seed, 'A'), stream(seed, 'samples')];
  const draws = Math.ceil(ROWS / rank);
  let sum = 0;
  for (let i = 0; i < draws; i++) {
    const A =
      start === 'gaussian'
        ? normalRows(rank, INPUTS, 1 / Math.sqrt(rank), ofA)
        : uniformRows(rank, INPUTS, 1 / Math.sqrt(INPUTS), ofA);
    const x = normalRows(INPUTS, 1, 1, ofX);
    sum += (rank * meanSquare(multiply(A, x).data)) / (INPUTS * meanSquare(x.data));
  }
  return sum / draws;
}

/** r·σ² for entries of variance σ². */
export const expectedLength = (start: InitDraw, rank: number) => (start === 'gaussian' ? 1 : rank / (3 * INPUTS));
/** r·σ⁴. */
export const expectedVariance = (rank: number) => rank * SIGMA ** 4;

/** Histogram over equally wide bins from −end to end, as a density; values beyond are dropped. */
export function density(values: ArrayLike<number>, end: number, bins: number): readonly number[] {
  const counts = new Array<number>(bins).fill(0);
  const width = (2 * end) / bins;
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i] + end) / width);
    if (bin >= 0 && bin < bins) counts[bin] += 1;
  }
  return counts.map((n) => n / (values.length * width));
}

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
function raceScene(optimiser: RaceOptimiser, racers: readonly RaceInit[] = RACE_INITS): CurvesScene {
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
function widenedScene(): CurvesScene {
  const { floors } = RECORDED.widened;
  const { at, steps: last } = WIDENING;
  const { target } = decayingTarget(16);
  const [zeros, rows] = (['zeros', 'random'] as const).map((filling) =>
    trainWidened(target, 2, filling, WIDENING).errors.map((error, step) => [step, error] as const),
  );
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
function spreadScene(rank: number, seed: number): CurvesScene {
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

function varianceScene(seed: number): CurvesScene {
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
function lengthScene(seed: number): CurvesScene {
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
function zerosMap(): RecordedMap {
  const { rates, cells, floor } = RECORDED.zeros;
  const lr = numbersAxis('lr', 'learning rate', 'rate ', rates);
  const init = namesAxis('init', 'zero', '', ['B = 0, A 1/k', 'A = 0, B 1/r', 'B = 0, A 1/r']);
  return { axes: [lr, init], panels: [cells], floors: [floor, floor, floor] };
}

const lines = (all: readonly { readonly label: string; readonly points: Curve['points'] }[], own: string) =>
  all.map(({ label, points }, i): Curve => {
    return { name: label, className: 'dw', points, kind: i % 4, ...(label === own ? { strong: true } : {}) };
  });

function floorsScene(): CurvesScene {
  return { x: steps(200, [0, 50, 100, 200]), y: errors(1.05), curves: lines(RECORDED.ownFloors, 'Kaiming') };
}

/** PiSSA and Kaiming, with the target along W₀ and apart from it. */
function pissaScene(which: 'along' | 'apart'): CurvesScene {
  const last = which === 'along' ? 100 : 300;
  return { x: steps(last, [0, last / 2, last]), y: errors(1.05), curves: lines(RECORDED.pissa[which], 'PiSSA') };
}

const ERROR = 'relative error: 1 = nothing learned, 0 = perfect';

/** The race of four initialisations; before the guess, only that of B = 0. */
export function RaceFigure() {
  const known = useHasPredicted('starts', 'zero-start');
  const [optimiser] = useLessonValue(OPTIMISER);
  const scene = useMemo(() => raceScene(optimiser, known ? undefined : ['kaiming-uniform']), [optimiser, known]);
  return (
    <div className="figures">
      <CurvesFigure
        title={`The first 60 steps with ${OPTIMISERS[optimiser]}`}
        help={`recorded runs; ${ERROR}; rank 8, median of 5 seeds, band: the middle half; automatic rates`}
        scene={scene}
      />
    </div>
  );
}

/** Trained here, in a few milliseconds. */
export function WidenedFigure() {
  const scene = useMemo(widenedScene, []);
  return (
    <div className="figures">
      <CurvesFigure
        title="The rank is raised from 2 to 4 at step 150"
        help={`${ERROR}; 16 × 16, gradient descent; dashed: the best possible at each rank`}
        scene={scene}
      />
    </div>
  );
}

/** The entries of random products at a rank, and their variance over ranks, both drawn live. */
export function ProductsFigure() {
  const [drawn] = useLessonValue(DRAWN_RANK);
  const [draw] = useLessonValue(DRAW);
  const rank = Number(drawn);
  const spread = useMemo(() => spreadScene(rank, draw), [rank, draw]);
  const variance = useMemo(() => varianceScene(draw), [draw]);
  return (
    <div className="figures two">
      <CurvesFigure
        title={`Entries of B·A at rank ${rank}`}
        help={`${PRODUCTS} products of ${SIDE} × ${SIDE}, σ = ${SIGMA}; by the formula ±${number(Math.sqrt(expectedVariance(rank)), 2)}`}
        scene={spread}
      />
      <CurvesFigure title="Their variance, by rank" help="both axes logarithmic" scene={variance} />
    </div>
  );
}

export function RedrawButton({ of: value }: { readonly of: typeof DRAW }) {
  const [draw, change] = useLessonValue(value);
  return <Button onClick={() => change(draw + 1)}>Draw again</Button>;
}

export function LengthsFigure() {
  const [draw] = useLessonValue(LENGTHS);
  const scene = useMemo(() => lengthScene(draw), [draw]);
  return (
    <div className="figures">
      <CurvesFigure
        title="Length of Ax, by rank"
        help="‖Ax‖²/‖x‖², averaged over draws; k = 64; dashed: the formula; both axes logarithmic"
        scene={scene}
      />
    </div>
  );
}

const ZEROS = zerosMap();

export function ZerosFigure() {
  const [at, point] = useLessonValue(POINTED_CELL);
  return (
    <div className="figures">
      <MapFigure
        title="Final error ÷ floor with SGD"
        help="recorded runs: a target of rank 8, 64 × 64, 100 steps, one seed; rows: which factor is zero, and the variance of the other one"
        map={ZEROS}
        at={at}
        onPoint={point}
      >
        <OpenSweep preset="where-the-zero-goes" />
      </MapFigure>
    </div>
  );
}

const FLOORS = floorsScene();
const [ALONG, APART] = [pissaScene('along'), pissaScene('apart')];

export function FloorsFigure() {
  return (
    <div className="figures two">
      <CurvesFigure title="PiSSA: the target lies along W₀" help={`recorded; ${ERROR}; SGD, rank 8`} scene={ALONG} />
      <CurvesFigure
        title="PiSSA: the target is independent of W₀"
        help={`recorded; ${ERROR}; Adam, rank 8`}
        scene={APART}
      />
      <CurvesFigure
        title="Each ends at a floor of its own"
        help={`recorded; ${ERROR}; the picture, Adam, rank 8`}
        scene={FLOORS}
      />
    </div>
  );
}

export function VarianceStatus() {
  const [rank] = useLessonValue(DRAWN_RANK);
  const [draw] = useLessonValue(DRAW);
  const drawn = useMemo(() => number(meanSquare(productEntries(Number(rank), draw))), [rank, draw]);
  return (
    <>
      Variance drawn: {drawn}, by the formula: {number(expectedVariance(Number(rank)))}
    </>
  );
}

export function InitsLink() {
  const dispatch = useDispatch();
  const open = () => {
    dispatch({ type: 'needed' });
    dispatch({ type: 'panel', panel: { name: 'inits' } });
  };
  return (
    <div className="row">
      <Button onClick={open}>See all {inits.all.length} initialisations</Button>
    </div>
  );
}
