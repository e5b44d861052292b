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
