import { scaleLog } from 'd3-scale';
import type { CellRun, Measure } from '../../experiment/run-file/run-record.ts';
import type { Chart, Table } from '../../kit/chart/chart.ts';
import type { RgbTriple } from '../matrices/heatmap.ts';
import { quantileAt } from './bands.ts';

/** A setting that varies, in words. */
export interface SweepAxis {
  readonly key: string;
  /** Of the axis: "rank r", "learning rate". */
  readonly name: string;
  /** In front of a value: "r = ", "rate "; empty where the value says it all. */
  readonly before: string;
  /** One text a value. */
  readonly texts: readonly string[];
  /** The values themselves where all are numbers; else null. */
  readonly numbers: readonly number[] | null;
  readonly scale: 'log' | 'linear';
}

export interface SweepCell {
  /** Its place on each axis: columns, rows, panels. */
  readonly at: readonly number[];
  /** By seed; null where it is not done. */
  readonly runs: readonly (CellRun | null)[];
  /** Why it is impossible; null where it is not. */
  readonly why: string | null;
  /** The nearest setting that is possible, in words. */
  readonly way?: string;
}

/** The colours that a map mixes, 0 to 255: those of the theme in force. */
export interface Palette {
  readonly paper: RgbTriple;
  readonly ink: RgbTriple;
  readonly hue: RgbTriple;
}

/** Everything that the charts of a sweep may draw. */
export interface SweepScene {
  /** Columns, rows and panels, as far as there are any. */
  readonly axes: readonly SweepAxis[];
  /** The first axis fastest. */
  readonly cells: readonly SweepCell[];
  /** How many seeds a cell is to get. */
  readonly seeds: number;
  readonly measure: Measure;
  /** Whether the target has samples, some of them held out. */
  readonly samples: boolean;
  /** The cell that is pointed at. */
  readonly pointed: SweepCell | null;
  readonly palette: Palette;
  /** Of the target of the link, by rank (entry i); null where it is not known, or where it varies. */
  readonly floors: ArrayLike<number> | null;
  /** Trained numbers a rank, over d·k. */
  readonly perRank: number;
}

export const MEASURES: Readonly<Record<Measure, string>> = {
  ratio: 'Final error ÷ floor',
  error: 'Final relative error',
  heldOut: 'Held-out loss',
  steps: 'Steps to 5% above the floor',
};

/** How many values an axis has; 1 where there is none. */
export const lengthOf = (scene: SweepScene, axis: number) => scene.axes[axis]?.texts.length ?? 1;

/** The cell at a place; nothing outside. */
export function cellAt(scene: SweepScene, at: readonly number[]): SweepCell | undefined {
  const [columns, rows] = [lengthOf(scene, 0), lengthOf(scene, 1)];
  return scene.cells[(at[0] ?? 0) + columns * ((at[1] ?? 0) + rows * (at[2] ?? 0))];
}

/** What a measure says of a run; infinite where the run diverged or never got there, null where it is not known. */
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
  }
}

/** The runs of a cell together. */
export interface Summary {
  /** How many runs are there. */
  readonly n: number;
  /** How many of them diverged. */
  readonly diverged: number;
  /** One value a run that has one, ascending; infinite where it diverged. */
  readonly values: readonly number[];
  /** Over all of them; infinite where half of them are; null where there is none. */
  readonly median: number | null;
  /** 1st and 3rd quartile, as far as they are finite. */
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

/** Words for a cell: "α/√r, rank 16, rate 0.2". */
export function cellName(scene: SweepScene, at: readonly number[]): string {
  return scene.axes
    .map(({ before, texts }, i) => `${before}${texts[at[i] ?? 0]}`)
    .reverse()
    .join(', ');
}

/** A scene with one of its panels alone, as if it had no others. */
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

/** A chart of a sweep; its help says what is drawn and over how many seeds. */
export interface SweepChart extends Omit<Chart<SweepScene>, 'title'> {
  readonly title: (scene: SweepScene) => string;
  readonly table: (scene: SweepScene) => Table;
}

/** Paper at 0, the full hue at 1. */
export function mixColours({ paper, hue }: Palette, t: number): RgbTriple {
  const part = (i: 0 | 1 | 2) => Math.round(paper[i] + (hue[i] - paper[i]) * Math.min(1, Math.max(0, t)));
  return [part(0), part(1), part(2)];
}

/** Paper or ink, whichever contrasts more with a colour. */
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

/** Values nearer than this factor are not told apart by colour alone. */
const LEAST_SPAN = 1.5;

/** The stretch of values that a colour key runs through, from the full hue to paper. */
export interface KeyRange {
  readonly best: number;
  readonly worst: number;
}

/** From the best (smallest) value to the worst; `from` is the best that there could be. Null where no value is finite. */
export function keyRangeOf(values: readonly number[], from: number | null): KeyRange | null {
  const known = values.filter((v) => Number.isFinite(v) && v > 0);
  if (known.length === 0) return null;
  const best = Math.min(from ?? Number.POSITIVE_INFINITY, ...known);
  return { best, worst: Math.max(best * LEAST_SPAN, ...known) };
}

/** How much of the hue a value has: 1 at the best, 0 at the worst, by ratio between. */
export function strength(value: number, { best, worst }: KeyRange): number {
  if (!(value > 0)) return 1;
  return scaleLog().domain([best, worst]).range([1, 0]).clamp(true)(value);
}
