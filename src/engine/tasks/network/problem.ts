import { inits } from '../../../experiment/inits/index.ts';
import { drawnStart, startContext } from '../../../experiment/inits/start-context.ts';
import { firstTriplets } from '../../../experiment/inits/triplets.ts';
import { moduleStreams, present } from '../../../experiment/layer/cache.ts';
import { once } from '../../../experiment/layer/cached.ts';
import type { LayerModule } from '../../../experiment/layer/module.ts';
import type { NetworkProblem } from '../../../experiment/layer/problem.ts';
import type { BesideLora } from '../../../experiment/methods/starts.ts';
import { isPointTask, isSequenceTask } from '../../../experiment/network/adaptations.ts';
import { digitTask, type HandSets, handTask } from '../../../experiment/network/digits.ts';
import type { LabelledData, NetworkData } from '../../../experiment/network/network-data.ts';
import { pointsOf } from '../../../experiment/network/points.ts';
import { sequencesOf } from '../../../experiment/network/sequences.ts';
import { POINT_TASKS, SEQUENCE_TASKS } from '../../../experiment/network/tasks.ts';
import { batchesOfLink } from '../../../experiment/regression/batches.ts';
import { initSettingsOf, methodObstacle } from '../../../experiment/settings/availability.ts';
import { besideLora, choosesFactor, frozenFactorOf, isFull, isHand } from '../../../experiment/settings/bounds.ts';
import type { Experiment } from '../../../experiment/settings/params.ts';
import { scalingOf } from '../../../experiment/settings/rate.ts';
import {
  adaptedLayers,
  type NetworkLayer,
  type NetworkTarget,
  type Refusal,
} from '../../../experiment/targets/target.ts';
import { svd } from '../../../math/factor/svd.ts';
import { identity, type Matrix32, type Matrix64, toFloat32, transpose, zeros32 } from '../../../math/matrix.ts';
import { stream } from '../../../math/random.ts';
import { methodParts } from '../../steppers/method-parts.ts';
import type { NetworkAssets } from './assets.ts';
import { batchReader, createNetwork } from './create.ts';
import { loops64 } from './loops.ts';

/**
 * The matrices, adapters and data of a network experiment. Streams of A and B have the name of their matrix in front.
 * Without drawings, the task of a hand is the upright digits that the network can read.
 * With full fine-tuning ΔW is itself a factor, beside a frozen identity of as many rows as it has.
 */
export function prepareNetwork(
  e: Experiment,
  target: NetworkTarget,
  assets: NetworkAssets,
  hand: HandSets | null = null,
): NetworkProblem | Refusal {
  const init = inits.byName(e.init);
  const full = isFull(e);
  const beside = besideLora(e);
  const why = methodObstacle(e) ?? (full || beside ? null : init.unavailable?.(initSettingsOf(e)));
  if (why) return { why };
  const { bases, data } = groundOf(e, assets, hand);
  const layers = target.layers.map((layer) => ({ ...layer, W: matrixOf(bases, layer) }));
  const reference = once(() => referenceOf(layers, data));
  const modules: LayerModule[] = [];
  for (const layer of adaptedLayers(target, e.modules)) {
    const base = matrixOf(bases, layer);
    const referenceOfLayer = () => reference()[target.layers.indexOf(layer)];
    const made = full
      ? fullModule(layer, base, target)
      : beside
        ? besideModule(beside, e, target, layer, base, referenceOfLayer)
        : adaptedModule(e, target, layer, base, referenceOfLayer);
    if ('why' in made) return { why: `${layer.name}: ${made.why}` };
    modules.push(made);
  }
  const frozen = new Map(modules.map((module) => [module.name, module.frozen]));
  return {
    kind: 'network',
    modules,
    layers: layers.map((layer) => ({ ...layer, W: frozen.get(layer.name) ?? layer.W })),
    data,
  };
}

type PretrainedMatrices = ReadonlyMap<string, Float32Array>;

/** The pretrained matrices of an adaptation by name, and its data. */
function groundOf(
  e: Experiment,
  assets: NetworkAssets,
  hand: HandSets | null,
): { readonly bases: PretrainedMatrices; readonly data: NetworkData } {
  const { adapt } = e;
  const labelled = (sets: Omit<LabelledData, 'kind' | 'batches'>): LabelledData => {
    return { kind: 'labelled', ...sets, batches: batchesOfLink(e, sets.training.answers.length) };
  };
  const streams = (front: string) => (purpose: string) => stream(e.seed, front + purpose);
  if (isPointTask(adapt)) {
    const { weights, old, new: wanted } = POINT_TASKS[adapt];
    const sets = { ...pointsOf(wanted, streams('')), old: pointsOf(old, streams('old ')).heldOut };
    return { bases: assets.weights(weights), data: labelled(sets) };
  }
  if (isSequenceTask(adapt)) {
    const { weights, old, new: wanted } = SEQUENCE_TASKS[adapt];
    const bases = assets.weights(weights);
    const { length, asked, heldOut, at } = sequencesOf(wanted, e.batch, streams(''));
    const known = sequencesOf(old, e.batch, streams('old ')).heldOut;
    const part = (name: string) => present(bases.get(name) ?? null, `the pretrained weights have no ${name}`);
    const rest = { embedding: part('embedding'), positions: part('positions'), head: part('head') };
    const batches = { size: e.batch, at };
    return { bases, data: { kind: 'sequences', length, asked, rest, heldOut, old: known, batches } };
  }
  const drawn = isHand(e) ? handTask(assets.digits, hand, e.others, streams('')) : null;
  if (drawn) {
    const { weights, ...sets } = drawn;
    return { bases: assets.weights(weights), data: { kind: 'labelled', ...sets } };
  }
  const { weights, ...sets } = digitTask(assets.digits, adapt, e);
  return { bases: assets.weights(weights), data: labelled(sets) };
}

