import { expect } from 'vitest';
import { type BackgroundRun, trainInBackground } from '../../../engine/background-runs/background-run.ts';
import type { NetworkAssets } from '../../../engine/tasks/network/assets.ts';
import { evaluator } from '../../../engine/tasks/network/evaluate.ts';
import { loops64 } from '../../../engine/tasks/network/loops.ts';
import { assetsInNode } from '../../../engine/testing/assets-in-node.ts';
import { nodeBackends } from '../../../engine/testing/node-backends.ts';
import { svd } from '../../../math/factor/svd.ts';
import { toFloat32 } from '../../../math/matrix.ts';
import { effectiveRank } from '../../../math/spectral/spectra.ts';
import { balancedFactors, firstTriplets } from '../../inits/triplets.ts';
import type { NetworkProblem } from '../../layer/problem.ts';
import { parseLink, settingsLink } from '../../link/link.ts';
import { presets } from '../../presets.ts';
import { change } from '../../settings/experiment.ts';
import type { Experiment } from '../../settings/params.ts';

/** Shares of right answers to held-out digits: of the new task, and of the one that the network knew before. */
interface NetworkPoint {
  readonly step: number;
  readonly accuracy: number;
  readonly old: number;
}

export interface NetworkRun extends NetworkPoint {
  /** At step 0 and in even distances up to the last one. */
  readonly points: readonly NetworkPoint[];
  /** Of each ΔW, by the name of its matrix: singular values. */
  readonly spectra: ReadonlyMap<string, Float64Array>;
  readonly run: BackgroundRun<NetworkProblem>;
}

const known = new Map<string, Promise<NetworkRun>>();

/**
 * Trains the network of a preset with other settings to its end, once for all claims. `every`: the number of steps
 * between two points; reading the held-out digits costs as much as a few steps.
 */
export function trainNetwork(preset: string, changes: Partial<Experiment> = {}, every = 50): Promise<NetworkRun> {
  const { experiment, faults } = parseLink(presets.byName(preset).link);
  expect(faults).toEqual([]);
  const e = change(experiment, changes);
  const key = `${settingsLink(e)} ${every}`;
  const run = known.get(key) ?? trainSettings(e, every);
  known.set(key, run);
  return run;
}

/** Trains an experiment on a network to its end, observed every `every` steps; from other weights than the shipped ones if `assets` has them. */
export async function trainSettings(e: Experiment, every: number, assets?: NetworkAssets): Promise<NetworkRun> {
  const network = assets ?? (await assetsInNode(e, ''));
  const observe = Array.from({ length: e.steps / every }, (_, i) => every * i);
  const run = await trainInBackground<NetworkProblem>(e, { backends: nodeBackends, network, observe });
  const points = run.observed.map(({ step, losses }): NetworkPoint => {
    const { accuracy = Number.NaN, oldAccuracy: old = Number.NaN } = losses ?? {};
    return { step, accuracy, old };
  });
  const spectra = run.observed[run.observed.length - 1].spectra();
  return {
    ...points[points.length - 1],
    ...{ points, run },
    spectra: new Map(run.problem.modules.map(({ name }, i) => [name, spectra[i]])),
  };
}

export const rankOf = ({ spectra }: NetworkRun, name: string) => effectiveRank(spectra.get(name) ?? new Float64Array());

/** What a run has learned, as a share of what full fine-tuning has. */
export function gain({ points: [start], accuracy }: NetworkRun, full: NetworkRun): number {
  return (accuracy - start.accuracy) / (full.accuracy - start.accuracy);
}

/** The first observed step at which a run has this share of what full fine-tuning gains; undefined if it never has. */
export function whenGained({ points }: NetworkRun, full: NetworkRun, share: number): NetworkPoint | undefined {
  const [start] = points;
  const wanted = start.accuracy + share * (full.accuracy - start.accuracy);
  return points.find(({ accuracy }) => accuracy >= wanted);
}

/** The accuracy on the new task after each ΔW of full fine-tuning is cut to a rank by its SVD. */
export function accuracyAfterCut({ run: { problem, observed } }: NetworkRun, rank: number): number {
  const { factors } = observed[observed.length - 1];
  const cut = problem.modules.map((module, i) => {
    const { d, k, frozenFactor } = module;
    const data = Float64Array.from(frozenFactor === 'B' ? factors[i].A : factors[i].B);
    const { A, B } = balancedFactors(firstTriplets(svd({ rows: d, cols: k, data }), Math.min(rank, d)), 1);
    return { module: { ...module, rank: A.rows }, factors: { A: toFloat32(A).data, B: toFloat32(B).data } };
  });
  const evaluate = evaluator({ ...problem, modules: cut.map(({ module }) => module) }, loops64);
  const { accuracy } = evaluate(
    cut.map(({ factors: one }) => one),
    cut.map(() => 1),
  );
  return accuracy;
}
