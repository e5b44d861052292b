import { errorAtRank } from '../../../math/spectral/spectra.ts';
import { rankByEnergy, rankByNorm, rankByRatio, rankBySum } from '../figures.ts';
import type {
  Adapter,
  Figures,
  Module,
  OutputType,
  PredictedResize,
  ResizePlan,
  ResizeWay,
  Spectra,
  Spectrum,
} from '../model.ts';
import { remembered } from '../remembered.ts';
import { bytesOf } from '../safetensors/numbers.ts';
import { hasPairs, isUpdate } from '../shapes.ts';
import { fileSizes, outputTypeOf } from './outline.ts';

/** A module whose pairs are its whole ΔW. */
export const canBeCut = (module: Pick<Module, 'kind' | 'magnitude' | 'rank' | 'start'>): boolean =>
  hasPairs(module) && isUpdate(module) && module.rank > 0;

/** The spectra to cut, module by module; null for a copied one: see canBeCut, or not finite. */
export function spectraOf(adapter: Adapter, figures: readonly (Figures | null)[]): (Spectrum | null)[] {
  return adapter.modules.map((module, index) => {
    const of = figures[index] ?? null;
    if (of === null || !of.finite || of.sigma.length === 0 || !canBeCut(module)) return null;
    const { d, k, kernel, experts = 1 } = module;
    // A direction of every expert.
    return {
      d: experts * d,
      k: experts * k,
      convolution: kernel !== null && kernel[0] * kernel[1] > 1,
      sigma: of.sigma,
    };
  });
}

/** Ranks that servers of adapters take. */
export const SERVER_RANKS = [8, 16, 32, 64, 128, 256, 320, 512] as const;

/** Directions that a module may keep under a plan, whatever its way: its own, or one of the caps. */
function mostOf(spectrum: Spectrum, plan: SizeLimits): number {
  const caps = [spectrum.sigma.length, plan.most, spectrum.convolution ? plan.mostOfConvolutions : null];
  return Math.max(1, Math.min(...caps.filter((cap) => cap !== null)));
}

/** The rank of each module by every way but that by bytes, at least 1; copied modules have 0. */
export function ranksByWay(way: Exclude<ResizeWay, { by: 'bytes' }>, spectra: Spectra, plan: ResizePlan): number[] {
  const wanted = wantedBy(way, spectra);
  return spectra.map((spectrum, index) =>
    spectrum === null ? 0 : Math.max(1, Math.min(wanted(spectrum, index), mostOf(spectrum, plan))),
  );
}

function wantedBy(
  way: Exclude<ResizeWay, { by: 'bytes' }>,
  spectra: Spectra,
): (spectrum: Spectrum, index: number) => number {
  switch (way.by) {
    case 'energy':
      return ({ sigma }) => rankByEnergy(sigma, way.share);
    case 'rank':
      return () => way.rank;
    case 'served': {
      const rank = serverRank(spectra, way.share, way.below ?? false);
      return () => rank;
    }
    case 'sv_fro':
      return ({ sigma }) => rankByNorm(sigma, way.t);
    case 'sv_cumulative':
      return ({ sigma }) => rankBySum(sigma, way.t);
    case 'sv_ratio':
      return ({ sigma }) => rankByRatio(sigma, way.t);
    case 'hand':
      return ({ sigma }, index) => way.ranks[index] ?? sigma.length;
    default:
      throw new RangeError(`no way to cut: ${way satisfies never}`);
  }
}

/** One server rank for all modules: the smallest that keeps `share` of each one's energy, or the largest below. */
export function serverRank(spectra: Spectra, share: number, below: boolean): number {
  const needed = spectra.reduce((max, of) => Math.max(max, of === null ? 0 : rankByEnergy(of.sigma, share)), 0);
  if (below) return SERVER_RANKS.findLast((rank) => rank <= needed) ?? SERVER_RANKS[0];
  return SERVER_RANKS.find((rank) => rank >= needed) ?? SERVER_RANKS[SERVER_RANKS.length - 1];
}

const knownErrors = new WeakMap<Float64Array, Float64Array>();

/** Hundreds of predictions need the same errors. */
function errorsOf(sigma: Float64Array): Float64Array {
  const known = knownErrors.get(sigma) ?? errorAtRank(sigma);
  knownErrors.set(sigma, known);
  return known;
}

