import { expect, it } from 'vitest';
import { restingCell } from './hit.ts';
import { nothingCovers } from './overlay.tsx';

const square = (size: number) => ({ font: 12, matrices: { DW: { x: 0, y: 0, width: size, height: size } } });
const covers = (size: number) => nothingCovers(square(size), restingCell({ d: 64, k: 64, rank: 1 }).row, 64);

it('words in a small blank ΔW have no dotted line through them; those in a large one, or none, have room beside it', () => {
  expect(covers(110)).toBe(true);
  expect(covers(400)).toBe(false);
  expect(covers(30)).toBe(false);
});
