import { describe, expect, it } from 'vitest';
import { type HandDrawing, type HandStroke, handBitmap, handCounts, handInputs, PEN } from './hand.ts';

const line = (...points: readonly (readonly [number, number])[]): HandStroke => points.map(([x, y]) => ({ x, y }));
const drawing = (...strokes: readonly HandStroke[]): HandDrawing => ({ strokes, pen: PEN });
const NINE = drawing(line([0.7, 0.3], [0.5, 0.2], [0.4, 0.35], [0.5, 0.5], [0.7, 0.4], [0.7, 0.3], [0.68, 0.9]));

/** Rows and columns that have ink: first and last. */
function inked(bitmap: Uint8Array) {
  const at = [...bitmap.keys()].filter((i) => bitmap[i] === 1);
  const [rows, columns] = [at.map((i) => Math.floor(i / 32)), at.map((i) => i % 32)];
  return [Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)];
}

describe('the box of a drawing', () => {
  it('is 32 high, in the middle, wherever and however large it was drawn', () => {
    const [top, bottom, left, right] = inked(handBitmap(NINE));
    expect([top, bottom]).toEqual([0, 31]);
    expect(Math.abs(left + right - 31)).toBeLessThanOrEqual(1);
    // Powers of two, so that no coordinate is rounded anew.
    const moved = NINE.strokes.map((stroke) => stroke.map(({ x, y }) => ({ x: x / 2 + 0.25, y: y / 2 + 0.25 })));
    expect(handBitmap({ ...NINE, strokes: moved })).toEqual(handBitmap(NINE));
  });

  it('of a 1 stays narrow: a long line is a bar of the width of the pen', () => {
    const counts = handCounts(drawing(line([0.5, 0.1], [0.5, 0.9])));
    // Columns 14 to 17 are below a pen of 3.7: two of them in each of the two middle blocks.
    const row = [0, 0, 0, 8, 8, 0, 0, 0];
    for (let i = 1; i < 7; i++) expect([...counts.subarray(8 * i, 8 * i + 8)]).toEqual(row);
  });

  it('of a drawing wider than high is 32 wide', () => {
    const [top, bottom, left, right] = inked(handBitmap(drawing(line([0.1, 0.5], [0.9, 0.45]))));
    expect([left, right]).toEqual([0, 31]);
    expect([top, bottom]).toEqual([13, 18]);
  });

  it('does not enlarge a dot, and a tremble only as much as a drawing of an eighth', () => {
    const dot = handBitmap(drawing(line([0.2, 0.8])));
    expect(inked(dot)).toEqual([14, 17, 14, 17]);
    // Middles of pixels within 1.85 of the centre: all of 4 × 4 but the corners, √4.5 = 2.12 away.
    expect(dot.reduce((sum, ink) => sum + ink, 0)).toBe(12);
    const tremble = inked(handBitmap(drawing(line([0.2, 0.8], [0.212, 0.8]))));
    expect(tremble[3] - tremble[2]).toBeLessThanOrEqual(7);
  });
});

it('a square filled with ink is 16 in every block, and its inputs are 1', () => {
  const lines = Array.from({ length: 33 }, (_, i) => line([0, i / 32], [1, i / 32]));
  const counts = handCounts(drawing(...lines));
  const corners = [0, 7, 56, 63];
  for (const [at, count] of counts.entries()) expect(count).toBe(corners.includes(at) ? counts[0] : 16);
  expect(handInputs(drawing(...lines))[9]).toBe(1);
});

it('nothing drawn is nothing seen: inputs of −1', () => {
  for (const empty of [drawing(), drawing([])]) expect([...new Set(handInputs(empty))]).toEqual([-1]);
});

it('the order and the direction of strokes do not matter', () => {
  const strokes = [line([0.2, 0.1], [0.25, 0.5], [0.7, 0.5]), line([0.6, 0.2], [0.55, 0.9])];
  const turned = strokes.map((stroke) => [...stroke].reverse()).reverse();
  expect(handBitmap(drawing(...turned))).toEqual(handBitmap(drawing(...strokes)));
});
