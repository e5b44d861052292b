import type { RunChart, Scene } from './chart.ts';
import { CHARTS } from './charts.ts';
import { losses } from './losses/losses.ts';

/** Those of every target, and the one of targets with samples, which a page loads when it is wanted. */
export function chartByName(name: string): RunChart {
  return [...CHARTS, losses].find((chart) => chart.name === name) ?? CHARTS[0];
}

/** The charts that have something to draw. */
export function availableCharts({ samples }: Pick<Scene, 'samples'>): readonly RunChart[] {
  return samples ? [...CHARTS, losses] : CHARTS;
}
