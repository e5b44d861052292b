import type { Adapter, PredictedResize, ResizePlan, Spectra } from '../model.ts';
import { type CurvePoint, costed, floorCurve, inOrder, pointsOf, ranksWith, sizePredictor } from './predict-resize.ts';

/** The least error of a file of at most `limit` bytes, by the ranks that are written. */
export interface SizeChoice {
  readonly limit: number;
  readonly predicted: PredictedResize;
}

export interface SizeChoices {
  /** The smallest file with at most 5% off. */
  readonly nearly: SizeChoice;
  readonly half: SizeChoice;
  /** At the knee if there is one, else the smallest file with at most 30% off. */
  readonly smallest: SizeChoice;
  /** Of the wanted size, at first a third of the file. */
  readonly most: SizeChoice;
  readonly knee: boolean;
  /** The least error of files of every size, from the smallest up. */
  readonly floor: readonly CurvePoint[];
}

const NEARLY = 0.05;
const FAR = 0.3;
/** A knee is one from this 1 − size/full − error on: 0 for files that lose as much as they save. */
const KNEE = 0.6;

/** Numbers as in the file, no limits of rank. */
const ANY = { most: null, mostOfConvolutions: null, dtype: null, split: 'both' } as const;

/** The plan of a file of at most this size. */
export const planOfSize = (bytes: number): ResizePlan => ({ ...ANY, way: { by: 'bytes', bytes } });

/** A file's choices of size: a search takes up to a few hundred predictions, each 0.1 s for 25,000 directions. */
export function sizeSearch(adapter: Adapter, spectra: Spectra) {
  const predict = sizePredictor(adapter, spectra, ANY);
  const floor = floorCurve(adapter, spectra, null);
  const at = (limit: number): SizeChoice => ({ limit, predicted: predict(limit) });

  /** The smallest file with at most this error. The least error never grows with the size, so bisection finds it. */
  const within = (error: number): SizeChoice => {
    const enough = floor.findIndex((point) => point.error <= error);
    // Headers of nearly equal files differ by a few bytes: one point more on either side.
    let low = floor[Math.max(0, enough - 2)].bytes;
    let best = at(floor[enough].bytes);
    while (low < best.predicted.bytes) {
      const middle = Math.floor((low + best.predicted.bytes) / 2);
      const tried = at(middle);
      if (tried.predicted.error <= error && tried.predicted.bytes <= middle) best = tried;
      else low = middle + 1;
    }
    return best;
  };

  /** `bytes`: the wanted size, null for a third of the file; never below the smallest. */
  const most = (bytes: number | null) =>
    at(Math.max(bytes ?? Number((adapter.bytes / 3).toPrecision(1)), floor[0].bytes));

  /** `pause` lets other work of the thread pass between two searches. */
  const choices = async (bytes: number | null, pause: () => Promise<void>): Promise<SizeChoices> => {
    const turn = kneeOf(adapter, spectra);
    const knee = turn.value >= KNEE;
    await pause();
    const nearly = within(NEARLY);
    await pause();
    const smallest = knee ? at(turn.bytes) : within(FAR);
    await pause();
    return { nearly, half: at(Math.floor(adapter.bytes / 2)), smallest, most: most(bytes), knee, floor };
  };

  return { at, within, most, choices };
}

/**
 * The file with the largest 1 − size/full − error. −error = −√lost is convex in what is lost, so the largest value lies
 * at a corner of the convex hull of all files: at a prefix of the directions by σ² per byte.
 */
export function kneeOf(adapter: Adapter, spectra: Spectra): { readonly bytes: number; readonly value: number } {
  const modules = costed(adapter, spectra, null, ({ sigma }) => sigma.length);
  const directions = inOrder(modules);
  const { gain, cost } = directions;
  const pointAt = pointsOf(adapter, spectra, null);
  const all = pointAt(ranksWith(modules, directions, cost.length));
  // lost² relative to the first direction of each module alone, from the small end.
  const start = pointAt(ranksWith(modules, directions, 0));
  const whole = gain.reduce((sum, one) => sum + one, 0);
  const scale = whole > 0 ? start.error ** 2 / whole : 0;
  let best = { count: cost.length, value: Number.NEGATIVE_INFINITY };
  let [lost, size] = [0, all.bytes];
  for (let count = cost.length; count >= 0; count--) {
    const value = 1 - size / adapter.bytes - Math.sqrt(lost * scale);
    if (value > best.value) best = { count, value };
    if (count === 0) break;
    lost += gain[count - 1];
    size -= cost[count - 1];
  }
  const { bytes, error } = pointAt(ranksWith(modules, directions, best.count));
  return { bytes, value: 1 - bytes / adapter.bytes - error };
}
