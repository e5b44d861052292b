import { describe, expect, it } from 'vitest';
import { maxAbs, multiply, toFloat64 } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { numericalRank } from '../../math/spectral/spectra.ts';
import { normalColumns, normalRows } from '../targets/draws.ts';
import { orthogonal } from './orthogonal.ts';
import { baseOf, contextOf, SETTINGS, startOf } from './testing/context.ts';

const even = SETTINGS.filter(([, , rank]) => rank % 2 === 0);

describe('the orthogonal start', () => {
  it('has B·A = 0 in float32 and factors of rank r/2 each', () => {
    for (const [d, k, rank] of even) {
      for (const scaling of [2, 16]) {
        const { A, B } = startOf(orthogonal, { base: baseOf(d, k), rank, scaling });
        expect([A.rows, A.cols, B.rows, B.cols]).toEqual([rank, k, d, rank]);
        expect(maxAbs(multiply(B, A))).toBeLessThanOrEqual(1e-6);
        const exact = orthogonal.draw(contextOf({ base: baseOf(d, k), rank, scaling }));
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
      const { A, B } = orthogonal.draw(contextOf({ base: baseOf(d, k), rank, seed }));
      for (const x of A.data) squares.A += x * x;
      for (const x of B.data) squares.B += x * x;
    }
    // ‖A‖² is that of k·r/2 normals, over 100: four standard errors of so many squares.
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
    const { A, B } = orthogonal.draw(contextOf({ base: baseOf(d, k), rank, seed: 5 }));
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
      orthogonal.draw({
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
