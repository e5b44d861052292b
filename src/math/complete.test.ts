import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orthogonalityError } from './checks.ts';
import { completeColumns } from './complete.ts';
import { leadingColumns, transpose } from './matrix.ts';
import { orthonormal } from './qr.ts';
import { stream } from './random.ts';

it('completes orthonormal columns, which stay, and goes no lower than the given row', () => {
  const sizes = fc.tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 0, max: 3 }), fc.nat(), fc.nat());
  fc.assert(
    fc.property(sizes, fc.integer(), ([span, below, some, more], seed) => {
      const cols = 1 + (more % span);
      const done = some % (cols + 1);
      const rows = span + below;
      const columns = new Float64Array(rows * cols);
      const Q = transpose(leadingColumns(orthonormal(span, span, stream(seed, 'given')), done));
      for (let j = 0; j < done; j++) columns.set(Q.data.subarray(j * span, (j + 1) * span), j * rows);
      const before = columns.slice(0, done * rows);
      completeColumns(columns, rows, span, done, cols);
      expect(columns.slice(0, done * rows)).toEqual(before);
      expect(orthogonalityError(transpose({ rows: cols, cols: rows, data: columns }))).toBeLessThan(1e-14);
      for (let j = 0; j < cols; j++) {
        for (let i = span; i < rows; i++) expect(columns[j * rows + i]).toBe(0);
      }
    }),
  );
});
