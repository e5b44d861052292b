import { trainInBackground } from '../../../engine/background-runs/background-run.ts';
import { nodeBackends } from '../../../engine/testing/node-backends.ts';
import type { InitName } from '../../../experiment/inits/index.ts';
import { layerCache } from '../../../experiment/layer/problem.ts';
import { parseLink } from '../../../experiment/link/link.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';

const RACE = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&steps=60';

export const STEPS: readonly number[] = Array.from({ length: 31 }, (_, i) => 2 * i);

/** The last W₀ and ΔW*, which runs of one link share. */
const cache = layerCache();

export const trainLink = (link: string, changes: Partial<Experiment> = {}) =>
  trainInBackground({ ...parseLink(link).experiment, ...changes }, { backends: nodeBackends, cache });

const made = new Map<string, ReturnType<typeof overSeeds>>();

/** The relative errors of an initialisation over five seeds: median and quartiles at each of the steps. */
export function raceErrors(opt: 'adam' | 'sgd', init: InitName) {
  const key = `${opt} ${init}`;
  const found = made.get(key) ?? overSeeds(opt, init);
  made.set(key, found);
  return found;
}

async function overSeeds(opt: 'adam' | 'sgd', init: InitName) {
  const runs: Float64Array[] = [];
  for (const seed of [1, 2, 3, 4, 5])
    runs.push((await trainLink(RACE, { opt, init, seed })).points.series.relativeError ?? new Float64Array());
  // A run that has converged stays where it is.
  const columns = STEPS.map((step) => runs.map((run) => run[Math.min(step, run.length - 1)]).sort((a, b) => a - b));
  return {
    median: columns.map((values) => values[2]),
    low: columns.map((values) => values[1]),
    high: columns.map((values) => values[3]),
  };
}
