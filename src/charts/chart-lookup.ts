import type { RunChart, Scene } from './chart.ts';
import { CHARTS } from './charts.ts';
import { losses } from './losses/losses.ts';

/** All charts: those of every target, and the chart of targets with samples, which is loaded on demand. */
export function chartByName(name: string): RunChart {
  return [...CHARTS, losses].find((chart) => chart.name === name) ?? CHARTS[0];
}

export function availableCharts({ samples }: Pick<Scene, 'samples'>): readonly RunChart[] {
  return samples ? [...CHARTS, losses] : CHARTS;
}
