// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest';
import { doBoxesOverlap, textBox } from '../../../charts/testing/boxes.ts';
import { madeUpScene } from '../../../charts/testing/made-up-scene.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { keptError, keptSpectrum } from './layers.ts';

const SIZES: readonly Size[] = [
  { width: 480, height: 150, font: 13, short: false },
  { width: 350, height: 150, font: 13, short: true },
];
const scene = madeUpScene({ rank: 8, step: 300 });

function drawn(chart: ReturnType<typeof keptError>, size: Size, shown = scene) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  chart.draw(svg, shown, size);
  return [...svg.children];
}

const looks = (elements: readonly Element[]) => elements.map((element) => element.getAttribute('class') ?? '');

describe('charts with a kept part of ΔW', () => {
  it('fill the dots of the kept layers and ring the others', () => {
    for (const layers of [1, 3, 8]) {
      const elements = drawn(keptSpectrum({ layers, error: 0.4 }), SIZES[0]);
      const full = looks(elements).filter((className) => className === 'fill dw');
      const rings = looks(elements).filter((className) => className === 'fill open dw');
      expect([full.length, rings.length]).toEqual([layers, 8 - layers]);
      expect(elements.map(({ textContent }) => textContent)).toContain(
        layers === 1 ? '1 pattern kept' : `${layers} patterns kept`,
      );
    }
  });

  it('name the error of the kept part, unless that is all of it', () => {
    const texts = (layers: number) =>
      drawn(keptError({ layers, error: 0.367 }), SIZES[0]).map((one) => one.textContent);
    expect(texts(3)).toContain('first 3: 0.367');
    expect(texts(8)).not.toContain('first 8: 0.367');
    expect(keptError({ layers: 3, error: 0.367 }).describe(scene)).toMatch(
      /The first 3 of its patterns alone: 0\.367\.$/,
    );
  });

  it('keep the new label clear of the others', () => {
    for (const size of SIZES)
      for (const layers of [1, 2, 3, 4, 5, 6, 7, 8])
        for (const chart of [keptSpectrum, keptError]) {
          const texts = drawn(chart({ layers, error: 0.9 / layers }), size).filter(({ tagName }) => tagName === 'text');
          const boxes = texts.map((element) => {
            const attributes = Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value]));
            const text = element.textContent ?? '';
            return { text, box: textBox({ tag: 'text', key: text, attributes, text }, size.font) };
          });
          const own = boxes.filter(({ text }) => /kept|^first/.test(text));
          for (const { text, box } of own)
            for (const other of boxes)
              if (other.text !== text) expect(doBoxesOverlap(box, other.box), `${text} / ${other.text}`).toBe(false);
        }
  });

  it('draw the plain chart where there is no run', () => {
    const empty = { ...scene, empty: 'Nothing yet.' };
    for (const chart of [keptSpectrum, keptError])
      expect(looks(drawn(chart({ layers: 3, error: 0.4 }), SIZES[0], empty)).join()).not.toContain('dw strong');
  });
});
