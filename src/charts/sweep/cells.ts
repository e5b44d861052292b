import { scaleLog } from 'd3-scale';
import type { CellRun, Measure } from '../../experiment/run-file/run-record.ts';
import type { Chart, Table } from '../../kit/chart/chart.ts';
import type { RgbTriple } from '../matrices/heatmap.ts';
import { quantileAt } from './marks.ts';

/** A setting that varies, in words. */
export interface SweepAxis {
  readonly key: string;
  /** Of the axis: "rank r", "learning rate". */
  readonly name: string;
  /** In front of a value: "r = ", "rate "; empty if the value is clear by itself. */
  readonly before: string;
  readonly texts: readonly string[];
  /** The values themselves if all are numbers; otherwise null. */
  readonly numbers: readonly number[] | null;
  readonly scale: 'log' | 'linear';
}

export interface SweepCell {
  readonly at: readonly number[];
  /** By seed; if not done, null. */
  readonly runs: readonly (CellRun | null)[];
  /** Why it is impossible; if possible, null. */
  readonly why: string | null;
  readonly way?: string;
}

/** The colours that a map mixes, 0 to 255: those of the current theme. */
export interface Palette {
  readonly paper: RgbTriple;
  readonly ink: RgbTriple;
  readonly hue: RgbTriple;
}

export interface SweepScene {
  /** Columns, rows and panels, as far as they exist. */
  readonly axes: readonly SweepAxis[];
  /** The first axis varies fastest. */
  readonly cells: readonly SweepCell[];
  /** Planned seeds per cell. */
  readonly seeds: number;
  readonly measure: Measure;
  /** Whether the target has samples, some of them held out; so have networks. */
  readonly samples: boolean;
  readonly network?: boolean;
  readonly pointed: SweepCell | null;
  readonly palette: Palette;
  /** Of the link's target, by rank (entry i); null if unknown, if the target varies, or if it binds no such run. */
  readonly floors: ArrayLike<number> | null;
  /** ‖N‖/‖ΔW*‖ of the noise N in that target; null if it has none, or with `floors`. */
  readonly noise: number | null;
  /** Trained parameters per rank, over d·k. */
  readonly perRank: number;
  /** d·k. */
  readonly weights: number;
  /** By panel and row of a map over learning rates: where SGD is first unstable, and where nothing settles; left out: not known. */
  readonly edges?: readonly (readonly RowEdge[])[];
}

export interface RowEdge {
  readonly unstable: number;
  readonly nothing: number;
}

export const MEASURES: Readonly<Record<Measure, string>> = {
  ratio: 'Final error ÷ floor',
  error: 'Final relative error',
  heldOut: 'Held-out loss',
  steps: 'Steps to 5% above the floor',
  accuracy: 'Accuracy',
  oldAccuracy: 'Accuracy on the old task',
};

/** Whether a higher value is better. Its figures are 1 − value, so that the least is the best of any measure. */
export const isShare = (measure: Measure) => measure === 'accuracy' || measure === 'oldAccuracy';

/** The value of a figure, as it is read. */
export const readValue = (figure: number, measure: Measure) => (isShare(measure) ? 1 - figure : figure);

/** Accuracies within it are not distinguished. */
export const SHARES_APART = 0.01;

/** Whether a figure is not distinguished from the best. */
export const isNear = (figure: number, best: number, measure: Measure) =>
  isShare(measure) ? figure <= best + SHARES_APART + 1e-9 : figure <= best * APART;

/** Medians within this factor are not distinguished. */
export const APART = 1.05;

/** Number of values of an axis; 1 if there is none. */
export const lengthOf = (scene: SweepScene, axis: number) => scene.axes[axis]?.texts.length ?? 1;

/** Whether every possible run has ended. */
export const isComplete = ({ cells }: SweepScene) =>
  cells.every(({ runs, why }) => why !== null || runs.every((run) => run !== null));

export function cellAt(scene: SweepScene, at: readonly number[]): SweepCell | undefined {
  const [columns, rows] = [lengthOf(scene, 0), lengthOf(scene, 1)];
  return scene.cells[(at[0] ?? 0) + columns * ((at[1] ?? 0) + rows * (at[2] ?? 0))];
}

/** The figure of a measure for a run, the least the best; infinite if it diverged or never got there, null if unknown. */
export function figureOf(run: CellRun, measure: Measure): number | null {
  if (run.status === 'diverged') return Number.POSITIVE_INFINITY;
  switch (measure) {
    case 'error':
      return run.error;
    case 'heldOut':
      return run.heldOut;
    case 'ratio':
      return run.error === null || run.floor === null || run.floor <= 0 ? null : Math.max(1, run.error / run.floor);
    case 'steps':
      return run.floor === null || run.floor <= 0 ? null : (run.reached ?? Number.POSITIVE_INFINITY);
    case 'accuracy':
    case 'oldAccuracy':
      return typeof run[measure] === 'number' ? 1 - run[measure] : null;
  }
}

