import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textBox } from '../testing/boxes.ts';
import { heightAt, type Label, type MarginLabel, marginLabels, overlap, placeLabels, spread } from './labels.ts';
import type { Point } from './marks.ts';
import { plotOf } from './plot.ts';

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

const lines = (n: number) => Array.from({ length: n }, () => 14);

describe('spread', () => {
  it('leaves alone what is apart', () => expect(spread([10, 50, 90], lines(3), 0, 100)).toEqual([10, 50, 90]));
  it('moves two that meet by the same way', () => expect(spread([50, 50], lines(2), 0, 100)).toEqual([43, 57]));
  it('keeps the order, upside down too', () => expect(spread([52, 50], lines(2), 0, 100)).toEqual([58, 44]));

  it('lets none overlap, keeps order and limits, and moves nothing that need not move', () => {
    const box = fc.tuple(fc.double({ min: 0, max: 300, noNaN: true }), fc.constantFrom(14, 28));
    fc.assert(
      fc.property(fc.array(box, { minLength: 1, maxLength: 8 }), (boxes) => {
        const wanted = boxes.map(([at]) => at);
        const heights = boxes.map(([, height]) => height);
        const placed = spread(wanted, heights, 0, 300).map((middle, i) => ({ middle, height: heights[i] }));
        const inOrder = (list: readonly { readonly middle: number; readonly height: number }[]) =>
          [...list].sort((a, b) => a.middle - b.middle);
        const gaps = (list: readonly { readonly middle: number; readonly height: number }[]) =>
          inOrder(list)
            .slice(1)
            .map((box, i) => box.middle - inOrder(list)[i].middle - (box.height + inOrder(list)[i].height) / 2);
        for (const gap of gaps(placed)) expect(gap).toBeGreaterThanOrEqual(-1e-9);
        for (const { middle, height } of placed) {
          expect(middle - height / 2).toBeGreaterThanOrEqual(-1e-9);
          expect(middle + height / 2).toBeLessThanOrEqual(300 + 1e-9);
        }
        const asked = boxes.map(([middle, height]) => ({ middle, height }));
        const inside = asked.every(({ middle, height }) => middle >= height / 2 && middle <= 300 - height / 2);
        if (inside && gaps(asked).every((gap) => gap >= 0)) expect(placed.map(({ middle }) => middle)).toEqual(wanted);
      }),
    );
  });
});

describe('names in the margin', () => {
  const size = { width: 544, height: 176, font: 12, short: false };
  const plot = plotOf(size, 'step');
  const label = (i: number, at: number, more: Partial<MarginLabel> = {}): MarginLabel => {
    return { key: `label ${i}`, look: 'ink', at, texts: [`run ${i}`], ...more };
  };
  const textsOf = (labels: readonly MarginLabel[], room = {}) =>
    marginLabels(labels, plot, size, room).filter(({ tag }) => tag === 'text');

  it('of five runs that end at one height do not touch, and each is joined to its line', () => {
    const marks = marginLabels(
      [0, 1, 2, 3, 4].map((i) => label(i, 80)),
      plot,
      size,
    );
    const boxes = marks.filter(({ tag }) => tag === 'text').map((mark) => textBox(mark, size.font));
    expect(boxes).toHaveLength(5);
    for (const [i, a] of boxes.entries()) for (const b of boxes.slice(0, i)) expect(overlap(a, b)).toBe(false);
    // The one in the middle stands at its line.
    expect(marks.filter(({ key }) => key.endsWith('leader'))).toHaveLength(4);
    expect(marks.some(({ key }) => key === 'label 2 leader')).toBe(false);
  });

  it('take a shorter text, or two lines, where the margin is too narrow', () => {
    const [one] = textsOf([label(0, 40, { texts: ['a name that no margin is wide enough for', 'short'] })]);
    expect(one.text).toBe('short');
    const two = textsOf([
      label(0, 40, { texts: ['a name that no margin is wide enough for', ['a name', 'in two lines']] }),
    ]);
    expect(two.map(({ text }) => text)).toEqual(['a name', 'in two lines']);
    expect(Number(two[1].attributes.y) - Number(two[0].attributes.y)).toBeCloseTo(1.2 * size.font, 1);
  });

  it('that are cut lose the end of the name, never the value', () => {
    const texts = ['a name that no margin is wide enough for: 0.851'];
    const [{ text }] = textsOf([label(0, 40, { texts, kept: ': 0.851' })]);
    expect(text).toMatch(/^a name.* …: 0\.851$/);
  });

  it('are left out from the last where there is no room for all, but for those that must be there', () => {
    const many = Array.from({ length: 6 }, (_, i) => label(i, 20, { optional: i > 0 }));
    const texts = textsOf(many, { top: 0, bottom: 40 }).map(({ text }) => text);
    expect(texts).toEqual(['run 0', 'run 1', 'run 2']);
  });
});
