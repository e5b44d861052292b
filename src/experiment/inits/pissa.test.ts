import { describe, expect, it } from 'vitest';
import golden from '../../math/golden/initialisations.json' with { type: 'json' };
import { frobenius, subtract, toFloat32 } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import { fromRows } from '../../math/testing/rows.ts';
import { pissa } from './pissa.ts';
import { offered, startOf } from './testing/context.ts';

describe('PiSSA', () => {
  it('gives the golden product and frozen weight', () => {
    for (const { rank, scaling, W0, pissa: wanted } of golden.cases) {
      const { delta, frozen } = startOf(pissa, { base: toFloat32(fromRows(W0)), rank, scaling });
      // Factors and frozen weight are float32, the golden values float64.
      expect(frobenius(subtract(delta, fromRows(wanted.delta)))).toBeLessThan(1e-6);
      expect(frobenius(subtract(frozen, fromRows(wanted.base)))).toBeLessThan(1e-6);
    }
  });

  it('takes over the best rank-r part of W₀, in two factors of the same size', () => {
    for (const { base, rank, scaling } of offered(pissa)) {
      const { A, B, delta } = startOf(pissa, { base, rank, scaling });
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, base.cols, base.rows, rank]);
      const size = frobenius(base);
      expect(Math.abs(frobenius(subtract(base, delta)) - errorAtRank(singularValues(base))[rank]) / size).toBeLessThan(
        3e-7,
      );
      expect(frobenius(A) / frobenius(B)).toBeCloseTo(1, 6);
    }
  });

  it('leaves the output at step 0 unchanged within float32 rounding', () => {
    for (const given of offered(pissa)) {
      const { largest, bound } = startOf(pissa, given).difference;
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeLessThan(1e-6);
    }
  });

  it('is offered up to rank 64 above 512, and says so', () => {
    expect(pissa.unavailable?.({ d: 512, k: 4096, rank: 512 })).toBeNull();
    expect(pissa.unavailable?.({ d: 513, k: 513, rank: 64 })).toBeNull();
    expect(pissa.unavailable?.({ d: 1024, k: 600, rank: 80 })).toBe(
      'PiSSA is available up to rank 64 when d and k are both above 512; here the rank is 80. Use rank 64.',
    );
  });
});
