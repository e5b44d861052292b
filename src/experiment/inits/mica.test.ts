import { describe, expect, it } from 'vitest';
import golden from '../../math/golden/initialisations.json' with { type: 'json' };
import { frobenius, multiply, subtract, toFloat32, toFloat64, transpose } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { orthogonalityError } from '../../math/testing/checks.ts';
import { fromRows } from '../../math/testing/rows.ts';
import { mica } from './mica.ts';
import { contextOf, offered, startOf } from './testing/context.ts';

describe('MiCA', () => {
  it('spans the golden directions', () => {
    for (const { rank, scaling, W0, mica: wanted } of golden.cases) {
      const { B } = mica.draw(contextOf({ base: toFloat32(fromRows(W0)), rank, scaling }));
      const projector = multiply(B, transpose(toFloat64(B)));
      expect(frobenius(subtract(projector, fromRows(wanted.projectorB)))).toBeLessThan(1e-12);
    }
  });

  it('has A = 0 and an orthonormal B along which W₀ is smallest', () => {
    for (const { base, rank, scaling } of offered(mica)) {
      const { A, B } = mica.draw(contextOf({ base, rank, scaling }));
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, base.cols, base.rows, rank]);
      expect(frobenius(A)).toBe(0);
      expect(orthogonalityError(toFloat64(B))).toBeLessThan(1e-13);
      const [all, along] = [singularValues(base), singularValues(multiply(transpose(toFloat64(B)), base))];
      for (let i = 0; i < rank; i++)
        expect(Math.abs(along[i] - all[all.length - rank + i]) / all[0]).toBeLessThan(1e-13);
    }
  });

  it('freezes B and leaves W₀ and the output as they are', () => {
    expect([mica.frozen, mica.moves]).toEqual(['B', undefined]);
    for (const given of offered(mica)) {
      expect(startOf(mica, given).frozen).toBe(given.base);
      expect(startOf(mica, given).difference.largest).toBe(0);
    }
  });

  it('is offered up to 512 and says so', () => {
    expect(mica.unavailable?.({ d: 4096, k: 512, rank: 512 })).toBeNull();
    expect(mica.unavailable?.({ d: 700, k: 600, rank: 600 })).toMatch(/^MiCA .* Use k = 512 and rank 512\.$/);
  });
});
