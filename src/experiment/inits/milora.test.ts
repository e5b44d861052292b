import { describe, expect, it } from 'vitest';
import { frobenius, subtract } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { milora } from './milora.ts';
import { pissa } from './pissa.ts';
import { offered, startOf } from './testing/context.ts';

const norm = (values: Float64Array) => Math.sqrt(values.reduce((sum, s) => sum + s * s, 0));

describe('MiLoRA', () => {
  it('takes over the smallest rank-r part of W₀: what is left has exactly the other singular values', () => {
    for (const { base, rank, scaling } of offered(milora)) {
      const { A, B, delta, frozen } = startOf(milora, { base, rank, scaling });
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, base.cols, base.rows, rank]);
      const all = singularValues(base);
      const kept = all.length - rank;
      const error = 3e-7 * frobenius(base);
      expect(Math.abs(frobenius(delta) - norm(all.subarray(kept)))).toBeLessThan(error);
      const left = singularValues(frozen);
      for (let i = 0; i < kept; i++) expect(Math.abs(left[i] - all[i])).toBeLessThan(error);
      for (let i = kept; i < all.length; i++) expect(left[i]).toBeLessThan(error);
    }
  });

  it('and PiSSA of the other rank make up W₀', () => {
    for (const { base, rank, scaling } of offered(milora)) {
      const others = Math.min(base.rows, base.cols) - rank;
      if (others === 0) continue;
      const { frozen } = startOf(pissa, { base, rank: others, scaling });
      const { delta } = startOf(milora, { base, rank, scaling });
      expect(frobenius(subtract(frozen, delta)) / frobenius(base)).toBeLessThan(3e-7);
    }
  });

  it('leaves the output at step 0 unchanged within float32 rounding', () => {
    for (const given of offered(milora)) {
      const { largest, bound } = startOf(milora, given).difference;
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeLessThan(1e-6);
    }
  });

  it('is offered up to 512 and says so', () => {
    expect(milora.unavailable?.({ d: 512, k: 1024, rank: 512 })).toBeNull();
    expect(milora.unavailable?.({ d: 1024, k: 1024, rank: 8 })).toBe(
      'MiLoRA is available when the smaller of d and k is at most 512; here it is 1024. Use d = 512.',
    );
  });
});
