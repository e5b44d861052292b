import { expect, it } from 'vitest';
import { handCounts } from './hand.ts';
import { SAMPLE_HANDS, sampleDrawing, UNSTEADINESS, type Writer } from './sample-hands.ts';

const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);
const WRITER: Writer = { ...SAMPLE_HANDS.upright, slant: 0, own: 0, second: [] };

/** Mean distance of the points of two drawings of the same strokes. */
function distance(one: ReturnType<typeof sampleDrawing>, other: ReturnType<typeof sampleDrawing>): number {
  const [a, b] = [one.strokes.flat(), other.strokes.flat()];
  expect(a).toHaveLength(b.length);
  return a.reduce((sum, { x, y }, i) => sum + Math.hypot(x - b[i].x, y - b[i].y), 0) / a.length;
}

it.each(Object.entries(SAMPLE_HANDS))('the hand %s has ink for every digit, the same each time', (_, writer) => {
  for (const digit of DIGITS) {
    const drawing = sampleDrawing(writer, digit, 0);
    expect(sampleDrawing(writer, digit, 0)).toEqual(drawing);
    expect(sampleDrawing(writer, digit, 1)).not.toEqual(drawing);
    const points = drawing.strokes.flat();
    expect(points.every(({ x, y }) => x > -0.2 && x < 1.2 && y > -0.2 && y < 1.2)).toBe(true);
    const inked = handCounts(drawing).filter((count) => count > 0).length;
    expect(inked).toBeGreaterThan(8);
    expect(inked).toBeLessThan(60);
  }
});

it('an unsteady hand is further from itself', () => {
  const [steady, unsteady, very] = (['steady', 'unsteady', 'very unsteady'] as const).map((by) =>
    DIGITS.reduce((sum, d) => sum + distance(sampleDrawing(WRITER, d, 0, by), sampleDrawing(WRITER, d, 1, by)), 0),
  );
  expect(unsteady / steady).toBeGreaterThan((0.6 * UNSTEADINESS.unsteady) / UNSTEADINESS.steady);
  expect(very).toBeGreaterThan(1.2 * unsteady);
});

it('a slant moves the top to the right, and a second shape is another one', () => {
  const slanted = { ...WRITER, slant: 0.5 };
  const [upright, leaning] = [sampleDrawing(WRITER, 1, 0), sampleDrawing(slanted, 1, 0)].map(
    ({ strokes }) => strokes[0],
  );
  // Four fifths of the pad, so half a height of slant is 0.2 at the top and at the bottom.
  expect(leaning[0].x - upright[0].x).toBeCloseTo(0.2, 1);
  expect(leaning[leaning.length - 1].x - upright[upright.length - 1].x).toBeCloseTo(-0.2, 1);
  for (const digit of [1, 4, 7]) {
    const second = sampleDrawing({ ...WRITER, second: [digit] }, digit, 0);
    expect(second.strokes.flat().length).not.toBe(sampleDrawing(WRITER, digit, 0).strokes.flat().length);
  }
});
