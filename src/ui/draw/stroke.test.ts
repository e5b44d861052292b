import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_PAINT } from '../../experiment/targets/painting.ts';
import { blankSheet, SIDE } from '../../state/draft.ts';
import { cover, emptyCoverage, greysOf, layStroke, type StrokePoint } from './stroke.ts';

const ground = Float64Array.from({ length: SIDE * SIDE }, (_, i) => (i % SIDE) / SIDE);
const point = fc.record({
  x: fc.double({ min: -9, max: 73, noNaN: true }),
  y: fc.double({ min: -9, max: 73, noNaN: true }),
});
const width = fc.integer({ min: 2, max: 12 }).map((n) => n / 2);

/** By the definition: the distance to the nearest of many points on the segment. */
function coverageAt(column: number, row: number, from: StrokePoint, to: StrokePoint, size: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i <= 4000; i++) {
    const x = from.x + (i / 4000) * (to.x - from.x);
    const y = from.y + (i / 4000) * (to.y - from.y);
    nearest = Math.min(nearest, Math.sqrt((column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2));
  }
  return Math.min(1, Math.max(0, size / 2 + 0.5 - nearest));
}

describe('a stroke', () => {
  it('covers clip(size/2 + ½ − distance, 0, 1) of a cell', () => {
    const cells = fc.array(fc.tuple(fc.nat(SIDE - 1), fc.nat(SIDE - 1)), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(point, point, width, cells, (from, to, size, some) => {
        const coverage = emptyCoverage();
        cover(coverage, from, to, size);
        for (const [column, row] of some)
          expect(coverage[row * SIDE + column]).toBeCloseTo(coverageAt(column, row, from, to, size), 2);
      }),
      { numRuns: 60 },
    );
  });

  it('of one cell in the middle of a cell covers that cell and no other', () => {
    const coverage = emptyCoverage();
    cover(coverage, { x: 3.5, y: 5.5 }, { x: 3.5, y: 5.5 }, 1);
    expect(coverage[5 * SIDE + 3]).toBe(1);
    expect(coverage.reduce((sum, share) => sum + share, 0)).toBe(1);
  });

  it('has no joints: where two pieces meet a cell has the larger share, not both', () => {
    fc.assert(
      fc.property(point, point, width, fc.double({ min: 0, max: 1, noNaN: true }), (from, to, size, t) => {
        const [whole, pieces] = [emptyCoverage(), emptyCoverage()];
        const between = { x: from.x + t * (to.x - from.x), y: from.y + t * (to.y - from.y) };
        cover(whole, from, to, size);
        cover(pieces, from, between, size);
        cover(pieces, between, to, size);
        expect(Math.max(...whole.map((share, i) => Math.abs(share - pieces[i])))).toBeLessThan(1e-9);
      }),
    );
  });
});

describe('paint', () => {
  const line = emptyCoverage();
  cover(line, { x: 2.5, y: 9.5 }, { x: 60.5, y: 9.5 }, 2);

  it('replaces the ground by its share, and leaves the sheet before it as it was', () => {
    const before = blankSheet();
    const sheet = layStroke(before, line, 1, ground);
    expect(before.every((grey) => grey === NO_PAINT)).toBe(true);
    expect(sheet[9 * SIDE + 30]).toBe(1);
    // The neighbouring rows are 1 from the stroke: size/2 + ½ − 1 = ½.
    expect(sheet[8 * SIDE + 30]).toBeCloseTo((ground[30] + 1) / 2, 12);
    expect(sheet[12 * SIDE + 30]).toBe(NO_PAINT);
    expect(greysOf(sheet, ground)[12 * SIDE + 30]).toBe(ground[30]);
  });

  it('is all taken away by a wider stroke of "Restore" on the same way', () => {
    const wide = emptyCoverage();
    cover(wide, { x: 2.5, y: 9.5 }, { x: 60.5, y: 9.5 }, 6);
    const cleared = layStroke(layStroke(blankSheet(), line, 0, ground), wide, null, ground);
    expect(cleared).toEqual(blankSheet());
  });

  it('has greys from 0 to 1, whatever is drawn over what', () => {
    const pen = fc.constantFrom(0, 0.5, 1, null);
    const strokes = fc.array(fc.tuple(point, point, width, pen), { maxLength: 6 });
    fc.assert(
      fc.property(strokes, (all) => {
        let sheet = blankSheet();
        for (const [from, to, size, shade] of all) {
          const coverage = emptyCoverage();
          cover(coverage, from, to, size);
          sheet = layStroke(sheet, coverage, shade, ground);
        }
        expect(sheet.every((grey) => grey === NO_PAINT || (grey >= 0 && grey <= 1))).toBe(true);
      }),
    );
  });
});
