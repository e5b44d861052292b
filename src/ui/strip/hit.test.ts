import { describe, expect, it } from 'vitest';
import type { MatrixName } from './matrices.ts';
import { hitOf, moveCell, restingCell } from './read-out.ts';

const shape = { d: 64, k: 64, rank: 8 };
/** The matrices of a strip with cells of `cell` px, the corner of B, A and ΔW in the middle. */
function matricesOf({ d, k, rank }: typeof shape, cell: number) {
  const px = (entries: number) => Math.max(1, entries * cell);
  const square = (x: number) => ({ x, y: 60, width: px(k), height: px(d) });
  return {
    ...{ W: square(0), W0: square(300), dW: square(600), target: square(900), E: square(1200) },
    A: { ...square(600), y: 52 - px(rank), height: px(rank) },
    B: { ...square(592 - px(rank)), width: px(rank) },
  };
}
const listed = (matrices: ReturnType<typeof matricesOf>) =>
  Object.entries(matrices) as [MatrixName, (typeof matrices)['A']][];
const all = matricesOf(shape, 3);
const layout = listed(all);
const before = { row: 5, column: 9 };
const middle = ({ x, y, width, height }: { x: number; y: number; width: number; height: number }) =>
  [x + 0.505 * width, y + 0.505 * height] as const;

describe('hit', () => {
  it('finds the same cell in every d × k matrix', () => {
    const { W, W0, dW, target, E } = all;
    for (const rect of [W, W0, dW, target, E])
      expect(hitOf(layout, shape, before, ...middle(rect))).toEqual({ cell: { row: 32, column: 32 }, factor: null });
  });

  it('moves the column on A and the row on B', () => {
    expect(hitOf(layout, shape, before, ...middle(all.A))).toEqual({
      cell: { row: 5, column: 32 },
      factor: { of: 'A', row: 4, column: 32 },
    });
    expect(hitOf(layout, shape, before, ...middle(all.B))?.cell).toEqual({ row: 32, column: 9 });
  });

  it.each([
    [1, 4096, 1],
    [4096, 64, 16],
    [64, 4096, 16],
    [4096, 4096, 16],
  ])('finds both ends of every matrix of %i × %i, rank %i, hairlines too', (d, k, rank) => {
    const matrices = matricesOf({ d, k, rank }, 0.06);
    const [large, { A, B, dW }] = [listed(matrices), matrices];
    const ends = ({ x, y, width, height }: typeof A) => [
      [x + 1e-6, y + 1e-6],
      [x + width - 1e-6, y + height - 1e-6],
    ];
    const [first, last] = ends(dW).map(([x, y]) => hitOf(large, { d, k, rank }, before, x, y)?.cell);
    expect([first, last]).toEqual([
      { row: 0, column: 0 },
      { row: d - 1, column: k - 1 },
    ]);
    const [firstA, lastA] = ends(A).map(([x, y]) => hitOf(large, { d, k, rank }, before, x, y)?.factor);
    expect([firstA, lastA]).toEqual([
      { of: 'A', row: 0, column: 0 },
      { of: 'A', row: rank - 1, column: k - 1 },
    ]);
    const [firstB, lastB] = ends(B).map(([x, y]) => hitOf(large, { d, k, rank }, before, x, y)?.factor);
    expect([firstB, lastB]).toEqual([
      { of: 'B', row: 0, column: 0 },
      { of: 'B', row: d - 1, column: rank - 1 },
    ]);
    if (A.height < 4) expect(hitOf(large, { d, k, rank }, before, A.x + A.width / 2, A.y - 3)?.factor?.of).toBe('A');
  });

  it('is null between the matrices', () => {
    expect(hitOf(layout, shape, before, 250, 2)).toBeNull();
  });
});

describe('move', () => {
  const one = { rows: 1, columns: 1 };

  it('starts at the cell that is outlined at rest', () => {
    expect(moveCell(shape, null, 'ArrowLeft', one)).toEqual(restingCell(shape));
  });

  it('walks by cells and stays inside', () => {
    expect(moveCell(shape, before, 'ArrowDown', one)).toEqual({ row: 6, column: 9 });
    expect(moveCell(shape, { row: 0, column: 0 }, 'ArrowUp', one)).toEqual({ row: 0, column: 0 });
    expect(moveCell(shape, before, 'End', one)).toEqual({ row: 5, column: 63 });
    expect(moveCell(shape, before, 'ArrowRight', { rows: 4, columns: 4 })).toEqual({ row: 5, column: 13 });
  });

  it('leaves other keys to the page', () => {
    expect(moveCell(shape, before, 'a', one)).toBeUndefined();
    expect(moveCell(shape, before, 'toString', one)).toBeUndefined();
    expect(moveCell(shape, null, 'Escape', one)).toBeUndefined();
    expect(moveCell(shape, before, 'Escape', one)).toBeNull();
  });
});