function matrixOf(bases: ReadonlyMap<string, Float32Array>, { name, d, k }: NetworkLayer): Matrix32 {
  const data = bases.get(name);
  if (data?.length !== d * k) throw new Error(`the pretrained weights have no ${d} × ${k} matrix ${name}`);
  return { rows: d, cols: k, data };
}

/** B·A = ΔW with A = I if ΔW has as many columns as rows or fewer, else B = I. */
function fullModule({ name, d, k }: NetworkLayer, base: Matrix32, { rates }: NetworkTarget): LayerModule {
  const rank = Math.min(d, k);
  const one = toFloat32(identity(rank));
  const wide = d < k;
  return {
    ...{ name, d, k, rank, base, frozen: base, full: true, moved: null, wanted: null },
    ...(wide ? { A: zeros32(d, k), B: one } : { A: one, B: zeros32(d, k) }),
    frozenFactor: wide ? 'B' : 'A',
    facts: { a: wide ? 0 : 1, b: wide ? 1 : 0, sigma1: 0, network: { rates, full: true } },
  };
}

interface LayerReference {
  /** ∂L/∂W over the first batch. */
  readonly gradient: Matrix64;
  /** Its inputs over the training examples, k × n. */
  readonly inputs: Matrix32;
}

function adaptedModule(
  e: Experiment,
  { rates }: NetworkTarget,
  { name, d, k }: NetworkLayer,
  base: Matrix32,
  reference: () => LayerReference,
): LayerModule {
  const rank = Math.min(e.rank, d, k);
  const scaling = scalingOf({ ...e, rank });
  const triplets = once(() => svd(base));
  const task = {
    gradient: () => reference().gradient,
    get inputs() {
      return reference().inputs;
    },
  };
  const sizes = { d, k, rank, sigma: e.sigma, size: e.size, scaling };
  const ground = { base: { matrix: base, triplets }, target: null, task };
  const context = startContext(sizes, moduleStreams(e.seed, name), ground, () => {});
  const { moved, largest, ...start } = drawnStart(inits.byName(e.init), context, e.seed);
  return {
    ...{ name, d, k, rank, base, ...start, frozenFactor: frozenFactorOf(e), wanted: null },
    facts: {
      ...largest,
      sigma1: 0,
      ...(choosesFactor(e) && { frozen: frozenFactorOf(e) }),
      network: { rates, full: false },
    },
    moved: moved && { ...moved, reach: null },
  };
}

function besideModule(
  method: BesideLora,
  e: Experiment,
  { rates }: NetworkTarget,
  layer: NetworkLayer,
  base: Matrix32,
  reference: () => LayerReference,
): LayerModule | Refusal {
  const triplets = once(() => svd(base));
  const ground = {
    ...{ base, stream: moduleStreams(e.seed, layer.name).stream },
    leadingBase: (n: number) => firstTriplets(triplets(), n),
    gradient: () => toFloat32(reference().gradient),
  };
  return methodParts().maker.networkMethodModule(method, e, layer, rates, ground);
}

/** By layer, in float64 on the pretrained matrices, so that a start has the same bits everywhere. */
function referenceOf(layers: NetworkProblem['layers'], data: NetworkData): readonly LayerReference[] {
  const shapes = layers.map(({ d, k }) => ({ d, k, rank: 0, full: true }));
  const network = (n: number) => {
    const net = createNetwork(loops64, data, shapes, n);
    for (const [i, layer] of net.layers.entries()) {
      layer.W.set(layers[i].W.data);
      layer.refresh();
    }
    return net;
  };
  const batch = network(data.batches.size);
  batch.measure(batchReader(data, batch.inputs[0])(0));
  // Sequences are drawn anew for each step: those of the first batch stand for all.
  const all = data.kind === 'labelled' ? network(data.training.answers.length) : batch;
  if (data.kind === 'labelled') all.forward(data.training);
  return batch.layers.map(({ gradients, d, k }, i) => ({
    gradient: { rows: d, cols: k, data: Float64Array.from(gradients.W) },
    inputs: toFloat32(transpose({ rows: all.inputs[i].length / k, cols: k, data: Float64Array.from(all.inputs[i]) })),
  }));
}
