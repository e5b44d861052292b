import type { RunChart, Scene } from './chart.ts';
import { CHARTS } from './charts.ts';
import { losses } from './losses/losses.ts';
import { accuracy } from './network/accuracy.ts';
import { keptChart } from './network/kept.ts';
import { ranksChart } from './network/ranks.ts';

const OF_NETWORKS: readonly RunChart[] = [accuracy, keptChart, ranksChart];

/** Of all charts: those of every target, and those of samples and of networks, which are loaded on demand. */
export function chartByName(name: string): RunChart {
  const chart = [...CHARTS, losses, ...OF_NETWORKS].find((one) => one.name === name);
  if (!chart) throw new Error(`no chart has the name “${name}”`);
  return chart;
}

export function availableCharts({ samples, network }: Pick<Scene, 'samples' | 'network'>): readonly RunChart[] {
  return [...CHARTS, ...(samples ? [losses] : []), ...(network ? OF_NETWORKS : [])];
}
