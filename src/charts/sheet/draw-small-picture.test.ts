// @vitest-environment happy-dom

import { describe, expect, it } from 'vitest';
import recorded from '../../experiment/recorded/recorded.json';
import { type SmallPicture, shadesOf, smallMatrix } from '../../experiment/recorded/small-picture.ts';
import { doBoxesOverlap, textBox } from '../testing/boxes.ts';
import { drawSmallPicture } from './draw-small-picture.ts';

const PICTURES = Object.entries(recorded as unknown as Readonly<Record<string, { picture: SmallPicture }>>);
const attributesOf = (element: Element) => Object.fromEntries([...element.attributes].map((a) => [a.name, a.value]));

describe('small pictures', () => {
  for (const [name, { picture }] of PICTURES) {
    if (picture.kind === 'matrices') continue;
    it(`${name}: inside its frame, and no text over another`, () => {
      const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      drawSmallPicture(svg, picture);
      expect(svg.innerHTML).not.toMatch(/NaN|Infinity|undefined/);
      const boxes = [...svg.querySelectorAll('text')].map((element) => {
        const attributes = attributesOf(element);
        return {
          text: element.textContent,
          ...textBox({ tag: 'text', key: '', attributes, text: element.textContent ?? '' }, 11.5),
        };
      });
      expect(
        boxes.filter(({ left, right, top, bottom }) => left < -1 || right > 205 || top < -3 || bottom > 106),
      ).toEqual([]);
      const tight = boxes.map((box) => ({ ...box, top: box.top + 2, bottom: box.bottom - 3 }));
      const met = tight.flatMap((a, i) =>
        tight.slice(i + 1).flatMap((b) => (doBoxesOverlap(a, b) ? [`${a.text} / ${b.text}`] : [])),
      );
      expect(met).toEqual([]);
    });
  }

  it('a matrix comes back in 63 shades, zero exactly', () => {
    const matrix = smallMatrix([-2, -1, -0.5, 0, 0.5, 1, 2, 0.01], 2, 4, [-1, 1], 'dw');
    const shades = shadesOf(matrix);
    expect(Array.from(shades.slice(0, 7), (v) => Math.round(100 * v))).toEqual([-100, -100, -48, 0, 52, 100, 100]);
    expect(shades[7]).toBe(0);
    for (const [name, { picture }] of PICTURES) {
      if (picture.kind !== 'matrices') continue;
      for (const { cells, rows, cols } of picture.items) expect(cells.length, name).toBe(rows * cols);
    }
  });
});
