// @vitest-environment happy-dom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doBoxesOverlap, textBox } from '../../../charts/testing/boxes.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import type { Mark } from '../../../kit/chart/marks.ts';
import { type CutScene, cutHeights, cutPicture, cutSpectrum, errorText, heightTicks } from './cut-spectrum.ts';
import type { SizeScene } from './error-size.ts';
import { errorSize, sizePicture } from './error-size.ts';

const size = (width: number, height: number): Size => ({ width, height, font: 13, short: false });

/** Texts that touch, and texts outside the picture. */
function faults(marks: readonly Mark[], { width, height, font }: Size, beside = 0) {
  const boxes = marks
    .filter(({ tag }) => tag === 'text')
    .map((mark) => ({ text: mark.text, box: textBox(mark, font) }));
  const outside = boxes.filter(
    ({ box }) => box.left < -1 - beside || box.right > width + 1 + beside || box.top < -2 || box.bottom > height + 3,
  );
  const touching = boxes.flatMap((one, i) =>
    boxes
      .slice(i + 1)
      .flatMap((other) => (doBoxesOverlap(one.box, other.box, -2) ? [`${one.text} | ${other.text}`] : [])),
  );
  expect(JSON.stringify(marks)).not.toMatch(/NaN|null|Infinity/);
  expect(new Set(marks.map(({ key }) => key)).size).toBe(marks.length);
  return { outside: outside.map(({ text }) => text), touching };
}

const NONE = { outside: [], touching: [] };
const decay = (rank: number, by: number, first = 30) => Float64Array.from({ length: rank }, (_, i) => first * by ** i);

function cut(rank: number, kept: number, more: Partial<CutScene> = {}): CutScene {
  const sigma = decay(rank, 0.8);
  const heights = cutHeights([sigma]);
  return { title: 'layer 10', sigma, rank, kept, error: 0.1234, heights, left: true, below: true, ...more };
}

describe.each([size(163, 190), size(140, 112), size(172, 205), size(228, 150)])(
  'a spectrum with its cut at $width × $height',
  (room) => {
    it.each([
      [8, 3],
      [1, 1],
      [4, 4],
      [16, 15],
      [64, 33],
      [128, 128],
      [320, 17],
    ])('has its texts apart: rank %i, %i kept', (rank, kept) => {
      // Half of the last number may lie in the gap between two panels.
      for (const title of ['q', 'layer 11', 'down 2·0·1 cross out', 'text_model_encoder_layers_11_mlp'])
        for (const error of [0, 0.165, 1e-7])
          expect(faults(cutPicture(cut(rank, kept, { title, error }), room), room, 8)).toEqual(NONE);
    });

    it('puts a cut where the pointer is', () => {
      for (const rank of [2, 8, 64])
        for (let kept = 1; kept <= rank; kept++) {
          const scene = cut(rank, kept);
          const line = cutPicture(scene, room).find(({ key }) => key === 'cut');
          const x = Number(/^M([\d.]+)/.exec(String(line?.attributes.d))?.[1]);
          expect(cutSpectrum.keptAt(scene, room, x)).toBe(kept);
        }
      expect(cutSpectrum.keptAt(cut(8, 3), room, -50)).toBe(1);
      expect(cutSpectrum.keptAt(cut(8, 3), room, 5000)).toBe(8);
    });

    it('fills what is kept and leaves what is dropped open', () => {
      const marks = cutPicture(cut(8, 3), room);
      expect(marks.filter(({ tag }) => tag === 'circle').map(({ attributes }) => attributes.class)).toEqual([
        ...Array(5).fill('fill open pale dw'),
        ...Array(3).fill('fill dw'),
      ]);
    });
  },
);

it('has an axis for spectra with zeros, of zeros and over many decades', () => {
  const zeros = new Float64Array(4);
  const room = size(163, 190);
  for (const sigma of [zeros, Float64Array.of(3, 2, 0, 0), decay(8, 1e-3), decay(4, 1, 7), decay(8, 0.5, 1e-5)]) {
    const heights = cutHeights([sigma, null]);
    expect(heights.low).toBeGreaterThan(0);
    expect(heights.high / heights.low).toBeLessThan(1e5);
    const ticks = heightTicks(heights, 6);
    expect(ticks.length).toBeGreaterThan(0);
    expect(ticks.length).toBeLessThan(8);
    expect(faults(cutPicture(cut(sigma.length, 2, { sigma, heights }), room), room)).toEqual(NONE);
  }
});

/** Sizes and errors of equal modules: cutting them is cutting one. */
function alike(rank: number, by: number, at: number): SizeScene {
  const sigma = decay(rank, by);
  const energy = (from: number) => sigma.slice(from).reduce((sum, x) => sum + x * x, 0);
  const curve = Array.from({ length: rank }, (_, i) => ({
    rank: i + 1,
    bytes: 20_000 + 150_000 * (i + 1),
    error: Math.sqrt(energy(i + 1) / energy(0)),
  }));
  const floor = curve.map(({ bytes, error }) => ({ bytes, error: 0.85 * error }));
  const bytes = 20_000 + 150_000 * at;
  const now = { bytes, error: Math.sqrt(energy(Math.floor(at)) / energy(0)), size: `${(bytes / 1e6).toFixed(3)} MB` };
  return { floor, oneRank: curve, now, before: 20_000 + 150_000 * rank };
}

describe.each([size(540, 268), size(500, 212), size(358, 200), size(288, 200), size(820, 250)])(
  'error against size at $width × $height',
  (room) => {
    it('has its texts apart, wherever the setting is', () => {
      for (const rank of [1, 2, 4, 8, 16, 64])
        for (const by of [0.5, 0.9, 1])
          for (let i = 0; i <= 6; i++) {
            const scene = alike(rank, by, 1 + ((rank - 1) * i) / 6);
            const marks = sizePicture(scene, room);
            expect({ rank, by, i, ...faults(marks, room, 8) }).toEqual({ rank, by, i, ...NONE });
            expect(marks.some(({ key }) => key === 'now label')).toBe(true);
          }
    });
  },
);

it('has the dot of one rank on the line of one rank', () => {
  const room = size(540, 268);
  const marks = sizePicture(alike(8, 0.7, 3), room);
  const place = (key: string) => {
    const { cx, cy } = marks.find((mark) => mark.key === key)?.attributes ?? {};
    return [cx, cy];
  };
  expect(place('now')).toEqual(place('ring 3'));
});

it('says what is set, and what is the least', () => {
  const text = errorSize.describe(alike(8, 0.5, 3));
  expect(text).toMatch(/^This setting: 0\.470 MB, error 0\.125\. The least error of any file of this size is 0\.106\./);
  expect(text).toContain('at rank 1');
});

it('writes errors with the decimals of a table, and small ones as powers', () => {
  expect([0, 0.1654, 0.05, 1, 0.0004, 3e-8].map((error) => errorText(error))).toEqual([
    '0',
    '0.165',
    '0.050',
    '1.000',
    '4.0·10⁻⁴',
    '3.0·10⁻⁸',
  ]);
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1, noNaN: true }), (error) => !/^0\.0*$/.test(errorText(error, 2))),
  );
});
