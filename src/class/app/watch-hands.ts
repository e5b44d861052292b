import { trainedHand } from '../../app/saving/hand-code.ts';
import { fetchNetworkData } from '../../engine/tasks/network/fetch-assets.ts';
import { besidePage } from '../../experiment/methods/floors/beside-page.ts';
import { digits } from '../../experiment/network/digits-target.ts';
import { decodeHand, encodeHand } from '../../experiment/network/hand-adapter.ts';
import { summedUpdate, withUpdate } from '../../experiment/network/hands/hand-merge.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { Store } from '../../state/state.ts';
import {
  type ClassHand,
  EXAMPLE_NAMES,
  exampleHand,
  joinedHands,
  measureHands,
  readClass,
  sameHands,
  withHands,
} from '../model/class-hands.ts';
import { type Wall, wallOf } from '../state/wall.ts';

/** Measures the hands of the wall whenever there are others, and trains one adapter on all of their drawings. */
export function watchHands(store: Store): () => void {
  let measured: readonly ClassHand[] = [];

  const follow = async () => {
    const { hands, example } = wallOf(store.state());
    if (sameHands(hands, measured) || hands.length === 0 || hands.length < (example?.hands ?? 0)) return;
    measured = hands;
    const wanted = () => sameHands(wallOf(store.state()).hands, hands);
    const ground = await groundOf();
    const readings = ground && (await besidePage(measureHands(hands, ground), wanted));
    if (!readings && measured === hands) measured = [];
    if (!ground) return put(store, { trainedOnAll: { why: 'The files of the network could not be loaded.' } });
    if (!readings) return;
    put(store, { readings, trainedOnAll: null });
    if (hands.length < 2 || readings.columns.length === 0) return;
    const rank = Math.max(...hands.map(({ adapter }) => adapter.rank));
    // As many digits of other people to each hand as its own adapter had.
    const others = Math.min(MOST_OTHERS, 50 * hands.length);
    const result = await trainedHand(store, settings({ rank, others }), joinedHands(hands));
    if ('why' in result) return wanted() && put(store, { trainedOnAll: result });
    const layers = withUpdate(ground.base, summedUpdate([result]));
    const row = await besidePage(readClass(layers, readings.columns, ground.others), wanted);
    if (row) put(store, { trainedOnAll: { rank, row } });
  };
  return () => void follow();
}

const put = (store: Store, changes: Partial<Wall>) =>
  store.dispatch({ type: 'wall', wall: { ...wallOf(store.state()), ...changes } });

/** The pretrained network, and the digits of other people; null if they cannot be loaded. */
async function groundOf() {
  const data = await fetchNetworkData({ target: 'digits', adapt: 'hand' }, document.baseURI).catch(() => null);
  if (!data) return null;
  const weights = data.weights('digits');
  const base = digits.layers.map(({ name, d, k }) => ({ d, k, W: weights.get(name) ?? new Float32Array(d * k) }));
  return { base, others: data.digits.heldOut };
}

/** The settings of an adapter to a hand. */
const settings = (changes: Pick<Experiment, 'rank' | 'others'>) =>
  change(change(defaults(), { target: 'digits', adapt: 'hand' }), changes);

/** Trains the hands of the example class on the pool, and puts each on the wall with its adapter in 8 bits. */
export async function trainExampleHands(store: Store): Promise<void> {
  const { example } = wallOf(store.state());
  if (!example) return;
  const going = () => wallOf(store.state()).example === example;
  const all = { ...example, hands: 0 };
  const jobs = [];
  for (const [hand, name] of EXAMPLE_NAMES.entries()) {
    const sets = await besidePage(exampleHand(hand), going);
    if (!sets) return;
    jobs.push({ name, sets, adapter: trainedHand(store, settings(OWN), sets) });
  }
  for (const [i, { name, sets, adapter }] of jobs.entries()) {
    const own = await adapter;
    if (!going()) return;
    if ('why' in own) {
      return put(store, { left: [{ what: name, why: `was not trained: ${own.why}` }], example: all });
    }
    const text = encodeHand(own);
    const decoded = decodeHand(text);
    const { hands, lastId } = wallOf(store.state());
    if ('fault' in decoded) continue;
    const { left: _, ...added } = withHands(hands, [{ name, text, adapter: decoded.adapter, sets }], lastId);
    put(store, { ...added, example: i < jobs.length - 1 ? example : all });
  }
}

/** Of a visitor's own hand. */
const OWN = { rank: 4, others: 50 };
const MOST_OTHERS = 1000;
