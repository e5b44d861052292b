import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doBoxesOverlap, textBox } from '../../charts/testing/boxes.ts';
import { plotOf } from './chart.ts';
import { clampedText, type MarginLabel, marginLabels, spreadBoxes } from './picture.ts';

it('a text over the picture is where it should be, or as near as both edges let it', () => {
  const texts = fc.string({ unit: fc.constantFrom(...'abc 0W'), minLength: 1, maxLength: 20 });
  const anchors = fc.constantFrom('start' as const, 'middle' as const, 'end' as const);
  fc.assert(
    fc.property(texts, fc.double({ min: -50, max: 450, noNaN: true }), anchors, (text, x, anchor) => {
      const place = (right: number) => clampedText('a', 'ink', text, [x, 50], anchor, { left: 20, right }, 12);
      const box = textBox(place(380), 12);
      expect(box.left).toBeGreaterThanOrEqual(19.9);
      expect(box.right).toBeLessThanOrEqual(380.1);
      const free = textBox({ ...place(380), attributes: { ...place(380).attributes, x } }, 12);
      if (free.left >= 20 && free.right <= 380) expect(Number(place(380).attributes.x)).toBeCloseTo(x, 0);
    }),
  );
});

const lines = (n: number) => Array.from({ length: n }, () => 14);

describe('spread', () => {
  it('leaves alone what is apart', () => expect(spreadBoxes([10, 50, 90], lines(3), 0, 100)).toEqual([10, 50, 90]));
  it('moves two that meet by the same way', () => expect(spreadBoxes([50, 50], lines(2), 0, 100)).toEqual([43, 57]));
  it('keeps the order, upside down too', () => expect(spreadBoxes([52, 50], lines(2), 0, 100)).toEqual([58, 44]));

  it('lets none overlap, keeps order and limits, and moves nothing that need not move', () => {
    const box = fc.tuple(fc.double({ min: 0, max: 300, noNaN: true }), fc.constantFrom(14, 28));
    fc.assert(
      fc.property(fc.array(box, { minLength: 1, maxLength: 8 }), (boxes) => {
        const wanted = boxes.map(([at]) => at);
        const heights = boxes.map(([, height]) => height);
        const placed = spreadBoxes(wanted, heights, 0, 300).map((middle, i) => ({ middle, height: heights[i] }));
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
  const size = { width: 544, height: 176, font: 13, short: false };
  const plot = plotOf(size);
  const label = (i: number, at: number, more: Partial<MarginLabel> = {}): MarginLabel => {
    return { key: `label ${i}`, className: 'ink', at, texts: [`run ${i}`], ...more };
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
    for (const [i, a] of boxes.entries()) for (const b of boxes.slice(0, i)) expect(doBoxesOverlap(a, b)).toBe(false);
    expect(marks.filter(({ key }) => key.endsWith('leader'))).toHaveLength(4);
    expect(marks.some(({ key }) => key === 'label 2 leader')).toBe(false);
  });

  it('of lines that end within the plot are joined to their ends', () => {
    const [leader, text] = marginLabels([label(0, 40, { from: 200 })], plot, size);
    expect(leader.attributes.d).toBe(`M206.5,40L${plot.right + 1},40`);
    expect(text.text).toBe('run 0');
    expect(marginLabels([label(0, 40)], plot, size)).toHaveLength(1);
  });

  it('do not overlap, stay within the chart and are there once, however many there are', () => {
    const place = fc.record({ at: fc.integer({ min: 8, max: 154 }), from: fc.integer({ min: 58, max: 420 }) });
    fc.assert(
      fc.property(fc.array(place, { maxLength: 12 }), (places) => {
        const texts = ['a name', ['a name', 'in two lines'], 'name'];
        const labels = places.map(({ at, from }, i) =>
          label(i, at, { from, texts: texts.slice(i % 3), optional: i > 5 }),
        );
        const marks = marginLabels(labels, plot, size).filter(({ tag }) => tag === 'text');
        const boxes = marks.map((mark) => textBox(mark, size.font));
        for (const a of boxes) {
          expect(Math.min(a.left - plot.right, a.top + 2, size.width - a.right)).toBeGreaterThanOrEqual(0);
        }
        const baselines = marks.map(({ attributes: { y } }) => Number(y)).sort((a, b) => a - b);
        for (const [i, y] of baselines.slice(1).entries()) expect(y - baselines[i]).toBeGreaterThanOrEqual(11.8);
        const firsts = marks.filter(({ key }) => /^label \d+$/.test(key)).map(({ key }) => key);
        expect(new Set(firsts).size).toBe(firsts.length);
        for (let i = 0; i < Math.min(6, places.length); i++) expect(firsts).toContain(`label ${i}`);
      }),
    );
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
    expect(text).toMatch(/^a name.*…: 0\.851$/);
  });

  it('are left out from the last where there is no room for all, but for those that must be there', () => {
    const many = Array.from({ length: 6 }, (_, i) => label(i, 20, { optional: i > 0 }));
    const texts = textsOf(many, { top: 0, bottom: 40 }).map(({ text }) => text);
    expect(texts).toEqual(['run 0', 'run 1', 'run 2']);
  });
});
