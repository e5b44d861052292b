import { readFactors } from '../file/factors.ts';
import type { Matched, MergePlan, PairFigures } from '../file/model.ts';
import { figuresOfCore } from '../file/pair/compare.ts';
import { type PairCore, pairCore } from '../file/pair/core.ts';
import { matchModules } from '../file/pair/match.ts';
import type { Held } from './measure.ts';
import { paceOf } from './pace.ts';

type Weights = MergePlan['weights'];
type Tell = (from: number, figures: readonly PairFigures[], secondsLeft: number | null) => void;

/** Two files beside each other. What is kept of each pair is small, so that other weights need no file. */
export interface Comparison {
  readonly first: Held;
  readonly second: Held;
  readonly matched: Matched;
  /** By pair; undefined until it is read, null where an entry is not finite or the kind has no factors. */
  readonly cores: (PairCore | null | undefined)[];
  weights: Weights;
}

export function comparisonOf(first: Held, second: Held, weights: Weights): Comparison {
  const matched = matchModules(first.adapter, second.adapter);
  return { first, second, matched, cores: matched.pairs.map(() => undefined), weights };
}

/** Reads the pairs that are not read yet, one at a time. */
export async function compare(of: Comparison, tell: Tell, signal: AbortSignal): Promise<void> {
  const { pairs } = of.matched;
  const from = of.cores.indexOf(undefined);
  if (from < 0) return;
  const pace = paceOf(pairs.length - from);
  let found: PairFigures[] = [];
  let begun = from;
  for (let i = from; i < pairs.length; i++) {
    if (signal.aborted) break;
    const core = await coreOf(of, i);
    of.cores[i] = core;
    found.push(figuresOfCore(core, of.weights));
    if (!pace.due(i + 1 - from)) continue;
    tell(begun, found, pace.secondsLeft());
    found = [];
    begun = i + 1;
  }
  if (found.length > 0) tell(begun, found, null);
}

async function coreOf({ first, second, matched }: Comparison, pair: number): Promise<PairCore | null> {
  const [i, j] = matched.pairs[pair] ?? [-1, -1];
  const [a, b] = [first.adapter.modules[i], second.adapter.modules[j]];
  if (!a || !b) return null;
  const [fa, fb] = [await readFactors(first.source, a), await readFactors(second.source, b)];
  return 'fault' in fa || 'fault' in fb ? null : pairCore(fa, a.scaling, fb, b.scaling);
}

/** Between two pieces of work the worker hears of what came meanwhile: in ms. */
const SLICE = 30;

/** The figures of what was read, by other weights; given up as soon as there are newer ones. */
export async function weigh(of: Comparison, weights: Weights, tell: Tell): Promise<void> {
  of.weights = weights;
  const read = of.cores.indexOf(undefined);
  const end = read < 0 ? of.cores.length : read;
  let found: PairFigures[] = [];
  let begun = 0;
  let since = performance.now();
  for (let i = 0; i < end; i++) {
    found.push(figuresOfCore(of.cores[i] ?? null, weights));
    if (performance.now() - since < SLICE) continue;
    await new Promise((next) => setTimeout(next));
    if (of.weights !== weights) return;
    since = performance.now();
    if (found.length < 40) continue;
    tell(begun, found, null);
    begun = i + 1;
    found = [];
  }
  if (found.length > 0) tell(begun, found, null);
}
