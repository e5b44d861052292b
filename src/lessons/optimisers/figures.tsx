import { useMemo } from 'react';
import { display, number } from '../../experiment/numbers.ts';
import { optimisers } from '../../experiment/optimisers.ts';
import { ARRIVED } from '../../experiment/prediction/course.ts';
import { SCALINGS } from '../../experiment/settings/rate.ts';
import { DataTable } from '../../kit/grids/data-table.tsx';
import { toFloat64 } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import type { Curve, CurveAxis, CurvesScene } from '../charts/curves/curves.ts';
import { CurvesFigure } from '../figures/figures.tsx';
import { type LessonRun, useLiveRuns } from '../pane/lesson-runs.tsx';
import { useLessonValue } from '../pane/values.tsx';
import { useHasPredicted } from '../step.tsx';
import {
  alignments,
  arrivals,
  BEST,
  DECAY_FLOOR,
  DIAL_OPTIMISER,
  DIALS,
  expectedFirstStep,
  FIRST_OPTIMISER,
  FIRST_RANKS,
  FIRST_STEPS,
  type FirstOptimiser,
  FLOOR,
  type FloorOptimiser,
  gradientWork,
  growth,
  LENGTH,
  LENGTH_OPTIMISERS,
  muonWork,
  NEAR,
  ORDER,
  ORDER_RANK,
  RULES,
  SHOWN_DIRECTIONS,
  SIGN_RATE,
  SIZES,
  type SignRate,
  scaledWork,
  stepLengths,
  updateNorm,
} from './runs.ts';

type SeenRuns = readonly (LessonRun | null)[];

const steps = (last: number, ticks: readonly number[]): CurveAxis => ({
  name: 'step',
  scale: 'linear',
  ends: [0, last],
  ticks,
});
/** Hue and dashes of the curves of a figure, by their place. */
const LOOKS = [
  { className: 'dw', kind: 0 },
  { className: 'ink', kind: 0 },
  { className: 'dw', kind: 1 },
  { className: 'ink-3', kind: 0 },
  { className: 'ink', kind: 1 },
  { className: 'ink-3', kind: 3 },
] as const satisfies readonly Pick<Curve, 'className' | 'kind'>[];
const lookOf = (i: number) => LOOKS[i % LOOKS.length];
const labelOf = (opt: string) => optimisers.byName(opt).label;
const LIVE = (runs: SeenRuns, says: string) => (runs.includes(null) ? 'training …' : says);

function lengthScene(runs: SeenRuns, shown: readonly string[]): CurvesScene {
  const curves = LENGTH_OPTIMISERS.flatMap((opt, i): Curve[] => {
    const course = runs[i]?.course;
    if (!course || !shown.includes(opt)) return [];
    const points = stepLengths(course.factors).map((length, t) => [t + 1, length] as const);
    return [{ name: labelOf(opt), points, ...lookOf(i), ...(opt === 'sgd' && { strong: true }) }];
  });
  return {
    x: steps(100, [0, 25, 50, 75, 100]),
    y: { name: 'length', scale: 'log', ends: [0.003, 0.4], ticks: [0.003, 0.01, 0.03, 0.1, 0.3] },
    curves,
  };
}

/** How far A and B move in each step; before the guess, only with SGD. */
export function LengthFigure() {
  const known = useHasPredicted('optimisers', 'length');
  const runs = useLiveRuns(LENGTH.runs, LENGTH.experiments, LENGTH.observe);
  const scene = useMemo(() => lengthScene(runs, known ? LENGTH_OPTIMISERS : ['sgd']), [runs, known]);
  return (
    <div className="figures">
      <CurvesFigure
        title="Length of each step of A and B"
        help={LIVE(runs, 'Frobenius norm, logarithmic; the owl’s sunglasses at rank 8, automatic rates; trained here')}
        scene={scene}
      />
    </div>
  );
}

function firstScene(opt: FirstOptimiser, runs: SeenRuns): CurvesScene {
  const { d: side } = FIRST_STEPS[opt].experiments[0];
  const curves = RULES.flatMap((rule, i): Curve[] => {
    const law = FIRST_RANKS.map((rank) => [rank, expectedFirstStep(opt, rank)?.[rule] ?? Number.NaN] as const);
    const dots = FIRST_RANKS.flatMap((rank, at) => {
      const run = runs[i * FIRST_RANKS.length + at];
      return run ? [[rank, updateNorm(run) / Math.sqrt(side)] as const] : [];
    });
    const name = rule === 'none' ? 's = 1' : `s = ${SCALINGS[rule]}`;
    return [
      { name, className: 'ink-3', points: law, kind: 1 },
      { name: '', className: 'dw', points: dots, kind: i, marked: true, alone: true },
    ];
  });
  return {
    x: { name: 'rank r', scale: 'log', ends: [1, 64], ticks: FIRST_RANKS },
    y: { name: 'length', scale: 'log', ends: [0.001, 1], ticks: [0.001, 0.01, 0.1, 1] },
    curves,
  };
}

