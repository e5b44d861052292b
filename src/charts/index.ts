import type { Chart } from './chart.ts';
import { effectiveRank } from './effective-rank.ts';
import { error } from './error.ts';
import { gradients } from './gradients.ts';
import { spectrum } from './spectrum.ts';

export type { Chart, Size, Table } from './chart.ts';
export type { Curves, Hover, Sampled, Scene } from './scene.ts';
export { timeline } from './timeline.ts';
export { effectiveRank, error, gradients, spectrum };

/** The charts in reading order: the left column shares the rank axis, the right one the step axis. */
export const CHARTS: readonly Chart[] = [spectrum, gradients, error, effectiveRank];
export { type CellOutline, cellAt, cellOutline } from './cell-outline.ts';
export { tableCsv } from './csv.ts';
export { chartPng, chartSvg } from './export.ts';
export { count, number, percent, trimmed } from './format.ts';
export { type Colours, paint, percentile99, type Rgb } from './heatmap.ts';
export { type InitPicture, initPicture, type Tile } from './init-picture.ts';
export {
  combine,
  extremesIn,
  factorPlanes,
  type Halves,
  halvesOf,
  type Plane,
  productPlane,
  type Reduced,
  reduce,
} from './plane.ts';
export {
  type Caption,
  layoutStrip,
  type Rect,
  type StripLayout,
  type StripMode,
  type StripRequest,
  type TextPlace,
} from './strip.ts';
