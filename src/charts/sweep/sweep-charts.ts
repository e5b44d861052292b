import type { SweepChart } from './cells.ts';
import { sweepLines } from './lines.ts';
import { sweepMap } from './map.ts';
import { rankEnds } from './rank-ends.ts';
import { axisCurves } from './row-curves.ts';
import { sweepSmallMultiples } from './small-multiples.ts';

export const SWEEP_CHARTS: readonly SweepChart[] = [
  ...[sweepMap, sweepLines, sweepSmallMultiples, rankEnds],
  ...[axisCurves(0), axisCurves(1)],
];
