import { number } from '../../experiment/numbers.ts';
import { errorAtEnd, errorsOf, lastStep, type RunRecord } from '../../experiment/run-file/run-record.ts';
import type { CaseChart, CaseLook, CaseRun, CaseRuns } from './case.ts';

type ChartLine = CaseChart['lines'][number];
export type CurvePoints = ChartLine['points'];
type ChartBar = NonNullable<CaseChart['bars']>[number];

/** More points than a line has pixels. */
const MOST_POINTS = 300;
/** In the place of a figure that no run has shown yet. */
export const UNKNOWN = '…';

/** [step, value] from step 0 on, thinned, with the last one. */
export function curve(values: ArrayLike<number>): CurvePoints {
  const last = values.length - 1;
  const every = Math.max(1, Math.ceil(last / MOST_POINTS));
  const points: [number, number][] = [];
  for (let step = 0; step < last; step += every) points.push([step, values[step]]);
  if (last >= 0) points.push([last, values[last]]);
  return points;
}

const errorCurve = (run: RunRecord): CurvePoints => curve(errorsOf(run) ?? []);

type GradientSeries = 'gradNormA' | 'gradNormB';

/** ‖∂L/∂A‖ or ‖∂L/∂B‖ of the only matrix of a run, a number a step. */
export function gradientsOf({ trace: { modules, length } }: RunRecord, of: GradientSeries): Float64Array {
  const [only] = modules;
  return only?.[of].subarray(0, length) ?? new Float64Array();
}

/** The norm at step 0; UNKNOWN before it was read. */
export function firstGradient(run: RunRecord | undefined, of: GradientSeries): string {
  const first = run && gradientsOf(run, of).at(0);
  return first === undefined ? UNKNOWN : number(first);
}

/** A line without a figure behind its name. */
export const noFigure = (): string => '';

const LOOKS = {
  symptom: 'symptom',
  cure: 'cure',
  reference: 'reference',
  wrong: 'reference',
} as const satisfies Record<CaseRun['role'], CaseLook>;

/** Runs of a chart, those that are known, and whether the remedy is switched on. */
export interface ShownRuns {
  readonly list: readonly CaseRun[];
  readonly runs: CaseRuns;
  readonly cured: boolean;
}

/** A line for each of the runs that is known; that of the cure only with the switch on. `end`: the figure behind its name. */
export function linesOf(
  { list, runs, cured }: ShownRuns,
  of: (run: RunRecord) => CurvePoints,
  end: (run: RunRecord) => string = endOf,
): readonly ChartLine[] {
  return list.flatMap(({ key, label, role }) => {
    const run = runs.get(key);
    if (!run || (role === 'cure' && !cured)) return [];
    const figure = end(run);
    return [{ label: figure === '' ? label : `${label}: ${figure}`, look: LOOKS[role], points: of(run) }];
  });
}

/** The error at the end; "diverged" after its last good step. */
function endOf(run: RunRecord): string {
  return run.status === 'diverged' ? 'diverged' : errorText(run);
}

export function errorText(run: RunRecord | undefined): string {
  const error = run && errorAtEnd(run);
  return typeof error === 'number' ? number(error) : UNKNOWN;
}

/** The least error that the rank of a run can reach, over its steps. */
function floorLine(run: RunRecord | undefined): readonly ChartLine[] {
  const floor = run?.reach?.floor;
  if (!run || !floor) return [];
  const points: CurvePoints = [
    [0, floor],
    [lastStep(run), floor],
  ];
  return [{ label: `floor: ${number(floor)}`, look: 'floor', points }];
}

/** Error over training on a logarithmic axis. `floorOf`: the run whose floor is drawn, too. */
export function errorChart(shown: ShownRuns, where: string, floorOf?: RunRecord): CaseChart {
  return {
    title: 'Error over training',
    about: `‖ΔW − ΔW*‖/‖ΔW*‖, log scale. ${where}`,
    x: { label: 'step', scale: 'linear' },
    y: { label: 'error', scale: 'log' },
    lines: [...linesOf(shown, errorCurve), ...floorLine(floorOf)],
  };
}

/** Error over training of runs in float16. */
export const float16Chart = (shown: ShownRuns, settings: string): CaseChart => ({
  ...errorChart(shown, ''),
  title: 'A second way: float16',
  about: `Error, log scale: ${settings}.`,
});

/** ‖∂L/∂A‖ or ‖∂L/∂B‖ over training. */
export function gradientChart(factor: 'A' | 'B', shown: ShownRuns, where: string): CaseChart {
  return {
    title: `Gradient of ${factor}`,
    about: `‖∂L/∂${factor}‖, Frobenius norm. ${where}`,
    x: { label: 'step', scale: 'linear' },
    y: { label: `‖∂L/∂${factor}‖`, scale: 'linear', low: 0 },
    lines: linesOf(shown, (run) => curve(gradientsOf(run, `gradNorm${factor}`)), noFigure),
  };
}

export const barOf = (label: string, look: CaseLook, value: number, text: string): ChartBar => ({
  label,
  look,
  value,
  text,
});

const SHARES = { label: 'share', scale: 'linear', low: 0, high: 1 } as const;

/** Bars of shares from 0 to 1. */
export const sharesChart = (title: string, about: string, bars: readonly ChartBar[]): CaseChart => ({
  ...{ title, about, bars, lines: [] },
  x: { label: '', scale: 'linear' },
  y: SHARES,
});

/** Shares from 0 to 1 over training. */
export const shareLines = (title: string, about: string, lines: readonly ChartLine[]): CaseChart => ({
  ...{ title, about, lines },
  x: { label: 'step', scale: 'linear' },
  y: SHARES,
});

/** Held-out losses of a run, by step. */
export const heldOut = ({ losses: { steps, heldOut: values } }: RunRecord): CurvePoints =>
  steps.map((step, i) => [step, values[i]] as const);

/** Its accuracies on held-out examples, by step; NaN where none was measured. */
export const accuracies = ({ losses: { steps, accuracy } }: RunRecord): CurvePoints =>
  steps.map((step, i) => [step, accuracy?.[i] ?? Number.NaN] as const);
