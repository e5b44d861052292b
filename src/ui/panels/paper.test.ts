import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blank, isBlank, SIDE, stroke } from './paper.tsx';

const painted = (sheet: Float64Array) => sheet.reduce((sum, v) => sum + (v > 0 ? 1 : 0), 0);

describe('the sheet to draw on', () => {
  it('paints the cell under a thin brush, and only that', () => {
    const at = { x: 3.9, y: 5.1 };
    const sheet = stroke(blank(), at, at, { size: 1, shade: 1 });
    expect(painted(sheet)).toBe(1);
    expect(sheet[5 * SIDE + 3]).toBe(1);
  });

  it('leaves no hole in a fast stroke', () => {
    const sheet = stroke(blank(), { x: 0.5, y: 10.5 }, { x: 63.5, y: 10.5 }, { size: 1, shade: 0.5 });
    expect(Array.from(sheet.subarray(10 * SIDE, 11 * SIDE)).every((v) => v === 0.5)).toBe(true);
  });

  it('leaves the sheet before it as it was, and stays on the paper wherever the pointer goes', () => {
    const coordinate = fc.double({ min: -500, max: 500, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, (x0, y0, x1, y1) => {
        const before = blank();
        const sheet = stroke(before, { x: x0, y: y0 }, { x: x1, y: y1 }, { size: 8, shade: 1 });
        expect(sheet).toHaveLength(SIDE * SIDE);
        expect(isBlank(before)).toBe(true);
      }),
    );
  });

  it('counts as blank what a link would store as one shade', () => {
    expect(isBlank(blank())).toBe(true);
    expect(isBlank(blank().fill(0.7))).toBe(true);
    expect(isBlank(blank().map((_, i) => (i === 0 ? 0.0001 : 0)))).toBe(true);
    expect(isBlank(blank().map((_, i) => (i === 0 ? 0.01 : 0)))).toBe(false);
  });
});
