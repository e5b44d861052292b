import { trainQuietly } from '../../../engine/quiet/quiet.ts';
import { own } from '../../../engine/testing/in-node.ts';
import type { InitName } from '../../../experiment/inits/index.ts';
import { layerCache } from '../../../experiment/layer/problem.ts';
import { parseLink } from '../../../experiment/link/link.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { RACE } from '../links.ts';

/** The steps at which the race is looked at. */
export const STEPS: readonly number[] = Array.from({ length: 31 }, (_, i) => 2 * i);

/** The last W₀ and ΔW*, which runs of one link share. */
const cache = layerCache();

/** A run of a link with other settings, as the page makes it. */
export const trained = (link: string, changes: Partial<Experiment> = {}) =>
  trainQuietly({ ...parseLink(link).experiment, ...changes }, { backends: own, cache });

const made = new Map<string, ReturnType<typeof overSeeds>>();

/** The relative errors of an initialisation over five seeds: median and quartiles at each of the steps. */
export function raced(opt: 'adam' | 'sgd', init: InitName) {
  const key = `${opt} ${init}`;
  const found = made.get(key) ?? overSeeds(opt, init);
  made.set(key, found);
  return found;
}

async function overSeeds(opt: 'adam' | 'sgd', init: InitName) {
  const runs: Float64Array[] = [];
  for (const seed of [1, 2, 3, 4, 5])
    runs.push((await trained(RACE, { opt, init, seed })).points.series.relativeError ?? new Float64Array());
  // A run that has converged stays where it is.
  const columns = STEPS.map((step) => runs.map((run) => run[Math.min(step, run.length - 1)]).sort((a, b) => a - b));
  return {
    median: columns.map((values) => values[2]),
    low: columns.map((values) => values[1]),
    high: columns.map((values) => values[3]),
  };
}
