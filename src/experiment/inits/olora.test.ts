import { describe, expect, it } from 'vitest';
import golden from '../../math/golden/initialisations.json' with { type: 'json' };
import { frobenius, leadingColumns, scale, subtract, toFloat32, toFloat64 } from '../../math/matrix.ts';
import { orthogonalityError } from '../../math/testing/checks.ts';
import { fromRows, toRows } from '../../math/testing/rows.ts';
import { olora } from './olora.ts';
import { offered, startOf } from './testing/context.ts';

describe('OLoRA', () => {
  it('gives the golden product and frozen weight', () => {
    for (const { rank, scaling, W0, olora: wanted } of golden.cases) {
      const { delta, frozen } = startOf(olora, { base: toFloat32(fromRows(W0)), rank, scaling });
      expect(frobenius(subtract(delta, fromRows(wanted.delta)))).toBeLessThan(2e-6);
      expect(frobenius(subtract(frozen, fromRows(wanted.base)))).toBeLessThan(2e-6);
    }
  });

  it('has orthonormal B and triangular A that give W₀’s first r columns, whatever s is', () => {
    for (const { base, rank, scaling } of offered(olora)) {
      const { A, B, delta } = startOf(olora, { base, rank, scaling });
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, base.cols, base.rows, rank]);
      expect(orthogonalityError(toFloat64(B))).toBeLessThan(1e-6);
      toRows(A).forEach((row, i) => {
        expect(row.slice(0, i).every((x) => x === 0)).toBe(true);
        expect(row[i]).toBeGreaterThanOrEqual(0);
      });
      const [product, columns] = [scale(delta, 1 / scaling), leadingColumns(base, rank)];
      expect(frobenius(subtract(leadingColumns(product, rank), columns)) / frobenius(base)).toBeLessThan(3e-7);
    }
  });

  it('leaves the output at step 0 unchanged within float32 rounding', () => {
    for (const given of offered(olora)) {
      const { largest, bound } = startOf(olora, given).difference;
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeLessThan(1e-6 * Math.max(1, given.scaling));
    }
  });

  it('is offered up to 512 and says so', () => {
    expect(olora.unavailable?.({ d: 1024, k: 512, rank: 512 })).toBeNull();
    expect(olora.unavailable?.({ d: 600, k: 513, rank: 8 })).toMatch(/^OLoRA .* here it is 513\. Use k = 512\.$/);
  });
});