/** ‖ΔW‖ after one step, by rank: as expected, and of a run. */
export function FirstStepFigure() {
  const [opt] = useLessonValue(FIRST_OPTIMISER);
  const { runs: value, experiments } = FIRST_STEPS[opt];
  const runs = useLiveRuns(value, experiments);
  const scene = useMemo(() => firstScene(opt, runs), [opt, runs]);
  return (
    <div className="figures">
      <CurvesFigure
        title={`Length of the first step of ΔW with ${labelOf(opt)}, by rank`}
        help={LIVE(
          runs,
          '‖ΔW‖/‖ΔW*‖ after one step, both axes logarithmic; dashed: expected beforehand; marks: trained here',
        )}
        scene={scene}
      />
    </div>
  );
}

const SIGMA = Array.from({ length: SHOWN_DIRECTIONS }, (_, i) => 0.5 ** i);

function orderScene(run: LessonRun | null, observe: readonly number[]): CurvesScene {
  const sizes = run?.course ? growth(run.course, run) : [];
  const last = run ? [...observe, observe.length * observe[1]] : [];
  const reached = arrivals(sizes);
  const curves = sizes.flatMap((along, i): Curve[] => {
    const points = along.map((size, t) => [last[t], size] as const);
    const at = reached[i];
    const name = at === null ? `σ${'₁₂₃₄'[i]}: not yet` : `σ${'₁₂₃₄'[i]}: step ${last[at]}`;
    return [
      {
        name: '',
        className: 'ink-3',
        points: [[0, SIGMA[i]] as const, [last[last.length - 1], SIGMA[i]] as const],
        kind: 1,
        thin: true,
      },
      { name, className: 'dw', points, ...(i === 0 && { strong: true }) },
      {
        name: '',
        className: 'ink',
        points: at === null ? [] : [[last[at], ARRIVED * SIGMA[i]] as const],
        marked: true,
        alone: true,
      },
    ];
  });
  return {
    x: steps(160, [0, 40, 80, 120, 160]),
    y: { name: 'size', scale: 'linear', ends: [0, 1.25], ticks: [0, 0.125, 0.25, 0.5, 1] },
    curves,
  };
}

/** How the four largest directions of ΔW* grow; before the guess, only under SGD. */
export function OrderFigure() {
  const known = useHasPredicted('optimisers', 'order');
  const [rank] = useLessonValue(ORDER_RANK);
  const { runs: value, experiments, observe } = ORDER[rank];
  const runs = useLiveRuns(value, experiments, observe);
  const [sgd, muon] = useMemo(() => runs.map((run) => orderScene(run, observe)), [runs, observe]);
  const help = LIVE(runs, 'size of ΔW along the four largest directions of ΔW*; ring: 90% reached; trained here');
  return (
    <div className="figures two">
      <CurvesFigure title={`Gradient descent at rank ${rank}`} help={help} scene={sgd} />
      {known && <CurvesFigure title={`Muon at rank ${rank}`} help={help} scene={muon} />}
    </div>
  );
}

/** The A that is drawn has the line without gaps. */
const KINDS = [1, 0, 2];

function dialScene(runs: SeenRuns): CurvesScene {
  const curves = runs.flatMap((run, i): Curve[] => {
    const errors = run?.course?.errors;
    if (!errors) return [];
    const points = Array.from(errors, (error, step) => [step, error] as const);
    const name = `A × ${display(SIZES[i])}`;
    return [{ name, className: 'dw', points, kind: KINDS[i], ...(SIZES[i] === 1 && { strong: true }) }];
  });
  return {
    x: steps(60, [0, 20, 40, 60]),
    y: { name: 'error', scale: 'linear', ends: [0, 1.15], ticks: [0, 0.25, 0.5, 0.75, 1] },
    curves,
  };
}

/** One ΔW in three pairs of factors. */
export function DialFigure() {
  const [opt] = useLessonValue(DIAL_OPTIMISER);
  const { runs: value, experiments, observe } = DIALS[opt];
  const runs = useLiveRuns(value, experiments, observe);
  const scene = useMemo(() => dialScene(runs), [runs]);
  return (
    <div className="figures">
      <CurvesFigure
        title={`Error over training with ${labelOf(opt)}, from three sizes of A`}
        help={LIVE(
          runs,
          'B = 0, so ΔW is the same at first; the landscape at rank 8, one rate for all three; trained here',
        )}
        scene={scene}
      />
    </div>
  );
}

function nearScene(runs: SeenRuns): CurvesScene {
  const curves = runs.flatMap((run, i): Curve[] => {
    if (!run?.course) return [];
    const points = alignments(run.course, run).map((share, t) => [t + 1, share] as const);
    return [{ name: labelOf(NEAR.optimisers[i]), points, ...lookOf(i), ...(i === 0 && { strong: true }) }];
  });
  return {
    x: steps(20, [0, 5, 10, 15, 20]),
    y: { name: 'share', scale: 'linear', ends: [0, 1.1], ticks: [0, 0.25, 0.5, 0.75, 1] },
    curves,
  };
}