/** ‖lost‖/‖ΔW‖ by ranks (Eckart and Young 1936): of each module, and over all that are cut; 0 if ΔW is zero. */
function errorsAt(spectra: Spectra, ranks: readonly number[]): { readonly errors: number[]; readonly error: number } {
  const largest = spectra.reduce((max, of) => Math.max(max, of?.sigma[0] ?? 0), 0);
  let lost = 0;
  let whole = 0;
  const errors = spectra.map((of, index) => {
    if (of === null || !(of.sigma[0] > 0)) return 0;
    const at = errorsOf(of.sigma);
    const left = at[Math.min(ranks[index], of.sigma.length)];
    lost += (left / largest) * (left / largest);
    whole += (at[0] / largest) * (at[0] / largest);
    return left / at[0];
  });
  return { errors, error: whole > 0 ? Math.sqrt(lost / whole) : 0 };
}

/** Directions that modules can keep beyond their first ones, place by place: whose, σ² that it saves, bytes that it costs. */
interface Directions {
  readonly module: Uint32Array;
  readonly gain: Float64Array;
  readonly cost: Float64Array;
}

export interface CostedModule {
  readonly spectrum: Spectrum;
  /** Bytes of one direction: a column of B and a row of A. */
  readonly cost: number;
  readonly maxDirections: number;
}

/**
 * All directions that may be kept beyond the first of each module, by σ² per byte, the largest first; of equal ones, the
 * cheapest and then the first. Each module's are in order already: the next ones of all are kept in a heap.
 */
export function inOrder(modules: readonly (CostedModule | null)[]): Directions {
  const scale = largestOf(modules);
  const [next, rates, gains, costs] = [Uint32Array, Float64Array, Float64Array, Float64Array].map(
    (numbers) => new numbers(modules.length),
  );
  const ends = modules.map((of) => {
    if (of === null) return 0;
    const most = of.spectrum.sigma.subarray(0, of.maxDirections);
    return most.findLastIndex((sigma) => sigma / scale > 0) + 1;
  });
  const total = ends.reduce((sum, end) => sum + Math.max(0, end - 1), 0);
  const [module, gain, cost] = [new Uint32Array(total), new Float64Array(total), new Float64Array(total)];
  const advance = (m: number): boolean => {
    const of = modules[m];
    if (of === null || ++next[m] >= ends[m]) return false;
    const x = of.spectrum.sigma[next[m]] / scale;
    gains[m] = x * x;
    costs[m] = of.cost;
    rates[m] = gains[m] / costs[m];
    return true;
  };
  const before = (a: number, b: number) =>
    rates[a] !== rates[b] ? rates[a] > rates[b] : costs[a] !== costs[b] ? costs[a] < costs[b] : a < b;
  const heap = modules.map((_, m) => m).filter(advance);
  const sink = (from: number) => {
    const m = heap[from];
    let at = from;
    for (let child = 2 * at + 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], m)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = m;
  };
  for (let i = heap.length >> 1; i > 0; i--) sink(i - 1);
  for (let i = 0; i < total; i++) {
    const m = heap[0];
    module[i] = m;
    gain[i] = gains[m];
    cost[i] = costs[m];
    const last = advance(m) ? m : heap.pop();
    if (last === undefined || heap.length === 0) break;
    heap[0] = last;
    sink(0);
  }
  return { module, gain, cost };
}

/** The ranks with the first `count` of these directions, and one in every module. */
export function ranksWith(modules: readonly unknown[], { module }: Directions, count: number): number[] {
  const ranks = modules.map(() => 1);
  for (let i = 0; i < count; i++) ranks[module[i]]++;
  return ranks;
}

/**
 * The ranks with the least error whose directions beyond the first of each module cost at most `bytes`: a knapsack.
 * Directions by σ² per byte are best for the bytes they use; around the first that does not fit, a search improves on
 * the rest.
 */
export function minErrorRanks(
  modules: readonly (CostedModule | null)[],
  bytes: number,
  directions: Directions = inOrder(modules),
): number[] {
  const { module, cost } = directions;
  // No choice uses a remainder smaller than the greatest common divisor of the costs.
  const unit = greatestDivisor(cost) || 1;
  let left = Math.max(0, Math.floor(bytes / unit)) * unit;
  let fit = 0;
  while (fit < cost.length && cost[fit] <= left) left -= cost[fit++];
  const ranks = ranksWith(modules, directions, fit);
  if (fit === cost.length) return ranks;
  const { added, dropped } = exchange(directions, fit, left);
  for (const i of added) ranks[module[i]]++;
  for (const i of dropped) ranks[module[i]]--;
  return ranks;
}

