import { describe, expect, it } from 'vitest';
import golden from '../../math/golden/initialisations.json';
import {
  frobenius,
  leadingColumns,
  maxAbs,
  multiply,
  scale,
  subtract,
  toFloat32,
  toFloat64,
  transpose,
} from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { errorAtRank, numericalRank } from '../../math/spectral/spectra.ts';
import { orthogonalityError } from '../../math/testing/checks.ts';
import { fromRows, toRows } from '../../math/testing/rows.ts';
import { floorOf } from '../layer/floor.ts';
import { prepareModule } from '../layer/testing/one-module.ts';
import { defaults } from '../settings/experiment.ts';
import { normalColumns, normalRows } from '../targets/draws.ts';
import { initFactors } from './factors.ts';
import { mica, milora, olora, orthogonal, pissa, svd } from './spectral.ts';
import { baseOf, contextOf, initFactorsOf, offeredSettings, SETTINGS } from './testing/context.ts';

describe('the start from the SVD of a reference update', () => {
  it('gives the golden product', () => {
    for (const { rank, scaling, W0, reference, svd: wanted } of golden.cases) {
      const base = toFloat32(fromRows(W0));
      const { A, B } = initFactors.svd(contextOf({ base, rank, scaling, reference: fromRows(reference) }));
      expect(frobenius(subtract(scale(multiply(B, A), scaling), fromRows(wanted.delta)))).toBeLessThan(1e-13);
      expect(frobenius(A) / frobenius(B)).toBeCloseTo(1, 13);
      expect(wanted.base).toEqual(W0);
    }
    expect('moves' in svd).toBe(false);
  });

  it('starts at the Eckart–Young floor, whatever the size, rank and scaling', () => {
    for (const [d, k] of [
      [1, 1],
      [1, 9],
      [9, 1],
      [16, 96],
      [96, 16],
      [64, 64],
    ]) {
      for (const rank of new Set([1, Math.ceil(Math.min(d, k) / 2), Math.min(d, k)])) {
        const e = { ...defaults(), target: 'decay' as const, d, k, rank, alpha: 3, init: svd.name };
        const layer = prepareModule(e, null);
        if ('why' in layer) throw new Error(layer.why);
        const residual = subtract(scale(multiply(layer.B, layer.A), 3 / rank), layer.target);
        const floor = floorOf(layer.spectrum.values)[rank];
        expect(Math.abs(frobenius(residual) / layer.targetNorm - floor)).toBeLessThan(3e-7);
      }
    }
  });

  it('has directions ordered by size and leaves none out where ΔW* has fewer', () => {
    const e = { ...defaults(), d: 12, k: 10, truerank: 2, noise: 0, rank: 5, init: svd.name };
    const layer = prepareModule(e, null);
    if ('why' in layer) throw new Error(layer.why);
    expect([...layer.A.data, ...layer.B.data].every(Number.isFinite)).toBe(true);
  });

  it('is refused above 512, in a sentence', () => {
    expect(prepareModule({ ...defaults(), d: 513, k: 600, init: svd.name }, null)).toEqual({
      why: expect.stringMatching(/at most 512; here it is 513\. Use d = 512\.$/),
    });
  });
});

