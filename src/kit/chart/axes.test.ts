import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorPicture } from '../../charts/error/picture.ts';
import { madeUpScene } from '../../charts/testing/made-up-scene.ts';
import { horizontalAxis, stepScale, stepTicks, verticalAxis } from './axes.ts';
import { plotOf, type Size } from './chart.ts';
import { textWidth } from './text-width.ts';

const sized = (width: number, large = false): Size => ({
  width,
  height: large ? 310 : 176,
  font: large ? 22 : 12,
  short: width < 500 && !large,
});
const valuesAt = (last: number, size: Size) => stepTicks(plotOf(size), last, size).map(({ value }) => value);

describe('numbers of the step axis', () => {
  it.each([
    [300, 330, [0, 100, 200, 300]],
    [300, 544, [0, 100, 200, 300]],
    [200, 360, [0, 50, 100, 150, 200]],
    [1000, 360, [0, 500, 1000]],
  ] as const)('up to %i in %i px', (last, width, wanted) => expect(valuesAt(last, sized(width))).toEqual(wanted));

  it('have room, and both ends are among them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100000 }), fc.integer({ min: 260, max: 900 }), (last, width) => {
        const size = sized(width);
        const plot = plotOf(size);
        const ticks = stepTicks(plot, last, size);
        const x = stepScale(plot, last);
        expect([ticks[0].value, ticks[ticks.length - 1].value]).toEqual([0, last]);
        for (let i = 1; i < ticks.length; i++) {
          const half = (textWidth(ticks[i - 1].text, 12) + textWidth(ticks[i].text, 12)) / 2;
          expect(x(ticks[i].value) - x(ticks[i - 1].value)).toBeGreaterThan(half + 11);
        }
      }),
    );
  });
});

it('the name of an axis stands clear of the lowest number of the other one', () => {
  for (const size of [sized(544), sized(360), sized(888, true)]) {
    const plot = plotOf(size);
    const x = (v: number) => plot.left + v;
    const name = horizontalAxis('rank i', [{ value: 1, text: '1' }], x, plot, size).find((m) => m.text === 'rank i');
    const zero = verticalAxis([{ value: 0, text: '0' }], () => plot.bottom, plot, size).find((m) => m.text === '0');
    const ascender = Number(name?.attributes.y) - 0.75 * size.font;
    expect(ascender - Number(zero?.attributes.y)).toBeGreaterThan(0.18 * size.font);
    expect(Number(name?.attributes.y) + 0.22 * size.font).toBeLessThan(size.height);
  }
});

it('the share of the run has the digits that it has elsewhere', () => {
  const texts = errorPicture(madeUpScene({ d: 200, k: 20, rank: 3, step: 9 }), sized(544)).map((mark) => mark.text);
  expect(texts).toContain('16.5%');
});
