// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { doBoxesOverlap, lineBox } from '../../charts/testing/boxes.ts';
import type { Drawing, Size } from '../../kit/chart/chart.ts';
import { type HandsScene, handDots, handWeights, type WeightScene } from './hand-charts.ts';
import { cellWords, type HandMatrixScene, handMatrix, matrixLayout } from './hand-matrix.ts';

const SIZES: readonly Size[] = [
  { width: 600, height: 270, font: 13, short: false },
  { width: 290, height: 270, font: 13, short: true },
];

const names = ['own adapter', 'no adapter', 'mean: 1/30', 'sum × 1/6', 'TIES, top 20%', 'sum (cat)', 'trained on all'];
const dots: HandsScene = {
  ways: names.map((name, i) => ({
    ...{ name, plain: i === 1 },
    shares: Array.from({ length: 30 }, (_, hand) => Math.min(1, (hand % 8) / 10 + i / 10)),
  })),
  ids: Array.from({ length: 30 }, (_, hand) => hand + 5),
  pointed: 9,
};
const weights: WeightScene = {
  sums: [0, 1 / 30, 1 / 6, 1 / 3, 1 / 2, 1].map((weight) => ({
    ...{ weight, row: { shares: [0.5 + weight * (0.9 - weight), 0.9 - weight / 2], others: 0.97 - weight / 3 } },
  })),
  weight: 1 / 6,
};

const matrix: HandMatrixScene = {
  rows: Array.from({ length: 36 }, (_, r) => ({
    key: r < 30 ? ('own' as const) : r === 30 ? ('none' as const) : ('sum' as const),
    name: r < 30 ? `Name ${r}` : names[r - 29],
    row: { shares: Array.from({ length: 29 }, (_, c) => ((r + c) % 10) / 10), others: 0.9 },
  })),
  // The first hand came without drawings.
  columns: Array.from({ length: 29 }, (_, c) => ({ name: `Name ${c + 1}`, number: c + 2 })),
  hidden: false,
};

function drawn<S>(chart: Drawing<S>, scene: S, size: Size) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  chart.draw(svg, scene, size);
  return svg;
}

it.each(SIZES)('no text covers another, and all stay inside: %o', (size) => {
  for (const svg of [drawn(handDots, dots, size), drawn(handWeights, weights, size), drawn(handMatrix, matrix, size)]) {
    // A mark stands on its cell alone.
    const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent !== '×');
    const boxes = texts.map((text) => ({
      text: text.textContent ?? '',
      box: lineBox(
        text.textContent ?? '',
        text.classList.contains('strong'),
        Number(text.getAttribute('x')),
        Number(text.getAttribute('y')),
        (text.getAttribute('text-anchor') ?? 'start') as 'start',
        size.font,
      ),
    }));
    expect(boxes.length).toBeGreaterThan(6);
    for (const [i, { text, box }] of boxes.entries()) {
      expect(box.right, text).toBeLessThanOrEqual(size.width + 1);
      expect(box.left, text).toBeGreaterThanOrEqual(-1);
      for (const other of boxes.slice(i + 1))
        expect(doBoxesOverlap(box, other.box, -1), `${text} and ${other.text}`).toBe(false);
    }
  }
});

it('a dot a hand in each row stands at its share, and the pointed one is ink', () => {
  const [size] = SIZES;
  const svg = drawn(handDots, dots, size);
  expect(svg.querySelectorAll('circle')).toHaveLength(7 * 30);
  expect([...svg.querySelectorAll('circle.ink')].map((one) => one.getAttribute('data-run'))).toEqual(
    Array(7).fill('9'),
  );
  const x = (of: Element | undefined) => Number(of?.getAttribute('cx'));
  const [first, ...others] = [...svg.querySelectorAll('circle[data-run="5"]')];
  // Shares of hand 5 are 0, 0.1 … 0.6: equal distances on the axis.
  const step = x(others[0]) - x(first);
  for (const [i, one] of others.entries()) expect(x(one) - x(first)).toBeCloseTo((i + 1) * step, 0);
  expect(handDots.describe(dots)).toMatch(/^own adapter: 0\.\d+, \d+ below 0\.8; /);
});

it('a point in a cell of the matrix finds it, and none between the parts', () => {
  for (const { width } of SIZES) {
    const { place, cellAt, height, end } = matrixLayout(matrix, width);
    expect(end).toBeLessThanOrEqual(width);
    for (const cell of [
      [0, 0],
      [29, 28],
      [12, 29],
      [30, 3],
      [35, 29],
    ] as const) {
      const at = place(cell);
      expect(cellAt(at.left + at.width / 2, at.top + at.height / 2)).toEqual(cell);
    }
    expect([cellAt(2, 40), cellAt(end + 5, 40), cellAt(end - 5, 4), cellAt(end - 5, height + 5)]).toEqual(
      Array(4).fill(null),
    );
  }
  expect(cellWords(matrix, [3, 4])).toBe('The adapter of Name 3, the drawings of Name 5: 0.70');
  expect(cellWords(matrix, [31, 29])).toBe('mean: 1/30, digits of other people: 0.90');
  expect(cellWords(matrix, [31, 0])).toBe('mean: 1/30, the drawings of Name 1: 0.10, lost');
});

it('on a projector the matrix fills its room, in text that is readable from the last row', () => {
  for (const [width, height, font] of [
    [1832, 900, 22],
    [1300, 480, 18],
  ] as const) {
    const shown = { ...matrix, room: { font, height } };
    const layout = matrixLayout(shown, width);
    expect(layout.height).toBeLessThanOrEqual(height + 1);
    expect(layout.height).toBeGreaterThan(0.95 * height);
    expect(layout.end + 2 * layout.number).toBeLessThanOrEqual(width);
    expect(layout.place([30, 0]).height).toBeGreaterThan(font);
    const { left, top, width: across, height: down } = layout.place([12, 7]);
    expect(layout.cellAt(left + across / 2, top + down / 2)).toEqual([12, 7]);
  }
});

it('the weights are described with what they read', () => {
  expect(handWeights.describe(weights)).toMatch(/^weight 0: class 70%, others 97%; .*weight 1\/6: /);
});
