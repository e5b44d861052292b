import { textWidth } from '../../charts/drawing/text-width.ts';
import type { StripLayout } from '../../charts/matrices/strip-layout.ts';
import { type CaptionFacts, type Captions, captions, slimCaptions } from './captions.ts';

/** Two thirds of the narrowest gap between matrices, in sizes of the text. */
const OVERHANG = 3;
/** Below this, in sizes of the text, "best possible" is "best". */
const NARROW = 13.6;

/** The longest captions that have room below their matrices. */
export function captionsFor({ captions: places, font }: StripLayout, facts: CaptionFacts): Captions {
  const { width, lines } = places.DW;
  const full = captions(facts, lines.length === 1, width < NARROW * font);
  // A desk's row has room, and a phone's captions are as short as can be.
  if (lines.length === 1 || places.W) return full;
  const widest = Math.max(...Object.values(full).flatMap((c) => linesOf(c).map((line) => textWidth(line, font))));
  return widest > width + OVERHANG * font ? slimCaptions(facts) : full;
}

const linesOf = ({ first, value = '', second }: Captions['W']) => [first + value, second];
