import { describe, expect, it } from 'vitest';
import type { Rect } from '../drawing/marks.ts';
import { textWidth } from '../drawing/text-width.ts';
import { cellAt, cellOutline } from './cell-outline.ts';
import { layoutStrip, type StripLayout, type StripMode, type StripRequest } from './strip-layout.ts';

const WIDTHS: Readonly<Record<StripMode, readonly number[]>> = {
  desk: [900, 1132, 1372],
  tablet: [520, 772, 1050],
  lesson: [720, 1012],
  present: [1520, 1832],
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
  [20, 200],
];

function each(check: (layout: StripLayout, request: StripRequest) => void) {
  for (const mode of Object.keys(WIDTHS) as StripMode[])
    for (const width of WIDTHS[mode])
      for (const [d, k] of SHAPES)
        for (const rank of [1, 2, 8, 32, 64, 1024].filter((r) => r <= Math.min(d, k))) {
          const request = { mode, width, d, k, rank };
          check(layoutStrip(request), request);
        }
}

const rects = ({ matrices }: StripLayout) => Object.entries(matrices).filter((e): e is [string, Rect] => e[1] !== null);
function rectOf(rect: Rect | null): Rect {
  if (!rect) throw new Error('it has a place here');
  return rect;
}
const apart = (a: Rect, b: Rect) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe('the matrix strip', () => {
  it('overlaps nothing and leaves the picture nowhere', () => {
    each((layout, request) => {
      const all = rects(layout);
      for (const [i, [name, a]] of all.entries()) {
        const what = `${name} in ${JSON.stringify(request)}`;
        expect(a.x, what).toBeGreaterThanOrEqual(0);
        expect(a.y, what).toBeGreaterThanOrEqual(0);
        expect(a.x + a.width, what).toBeLessThanOrEqual(layout.width + 0.01);
        expect(a.y + a.height, what).toBeLessThanOrEqual(layout.height);
        for (const [other, b] of all.slice(0, i)) expect(apart(a, b), `${other} and ${what}`).toBe(true);
      }
    });
  });

  it('keeps captions apart from each other and inside', () => {
    each((layout, request) => {
      const captions = Object.values(layout.captions).filter((c) => c !== null);
      for (const [i, a] of captions.entries()) {
        expect(a.x + a.width, JSON.stringify(request)).toBeLessThanOrEqual(layout.width + 0.01);
        expect(Math.max(a.symbol, ...a.lines)).toBeLessThanOrEqual(layout.height);
        for (const b of captions.slice(0, i))
          if (a.symbol === b.symbol)
            expect(Math.abs(a.x - b.x), JSON.stringify(request)).toBeGreaterThanOrEqual(a.width);
      }
    });
  });

  it('has one cell size and true proportions', () => {
    each((layout, { d, k, rank }) => {
      const { A, B, W0, DW, target } = layout.matrices;
      const E = rectOf(layout.matrices.E);
      const px = (entries: number) => Math.max(1, entries * layout.cell);
      for (const square of [W0, DW, target, E]) expect([square.width, square.height]).toEqual([px(k), px(d)]);
      expect([A.width, A.height]).toEqual([px(k), px(rank)]);
      expect([B.width, B.height]).toEqual([px(rank), px(d)]);
    });
  });

  it('aligns B with the rows and A with the columns of ΔW', () => {
    each(({ matrices: { A, B, DW, W0, target, ...rest } }, { mode }) => {
      const E = rectOf(rest.E);
      expect([A.x, A.width]).toEqual([DW.x, DW.width]);
      expect([B.y, B.height]).toEqual([DW.y, DW.height]);
      expect(A.y + A.height).toBeLessThan(DW.y);
      expect(B.x + B.width).toBeLessThan(DW.x);
      expect(W0.y).toBe(DW.y);
      if (mode === 'phone') {
        expect([target.x, E.x]).toEqual([DW.x, W0.x]);
        expect(target.y).toBe(E.y);
        expect(target.y).toBeGreaterThan(DW.y + DW.height);
      } else expect([target.y, E.y]).toEqual([DW.y, DW.y]);
    });
  });

  it('keeps its height and its bottom line while the rank changes', () => {
    for (const mode of Object.keys(WIDTHS) as StripMode[]) {
      for (const width of WIDTHS[mode]) {
        const layouts = [1, 2, 8, 16, 64].map((rank) => layoutStrip({ mode, width, d: 64, k: 64, rank }));
        const bottoms = layouts.map(({ matrices: { DW } }) => DW.y + DW.height);
        for (const bottom of bottoms) expect(bottom).toBeCloseTo(bottoms[0], 6);
        if (mode !== 'phone') for (const { height } of layouts) expect(height).toBeCloseTo(layouts[0].height, 6);
        const thickness = layouts.map(({ matrices: { B } }) => B.width);
        expect(thickness.every((t, i) => i === 0 || t > thickness[i - 1])).toBe(true);
      }
    }
  });

  it('has its headings clear of the colour key where A is a hairline', () => {
    for (const [d, k] of [
      [4096, 4096],
      [4096, 64],
      [64, 4096],
      [1024, 1024],
    ]) {
      const { headings, key, font } = layoutStrip({ mode: 'desk', width: 1132, d, k, rank: 8 });
      expect((headings.E?.y ?? 0) - (key?.after.y ?? 0)).toBeGreaterThan(font);
    }
  });

  it('has its headings clear of the colour key and its + clear of the name of B, whatever the shape and rank', () => {
    each(({ headings, key, font, symbolFont, signs, matrices: { B, W0 } }, { d, rank, ...request }) => {
      const what = JSON.stringify({ d, rank, ...request });
      if (key) expect((headings.E?.y ?? 0) - key.after.y, what).toBeGreaterThanOrEqual(1.09 * font);
      if (key) expect(key.after.y, what).toBeGreaterThanOrEqual(0.9 * font);
      const name = textWidth('B', symbolFont) + 0.4 * font + textWidth(`${d} × ${rank}`, font);
      const beside = signs.plus.x + 0.3 * symbolFont <= headings.B.x - name;
      const under = signs.plus.y - 0.7 * symbolFont > headings.B.y;
      const atLeft = signs.plus.x <= W0.x + W0.width + symbolFont / 2;
      expect(beside || under || atLeft, what).toBe(true);
      expect(signs.plus.x, what).toBeLessThan(B.x);
      expect(signs.plus.x - 0.3 * symbolFont, what).toBeGreaterThanOrEqual(W0.x + W0.width);
    });
  });

  it('is a little over 230 px high on a desk, as drawn', () => {
    const { cell, matrices } = layoutStrip({ mode: 'desk', width: 1132, d: 64, k: 64, rank: 8 });
    expect(cell).toBeCloseTo(2.854, 2);
    expect(matrices.W?.x).toBe(0);
    const E = rectOf(matrices.E);
    expect(E.x + E.width).toBeCloseTo(1132, 3);
    expect(layoutStrip({ mode: 'desk', width: 1132, d: 64, k: 64, rank: 8, tallest: 150 }).cell).toBeCloseTo(
      150 / 72,
      6,
    );
  });
});

