import { describe, expect, it } from 'vitest';
import { doBoxesOverlap, textBox } from '../../../charts/testing/boxes.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { type CurvesScene, curvesPicture, curvesWords } from './curves.ts';

const RANKS = [4, 8, 16, 32, 64];
const falling = RANKS.map((rank) => [rank, 1.6 / Math.sqrt(rank)] as const);
const scene: CurvesScene = {
  x: { name: 'rank r', scale: 'log', ends: [4, 64], ticks: RANKS },
  y: { scale: 'linear', name: 'error', ends: [0, 1], ticks: [0, 0.25, 0.5, 0.75, 1] },
  curves: [
    { name: 'α/r', className: 'dw', points: falling, marked: true, strong: true },
    { name: 'α/√r', className: 'dw', points: falling.map(([r, v]) => [r, v * 1.02]), marked: true, kind: 1 },
    { name: 's = 1', className: 'dw', points: falling.map(([r, v]) => [r, v * 1.04]), marked: true, kind: 2 },
  ],
  floor: { name: 'floor', points: falling.map(([r, v]) => [r, v * 0.9]), hatched: true },
};
const SIZES: readonly Size[] = [
  { width: 640, height: 360, font: 13, short: false },
  { width: 340, height: 220, font: 13, short: true },
  { width: 900, height: 500, font: 22, short: false },
];

describe('curves over axes of their own', () => {
  it('put equal ratios at equal distances on a logarithmic axis, and higher values higher', () => {
    for (const size of SIZES) {
      const dots = curvesPicture(scene, size).filter(({ key }) => key.startsWith('end 0'));
      const [xs, ys] = ['cx', 'cy'].map((of) => dots.map(({ attributes }) => Number(attributes[of])));
      const steps = xs.slice(1).map((x, i) => x - xs[i]);
      for (const step of steps) expect(step).toBeCloseTo(steps[0], 0);
      expect(ys.slice(1).every((y, i) => y > ys[i])).toBe(true);
    }
  });

  it('keep their texts apart, however close their lines end', () => {
    for (const size of SIZES) {
      const texts = curvesPicture(scene, size).filter(({ tag, key }) => tag === 'text' && key !== 'x name');
      expect(texts.map(({ text }) => text)).toEqual(expect.arrayContaining(['α/r', 'α/√r', 's = 1', 'floor']));
      for (const [i, a] of texts.entries())
        for (const b of texts.slice(i + 1))
          expect(doBoxesOverlap(textBox(a, size.font), textBox(b, size.font)), `${a.text} / ${b.text}`).toBe(false);
    }
  });

  it('write an axis in one notation', () => {
    const ticks = (of: readonly number[]) =>
      curvesPicture({ ...scene, y: { name: 'length', scale: 'log', ends: [0.001, 1], ticks: of } }, SIZES[0]).flatMap(
        ({ tag, text }) => (tag === 'text' && text !== undefined ? [text] : []),
      );
    expect(ticks([0.003, 0.01, 0.03, 0.1])).toEqual(expect.arrayContaining(['0.003', '0.01', '0.03', '0.1']));
    expect(ticks([0.001, 0.01])).toEqual(expect.arrayContaining(['10⁻³', '10⁻²']));
  });

  it('say their ends to whoever does not see them', () => {
    expect(curvesWords(scene)).toMatch(
      /^By rank r\. α\/r: 0\.800 at 4, .*0\.200 at 64; α\/√r: .*; floor: .*0\.180 at 64\.$/,
    );
    // Alone and without a name, a curve is that of the vertical axis.
    const lone = { ...scene, curves: [{ ...scene.curves[0], name: '' }], floor: undefined };
    expect(curvesWords(lone)).toMatch(/^By rank r\. error: 0\.800 at 4, .*0\.200 at 64\.$/);
    const long = {
      ...scene,
      curves: [{ ...scene.curves[0], points: Array.from({ length: 300 }, (_, i) => [i, 1] as const) }],
    };
    expect(curvesWords(long).length).toBeLessThan(220);
  });
});
