import type { Entries } from '../steppers/stepper.ts';

/** Steps in a row that a gradient has to be small, and the first steps of a run, which never count as converged. */
const QUIET_STEPS = 50;
const SHARE_OF_LARGEST = 1e-5;
const SHARE_OF_SCALE = 1e-6;
const DIVERGED = 1e6;

/**
 * Says when a run has diverged or converged (mathematics.md, "Divergence", "Converged"). Looks at a pack of entries without
 * taking them in, so that the engine can go back and repeat a part of it.
 */
export interface Judge {
  /** Index of the first entry that has diverged; the number of entries where none has. */
  readonly diverged: (entries: Entries) => number;
  /** Index of the first entry that could be the end if the factors' largest singular value were `reach`; −1 for none. */
  readonly mayEnd: (entries: Entries, count: number, reach: number) => number;
  /** Takes in the first `count` entries. */
  readonly accept: (entries: Entries, count: number) => void;
  /** Whether the run has converged at the last entry taken in; `reach` is exact for the factors there. */
  readonly converged: (reach: number) => boolean;
  /** The settings changed, or a person wants to go on: counting starts again. */
  readonly restart: (scaling: number) => void;
}

/** `mayConverge` false: never, since the loss is another in each step. `first` is entry 0. Where both its gradients are exactly zero, the run is a dead start and never converges. */
export function judge(
  first: Entries,
  targetNorm: number,
  initialScaling: number,
  mayConverge = true,
  frozen: 'A' | 'B' | null = null,
): Judge {
  const limit = DIVERGED * Math.max(first.loss[0], (targetNorm * targetNorm) / 2);
  const still = (norms: Float64Array, factor: 'A' | 'B') => frozen === factor || norms[0] === 0;
  const dead = still(first.gradNormA, 'A') && still(first.gradNormB, 'B');
  let scaling = initialScaling;
  let a = track([first.gradNormA[0]]);
  let b = track([first.gradNormB[0]]);

  const floor = (reach: number) => SHARE_OF_SCALE * scaling * targetNorm * reach;
  const quiet = (reach: number) =>
    mayConverge &&
    !dead &&
    (frozen === 'A' || isQuiet(a, floor(reach))) &&
    (frozen === 'B' || isQuiet(b, floor(reach)));
  const take = (entries: Entries, i: number) => {
    a = next(a, entries.gradNormA[i]);
    b = next(b, entries.gradNormB[i]);
  };

  return {
    diverged(entries) {
      // Where the start itself is not finite the limit is none, and the first update is the end.
      const bad = entries.loss.findIndex((loss) => !(Number.isFinite(loss) && loss <= limit));
      return bad < 0 ? entries.loss.length : bad;
    },
    mayEnd(entries, count, reach) {
      const before = [a, b];
      let found = -1;
      for (let i = 0; i < count && found < 0; i++) {
        take(entries, i);
        if (quiet(reach)) found = i;
      }
      [a, b] = before;
      return found;
    },
    accept(entries, count) {
      for (let i = 0; i < count; i++) take(entries, i);
    },
    converged: quiet,
    restart(next) {
      scaling = next;
      a = { ...a, recent: a.recent.slice(-1) };
      b = { ...b, recent: b.recent.slice(-1) };
    },
  };
}

/** Gradient norms of one factor. Never changed in place. */
interface Track {
  readonly largest: number;
  /** The last norms, at most one more than have to be small: the one at which counting started never ends a run. */
  readonly recent: readonly number[];
}

function track(recent: readonly number[]): Track {
  return { largest: recent[0], recent };
}

function next({ largest, recent }: Track, norm: number): Track {
  return { largest: Math.max(largest, norm), recent: [...recent.slice(-QUIET_STEPS), norm] };
}

function isQuiet({ largest, recent }: Track, floor: number): boolean {
  if (recent.length <= QUIET_STEPS) return false;
  const small = Math.max(SHARE_OF_LARGEST * largest, floor);
  for (let i = 1; i < recent.length; i++) if (!(recent[i] <= small)) return false;
  return true;
}
