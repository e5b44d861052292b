import { count } from './format.ts';
import type { Caption, Rect, StripLayout, StripRequest, TextPlace } from './strip-layout.ts';
import type { StripRules } from './strip-rules.ts';
import { textWidth } from './text-width.ts';

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

/** Captions below matrices that end at `bottom`, none of their lines wider than `width`. */
export function captions({ font, symbolFont, captionLines }: StripRules, bottom: number, width: number) {
  const symbol = bottom + symbolFont * 1.2;
  const lines = Array.from({ length: captionLines }, (_, i) => symbol + (i + 1) * font * 1.36);
  return ({ x }: Rect): Caption => ({ x, symbol, lines, width });
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