/** Visits after which the search ends with its best so far: more than files of real modules ever need. */
const LOOKS = 20_000;
const DEEPEST = 1000;

interface Exchange {
  readonly added: readonly number[];
  readonly dropped: readonly number[];
}

/**
 * Which of the first `fit` directions to drop and which others to add to save the most within `left` bytes more. Branch
 * and bound from the break outwards; bound of Dantzig (Operations Research 5, 1957): all remaining bytes at the best
 * open rate.
 */
function exchange({ gain, cost }: Directions, fit: number, left: number): Exchange {
  const filled = fill(cost, fit, left);
  let found: Exchange = { added: filled, dropped: [] };
  let best = filled.reduce((sum, i) => sum + gain[i], 0);
  const added: number[] = [];
  const dropped: number[] = [];
  let looks = 0;
  /** `up`: the next that may be added; `down`: the next that may be dropped. */
  const visit = (up: number, down: number, room: number, saved: number) => {
    if (room >= 0 && saved > best) {
      best = saved;
      found = { added: [...added], dropped: [...dropped] };
    }
    if (++looks > LOOKS || added.length + dropped.length > DEEPEST) return;
    // Bytes are filled at the rate of the best outside, at most, and freed at that of the worst inside, at least.
    const chosen = room >= 0 ? added : dropped;
    const step = room >= 0 ? 1 : -1;
    for (let i = room >= 0 ? up : down; i >= 0 && i < cost.length; i += step) {
      if (saved + room * (gain[i] / cost[i]) <= best || looks > LOOKS) return;
      chosen.push(i);
      if (room >= 0) visit(i + 1, down, room - cost[i], saved + gain[i]);
      else visit(up, i - 1, room + cost[i], saved - gain[i]);
      chosen.pop();
    }
  };
  visit(fit, fit - 1, left, 0);
  return found;
}

function fill(cost: Float64Array, fit: number, left: number): number[] {
  const added: number[] = [];
  for (let i = fit; i < cost.length && left > 0; i++) {
    if (cost[i] > left) continue;
    left -= cost[i];
    added.push(i);
  }
  return added;
}

function greatestDivisor(numbers: Float64Array): number {
  return numbers.reduce((a, b) => {
    while (b !== 0) [a, b] = [b, a % b];
    return a;
  }, 0);
}

function largestOf(modules: readonly (CostedModule | null)[]): number {
  return modules.reduce((max, of) => Math.max(max, of?.spectrum.sigma[0] ?? 0), 0) || 1;
}

/** The result of a plan: ranks, errors by Eckart and Young (1936), and the size of the new file to the byte. */
export function predictResize(adapter: Adapter, spectra: Spectra, plan: ResizePlan): PredictedResize {
  const { way } = plan;
  const { most, mostOfConvolutions, dtype } = plan;
  if (way.by === 'bytes') return lastPredictor(adapter, spectra, most, mostOfConvolutions, dtype)(way.bytes);
  const ranks = ownRanks(adapter, spectra, ranksByWay(way, spectra, plan));
  return { ranks, ...errorsAt(spectra, ranks), bytes: fileSizes(adapter, spectra, plan.dtype)(ranks) };
}

type SizeLimits = Omit<ResizePlan, 'way' | 'split'>;

const lastPredictor = remembered(
  (
    adapter: Adapter,
    spectra: Spectra,
    most: number | null,
    mostOfConvolutions: number | null,
    dtype: SizeLimits['dtype'],
  ) => sizePredictor(adapter, spectra, { most, mostOfConvolutions, dtype }),
);

/** The least error of a file of at most so many bytes, for many sizes of one file: a plan's limits, not its way. */
export function sizePredictor(
  adapter: Adapter,
  spectra: Spectra,
  limits: SizeLimits,
): (bytes: number) => PredictedResize {
  const size = fileSizes(adapter, spectra, limits.dtype);
  const ranksOf = ranksByBytes(adapter, spectra, limits, size);
  return (bytes) => {
    const ranks = ownRanks(adapter, spectra, ranksOf(bytes));
    return { ranks, ...errorsAt(spectra, ranks), bytes: size(ranks) };
  };
}

