import { describe, expect, it } from 'vitest';
import type { Rect } from '../drawing/marks.ts';
import { layoutPicture, type PictureRequest } from './picture-layout.ts';
import type { StripLayout, StripMode } from './strip-layout.ts';

const WIDTHS: Readonly<Record<StripMode, readonly number[]>> = {
  desk: [900, 1132, 1612, 2250],
  tablet: [520, 772, 1050],
  lesson: [720, 1012],
  present: [1150, 1832],
  phone: [288, 358, 528],
};
const SHAPES = [
  [64, 64],
  [2, 2],
  [16, 96],
  [96, 16],
  [128, 128],
  [256, 64],
  [1024, 1024],
];

function each(check: (layout: StripLayout, request: PictureRequest, what: string) => void) {
  for (const mode of Object.keys(WIDTHS) as StripMode[])
    for (const width of WIDTHS[mode])
      for (const [d, k] of SHAPES)
        for (const rank of [1, 2, 8, 16, 64].filter((r) => r <= Math.min(d, k)))
          for (const most of [3, 6]) {
            const request = { mode, width, d, k, rank, most };
            check(layoutPicture(request), request, JSON.stringify(request));
          }
}

const rects = ({ matrices }: StripLayout) => Object.entries(matrices).filter((e): e is [string, Rect] => e[1] !== null);
const apart = (a: Rect, b: Rect) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe('the strip of a picture', () => {
  it('overlaps nothing and leaves its room nowhere', () => {
    each((layout, _, what) => {
      for (const [i, [name, a]] of rects(layout).entries()) {
        expect(Math.min(a.x, a.y), `${name} in ${what}`).toBeGreaterThanOrEqual(0);
        expect(a.x + a.width, `${name} in ${what}`).toBeLessThanOrEqual(layout.width + 0.01);
        expect(a.y + a.height, `${name} in ${what}`).toBeLessThanOrEqual(layout.height);
        for (const [other, b] of rects(layout).slice(0, i))
          expect(apart(a, b), `${other} and ${name} in ${what}`).toBe(true);
      }
    });
  });

  it('has the corner of A, B and ΔW aligned, and W₀, ΔW, W of one size in a row', () => {
    each(({ matrices: { A, B, DW, W0, W } }, { mode }, what) => {
      expect([A.x, A.width, B.y, B.height], what).toEqual([DW.x, DW.width, DW.y, DW.height]);
      expect([W0.y, W0.width, W0.height], what).toEqual([DW.y, DW.width, DW.height]);
      if (mode === 'desk') expect([W?.y, W?.width, W?.height], what).toEqual([DW.y, DW.width, DW.height]);
    });
  });

  it('has cells of whole px up to rank 8, where there is room for one', () => {
    each(({ cell, matrices: { DW, target } }, { mode, rank, d, k, width }, what) => {
      if (mode === 'phone' || rank > 8 || Math.max(d, k) > 128 || width < 640) return;
      expect(cell, what).toBe(Math.round(cell));
      expect(cell, what).toBeGreaterThanOrEqual(1);
      expect(DW.width, what).toBe(cell * k);
      expect(Number.isInteger(target.width / k), what).toBe(true);
    });
  });

  it('spreads what a large window has to spare: no gap is wide beside the others', () => {
    for (const width of [1612, 2250, 2344]) {
      const { W0, DW, B, W, target } = layoutPicture({ mode: 'desk', width, d: 64, k: 64, rank: 8, most: 6 }).matrices;
      if (!W) throw new Error('a desk has W');
      const gaps = [B.x - W0.x - W0.width, W.x - DW.x - DW.width, target.x - W.x - W.width];
      expect(Math.max(...gaps) / Math.min(...gaps), `${width} px: ${gaps}`).toBeLessThan(1.8);
    }
  });

  it('moves nothing but A and B between rank 1 and 8, and never its bottom line', () => {
    for (const mode of Object.keys(WIDTHS) as StripMode[])
      for (const width of WIDTHS[mode]) {
        const at = (rank: number) => layoutPicture({ mode, width, d: 64, k: 64, rank });
        const [one, eight, many] = [at(1), at(8), at(40)];
        const { W, W0, DW, target } = one.matrices;
        expect({ W, W0, DW, target }).toMatchObject({
          W: eight.matrices.W,
          W0: eight.matrices.W0,
          DW: eight.matrices.DW,
          target: eight.matrices.target,
        });
        const end = ({ matrices: { B } }: StripLayout) => B.x + B.width;
        expect(end(one)).toBeCloseTo(end(eight), 6);
        expect([one.height, many.height]).toEqual([eight.height, expect.closeTo(eight.height, 0)]);
        expect(many.matrices.A.height).toBeGreaterThan(eight.matrices.A.height);
      }
  });

  it('is as drawn at 1440 px: cells of 4 px, of ΔW* 3, from edge to edge', () => {
    const { matrices, cell, divider } = layoutPicture({ mode: 'desk', width: 1132, d: 64, k: 64, rank: 8 });
    expect([cell, matrices.W0.width, matrices.target.width]).toEqual([4, 256, 192]);
    expect([matrices.W0.x, matrices.target.x]).toEqual([0, 940]);
    expect(divider?.x).toBeGreaterThan((matrices.W?.x ?? 0) + 256);
    expect(divider?.x).toBeLessThan(940);
    expect(layoutPicture({ mode: 'desk', width: 1132, d: 64, k: 64, rank: 8, most: 3 }).cell).toBe(3);
  });

  it('has larger cells in larger windows', () => {
    const cellAt = (width: number, most: number) =>
      layoutPicture({ mode: 'desk', width, d: 64, k: 64, rank: 8, most }).cell;
    expect([cellAt(1612, 5), cellAt(2150, 6), cellAt(1132, 6)]).toEqual([5, 6, 4]);
  });

  it('has two rows on a phone: W large below, with cells of 3 px, and ΔW* beside it', () => {
    const { matrices, cell } = layoutPicture({ mode: 'phone', width: 358, d: 64, k: 64, rank: 8 });
    const { W, W0, target } = matrices;
    expect([cell, W0.width, W?.width, target.width]).toEqual([2, 128, 192, 128]);
    expect(W?.y).toBeGreaterThan(W0.y + W0.height);
    expect(target.y + target.height).toBe((W?.y ?? 0) + 192);
  });
});
