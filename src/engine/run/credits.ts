/** Frames that may be under way. */
const CREDITS = 2;
/** Bytes of factors a second that go to the page, which keeps them to look back: above that, frames come less often. */
const BYTES_A_SECOND = 32e6;

/** Says when a frame may go: the page has taken those before, and has room for more factors, or it is to go at once. */
export interface Credits {
  readonly mayGo: (atOnce: boolean) => boolean;
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
  /** When the page can take more factors. */
  let free = Number.NEGATIVE_INFINITY;

  return {
    mayGo: (atOnce) => underWay < CREDITS && (atOnce || clock() >= free),
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
