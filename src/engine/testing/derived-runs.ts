import type { LayerCache } from '../../experiment/layer/problem.ts';
import { type OneModule, prepareModule } from '../../experiment/layer/testing/one-module.ts';
import { decide, param } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { gaussian, stream } from '../../math/random.ts';
import { trainInBackground } from '../background-runs/background-run.ts';
import { nodeBackends } from './node-backends.ts';

export function experimentOf(wanted: Partial<Experiment>): Experiment {
  return decide((key, draft) => wanted[key] ?? param(key).default(draft));
}

/** Throws if the initialisation is not offered. An imported target matrix becomes a random one. */
export function layerOf(e: Experiment, cache: LayerCache): OneModule {
  const own = e.target === 'matrix' ? gaussian(e.d, e.k, stream(e.seed, 'own')) : null;
  const layer = prepareModule(e, own, { cache, vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  return layer;
}

interface Pacing {
  readonly factor?: number;
  /** Observed steps besides the last. */
  readonly observe?: readonly number[];
}

/** Trains an experiment's layer for n steps at `factor` times the derived rate. The points have step 0 too. */
export async function trainAtDerivedRate(e: Experiment, { problem }: OneModule, steps: number, pacing: Pacing = {}) {
  const run = await trainInBackground({ ...e, lr: null, steps }, { ...pacing, problem, backends: nodeBackends });
  const { series, modules } = run.points;
  const last = run.observed[run.observed.length - 1];
  return { ...run, entries: { ...series, ...modules[0] }, last, ...last.factors[0] };
}

export interface Course {
  /** Loss at the start, at the end and the largest on the way, in units of ½‖ΔW*‖². Of samples: of all of them. */
  readonly start: number;
  readonly end: number;
  readonly max: number;
}

/** On samples the loss of all of them is taken at this interval of steps. */
const EVERY = 20;

export async function courseOf(e: Experiment, layer: OneModule, steps: number, factor = 1): Promise<Course> {
  const observe = Array.from({ length: Math.ceil(steps / EVERY) }, (_, i) => i * EVERY);
  const { summary, entries, observed } = await trainAtDerivedRate(e, layer, steps, {
    factor,
    observe: layer.data ? observe : [],
  });
  const losses = observed.flatMap((one) => one.losses?.training ?? []);
  const list = layer.data ? losses : [...entries.loss];
  if (summary.status === 'diverged') list.push(Number.POSITIVE_INFINITY);
  const unit = 0.5 * layer.targetNorm * layer.targetNorm;
  return { start: list[0] / unit, end: list[list.length - 1] / unit, max: Math.max(...list) / unit };
}