describe('a cell', () => {
  const layout = layoutStrip({ mode: 'desk', width: 1132, d: 64, k: 32, rank: 8 });
  it('is found under a point', () => {
    const { DW } = layout.matrices;
    expect(cellAt(DW, 64, 32, DW.x + 0.5 * layout.cell, DW.y + 63.5 * layout.cell)).toEqual({
      row: 63,
      column: 0,
    });
    expect(cellAt(DW, 64, 32, DW.x - 1, DW.y)).toBeNull();
    expect(cellAt(DW, 64, 32, DW.x + 32.5 * layout.cell, DW.y)).toBeNull();
  });
  it('is framed with its row of B and its column of A', () => {
    const { A, B } = layout.matrices;
    const outline = cellOutline(layout, { d: 64, k: 32 }, 10, 20);
    expect(outline.rowOfB.y + outline.rowOfB.height / 2).toBeCloseTo(outline.cell.y + outline.cell.height / 2, 6);
    expect(outline.columnOfA.x + outline.columnOfA.width / 2).toBeCloseTo(outline.cell.x + outline.cell.width / 2, 6);
    expect(outline.rowOfB.width).toBeCloseTo(B.width + 2, 6);
    expect(outline.columnOfA.height).toBeCloseTo(A.height + 2, 6);
  });
});

describe('in a large window', () => {
  it('cells are whole px of the page, the larger the more room there is', () => {
    const cellAt = (width: number, enlarged: number, tallest: number) =>
      enlarged * layoutStrip({ mode: 'desk', width: width / enlarged, d: 64, k: 64, rank: 8, enlarged, tallest }).cell;
    expect(cellAt(1568, 1.125, (5 * 72) / 1.125)).toBeCloseTo(4, 9);
    expect(cellAt(2168, 1.29, (6 * 72) / 1.29)).toBeCloseTo(5, 9);
    expect(cellAt(3048, 1.29, (6 * 72) / 1.29)).toBeCloseTo(6, 9);
  });
});
