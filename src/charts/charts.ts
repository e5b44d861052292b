import type { RunChart } from './chart.ts';
import { effectiveRank } from './effective-rank/effective-rank.ts';
import { error } from './error/error.ts';
import { gradients } from './gradients/gradients.ts';
import { spectrum } from './spectrum/spectrum.ts';

/** The charts in reading order: the left column has the rank axis, the right one the step axis. */
export const CHARTS: readonly RunChart[] = [spectrum, gradients, error, effectiveRank];