export function costed(
  adapter: Adapter,
  spectra: Spectra,
  dtype: OutputType | null,
  max: (spectrum: Spectrum) => number,
): (CostedModule | null)[] {
  return spectra.map((spectrum, index) => {
    const { up, down } = adapter.modules[index].tensors;
    if (spectrum === null || !up || !down) return null;
    const cost =
      spectrum.d * bytesOf(outputTypeOf(up.dtype, dtype), []) +
      spectrum.k * bytesOf(outputTypeOf(down.dtype, dtype), []);
    return { spectrum, cost, maxDirections: max(spectrum) };
  });
}

function ownRanks(adapter: Adapter, spectra: Spectra, ranks: readonly number[]): number[] {
  return spectra.map((of, index) => (of === null ? adapter.modules[index].rank : ranks[index]));
}

/**
 * The ranks with the least error of a file of at most `bytes`; one in every module if even that is larger. The header's
 * size depends on the digits of the ranks.
 */
function ranksByBytes(
  adapter: Adapter,
  spectra: Spectra,
  plan: SizeLimits,
  size: (ranks: readonly number[]) => number,
): (bytes: number) => number[] {
  const modules = costed(adapter, spectra, plan.dtype, (spectrum) => mostOf(spectrum, plan));
  const spent = (ranks: readonly number[]) =>
    modules.reduce((sum, of, index) => sum + (of === null ? 0 : (ranks[index] - 1) * of.cost), 0);
  const whole = (ranks: readonly number[]) => size(ownRanks(adapter, spectra, ranks));
  const directions = inOrder(modules);
  const min = (room: number) => minErrorRanks(modules, room, directions);
  const all = modules.map((of) => (of === null ? 1 : Math.min(of.maxDirections, of.spectrum.sigma.length)));
  const [allBytes, allSpent] = [whole(all), spent(all)];
  return (bytes) => {
    if (allBytes <= bytes) return min(allSpent);
    // The longest header, of all directions, may leave bytes over: then shorter ones are tried, the shortest first.
    const sure = min(bytes - (allBytes - allSpent));
    const others = whole(sure) - spent(sure);
    for (let longer = -HEADERS; longer <= HEADERS; longer++) {
      const ranks = min(bytes - others - longer * HEADER_STEP);
      if (whole(ranks) <= bytes) return ranks;
    }
    return sure;
  };
}

/** Bytes by which a header grows; shorter and longer headers to try. */
const HEADER_STEP = 8;
const HEADERS = 2;

export interface CurvePoint {
  readonly bytes: number;
  readonly error: number;
}

const POINTS = 60;

/** The least error of files of every size, from one direction in each module to all, by σ² per byte. */
export function floorCurve(adapter: Adapter, spectra: Spectra, dtype: OutputType | null): CurvePoint[] {
  const pointAt = pointsOf(adapter, spectra, dtype);
  const modules = costed(adapter, spectra, dtype, ({ sigma }) => sigma.length);
  const { module } = inOrder(modules);
  const points = Math.min(POINTS, module.length);
  const ranks = spectra.map(() => 1);
  let added = 0;
  return Array.from({ length: points + 1 }, (_, i) => {
    const count = points === 0 ? 0 : Math.round((module.length * i) / points);
    while (added < count) ranks[module[added++]]++;
    return pointAt(ranks);
  });
}

/** The same with one rank for all modules, which each point has. */
export function oneRankCurve(
  adapter: Adapter,
  spectra: Spectra,
  dtype: OutputType | null,
): (CurvePoint & { readonly rank: number })[] {
  const pointAt = pointsOf(adapter, spectra, dtype);
  const largest = spectra.reduce((max, of) => Math.max(max, of === null ? 0 : of.sigma.length), 0);
  return ranksUpTo(largest).map((rank) => {
    const ranks = spectra.map((of) => (of === null ? 0 : Math.min(rank, of.sigma.length)));
    return { rank, ...pointAt(ranks) };
  });
}

export function pointsOf(adapter: Adapter, spectra: Spectra, dtype: OutputType | null) {
  const size = fileSizes(adapter, spectra, dtype);
  return (ranks: readonly number[]): CurvePoint => ({
    bytes: size(ownRanks(adapter, spectra, ranks)),
    error: errorsAt(spectra, ranks).error,
  });
}

/** Every rank up to 16, then four in each octave, and the last. */
function ranksUpTo(largest: number): number[] {
  const ranks: number[] = [];
  for (let rank = 1; rank < largest; rank += rank < 16 ? 1 : 2 ** (Math.floor(Math.log2(rank)) - 2)) ranks.push(rank);
  return largest > 0 ? [...ranks, largest] : [];
}
