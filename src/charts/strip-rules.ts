/** Where the strip stands: its widths, sizes of text, and which matrices there is room for. */
export type StripMode = 'desk' | 'tablet' | 'phone' | 'present' | 'lesson';

/** All in px. */
export interface StripRules {
  readonly rows: 1 | 2;
  /** Matrices with k columns in a row: W, W₀, ΔW, ΔW*, E, or without W. The phone's row has W₀ and ΔW. */
  readonly squares: 2 | 4 | 5;
  readonly font: number;
  readonly symbolFont: number;
  /** Between W, W₀ and B, where the signs stand; B is tucked a little nearer, since its name hangs over to the left. */
  readonly gap: number;
  readonly tuck: number;
  /** Between B, A and ΔW. */
  readonly inner: number;
  /** Between ΔW, ΔW* and E: at least, and where there is room. */
  readonly sep: number;
  readonly widestSep: number;
  /** All that does not grow with the matrices, added up. */
  readonly fixed: number;
  /** Of A and ΔW together. */
  readonly tallest: number;
  /** What the captions would like. */
  readonly words: number;
  readonly captionLines: number;
  readonly keyWidth: number;
  readonly keyHeight: number;
}

/** A 64 × 64 matrix with its A of rank 8. */
const USUAL_ROWS = 72;

const DESK = {
  rows: 1,
  squares: 5,
  font: 12,
  symbolFont: 17,
  gap: 40,
  tuck: 4,
  inner: 8,
  sep: 56,
  widestSep: 220,
  largestCell: 3.25,
  words: 168,
  captionLines: 2,
  keyWidth: 64,
  keyHeight: 7,
} as const;

const MODES = {
  desk: DESK,
  tablet: { ...DESK, squares: 4, sep: 48, largestCell: 2.6 },
  lesson: { ...DESK, squares: 4, largestCell: 3 },
  present: {
    ...DESK,
    squares: 4,
    font: 22,
    symbolFont: 34,
    gap: 150,
    tuck: 14,
    inner: 12,
    sep: 100,
    widestSep: 260,
    largestCell: 5.2,
    words: 310,
    keyWidth: 120,
    keyHeight: 12,
  },
  phone: {
    ...DESK,
    rows: 2,
    squares: 2,
    gap: 48,
    tuck: 0,
    sep: 0,
    widestSep: 0,
    largestCell: 2.12,
    words: 140,
    captionLines: 1,
  },
} as const;

export function stripRules(mode: StripMode): StripRules {
  const { largestCell, ...m } = MODES[mode];
  const gaps = m.squares === 5 ? 2 : 1;
  return { ...m, tallest: largestCell * USUAL_ROWS, fixed: gaps * m.gap - m.tuck + m.inner + 2 * m.sep };
}
