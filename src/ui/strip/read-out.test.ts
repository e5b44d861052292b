import { describe, expect, it } from 'vitest';
import { blockReadOut, factorWords, placeWords, readOut, termsAt, valueWords } from './read-out.ts';
import type { PaintedStrip } from './use-painted-matrices.ts';

describe('the read-out', () => {
  it('of an initialisation that has moved a part of W₀ adds up what is shown', () => {
    const at = { rows: [0, 0], columns: [0, 0] } as const;
    const values = { W: 0.5, W0: 0.2, dW: 0.3, target: 0.1, E: -0.1 };
    const none = { W: 0, W0: 0, dW: 0, target: 0, E: 0 };
    const frozen = readOut(at, values, 2, none, false, 'frozen');
    expect(frozen.W.second).toBe('= W frozen + s·B·A');
    expect(frozen.dW.second).toBe('= 2·(B row 1 · A column 1)');
    const update = readOut(at, values, 2, none, false, 'update');
    expect(update.W.second).toBe('= W₀ + ΔW');
    expect(update.dW.second).toBe('= 2·(B row 1 · A column 1) − start');
    expect(valueWords(values, null, 'frozen')).toBe('s·B·A 0.300, ΔW* 0.100, error −0.100');
  });

  const values = { W: 0.0110304, W0: 0.0268, dW: -0.0158, target: -0.0213, E: 0.0055 };
  const clipped = { W: 37, W0: 32, dW: 0, target: 41, E: 0 };

  it('counts rows and columns from one and shows where ΔW comes from', () => {
    const read = readOut({ rows: [26, 26], columns: [45, 45] }, values, 2, clipped, false, 'plain');
    expect(read.dW).toEqual({ first: 'row 27, column 46: −0.0158', second: '= 2·(B row 27 · A column 46)' });
    expect(read.W0.second).toBe('beyond the scale: 32 in W₀, 37 in W');
    expect(read.target.second).toBe('beyond the scale: 41 in ΔW*');
    expect(read.E.second).toBe('= ΔW − ΔW*');
  });

  const terms = [
    [0.01, 0.5],
    [-0.5, 0.25],
    [0.3, -0.2],
  ] as const;
  const sumOf = (fits: (text: string) => boolean, shown: 'plain' | 'update' = 'plain') =>
    readOut({ rows: [0, 0], columns: [0, 0] }, values, 2, clipped, false, shown, fits, terms).dW.second;

  it('shows the sum that an entry of ΔW is, the largest terms first, as many as fit', () => {
    expect(sumOf(() => true)).toBe('= 2·(−0.5·0.25 − 0.3·0.2 + 0.01·0.5)');
    expect(sumOf((text) => text.length < 30)).toBe('= 2·(−0.5·0.25 − 0.3·0.2 + …)');
    expect(sumOf((text) => text.length < 10)).toBe('= 2·(B row 1 · A column 1)');
    expect(sumOf(() => true, 'update')).toMatch(/\) − start$/);
  });

  it('has the terms of a cell where they are few, and of entries, not of blocks', () => {
    const plane = (list: number[], cols: number, block = 1) => ({
      ...{ values: Float32Array.from(list), rows: list.length / cols, cols },
      ...{ blockRows: block, blockCols: 1 },
    });
    const planes = { B: plane([1, 2, 3, 4], 2), A: plane([5, 6, 7, 8, 9, 10], 3) } as unknown as Parameters<
      typeof termsAt
    >[0];
    expect(termsAt(planes, { row: 1, column: 2 }, 2)).toEqual([
      [3, 7],
      [4, 10],
    ]);
    expect(termsAt({ ...planes, B: plane([1, 2, 3, 4], 2, 2) }, { row: 1, column: 2 }, 2)).toBeNull();
    expect(termsAt(planes, { row: 1, column: 2 }, 9)).toBeNull();
  });

  it('leaves out the words where they do not fit', () => {
    const read = readOut(
      { rows: [1304, 1304], columns: [189, 189] },
      values,
      1,
      clipped,
      false,
      'plain',
      (t) => t.length < 20,
    );
    expect(read.dW.first).toBe('1,305, 190: −0.0158');
    // 32 in W₀ and 37 in W.
    expect([read.W0.second, read.target.second]).toEqual(['69 beyond the scale', '41 beyond the scale']);
  });

  const largest = { W: 0.31, W0: 0.29, dW: -0.17, target: -0.21, E: 0.08 };

  it('of a block: its mean and its largest entry, and of which step where that is not the one on show', () => {
    const now = blockReadOut(values, { values: largest, step: null }, false);
    expect(now.E).toEqual({ first: 'mean 5.50·10⁻³', second: 'largest 0.0800' });
    expect(now.target.second).toBe('largest −0.210');
    const late = blockReadOut(values, { values: largest, step: 1200 }, false);
    expect(late.dW.second).toBe('largest at step 1,200 −0.170');
    // W₀ and ΔW* are the same at every step.
    expect([late.W0.second, late.target.second]).toEqual(['largest 0.290', 'largest −0.210']);
    expect(blockReadOut(values, null, false).W.second).toBe('');
  });

  it('of a block is one line on a phone', () => {
    const short = blockReadOut(values, { values: largest, step: null }, true);
    expect(short.dW).toEqual({ first: 'mean −0.0158, largest −0.170', second: '' });
    const shorter = blockReadOut(values, { values: largest, step: null }, true, (text) => text.length < 25);
    expect(shorter.dW).toEqual({ first: 'mean −0.0158', second: '' });
  });

  it('is said in the same words', () => {
    expect(valueWords(values, null, 'plain')).toBe('ΔW −0.0158, ΔW* −0.0213, error 5.50·10⁻³');
    expect(valueWords(values, { values: largest, step: 7 }, 'plain')).toBe(
      'means ΔW −0.0158, ΔW* −0.0213, error 5.50·10⁻³; largest entries at step 7 −0.170, −0.210, 0.0800',
    );
  });

  it('names the rows and columns of a block', () => {
    expect(placeWords({ rows: [1020, 1023], columns: [0, 3] })).toBe('rows 1,021–1,024, columns 1–4');
  });
});

/** A of a 3 × 2 layer of rank 2: 2 × 2. */
const A = { values: Float32Array.of(0.5, -0.25, 1, 2), rows: 2, cols: 2, blockRows: 1, blockCols: 1 };
const painted = { means: { A } } as unknown as PaintedStrip;
const shape = { d: 3, k: 2, rank: 2 };

it('reads an entry of a factor', () => {
  expect(factorWords(painted, shape, { of: 'A', row: 0, column: 1 }, 'A')).toBe('row 1, column 2: −0.250');
  expect(factorWords(painted, shape, { of: 'A', row: 0, column: 1 }, 'B')).toBeNull();
});

it('reads nothing of an entry that was held before a smaller layer was opened', () => {
  expect(factorWords(painted, shape, { of: 'A', row: 0, column: 40 }, 'A')).toBeNull();
  expect(factorWords(painted, shape, { of: 'A', row: 7, column: 1 }, 'A')).toBeNull();
});