export interface Summary {
  readonly n: number;
  readonly diverged: number;
  /** The known values, ascending; infinite for diverged runs. */
  readonly values: readonly number[];
  /** Infinite if half of them are; if there are none, null. */
  readonly median: number | null;
  /** 1st and 3rd quartile, if finite. */
  readonly quartiles: readonly [number, number] | null;
}

/** Medians and quartiles with linear interpolation between order statistics (Hyndman and Fan's type 7). */
export function summaryOf(cell: SweepCell, measure: Measure): Summary {
  const runs = cell.runs.filter((run) => run !== null);
  const values = runs
    .map((run) => figureOf(run, measure))
    .filter((value) => value !== null)
    .sort((a, b) => a - b);
  const at = (p: number) => quantileAt(values, p);
  const [low, high] = [at(0.25), at(0.75)];
  return {
    n: runs.length,
    diverged: runs.filter(({ status }) => status === 'diverged').length,
    values,
    median: at(0.5),
    quartiles: low !== null && high !== null && Number.isFinite(high) ? [low, high] : null,
  };
}

export function cellName(scene: SweepScene, at: readonly number[]): string {
  return scene.axes
    .map(({ before, texts }, i) => `${before}${texts[at[i] ?? 0]}`)
    .reverse()
    .join(', ');
}

export function onePanel(scene: SweepScene, panel: number): SweepScene {
  const inside = ({ at }: SweepCell) => at[2] === panel;
  const { pointed } = scene;
  const flat = (cell: SweepCell): SweepCell => ({ ...cell, at: cell.at.slice(0, 2) });
  return {
    ...scene,
    axes: scene.axes.slice(0, 2),
    cells: scene.cells.filter(inside).map(flat),
    pointed: pointed && inside(pointed) ? flat(pointed) : null,
  };
}

/** A chart of a sweep; its help names what is drawn and the number of seeds. */
export interface SweepChart extends Omit<Chart<SweepScene>, 'title'> {
  readonly title: (scene: SweepScene) => string;
  readonly table: (scene: SweepScene) => Table;
}

/** Paper at 0, the full hue at 1. */
export function mixColours({ paper, hue }: Palette, t: number): RgbTriple {
  const part = (i: 0 | 1 | 2) => Math.round(paper[i] + (hue[i] - paper[i]) * Math.min(1, Math.max(0, t)));
  return [part(0), part(1), part(2)];
}

/** Paper or ink, whichever has more contrast to a colour. */
export function contrastingInk(colour: RgbTriple, { paper, ink }: Palette): RgbTriple {
  return contrast(colour, paper) > contrast(colour, ink) ? paper : ink;
}

/** The contrast ratio of WCAG 2, 1 to 21. */
export function contrast(a: RgbTriple, b: RgbTriple): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(colour: RgbTriple): number {
  const [r, g, b] = colour.map((v) => {
    const share = v / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export const css = ([r, g, b]: RgbTriple) => `#${[r, g, b].map((v) => v.toString(16).padStart(2, '0')).join('')}`;

/** Values within this factor are not distinguished by colour alone. */
const LEAST_SPAN = 1.5;

/** The range of a colour key, from the full hue to paper. */
export interface KeyRange {
  readonly best: number;
  readonly worst: number;
}

/** From the best (smallest) value to the worst; `from` is the best possible one. Null if no value is finite. */
export function keyRangeOf(values: readonly number[], from: number | null): KeyRange | null {
  const known = values.filter((v) => Number.isFinite(v) && v > 0);
  if (known.length === 0) return null;
  const best = Math.min(from ?? Number.POSITIVE_INFINITY, ...known);
  return { best, worst: Math.max(best * LEAST_SPAN, ...known) };
}

/** The strength of a value's hue: 1 at the best, 0 at the worst, by ratio between. */
export function strength(value: number, { best, worst }: KeyRange): number {
  if (!(value > 0)) return 1;
  return scaleLog().domain([best, worst]).range([1, 0]).clamp(true)(value);
}

/** The median floor of runs with several seeds, each of which has a target of its own; null if none has one. */
export function medianFloor(runs: SweepCell['runs']): number | null {
  const floors = runs.flatMap((run) => run?.floor ?? []).sort((a, b) => a - b);
  return quantileAt(floors, 0.5);
}
