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

export const errorCurve = (run: RunRecord): CurvePoints => curve(errorsOf(run) ?? []);

type GradientSeries = 'gradNormA' | 'gradNormB';

/** ‖∂L/∂A‖ or ‖∂L/∂B‖ of the only matrix of a run, a number a step. */
export function gradientsOf({ trace: { modules, length } }: RunRecord, of: GradientSeries): Float64Array {
  const [only] = modules;
  return only?.[of].subarray(0, length) ?? new Float64Array();
}

export const gradientCurve =
  (of: GradientSeries) =>
  (run: RunRecord): CurvePoints =>
    curve(gradientsOf(run, of));

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

/** A line for each of the runs that is known; that of the cure only with the switch on. `end`: the figure behind its name. */
export function linesOf(
  list: readonly CaseRun[],
  runs: CaseRuns,
  cured: boolean,
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
export function floorLine(run: RunRecord | undefined): readonly ChartLine[] {
  const floor = run?.reach?.floor;
  if (!run || !floor) return [];
  const points: CurvePoints = [
    [0, floor],
    [lastStep(run), floor],
  ];
  return [{ label: `floor: ${number(floor)}`, look: 'floor', points }];
}

/** Error over training on a logarithmic axis. */
export function errorChart(lines: readonly ChartLine[], where: string): CaseChart {
  return {
    title: 'Error over training',
    about: `‖ΔW − ΔW*‖/‖ΔW*‖, log scale. ${where}`,
    x: { label: 'step', scale: 'linear' },
    y: { label: 'error', scale: 'log' },
    lines,
  };
}

export function gradientChart(factor: 'A' | 'B', lines: readonly ChartLine[], where: string): CaseChart {
  return {
    title: `Gradient of ${factor}`,
    about: `‖∂L/∂${factor}‖, Frobenius norm. ${where}`,
    x: { label: 'step', scale: 'linear' },
    y: { label: `‖∂L/∂${factor}‖`, scale: 'linear', low: 0 },
    lines,
  };
}

export const barOf = (label: string, look: CaseLook, value: number, text: string): ChartBar => ({
  label,
  look,
  value,
  text,
});

/** Bars of shares from 0 to 1. */
export function sharesChart(title: string, about: string, bars: readonly ChartBar[]): CaseChart {
  return {
    ...{ title, about, bars, lines: [] },
    x: { label: '', scale: 'linear' },
    y: { label: 'share', scale: 'linear', low: 0, high: 1 },
  };
}
