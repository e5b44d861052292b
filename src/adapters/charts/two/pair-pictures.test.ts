import { describe, expect, it } from 'vitest';
import { doBoxesOverlap, textBox } from '../../../charts/testing/boxes.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import type { Mark } from '../../../kit/chart/marks.ts';
import { mergeError, mergeErrorPicture, pairSpectra, pairSpectraPicture } from './pair-spectra.ts';

const sizes: readonly Size[] = [
  { width: 590, height: 148, font: 13, short: false },
  { width: 590, height: 112, font: 13, short: false },
  { width: 358, height: 148, font: 13, short: true },
  { width: 480, height: 230, font: 13, short: false },
];
const decay = (rank: number, by: number) => Float64Array.from({ length: rank }, (_, i) => 3 * by ** i);
const falling = (rank: number, by: number) =>
  Float64Array.from({ length: rank + 1 }, (_, i) => (i === rank ? 0 : by ** i));

function touching(marks: readonly Mark[], { font, width }: Size) {
  const boxes = marks
    .filter(({ tag }) => tag === 'text')
    .map((mark) => ({ text: mark.text, box: textBox(mark, font) }));
  expect(JSON.stringify(marks)).not.toMatch(/NaN|null|Infinity/);
  expect(new Set(marks.map(({ key }) => key)).size).toBe(marks.length);
  expect(boxes.filter(({ box }) => box.left < -1 || box.right > width + 1).map(({ text }) => text)).toEqual([]);
  return boxes.flatMap((one, i) =>
    boxes
      .slice(i + 1)
      .flatMap((other) => (doBoxesOverlap(one.box, other.box, -2) ? [`${one.text} | ${other.text}`] : [])),
  );
}

describe.each(sizes)('at $width × $height', (size) => {
  it.each([2, 3, 8, 20, 64, 128, 512])(
    'the error of a merge of rank %i has its texts apart, whatever is set',
    (exact) => {
      for (const rank of [1, Math.ceil(exact / 2), exact - 1, exact])
        for (const by of [0.99, 0.8, 0.3])
          for (const error of [0, 0.4, 0.997, 5, Number.POSITIVE_INFINITY, null]) {
            const linear = error === null ? null : { rank: Math.ceil(exact / 2), error };
            expect(touching(mergeErrorPicture({ curve: falling(exact, by), rank, linear }, size), size)).toEqual([]);
          }
    },
  );

  it.each([
    [4, 4, 8],
    [1, 1, 2],
    [4, 16, 20],
    [64, 64, 128],
    [4, 0, 4],
  ])('the spectra of %i, %i and %i directions have their names apart', (a, b, both) => {
    for (const by of [0.9, 0.5, 0.05])
      for (const kept of [null, 1, Math.ceil(both / 2), both]) {
        const sigma = [decay(a, by), decay(b, 0.8 * by).map((x) => 0.7 * x), decay(both, by)] as const;
        const marks = pairSpectraPicture({ sigma, kept, sum: '0.5 a − 0.25 b' }, size);
        expect(touching(marks, size)).toEqual([]);
        // The sum has its name at all sizes; the other lines have theirs if they do not overlap.
        const names = marks.filter(({ key }) => /^name \d$/.test(key)).map(({ text }) => text);
        expect(names).toContain(names.includes('sum') ? 'sum' : '0.5 a − 0.25 b');
        if (by > 0.1) expect(names.length).toBeGreaterThanOrEqual(2);
      }
  });
});

it('a merge is said in words', () => {
  const curve = Float64Array.of(1, 0.5, 0.25, 0);
  expect(mergeError.describe({ curve, rank: 2, linear: { rank: 2, error: 0.997 } })).toBe(
    'Concatenation is exact at rank 3. Cut to rank 2, it is 0.250 off. Adding the factors at rank 2 is 0.997 off.',
  );
  const sigma = [Float64Array.of(2), Float64Array.of(1), Float64Array.of(2.5, 0.1)] as const;
  expect(pairSpectra.describe({ sigma, kept: null, sum: 'a + b' })).toBe(
    'a: 1 value, the largest 2.00; b: 1 value, the largest 1.00; a + b: 2 values, the largest 2.50.',
  );
});
