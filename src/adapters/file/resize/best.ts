import type { Spectrum } from '../model.ts';

/** A direction that a module can keep beyond its first: what it saves, σ², and what it costs, in bytes. */
interface Direction {
  readonly module: number;
  readonly gain: number;
  readonly cost: number;
}

/** Modules as the best allocation sees them. */
export interface Costed {
  readonly spectrum: Spectrum;
  /** Bytes of one direction: a column of B and a row of A. */
  readonly cost: number;
  /** It keeps no more directions than that. */
  readonly most: number;
}

/** All directions that may be kept beyond the first of each module, those that save the most for their bytes first. */
export function inOrder(modules: readonly (Costed | null)[]): Direction[] {
  const scale = largestOf(modules);
  const directions: Direction[] = [];
  for (const [module, of] of modules.entries()) {
    if (of === null) continue;
    for (let i = 1; i < Math.min(of.most, of.spectrum.sigma.length); i++) {
      const x = of.spectrum.sigma[i] / scale;
      if (x > 0) directions.push({ module, gain: x * x, cost: of.cost });
    }
  }
  return directions.sort((a, b) => b.gain / b.cost - a.gain / a.cost || a.cost - b.cost);
}

/** The ranks with the first `count` of these directions, and one in every module. */
export function ranksWith(modules: readonly unknown[], directions: readonly Direction[], count: number): number[] {
  const ranks = modules.map(() => 1);
  for (let i = 0; i < count; i++) ranks[directions[i].module]++;
  return ranks;
}

/**
 * The ranks with the least error of all whose directions beyond the first of each module have at most so many bytes: a
 * knapsack. Taking directions by what they save for their bytes, as far as they fit, is best for the bytes it comes to;
 * around the place where the next one no longer fits, it is searched for what uses the rest better.
 */
export function leastError(
  modules: readonly (Costed | null)[],
  bytes: number,
  directions: readonly Direction[] = inOrder(modules),
): number[] {
  // No choice uses a remainder that is smaller than what all costs are multiples of.
  const unit = greatestDivisor(directions.map(({ cost }) => cost)) || 1;
  let left = Math.max(0, Math.floor(bytes / unit)) * unit;
  let fit = 0;
  while (fit < directions.length && directions[fit].cost <= left) left -= directions[fit++].cost;
  const ranks = ranksWith(modules, directions, fit);
  if (fit === directions.length) return ranks;
  const { added, dropped } = exchange(directions, fit, left);
  for (const i of added) ranks[directions[i].module]++;
  for (const i of dropped) ranks[directions[i].module]--;
  return ranks;
}

/** The search ends after so many looks, with the best that it has seen: more than files of real modules ever take. */
const LOOKS = 20_000;
const DEEPEST = 1000;

interface Exchange {
  readonly added: readonly number[];
  readonly dropped: readonly number[];
}

/**
 * Which of the first `fit` directions to drop and which others to add so that as much as possible is saved within `left`
 * bytes more. Branch and bound from the break outwards: by the bound of Dantzig (Operations Research 5, 1957) a choice is left
 * alone where even all of its remaining bytes at the best rate that is still open would not beat the best found.
 */
function exchange(directions: readonly Direction[], fit: number, left: number): Exchange {
  const rate = (i: number) => directions[i].gain / directions[i].cost;
  const filled = fill(directions, fit, left);
  let found: Exchange = { added: filled, dropped: [] };
  let best = filled.reduce((sum, i) => sum + directions[i].gain, 0);
  const added: number[] = [];
  const dropped: number[] = [];
  let looks = 0;
  /** `up`: the next that may be added; `down`: the next that may be dropped. */
  const look = (up: number, down: number, room: number, saved: number) => {
    if (room >= 0 && saved > best) {
      best = saved;
      found = { added: [...added], dropped: [...dropped] };
    }
    if (++looks > LOOKS || added.length + dropped.length > DEEPEST) return;
    // Room is filled at the rate of the best that is still outside, at most; it is won back at that of the worst inside, at least.
    const chosen = room >= 0 ? added : dropped;
    const step = room >= 0 ? 1 : -1;
    for (let i = room >= 0 ? up : down; i >= 0 && i < directions.length; i += step) {
      if (saved + room * rate(i) <= best || looks > LOOKS) return;
      const { gain, cost } = directions[i];
      chosen.push(i);
      if (room >= 0) look(i + 1, down, room - cost, saved + gain);
      else look(up, i - 1, room + cost, saved - gain);
      chosen.pop();
    }
  };
  look(fit, fit - 1, left, 0);
  return found;
}

/** Those after the first `fit` that fit one after another. */
function fill(directions: readonly Direction[], fit: number, left: number): number[] {
  const added: number[] = [];
  for (let i = fit; i < directions.length && left > 0; i++) {
    if (directions[i].cost > left) continue;
    left -= directions[i].cost;
    added.push(i);
  }
  return added;
}

function greatestDivisor(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => {
    while (b !== 0) [a, b] = [b, a % b];
    return a;
  }, 0);
}

function largestOf(modules: readonly (Costed | null)[]): number {
  return modules.reduce((most, of) => Math.max(most, of?.spectrum.sigma[0] ?? 0), 0) || 1;
}