/** How near each step comes to the nearest move that A and B can make. */
export function NearFigure() {
  const runs = useLiveRuns(NEAR.runs, NEAR.experiments, NEAR.observe);
  const scene = useMemo(() => nearScene(runs), [runs]);
  return (
    <div className="figures">
      <CurvesFigure
        title="How well each step of ΔW points to the target"
        help={LIVE(runs, 'cosine, as a share of the largest that A and B allow; the landscape at rank 8; trained here')}
        scene={scene}
      />
    </div>
  );
}

interface EndRow {
  readonly opt: FloorOptimiser;
  readonly name: string;
  readonly run: LessonRun | null;
}

/** A run an optimiser; that of signSGD at the chosen rate. */
const endRows = (runs: SeenRuns, rate: SignRate): readonly EndRow[] =>
  FLOOR.optimisers.map((opt, i) => {
    const slow = opt === 'signsgd' && rate === 'quarter';
    const run = runs[slow ? FLOOR.optimisers.length : i];
    return { opt, name: slow ? 'signSGD, ¼ rate' : labelOf(opt), run };
  });

const levelFloor = (floor: number, last: number): NonNullable<CurvesScene['floor']> => ({
  name: 'floor',
  points: [
    [0, floor],
    [last, floor],
  ],
  hatched: true,
});

function floorScene(rows: readonly EndRow[]): CurvesScene {
  const curves = rows.flatMap(({ name, run, opt }, i): Curve[] => {
    const errors = run?.course?.errors;
    if (!errors) return [];
    const points = Array.from(errors, (error, step) => [step, error] as const);
    return [{ name, points, ...lookOf(i), ...(opt === 'signsgd' && { strong: true }) }];
  });
  return {
    x: steps(300, [0, 100, 200, 300]),
    y: { name: 'error', scale: 'log', ends: [0.13, 1], ticks: [0.2, 0.3, 0.5, 1] },
    curves,
    floor: levelFloor(DECAY_FLOOR, 300),
  };
}

const EXTRA: Readonly<Partial<Record<FloorOptimiser, number>>> = {
  muon: muonWork(64, 64, 8),
  scaled: scaledWork(64, 64, 8),
};
const extraWork = (opt: FloorOptimiser) => {
  const work = EXTRA[opt];
  return work === undefined ? 'hardly any' : `+${Math.round((100 * work) / gradientWork(64, 64, 8))}%`;
};

/** Where each optimiser's run ends, and what it costs. */
export function FloorFigure() {
  const runs = useLiveRuns(FLOOR.runs, FLOOR.experiments, FLOOR.observe);
  const [rate] = useLessonValue(SIGN_RATE);
  const rows = useMemo(() => endRows(runs, rate), [runs, rate]);
  const scene = useMemo(() => floorScene(rows), [rows]);
  return (
    <div className="figures">
      <CurvesFigure
        title="Error over training"
        help={LIVE(runs, '64 × 64, σ falls by 0.8 each, rank 8, automatic rates; logarithmic; trained here')}
        scene={scene}
      />
      <section className="scrolls">
        <DataTable
          className="numbers"
          caption="After 300 steps, and what each costs"
          rows={rows}
          columns={[
            { key: 'name', head: 'optimiser', cell: ({ name }) => name },
            { key: 'error', head: 'error', cell: ({ run }) => (run ? number(run.error) : '…') },
            { key: 'state', head: 'state per parameter', cell: ({ opt }) => optimisers.byName(opt).moments },
            { key: 'work', head: 'extra work', cell: ({ opt }) => extraWork(opt) },
          ]}
        />
      </section>
    </div>
  );
}

/** Of the first run that is there: all have one target and rank. */
function floorOfRuns(runs: SeenRuns): number | null {
  const run = runs.find((one) => one?.course);
  if (!run?.course) return null;
  const rests = errorAtRank(singularValues(toFloat64({ rows: run.d, cols: run.k, data: run.course.target })));
  return rests[run.rank] / rests[0];
}

function bestScene(runs: SeenRuns, floor: number | null): CurvesScene {
  const curves = runs.flatMap((run, i): Curve[] => {
    const errors = run?.course?.errors;
    if (!errors) return [];
    const points = Array.from(errors, (error, step) => [step, error] as const);
    return [{ name: BEST.names[i], points, ...lookOf(i), ...(i === 0 && { strong: true }) }];
  });
  return {
    x: steps(200, [0, 50, 100, 150, 200]),
    y: { name: 'error', scale: 'log', ends: [0.15, 2.6], ticks: [0.2, 0.3, 0.5, 1, 2] },
    curves,
    ...(floor !== null && { floor: levelFloor(floor, 200) }),
  };
}

/** Four rules on one target, each at the best of seven rates. */
export function BestFigure() {
  const runs = useLiveRuns(BEST.runs, BEST.experiments, BEST.observe);
  const floor = useMemo(() => floorOfRuns(runs), [runs]);
  const scene = useMemo(() => bestScene(runs, floor), [runs, floor]);
  return (
    <div className="figures">
      <CurvesFigure
        title="Error over training, each at its best rate"
        help={LIVE(
          runs,
          'the landscape at rank 8, logarithmic; rates: the best of seven, a factor of two apart; trained here',
        )}
        scene={scene}
      />
    </div>
  );
}
