import type { Caption, Rect, StripLayout, TextPlace } from './strip-layout.ts';
import type { StripRules } from './strip-rules.ts';

/** x in the middle of the gap between two matrices. */
export const between = (left: Rect, right: Rect) => (left.x + left.width + right.x) / 2;
export const centred = (x: number, y: number): TextPlace => ({ x, y, anchor: 'middle' });
/** Above the left corner of a matrix. */
export const heading = ({ x, y }: Rect, { font }: StripRules): TextPlace => ({
  x,
  y: y - font * 0.62,
  anchor: 'start',
});

/** Captions below matrices that end at `bottom`, none of their lines wider than `width`. */
export function captions({ font, symbolFont, captionLines }: StripRules, bottom: number, width: number) {
  const symbol = bottom + symbolFont * 1.2;
  const lines = Array.from({ length: captionLines }, (_, i) => symbol + (i + 1) * font * 1.36);
  return ({ x }: Rect): Caption => ({ x, symbol, lines, width });
}

/** The colour key, its right end at `right`. */
export function colourKey(right: number, { font, keyWidth, keyHeight }: StripRules): StripLayout['key'] {
  const baseline = font * 1.25;
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
