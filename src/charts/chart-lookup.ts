import type { RunChart, Scene } from './chart.ts';
import { CHARTS } from './charts.ts';
import { losses } from './losses/losses.ts';

/** Of all charts: those of every target, and the chart of targets with samples, which is loaded on demand. */
export function chartByName(name: string): RunChart {
  const chart = [...CHARTS, losses].find((one) => one.name === name);
  if (!chart) throw new Error(`no chart has the name “${name}”`);
  return chart;
}

export function availableCharts({ samples }: Pick<Scene, 'samples'>): readonly RunChart[] {
  return samples ? [...CHARTS, losses] : CHARTS;
}
