import { type DigitLayer, type LayerAdapter, mergedLayers } from '../../experiment/network/forward.ts';
import type { HandAdapter } from '../../experiment/network/hand-adapter.ts';
import { decodeHand, encodeHand, MAX_HAND_RANK } from '../../experiment/network/hand-adapter.ts';
import { joinedAdapter } from '../../experiment/network/hands/hand-merge.ts';
import { type HistoryModule, settingsAt } from '../../experiment/run-file/run-record.ts';
import { isBesideLora, isFull } from '../../experiment/settings/bounds.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import { frameAt } from '../../state/run/history.ts';
import type { ReadyMessage } from '../../state/run/run.ts';
import { shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';

type FactorPair = Pick<HistoryModule, 'A' | 'B'>;
type Ready = Pick<ReadyMessage, 'network' | 'modules'>;

/** The matrices before any adapter. */
export function pretrainedOf({ network, modules }: Ready): readonly DigitLayer[] {
  return (network?.layers ?? []).map(({ name, d, k, W }) => ({
    ...{ d, k },
    W: modules.find((module) => module.name === name)?.base ?? W,
  }));
}

/** The adapters of a step by layer, on the matrices that are frozen below them. */
export function adaptersOf(
  ready: Ready,
  factors: readonly FactorPair[],
  e: Experiment,
): readonly (LayerAdapter | null)[] {
  return (ready.network?.layers ?? []).map(({ name }) => {
    const m = ready.modules.findIndex((module) => module.name === name);
    if (m < 0 || !factors[m]) return null;
    const { rank } = ready.modules[m];
    const { A, B } = factors[m];
    return { A, B, rank, scaling: isFull(e) ? 1 : scalingOf({ ...e, rank }) };
  });
}

/** An adapter by layer. */
export const layersOf = ({ rank, scaling, layers }: HandAdapter): readonly LayerAdapter[] =>
  layers.map((factors) => ({ ...factors, rank, scaling }));

/** An adapter as whoever opens this text gets it. Throws a RangeError with what is wrong with it. */
export function readHand(text: string): HandAdapter {
  const read = decodeHand(text);
  if ('fault' in read) throw new RangeError(read.fault);
  return read.adapter;
}

/** The shortest link with a hand: settings left out have their defaults. */
export const codeLink = (hand: string, by = ''): string =>
  `#${new URLSearchParams({ v: '1', target: 'digits', adapt: 'hand', ...(by === '' ? {} : { by }), hand })}`;

/** The adapter for a link, or why none fits. */
export function adapterToSend(
  ready: Ready,
  factors: readonly FactorPair[],
  e: Experiment,
): { readonly adapter: HandAdapter } | { readonly why: string } {
  if (isFull(e)) return { why: 'Full fine-tuning is too large for a link: choose LoRA.' };
  if (isBesideLora(e)) return { why: 'A link holds LoRA’s A and B alone: choose LoRA.' };
  if (e.rank > MAX_HAND_RANK) return { why: `A link holds rank 1 to ${MAX_HAND_RANK}: choose a lower rank.` };
  if (ready.modules.some(({ moved }) => moved))
    return { why: 'This start moves part of W₀ into the adapter, so a link cannot hold it: choose another.' };
  const scaling = scalingOf(e);
  const layers = adaptersOf(ready, factors, e).map((adapter, l) => {
    const { d, k } = ready.network?.layers[l] ?? { d: 0, k: 0 };
    return adapter ?? { A: new Float32Array(e.rank * k), B: new Float32Array(d * e.rank) };
  });
  return { adapter: { rank: e.rank, scaling, layers } };
}

/** The adapter on screen as a text, and as whoever reads that gets it; or why there is none. `added`: their sum. */
export function shownHand(state: State, added: HandAdapter | null = null) {
  const { run } = state;
  const step = shownStep(state);
  const frame = frameAt(run.frames, step);
  if (!run.ready?.network || !frame) return { why: 'Train it first.' };
  const settings = settingsAt(run, step);
  const own = adapterToSend(run.ready, frame.modules, settings);
  if ('why' in own) return own;
  const both = settings.rank + (added?.rank ?? 0);
  if (both > MAX_HAND_RANK) return { why: `Both together have rank ${both}; a link holds rank 1 to ${MAX_HAND_RANK}.` };
  try {
    const text = encodeHand(added ? joinedAdapter([added, own.adapter]) : own.adapter);
    const rounded = readHand(text);
    const base = pretrainedOf(run.ready);
    const mine = mergedLayers(base, adaptersOf(run.ready, frame.modules, settings));
    const exact = added ? mergedLayers(mine, layersOf(added)) : mine;
    return { text, rounded, exact, network: run.ready.network, base };
  } catch (error) {
    return { why: `This adapter cannot be sent: ${error instanceof RangeError ? error.message : String(error)}.` };
  }
}
