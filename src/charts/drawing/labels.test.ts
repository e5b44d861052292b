import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textBox } from '../testing/boxes.ts';
import { heightAt, type Label, overlap, placeLabels } from './labels.ts';
import type { Point } from './marks.ts';

const font = 12;
const bounds = { left: 0, right: 400, top: 0, bottom: 120 };
const label = (
  key: string,
  places: readonly (readonly [x: number, y: number])[],
  more: Partial<Label> = {},
): Label => ({
  key,
  look: 'ink',
  places: places.map(([x, y]) => ({ lines: [`label ${key}`], x, y, anchor: 'start' })),
  ...more,
});

describe('placeLabels', () => {
  it('takes the first place that is free of lines, dots and other labels', () => {
    const lines: Point[][] = [
      [
        [0, 38],
        [400, 38],
      ],
    ];
    const dots = [{ left: 20, right: 30, top: 55, bottom: 65 }];
    const three = [
      [10, 40],
      [10, 62],
      [10, 90],
    ] as const;
    const [a, b] = placeLabels([label('a', three), label('b', [...three, [10, 115]])], { font, bounds, lines, dots });
    expect([a.attributes.y, b.attributes.y]).toEqual([90, 115]);
  });

  it('leaves out a label without a free place, but for one that must be there', () => {
    const wall = [{ left: 0, right: 400, top: 0, bottom: 120 }];
    expect(placeLabels([label('a', [[10, 50]])], { font, bounds, lines: [], dots: wall })).toEqual([]);
    const [must] = placeLabels([label('a', [[10, 50]], { required: true })], { font, bounds, lines: [], dots: wall });
    expect(must.attributes.y).toBe(50);
  });

  it('crosses an upright line only where it must', () => {
    const room = { font, bounds, lines: [], uprights: [30] };
    const places = [
      [10, 50],
      [40, 50],
    ] as const;
    expect(placeLabels([label('a', places)], room)[0].attributes.x).toBe(40);
    expect(placeLabels([label('a', [[10, 50]])], room)).toEqual([]);
    expect(placeLabels([label('a', [[10, 50]], { required: true })], room)[0].attributes.x).toBe(10);
  });

  it('never lets two overlap, wherever they want to be', () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 330 }), fc.integer({ min: 0, max: 130 }));
    fc.assert(
      fc.property(fc.array(place, { maxLength: 10 }), (places) => {
        const labels = places.map((at, i) => label(String(i), [at]));
        const boxes = placeLabels(labels, { font, bounds, lines: [] }).map((mark) => textBox(mark, font));
        for (let i = 0; i < boxes.length; i++)
          for (let j = 0; j < i; j++) expect(overlap(boxes[i], boxes[j])).toBe(false);
      }),
    );
  });
});

it('the height of a line is that of the segment there, and beyond its ends that of the end', () => {
  const line: Point[] = [
    [10, 0],
    [20, 40],
    [40, 40],
  ];
  expect([0, 10, 15, 20, 30, 90].map((x) => heightAt(line, x))).toEqual([0, 0, 20, 40, 40, 40]);
  expect(heightAt([[5, 7]], 3)).toBe(7);
});
