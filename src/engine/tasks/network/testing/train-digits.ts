import type { NetworkProblem } from '../../../../experiment/layer/problem.ts';
import type { DigitSet } from '../../../../experiment/network/digits.ts';
import { digits } from '../../../../experiment/network/digits-target.ts';
import { countRight, type DigitLayer, digitsRead, mergedLayers } from '../../../../experiment/network/forward.ts';
import type { HandAdapter } from '../../../../experiment/network/hand-adapter.ts';
import { change, defaults } from '../../../../experiment/settings/experiment.ts';
import { startWasmBackend } from '../../../backends/own-backends.ts';
import { trainInBackground } from '../../../background-runs/background-run.ts';
import { assetsInNode } from '../../../testing/assets-in-node.ts';

const assets = await assetsInNode({ target: 'digits' }, '');
if (!assets) throw new Error('no assets');
const network = assets;
const started = startWasmBackend('relaxed');
if ('missing' in started) throw new Error(started.missing);
const wasm = started;

export const DIGITS = network.digits;

/** The pretrained network, and what adapts it; null: nothing. */
export interface AdaptedDigits {
  readonly layers: readonly DigitLayer[];
  readonly adapter: HandAdapter | null;
}

export const PRETRAINED: AdaptedDigits = {
  layers: digits.layers.map(({ name, d, k }) => ({ d, k, W: network.weights('digits').get(name) ?? [] })),
  adapter: null,
};

/** The digit that each row is read as. */
export function digitAnswers({ layers, adapter }: AdaptedDigits, set: DigitSet): Uint8Array {
  if (!adapter) return digitsRead(layers, set);
  const { rank, scaling } = adapter;
  return digitsRead(
    mergedLayers(
      layers,
      adapter.layers.map((factors) => ({ ...factors, rank, scaling })),
    ),
    set,
  );
}

export const digitAccuracy = (weights: AdaptedDigits, set: DigitSet) =>
  countRight(set, digitAnswers(weights, set)) / set.answers.length;

interface HandTraining {
  readonly method: number | 'full';
  /** Upright digits in each batch, beside all of the hand's. */
  readonly upright: number;
  readonly seed: number;
}

/** The network of the lab, adapted to a hand with its defaults: 100 steps at the derived rate. */
export async function adaptedToHand(mine: DigitSet, { method, upright, seed }: HandTraining): Promise<AdaptedDigits> {
  const changes = { others: upright, seed, ...(method === 'full' ? { method } : { rank: method }) };
  const experiment = change(change(defaults(), { target: 'digits', adapt: 'hand' }), changes);
  const hand = { training: mine, test: mine };
  const run = await trainInBackground<NetworkProblem>(experiment, { backends: [wasm], network, hand });
  const { problem, scalings, observed } = run;
  const { layers } = PRETRAINED;
  const { factors } = observed[observed.length - 1];
  if (method !== 'full') return { layers, adapter: { rank: method, scaling: scalings[0], layers: factors } };
  // Its ranks differ from matrix to matrix, so it has no adapter for a link.
  const whole = factors.map((pair, i) => ({ ...pair, rank: problem.modules[i].rank, scaling: scalings[i] }));
  return { layers: mergedLayers(layers, whole), adapter: null };
}
