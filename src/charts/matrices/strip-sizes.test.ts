import { describe, expect, it } from 'vitest';
import { type StripMode, type StripRequest, type StripSizes, stripSizes, widthOf } from './strip-sizes.ts';

const WIDTHS: Readonly<Record<StripMode, readonly number[]>> = {
  desk: [900, 1132, 1372, 2250],
  tablet: [520, 772, 1050],
  lesson: [720, 1012],
  present: [1520, 1832],
  network: [440, 528, 700],
  phone: [288, 358, 528],
};
const SHAPES = [
  [64, 64],
  [1, 1],
  [16, 96],
  [96, 16],
  [1024, 16],
  [16, 1024],
  [1024, 1024],
  [8, 8],
  [2, 300],
  [200, 20],
];
const MODES = Object.keys(WIDTHS) as StripMode[];

function each(check: (sizes: StripSizes, request: StripRequest, what: string) => void, pictured = [false, true]) {
  for (const mode of MODES)
    for (const width of WIDTHS[mode])
      for (const [d, k] of SHAPES)
        for (const rank of [1, 2, 8, 32, 64, 1024].filter((r) => r <= Math.min(d, k)))
          for (const picture of pictured) {
            const request = { mode, width, d, k, rank, pictured: picture };
            check(stripSizes(request), request, JSON.stringify(request));
          }
}

/** px of an entry, from the longer side, which is no hairline. */
const cellOf = ({ square }: StripSizes, { d, k } = { d: 64, k: 64 }) => (d >= k ? square.down / d : square.across / k);

describe('the sizes of the strip', () => {
  it('have columns that are no narrower than what is in them, and together no wider than the strip', () => {
    each((sizes, { width }, what) => {
      const { tracks, square, thick, target, W, rows } = sizes;
      const all = tracks.reduce((sum, [, px]) => sum + px, 0);
      expect(all, what).toBeLessThanOrEqual(width + 0.01);
      for (const [name, px] of tracks) expect(px, `${name} in ${what}`).toBeGreaterThanOrEqual(0);
      for (const name of ['W0', 'dW'] as const)
        expect(widthOf(sizes, name), what).toBeGreaterThanOrEqual(square.across - 1e-9);
      expect(widthOf(sizes, 'B'), what).toBeGreaterThanOrEqual(thick - 1e-9);
      if (rows === 1) expect(widthOf(sizes, 'target'), what).toBeGreaterThanOrEqual(target.across - 1e-9);
      // W of a picture's two rows reaches into the gap next to it, not as far as ΔW*.
      else expect(W.across + target.across, what).toBeLessThanOrEqual(width);
    });
  });

  it('leave room above for A and its name, and for all of it in the height', () => {
    each(({ top, square, thick, font, height }, _, what) => {
      expect(top - square.down - thick, what).toBeGreaterThanOrEqual(1.75 * font);
      expect(height, what).toBeGreaterThan(top + 2 * font);
    });
  });

  it('are one size of cell in true proportions for a layer', () => {
    each(
      (sizes, { d, k, rank }, what) => {
        const { square, thick, target, W } = sizes;
        const px = (entries: number) => Math.max(1, entries * cellOf(sizes, { d, k }));
        expect(square.across, what).toBeCloseTo(px(k), 9);
        expect(square.down, what).toBeCloseTo(px(d), 9);
        expect(thick, what).toBeCloseTo(px(rank), 9);
        expect([W, target], what).toEqual([square, square]);
      },
      [false],
    );
  });

  it('keep the height and the bottom line while the rank changes', () => {
    for (const pictured of [false, true])
      for (const mode of MODES)
        for (const width of WIDTHS[mode]) {
          const all = [1, 2, 8, 16, 64].map((rank) => stripSizes({ mode, width, d: 64, k: 64, rank, pictured }));
          for (const { top } of all) expect(top).toBeCloseTo(all[0].top, 0);
          if (mode !== 'phone') for (const { height } of all) expect(height).toBeCloseTo(all[0].height, 0);
          const thick = all.map((sizes) => sizes.thick);
          expect(thick.every((px, i) => i === 0 || px > thick[i - 1])).toBe(true);
        }
  });

  it('have headings clear of the colour key where A is a hairline', () => {
    each(({ top, square, font, rows }, _, what) => {
      // From the heading's baseline up to that of the key.
      if (rows === 1) expect(top - square.down - 0.62 * font - 1.1 * font, what).toBeGreaterThanOrEqual(0.94 * font);
    });
  });

  it('are those of the drawing on a desk', () => {
    const desk = stripSizes({ mode: 'desk', width: 1132, d: 64, k: 64, rank: 8 });
    expect(cellOf(desk)).toBeCloseTo(2.854, 2);
    expect(desk.tracks.reduce((sum, [, px]) => sum + px, 0)).toBeCloseTo(1132, 3);
    const low = stripSizes({ mode: 'desk', width: 1132, d: 64, k: 64, rank: 8, tallest: 150 });
    expect(cellOf(low)).toBeCloseTo(150 / 72, 6);
  });

  it('have cells of whole px in large windows, the larger the more room there is', () => {
    const cellAt = (width: number, font: number, max: number) =>
      cellOf(stripSizes({ mode: 'desk', width, font, most: max, d: 64, k: 64, rank: 8 }));
    expect(cellAt(1568, 13.5, 5)).toBe(4);
    expect(cellAt(2168, 15.5, 6)).toBe(5);
    expect(cellAt(3048, 15.5, 6)).toBe(6);
  });
});

