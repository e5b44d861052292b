// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { doBoxesOverlap, lineBox } from '../../charts/testing/boxes.ts';
import type { Chart, Size } from '../../kit/chart/chart.ts';
import { type HandsScene, handDots, handWeights, type WeightScene } from './hand-charts.ts';

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

function drawn<S>(chart: Chart<S>, scene: S, size: Size) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  chart.draw(svg, scene, size);
  return svg;
}

it.each(SIZES)('no text covers another, and all stay inside: %o', (size) => {
  for (const svg of [drawn(handDots, dots, size), drawn(handWeights, weights, size)]) {
    const boxes = [...svg.querySelectorAll('text')].map((text) => ({
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

it('the weights are described with what they read', () => {
  expect(handWeights.describe(weights)).toMatch(/^weight 0: class 70%, others 97%; .*weight 1\/6: /);
});
