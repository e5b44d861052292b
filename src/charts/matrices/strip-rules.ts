import { count } from '../../experiment/numbers.ts';
import type { Rect } from '../drawing/marks.ts';
import { textWidth } from '../drawing/text-width.ts';

/** Where the strip stands: its widths, sizes of text, and which matrices there is room for. */
export type StripMode = 'desk' | 'tablet' | 'phone' | 'present' | 'lesson';

/** Where a text stands; y is its baseline. */
export interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

/** Symbol and lines below a matrix. */
export interface StripCaption {
  readonly x: number;
  /** Baseline of the symbol. */
  readonly symbol: number;
  /** Baselines of the lines under it. */
  readonly lines: readonly number[];
  /** No line may be wider. */
  readonly width: number;
}

export interface StripRequest {
  readonly width: number;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly mode: StripMode;
  /** Most px that A and ΔW may take together in height; left out: what the mode has. Low windows give less. */
  readonly tallest?: number;
  /** px of the page to one of these, where the whole is enlarged afterwards: cells of 4 px and more are whole px of the page. */
  readonly enlarged?: number;
}

export interface StripLayout {
  readonly width: number;
  readonly height: number;
  /** px of one entry, the same in every matrix. */
  readonly cell: number;
  /** Font sizes in px. */
  readonly font: number;
  readonly symbolFont: number;
  /** W₀ is a picture, and W has a frame: W₀ + [B, A, ΔW] = W | ΔW*. E then stands in the place of ΔW*, when it is asked for. */
  readonly pictured: boolean;
  readonly matrices: {
    readonly W: Rect | null;
    readonly W0: Rect;
    readonly B: Rect;
    readonly A: Rect;
    readonly DW: Rect;
    readonly target: Rect;
    readonly E: Rect | null;
  };
  /** Centres of = and +; "should" over an arrow over "become"; "leaves". The phone's two rows need only the +. */
  readonly signs: {
    readonly equals: TextPlace | null;
    readonly plus: TextPlace;
    readonly arrow: { readonly from: number; readonly to: number; readonly y: number } | null;
    readonly should: TextPlace | null;
    readonly become: TextPlace | null;
    readonly leaves: TextPlace | null;
  };
  /** A hairline that sets ΔW* apart. */
  readonly divider: { readonly x: number; readonly from: number; readonly to: number } | null;
  readonly headings: {
    readonly W: TextPlace | null;
    readonly W0: TextPlace;
    readonly A: TextPlace;
    readonly B: TextPlace;
    readonly trained: TextPlace;
    readonly target: TextPlace;
    readonly E: TextPlace | null;
  };
  readonly captions: {
    readonly W: StripCaption | null;
    readonly W0: StripCaption;
    readonly DW: StripCaption;
    readonly target: StripCaption;
    readonly E: StripCaption | null;
  };
  /** The colour key at top right: bar, and the texts left and right of it. */
  readonly key: { readonly bar: Rect; readonly before: TextPlace; readonly after: TextPlace } | null;
}

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

/** x in the middle of the gap between two matrices. */
export const between = (left: Rect, right: Rect) => (left.x + left.width + right.x) / 2;
export const centred = (x: number, y: number): TextPlace => ({ x, y, anchor: 'middle' });
/** Font sizes from a matrix up to the baseline of its heading. */
const ABOVE = 0.62;
/** Above the left corner of a matrix. */
export const heading = ({ x, y }: Rect, { font }: StripRules): TextPlace => ({
  x,
  y: y - font * ABOVE,
  anchor: 'start',
});

/** y of W₀, B and ΔW in the first row, which takes `tall` together with A; `down` is their height. */
export function firstRow({ font, inner }: StripRules, tall: number, down: number): number {
  return font * 1.75 + inner + tall - down;
}

/** y below the captions of a row of matrices that ends at `bottom`: the height of a strip whose last row it is. */
export function belowCaptions(bottom: number, { font, symbolFont }: StripRules): number {
  return bottom + symbolFont * 1.2 + font * 3.1;
}

/** B, A and ΔW around their common corner, with B at x; `across`, `down` and `thick` are the px of k, d and r. */
export function cornered(
  { x, y }: Pick<Rect, 'x' | 'y'>,
  { across, down, thick }: { readonly across: number; readonly down: number; readonly thick: number },
  { inner }: StripRules,
): { readonly B: Rect; readonly A: Rect; readonly DW: Rect } {
  const right = x + thick + inner;
  return {
    B: { x, y, width: thick, height: down },
    A: { x: right, y: y - inner - thick, width: across, height: thick },
    DW: { x: right, y, width: across, height: down },
  };
}

/** The names of A and B; what is said of both ends at `right`. */
export function corneredHeadings({ A, B }: { readonly A: Rect; readonly B: Rect }, right: number, font: number) {
  const y = A.y - font * 0.5;
  return {
    A: { x: A.x, y, anchor: 'start' },
    B: { x: B.x + B.width, y: B.y - font * 0.55, anchor: 'end' },
    trained: { x: right, y, anchor: 'end' },
  } as const;
}

/** Captions below matrices that end at `bottom`, none of their lines wider than `width`. */
export function captions({ font, symbolFont, captionLines }: StripRules, bottom: number, width: number) {
  const symbol = bottom + symbolFont * 1.2;
  const lines = Array.from({ length: captionLines }, (_, i) => symbol + (i + 1) * font * 1.36);
  return ({ x }: Rect): StripCaption => ({ x, symbol, lines, width });
}

/** Baselines of the key and of a heading keep this many font sizes apart; where need be the key stands a little higher. */
const LINE = 1.1;
const KEY = { usual: 1.25, highest: 0.95 };

/**
 * px by which the matrices stand lower, so that their headings are clear of the colour key: where A of the usual rank is
 * a hairline, and at rank 1, when A is as thick as `thinnest`. It does not depend on the rank, as the strip's height.
 */
export function clearance({ font, inner }: StripRules, usual: number, thinnest: number): number {
  const needed = (KEY.highest + LINE + ABOVE - 1.75) * font - inner - thinnest;
  return Math.max(0, font * 0.75 - usual, needed);
}

/** The colour key, its right end at `right`, over a heading with its baseline at `below`. */
export function colourKey(right: number, below: number, { font, keyWidth, keyHeight }: StripRules): StripLayout['key'] {
  const baseline = Math.min(font * KEY.usual, below - LINE * font);
  const bar: Rect = {
    x: right - font * 2.7 - keyWidth,
    y: baseline - keyHeight,
    width: keyWidth,
    height: keyHeight,
  };
  return {
    bar,
    before: { x: bar.x - font * 0.4, y: baseline, anchor: 'end' },
    after: { x: right, y: baseline, anchor: 'end' },
  };
}

/** The + between W₀ and B; beside the name of B where the matrices are so low that it would stand under it. */
export function plusBeside(W0: Rect, B: Rect, { d, rank }: StripRequest, { font, symbolFont }: StripRules): TextPlace {
  const y = B.y + B.height / 2 + symbolFont * 0.35;
  const middle = between(W0, B);
  if (y - symbolFont * 0.7 > B.y + font / 2) return centred(middle, y);
  const name = textWidth('B', symbolFont) + textWidth(`${count(d)} × ${count(rank)}`, font) + font * 0.4;
  const half = symbolFont * 0.45;
  const [left, right] = [W0.x + W0.width + half, B.x + B.width - name - half];
  return centred(Math.max(left, Math.min(middle, right)), y);
}