describe('the sizes of a picture', () => {
  const picture = (request: Partial<StripRequest>) =>
    stripSizes({ mode: 'desk', width: 1132, d: 64, k: 64, rank: 8, pictured: true, ...request });

  it('have cells of whole px up to rank 8, if there is room for one', () => {
    each(
      (sizes, { mode, rank, d, k, width }, what) => {
        const cell = cellOf(sizes, { d, k });
        if (mode === 'phone' || rank > 8 || Math.max(d, k) > 128 || width < 640) return;
        expect(cell, what).toBe(Math.round(cell));
        expect(cell, what).toBeGreaterThanOrEqual(1);
        expect(Number.isInteger(sizes.target.across / k), what).toBe(true);
      },
      [true],
    );
  });

  it('have no gap that is wide beside the others in a large window', () => {
    for (const width of [1612, 2250, 2344]) {
      const sizes = picture({ width, most: 6 });
      const gaps = (['plus', 'equals', 'line'] as const).map((name) => widthOf(sizes, name));
      expect(Math.max(...gaps) / Math.min(...gaps), `${width} px: ${gaps}`).toBeLessThan(1.8);
    }
  });

  it('move nothing but the left edge of B between rank 1 and 8', () => {
    for (const mode of MODES)
      for (const width of WIDTHS[mode]) {
        const [one, eight] = [1, 8].map((rank) => picture({ mode, width, rank }));
        for (const name of ['W0', 'inner', 'dW', 'W', 'target'] as const)
          expect(widthOf(one, name)).toBeCloseTo(widthOf(eight, name), 6);
        expect(widthOf(one, 'plus') + widthOf(one, 'B')).toBeCloseTo(widthOf(eight, 'plus') + widthOf(eight, 'B'), 6);
      }
  });

  it('are those of the drawing: cells of 4 px, of ΔW* 3; smaller ones in low windows, larger ones in large', () => {
    const { square, target } = picture({});
    expect([square.across, target.across]).toEqual([256, 192]);
    const requests = [{ most: 3 }, { most: 6 }, { width: 1612, most: 5 }, { width: 2150, most: 6 }];
    expect(requests.map((request) => cellOf(picture(request)))).toEqual([3, 4, 5, 6]);
  });

  it('have two rows on a phone: W large below, with cells of 3 px, and ΔW* beside it', () => {
    const { rows, square, W, target } = picture({ mode: 'phone', width: 358 });
    expect([rows, square.across, W.across, target.across]).toEqual([2, 128, 192, 128]);
  });
});

describe('the sizes of a first visit', () => {
  const owl = { d: 64, k: 64, rank: 8, pictured: true, font: 13 } as const;
  const cells = ({ W }: StripSizes) => W.across / 64;

  it('have whole cells on a desk: 5 px in a strip of 1,392 px, 4 in 1,232', () => {
    expect(cells(stripSizes({ ...owl, mode: 'desk', width: 1392, most: 5 }))).toBe(5);
    expect(cells(stripSizes({ ...owl, mode: 'desk', width: 1232, most: 4 }))).toBe(4);
  });

  it('have W of 288 px above matrices of 96 px on a phone, with cells of half a px, and no target', () => {
    for (const width of [288, 358, 528]) {
      const sizes = stripSizes({ ...owl, mode: 'phone', width, leading: true });
      expect(sizes).toMatchObject({ rows: 2, W: { across: 288 }, square: { across: 96 } });
      expect(sizes.tracks.map(([name]) => name)).toEqual(['W0', 'plus', 'B', 'inner', 'dW']);
      expect(sizes.tracks.reduce((sum, [, px]) => sum + px, 0)).toBeLessThanOrEqual(width);
    }
    expect(cells(stripSizes({ ...owl, mode: 'phone', width: 288, leading: true, most: 4.19 }))).toBe(4);
    expect(cells(stripSizes({ ...owl, mode: 'tablet', width: 772, leading: true, most: 9 }))).toBe(6);
  });

  it('fit the sum of any rank into the row', () => {
    for (const rank of [1, 8, 16, 64]) {
      const { tracks, thick, square } = stripSizes({ ...owl, rank, mode: 'phone', width: 288, leading: true });
      expect(tracks.reduce((sum, [, px]) => sum + px, 0)).toBeLessThanOrEqual(288 + 1e-9);
      expect(Math.min(...tracks.map(([, px]) => px))).toBeGreaterThan(0);
      expect(thick / rank).toBeCloseTo(square.across / 64, 9);
    }
  });
});
