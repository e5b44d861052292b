import { expect, it } from 'vitest';
import { factorWords } from './reading.ts';
import type { Painted } from './use-painted.ts';

/** A of a 3 × 2 layer of rank 2: 2 × 2. */
const A = { values: Float32Array.of(0.5, -0.25, 1, 2), rows: 2, cols: 2, blockRows: 1, blockCols: 1 };
const painted = { means: { A } } as unknown as Painted;
const shape = { d: 3, k: 2, rank: 2 };

it('reads an entry of a factor', () => {
  expect(factorWords(painted, shape, { of: 'A', row: 0, column: 1 }, 'A')).toBe('row 1, column 2: −0.250');
  expect(factorWords(painted, shape, { of: 'A', row: 0, column: 1 }, 'B')).toBeNull();
});

it('reads nothing of an entry that was held before a smaller layer was opened', () => {
  expect(factorWords(painted, shape, { of: 'A', row: 0, column: 40 }, 'A')).toBeNull();
  expect(factorWords(painted, shape, { of: 'A', row: 7, column: 1 }, 'A')).toBeNull();
});
