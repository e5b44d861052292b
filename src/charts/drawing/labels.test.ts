import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crosses, LEADING, overlap, textBox } from './boxes.ts';
import { type Label, placeLabels } from './labels.ts';
import { spread } from './spread.ts';

const font = 12;
const bounds = { left: 0, right: 400, top: 0, bottom: 120 };
const label = (key: string, x: number, y: number, more: Partial<Label> = {}): Label => ({
  key,
  spots: [{ lines: [{ text: `label ${key}`, look: 'ink' }], x, y, anchor: 'start' }],
  ...more,
});

describe('spread', () => {
  it('leaves alone what is apart', () => expect(spread([10, 50, 90], 14, 0, 100)).toEqual([10, 50, 90]));
  it('moves two that meet by the same way', () => expect(spread([50, 50], 14, 0, 100)).toEqual([43, 57]));
  it('keeps the order, upside down too', () => expect(spread([52, 50], 14, 0, 100)).toEqual([58, 44]));

  it('keeps the gap, the order and the limits, and moves nothing that need not move', () => {
    const lists = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(lists, (wanted) => {
        const placed = spread(wanted, 14, 0, 200);
        const sorted = [...placed].sort((a, b) => a - b);
        for (let i = 1; i < sorted.length; i++) expect(sorted[i] - sorted[i - 1]).toBeGreaterThanOrEqual(14 - 1e-9);
        expect(sorted[0]).toBeGreaterThanOrEqual(0);
        expect(sorted[sorted.length - 1]).toBeLessThanOrEqual(200 + 1e-9);
        const order = [...wanted].sort((a, b) => a - b);
        const apart = order.every((v, i) => i === 0 || v - order[i - 1] >= 14);
        if (apart) expect(placed).toEqual(wanted);
      }),
    );
  });
});

describe('placeLabels', () => {
  it('takes the first free spot', () => {
    const [mark] = placeLabels([label('a', 10, 50)], { font, bounds, lines: [] });
    expect(mark.attributes).toMatchObject({ x: 10, y: 50 });
  });

  it('prefers a spot off the lines', () => {
    const low = label('low', 10, 100).spots;
    const high = label('high', 10, 40).spots;
    const lines = [[[0, 98] as const, [400, 98] as const]];
    const [mark] = placeLabels([{ key: 'a', spots: [...low, ...high] }], { font, bounds, lines });
    expect(mark.attributes.y).toBe(40);
  });

  it('moves a label that must be there, and leaves out one that need not', () => {
    const must = placeLabels([label('a', 10, 50), label('b', 12, 52)], { font, bounds, lines: [] });
    expect(must).toHaveLength(2);
    expect(Math.abs(Number(must[1].attributes.y) - 50)).toBeGreaterThanOrEqual(LEADING * font - 0.1);
    const wall = { left: 0, right: 400, top: 0, bottom: 100 };
    const may = placeLabels([label('b', 12, 52, { optional: true })], { font, bounds, lines: [], dots: [wall] });
    expect(may).toHaveLength(0);
  });

  const across = (y: number) => [[0, y] as const, [400, y] as const];

  it('moves a label off a line, lets it lie on a thin one, and puts it beside the plot where lines are everywhere', () => {
    const at = (room: object, more: Partial<Label> = {}) =>
      placeLabels([label('a', 10, 50, { optional: true, ...more })], { font, bounds, lines: [], ...room })[0];
    const off = textBox(at({ lines: [across(48)] }), font);
    expect(crosses(across(48), off)).toBe(false);
    expect(at({ hairs: [across(48)] }).attributes.y).toBe(50);
    const lines = Array.from({ length: 60 }, (_, i) => [[0, 2 * i] as const, [200, 2 * i] as const]);
    expect(at({ lines })).toBeUndefined();
    expect(at({ lines }, { margin: label('a', 210, 50).spots }).attributes.x).toBe(210);
    expect(at({ lines }, { optional: false })).toBeDefined();
  });

  it('takes a shorter text where the long one has no room', () => {
    const short = [{ lines: [{ text: 'b', look: 'ink' }], x: 390, y: 50, anchor: 'start' as const }];
    const [mark] = placeLabels([label('a', 380, 50, { fallback: short })], { font, bounds, lines: [] });
    expect(mark.text).toBe('b');
  });

  it('never lets two overlap, wherever they want to be', () => {
    const place = fc.tuple(fc.integer({ min: 0, max: 330 }), fc.integer({ min: 0, max: 130 }));
    fc.assert(
      fc.property(fc.array(place, { maxLength: 10 }), (places) => {
        const labels = places.map(([x, y], i) => label(String(i), x, y));
        const boxes = placeLabels(labels, { font, bounds, lines: [] }).map((mark) => textBox(mark, font));
        for (let i = 0; i < boxes.length; i++)
          for (let j = 0; j < i; j++) expect(overlap(boxes[i], boxes[j])).toBe(false);
      }),
    );
  });
});

describe('crosses', () => {
  const box = { left: 10, right: 20, top: 10, bottom: 20 };
  it.each([
    [
      [
        [0, 0],
        [30, 30],
      ],
      true,
    ],
    [
      [
        [0, 15],
        [5, 15],
      ],
      false,
    ],
    [
      [
        [0, 22],
        [30, 8],
      ],
      true,
    ],
    [
      [
        [0, 9],
        [9, 30],
      ],
      false,
    ],
    [
      [
        [15, 0],
        [15, 40],
      ],
      true,
    ],
    [
      [
        [12, 12],
        [13, 13],
      ],
      true,
    ],
  ] as const)('%j: %s', (points, expected) => expect(crosses(points, box)).toBe(expected));
});
