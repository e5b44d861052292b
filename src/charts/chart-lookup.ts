import type { RunChart, Scene } from './chart.ts';
import { CHARTS } from './charts.ts';
import { foretoldError } from './error/foretold-error.ts';
import { losses } from './losses/losses.ts';
import { accuracy } from './network/accuracy.ts';
import { keptChart } from './network/kept.ts';
import { ranksChart } from './network/ranks.ts';
import { directions } from './spectrum/directions.ts';

const FORETOLD: readonly RunChart[] = [directions, foretoldError];
const OF_NETWORKS: readonly RunChart[] = [accuracy, keptChart, ranksChart];

/** Of all charts: those of every target, and those of predictions, samples and networks, which are loaded on demand. */
export function chartByName(name: string): RunChart {
  const chart = [...CHARTS, losses, ...FORETOLD, ...OF_NETWORKS].find((one) => one.name === name);
  if (!chart) throw new Error(`no chart has the name “${name}”`);
  return chart;
}

export function availableCharts({
  samples,
  network,
  foretold,
}: Pick<Scene, 'samples' | 'network' | 'foretold'>): readonly RunChart[] {
  return [...CHARTS, ...(foretold ? FORETOLD : []), ...(samples ? [losses] : []), ...(network ? OF_NETWORKS : [])];
}