describe('PiSSA', () => {
  it('gives the golden product and frozen weight', () => {
    for (const { rank, scaling, W0, pissa: wanted } of golden.cases) {
      const { delta, frozen } = initFactorsOf(pissa, { base: toFloat32(fromRows(W0)), rank, scaling });
      // Factors and frozen weight are float32, the golden values float64.
      expect(frobenius(subtract(delta, fromRows(wanted.delta)))).toBeLessThan(1e-6);
      expect(frobenius(subtract(frozen, fromRows(wanted.base)))).toBeLessThan(1e-6);
    }
  });

  it('takes over the best rank-r part of W₀, in two factors of the same size', () => {
    for (const { base, rank, scaling } of offeredSettings(pissa)) {
      const { A, B, delta } = initFactorsOf(pissa, { base, rank, scaling });
      expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, base.cols, base.rows, rank]);
      const size = frobenius(base);
      expect(Math.abs(frobenius(subtract(base, delta)) - errorAtRank(singularValues(base))[rank]) / size).toBeLessThan(
        3e-7,
      );
      expect(frobenius(A) / frobenius(B)).toBeCloseTo(1, 6);
    }
  });

  it('leaves the output at step 0 unchanged within float32 rounding', () => {
    for (const given of offeredSettings(pissa)) {
      const { largest, bound } = initFactorsOf(pissa, given).difference;
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

const norm = (values: Float64Array) => Math.sqrt(values.reduce((sum, s) => sum + s * s, 0));

describe('MiLoRA', () => {
  it('takes over the smallest rank-r part of W₀: what is left has exactly the other singular values', () => {
    for (const { base, rank, scaling } of offeredSettings(milora)) {
      const { A, B, delta, frozen } = initFactorsOf(milora, { base, rank, scaling });
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
    for (const { base, rank, scaling } of offeredSettings(milora)) {
      const others = Math.min(base.rows, base.cols) - rank;
      if (others === 0) continue;
      const { frozen } = initFactorsOf(pissa, { base, rank: others, scaling });
      const { delta } = initFactorsOf(milora, { base, rank, scaling });
      expect(frobenius(subtract(frozen, delta)) / frobenius(base)).toBeLessThan(3e-7);
    }
  });

  it('leaves the output at step 0 unchanged within float32 rounding', () => {
    for (const given of offeredSettings(milora)) {
      const { largest, bound } = initFactorsOf(milora, given).difference;
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

describe('MiCA', () => {
  it('spans the golden directions', () => {
    for (const { rank, scaling, W0, mica: wanted } of golden.cases) {
      const { B } = initFactors.mica(contextOf({ base: toFloat32(fromRows(W0)), rank, scaling }));
      const projector = multiply(B, transpose(toFloat64(B)));
      expect(frobenius(subtract(projector, fromRows(wanted.projectorB)))).toBeLessThan(1e-12);
    }
  });

  it('has A = 0 and an orthonormal B along which W₀ is smallest', () => {
    for (const { base, rank, scaling } of offeredSettings(mica)) {
      const { A, B } = initFactors.mica(contextOf({ base, rank, scaling }));
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
    for (const given of offeredSettings(mica)) {
      expect(initFactorsOf(mica, given).frozen).toBe(given.base);
      expect(initFactorsOf(mica, given).difference.largest).toBe(0);
    }
  });

  it('is offered up to 512 and says so', () => {
    expect(mica.unavailable?.({ d: 4096, k: 512, rank: 512 })).toBeNull();
    expect(mica.unavailable?.({ d: 700, k: 600, rank: 600 })).toMatch(/^MiCA .* Use k = 512 and rank 512\.$/);
  });
});

describe('OLoRA', () => {
  it('gives the golden product and frozen weight', () => {
    for (const { rank, scaling, W0, olora: wanted } of golden.cases) {
      const { delta, frozen } = initFactorsOf(olora, { base: toFloat32(fromRows(W0)), rank, scaling });
      expect(frobenius(subtract(delta, fromRows(wanted.delta)))).toBeLessThan(2e-6);
      expect(frobenius(subtract(frozen, fromRows(wanted.base)))).toBeLessThan(2e-6);
    }
  });

  it('has orthonormal B and triangular A that give W₀’s first r columns, whatever s is', () => {
    for (const { base, rank, scaling } of offeredSettings(olora)) {
      const { A, B, delta } = initFactorsOf(olora, { base, rank, scaling });
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
    for (const given of offeredSettings(olora)) {
      const { largest, bound } = initFactorsOf(olora, given).difference;
      expect(largest).toBeLessThanOrEqual(bound);
      expect(largest).toBeLessThan(1e-6 * Math.max(1, given.scaling));
    }
  });

  it('is offered up to 512 and says so', () => {
    expect(olora.unavailable?.({ d: 1024, k: 512, rank: 512 })).toBeNull();
    expect(olora.unavailable?.({ d: 600, k: 513, rank: 8 })).toMatch(/^OLoRA .* here it is 513\. Use k = 512\.$/);
  });
});

const even = SETTINGS.filter(([, , rank]) => rank % 2 === 0);

describe('the orthogonal start', () => {
  it('has B·A = 0 in float32 and factors of rank r/2 each', () => {
    for (const [d, k, rank] of even) {
      for (const scaling of [2, 16]) {
        const { A, B } = initFactorsOf(orthogonal, { base: baseOf(d, k), rank, scaling });
        expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, k, d, rank]);
        expect(maxAbs(multiply(B, A))).toBeLessThanOrEqual(1e-6);
        const exact = initFactors.orthogonal(contextOf({ base: baseOf(d, k), rank, scaling }));
        for (const factor of [exact.A, exact.B]) {
          expect(numericalRank(singularValues(factor), factor.rows, factor.cols)).toBe(rank / 2);
        }
      }
    }
  });

  it('has entries of variance 1/200, measured over many draws', () => {
    const [d, k, rank] = [24, 40, 8];
    const squares = { A: 0, B: 0 };
    for (let seed = 0; seed < 200; seed++) {
      const { A, B } = initFactors.orthogonal(contextOf({ base: baseOf(d, k), rank, seed }));
      for (const x of A.data) squares.A += x * x;
      for (const x of B.data) squares.B += x * x;
    }
    // ‖A‖² is that of k·r/2 normals, over 100: four standard errors of that many squares.
    const error = (count: number) => 4 * Math.sqrt(2 / (count / 2));
    expect(Math.abs((200 * squares.A) / (200 * rank * k) - 1)).toBeLessThan(error(200 * rank * k));
    expect(Math.abs((200 * squares.B) / (200 * d * rank) - 1)).toBeLessThan(error(200 * d * rank));
    expect(orthogonal.variance({ d, k, rank, sigma: 1 })).toEqual({
      A: 'variance 1/200 = 0.005',
      B: 'variance 1/200 = 0.005',
    });
  });

  it('holds the normals of A’s and B’s own streams, turned', () => {
    const [d, k, rank] = [12, 10, 6];
    const { A, B } = initFactors.orthogonal(contextOf({ base: baseOf(d, k), rank, seed: 5 }));
    const [N, M] = [normalRows(3, k, 0.1, stream(5, 'A')), normalColumns(d, 3, 0.1, stream(5, 'B'))];
    const [gramA, gramN] = [singularValues(A), singularValues(N)];
    const [gramB, gramM] = [singularValues(B), singularValues(M)];
    for (let i = 0; i < 3; i++) {
      expect(gramA[i]).toBeCloseTo(gramN[i], 13);
      expect(gramB[i]).toBeCloseTo(gramM[i], 13);
    }
  });

  it('takes its turns from a stream of its own, so that others draw what they always draw', () => {
    const asked: string[] = [];
    const context = contextOf({ base: baseOf(8, 8), rank: 4 });
    const draw = (seed: number) =>
      initFactors.orthogonal({
        ...context,
        ...{ streamA: stream(1, 'A'), streamB: stream(1, 'B') },
        stream: (purpose) => {
          asked.push(purpose);
          return stream(seed, purpose);
        },
      });
    const [one, same, other] = [draw(1), draw(1), draw(2)];
    expect(new Set(asked)).toEqual(new Set(['Q']));
    expect(toFloat64(one.A).data).toEqual(toFloat64(same.A).data);
    expect(toFloat64(one.A).data).not.toEqual(toFloat64(other.A).data);
  });

  it('is refused for an odd rank and a large one, with the nearest rank', () => {
    expect(orthogonal.unavailable?.({ d: 9, k: 9, rank: 7 })).toBe(
      'Orthogonal initialisation gives A and B half of the r directions each, so r must be even; here it is 7. Use rank 6.',
    );
    expect(orthogonal.nearest?.({ d: 1, k: 5, rank: 1 })).toEqual({ d: 2, rank: 2 });
    expect(orthogonal.unavailable?.({ d: 900, k: 900, rank: 601 })).toMatch(/Use rank 512\.$/);
    expect(orthogonal.unavailable?.({ d: 900, k: 900, rank: 512 })).toBeNull();
  });
});
