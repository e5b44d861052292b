/** Frames that may be under way. */
const CREDITS = 2;
/** Bytes of factors a second that go to the page, which keeps them to look back: above that, frames come less often. */
const BYTES_A_SECOND = 32e6;

/** Steps before its end, in ms, from which a run keeps a credit for its last frame: the page may be drawing the one before. */
const NEAR_MS = 50;

/** Says when a frame may go: the page has taken those before, and has room for more factors, or it is to go at once. */
export interface Credits {
  readonly mayGo: (atOnce: boolean) => boolean;
  /** The steps that are still to be made will take so many milliseconds. */
  readonly toGo: (ms: number) => void;
  /** A frame goes, with so many bytes of factors. */
  readonly spend: (bytes: number) => void;
  /** The page has taken a frame. */
  readonly returned: () => void;
  /** The next frame goes, whatever is under way. */
  readonly forget: () => void;
}

/** `clock` in milliseconds. */
export function credits(clock: () => number): Credits {
  let underWay = 0;
  let spare = 0;
  /** When the page can take more factors. */
  let free = Number.NEGATIVE_INFINITY;

  return {
    mayGo: (atOnce) => (atOnce ? underWay < CREDITS : underWay < CREDITS - spare && clock() >= free),
    toGo(ms) {
      spare = ms < NEAR_MS ? 1 : 0;
    },
    spend(bytes) {
      underWay += 1;
      free = clock() + (1000 * bytes) / BYTES_A_SECOND;
    },
    returned() {
      underWay = Math.max(0, underWay - 1);
    },
    forget() {
      underWay = 0;
      free = Number.NEGATIVE_INFINITY;
    },
  };
}
