import type { Matched, MergePlan, PairFigures } from '../file/model.ts';
import type { AdaptersEvent, AdaptersState, Pair } from './adapters-state.ts';

type PairEvent = Extract<
  AdaptersEvent,
  { type: 'matched' | 'compared' | 'pair-colour' | 'choose-pair' | 'merge' | 'swap' }
>;

const PLAN: MergePlan = { weights: [1, 1], rank: null, others: 'carried', dtype: null };

/** Two files side by side after an event. */
export function onPair(state: AdaptersState, event: PairEvent): AdaptersState {
  const { pair } = state;
  if (event.type === 'matched') return { ...state, pair: begun(event.matched, pair) };
  if (event.type === 'swap') {
    const [first, second] = state.files;
    if (!first || !second) return state;
    const files = [second, first];
    return {
      ...state,
      files,
      chosen: 0,
      picked: false,
      detail: null,
      pointed: null,
      written: null,
      pair: pair && swapped(pair),
    };
  }
  if (!pair) return state;
  switch (event.type) {
    case 'compared':
      return { ...state, pair: compared(pair, event) };
    case 'pair-colour':
      return { ...state, pair: { ...pair, colour: event.colour } };
    case 'choose-pair':
      return pair.matched.pairs[event.pair] ? { ...state, pair: { ...pair, chosen: event.pair } } : state;
    case 'merge':
      return { ...state, written: null, pair: { ...pair, plan: { ...pair.plan, ...event.changes } } };
    default:
      return event satisfies never;
  }
}

const begun = (matched: Matched, before: Pair | null): Pair => ({
  matched,
  figures: matched.pairs.map(() => null),
  reading: matched.pairs.length > 0 ? { done: 0, secondsLeft: null, stopped: false } : null,
  colour: before?.colour ?? 'cosine',
  chosen: 0,
  plan: before?.plan ?? PLAN,
});

/** The worker matches and reads again: until then there is nothing to show of the pairs. */
function swapped(pair: Pair): Pair {
  const turn = (pairs: Matched['pairs']) => pairs.map(([a, b]) => [b, a] as const);
  const { pairs, onlyFirst, onlySecond, notPairs, unlike } = pair.matched;
  const [first, second] = notPairs;
  const matched: Matched = {
    pairs: turn(pairs),
    onlyFirst: onlySecond,
    onlySecond: onlyFirst,
    notPairs: [second, first],
    unlike: turn(unlike),
  };
  const [a, b] = pair.plan.weights;
  return { ...begun(matched, pair), plan: { ...pair.plan, weights: [b, a] } };
}

function compared(pair: Pair, event: Extract<PairEvent, { type: 'compared' }>): Pair {
  const { from, secondsLeft } = event;
  const figures: readonly (PairFigures | null)[] = [
    ...pair.figures.slice(0, from),
    ...event.figures,
    ...pair.figures.slice(from + event.figures.length),
  ];
  const done = figures.filter((one) => one !== null).length;
  const over = done === figures.length;
  return { ...pair, figures, reading: over ? null : { done, secondsLeft, stopped: pair.reading?.stopped ?? false } };
}
