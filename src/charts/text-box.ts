import { type Box, lineBox } from './boxes.ts';
import type { Anchor, Mark } from './marks.ts';

/** The box of a text mark, one line high; what layout tests measure with. */
export function textBox({ attributes, text = '' }: Mark, font: number): Box {
  const strong = String(attributes.class).includes('strong');
  const size = String(attributes.class).includes('claim') ? 1.25 * font : font;
  return lineBox(text, strong, Number(attributes.x), Number(attributes.y), attributes['text-anchor'] as Anchor, size);
}
