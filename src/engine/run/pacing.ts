/** Milliseconds of steps between two looks at the messages, at full speed. */
const PACK_MS = 14;
/** Frames come no closer together than this while a pace is kept. */
const FRAME_MS = 16;
/** A graphics device wants several steps at a time, as long as there are 20 frames a second and more. */
const LONGEST_MS = 40;

/** How many steps to make now, or how long to wait. */
export type Turn = { readonly steps: number } | { readonly wait: number };

export interface Pacing {
  /** `pace` in steps a second; Infinity: as fast as it goes. */
  readonly set: (pace: number, now: number) => void;
  readonly turn: (now: number) => Turn;
  /** Steps are made elsewhere from now on. */
  readonly moved: (leastPack: number, msPerStep: number) => void;
  /** Takes in that `steps` steps have just been made, in `ms` milliseconds. */
  readonly made: (steps: number, ms: number, now: number) => void;
}

/** `fewest`: the fewest steps that are worth a call of this back end. `msPerStep`: the first guess. */
export function pacing(fewest: number, msPerStep: number): Pacing {
  let pace = 0;
  let leastPack = fewest;
  let ms = Math.max(1e-3, msPerStep);
  let since = 0;
  let steps = 0;
  /** When the last pack began. */
  let last = Number.NEGATIVE_INFINITY;
  const most = () => {
    const fitting = Math.floor(PACK_MS / ms);
    return Math.max(1, fitting, Math.min(leastPack, Math.floor(LONGEST_MS / ms)));
  };
  const restart = (now: number) => {
    since = now;
    steps = 0;
  };

  return {
    set(wanted, now) {
      if (wanted !== pace) restart(now);
      pace = wanted;
    },
    turn(now) {
      if (pace === Number.POSITIVE_INFINITY) return { steps: most() };
      // The first step is due at once.
      const due = Math.floor(((now - since) * pace) / 1000) + 1 - steps;
      const wait = Math.max(last + FRAME_MS - now, due >= 1 ? 0 : since + (steps * 1000) / pace - now);
      return wait > 0 ? { wait } : { steps: Math.max(1, Math.min(due, most())) };
    },
    moved(least, each) {
      leastPack = least;
      ms = Math.max(1e-3, each);
    },
    made(count, took, now) {
      // A first call may have compiled something; a single slow one (another task's turn) should not shrink the packs.
      const measured = took / count;
      ms = measured < ms ? measured : Math.min(2 * ms, (3 * ms + measured) / 4);
      last = now - took;
      steps += count;
      // Too slow for this pace: what was missed is not made up for.
      if (((now - since) * pace) / 1000 - steps > 2 * most()) {
        since = now;
        steps = 0;
      }
    },
  };
}
