import { describe, expect, it } from 'vitest';
import { gaussian, stream } from '../../../math/random.ts';
import { partOf } from '../../../math/testing/part-of.ts';
import { type Tiling, tilingFor } from '../../kernels/tiling.ts';
import { minLossShare, readSums } from './fused.ts';
import { type BufferLayout, layoutOf } from './packing.ts';

const f = Math.fround;
const SEEDS = partOf([1, 2, 3, 4, 5, 6, 7, 8], 2);

/** Σ over i from `first` on, every `by`-th, as a thread sums in float32. */
function sum32(first: number, end: number, by: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = first; i < end; i += by) sum = f(sum + term(i));
  return sum;
}

/** The algebraic kernel's `sums` for B's workgroups: its float32 sums in their order, at s = 1. */
function sumsOf(
  layout: BufferLayout,
  { splits }: Tiling,
  T: Float32Array,
  A: Float32Array,
  B: Float32Array,
): Float32Array {
  const { d, k, rank, rows, groupsA, groupsB } = layout;
  const each = Array.from({ length: rank }, (_, p) => p);
  const part = (group: number, p: number, q: number) =>
    sum32(group * rows, Math.min(k, (group + 1) * rows), 1, (j) => f(A[p * k + j] * A[q * k + j]));
  const gram = each.map((p) => each.map((q) => sum32(0, groupsA, 1, (group) => part(group, p, q))));
  const crosses: number[] = [];
  const squares: number[] = [];
  for (let i = 0; i < d; i++) {
    const product = (p: number) =>
      sum32(0, splits, 1, (s) => sum32(s, k, splits, (j) => f(T[i * k + j] * A[p * k + j])));
    for (const p of each) {
      const one = product(p);
      const rest = f(sum32(0, rank, 1, (q) => f(B[i * rank + q] * gram[q][p])) - one);
      squares.push(f(B[i * rank + p] * rest));
      crosses.push(f(B[i * rank + p] * one));
    }
  }
  const sums = new Float32Array(4 * (groupsA + groupsB));
  for (let group = 0; group < groupsB; group++) {
    const [from, to] = [group * rows * rank, (group + 1) * rows * rank];
    sums.set([tree32(squares.slice(from, to)), 0, 0, tree32(crosses.slice(from, to))], 4 * (groupsA + group));
  }
  return sums;
}

function tree32(terms: readonly number[]): number {
  if (terms.length < 2) return terms[0] ?? 0;
  const half = terms.length >> 1;
  return f(tree32(terms.slice(0, half)) + tree32(terms.slice(half)));
}

/** The loss from traces and its relative error, for a residual with this share of ΔW*'s square. */
function fromTraces(d: number, k: number, rank: number, emulated: boolean, share: number, seed: number, alike = false) {
  const tiling = tilingFor(rank, 'algebraic', emulated);
  const layout = layoutOf({ d, k, rank }, tiling);
  const draw = (rows: number, cols: number, of: string) =>
    Float32Array.from(gaussian(rows, cols, stream(seed, of)).data);
  const factor = (rows: number, cols: number, of: string) => {
    const drawn = draw(rows, cols, of);
    // One size and two signs, as the factors of a checkerboard have.
    return alike ? drawn.map((_, at) => (at % 2 ? drawn[0] : -drawn[0])) : drawn;
  };
  const [A, B, noise] = [factor(rank, k, 'A'), factor(d, rank, 'B'), draw(d, k, 'noise')];
  const product = noise.map((_, at) => {
    let sum = 0;
    for (let p = 0; p < rank; p++) sum += B[Math.floor(at / k) * rank + p] * A[p * k + (at % k)];
    return sum;
  });
  // E orthogonal to B·A: ‖ΔW*‖² is the sum of both.
  const scale = Math.sqrt(((share / (1 - share)) * squareOf(product)) / squareOf(noise));
  const T = product.map((x, at) => x + scale * noise[at]);
  const [targetSquare, square] = [squareOf(T), squareOf(exactRest(T, A, B, k, rank))];
  const leastShare = minLossShare(layout, tiling);
  const reader = { layout, algebraic: true, targetSquare, leastShare };
  const read = readSums(reader, sumsOf(layout, tiling, T, A, B), 1, false);
  return { ...read, error: Math.abs(read.loss / (square / 2) - 1) };
}

const squareOf = (x: ArrayLike<number>) => Array.from(x).reduce((sum, v) => sum + v * v, 0);

/** B·A − T in float64. */
function exactRest(T: Float32Array, A: Float32Array, B: Float32Array, k: number, rank: number): Float64Array {
  return Float64Array.from(T, (t, at) => {
    let sum = -t;
    for (let p = 0; p < rank; p++) sum += B[Math.floor(at / k) * rank + p] * A[p * k + (at % k)];
    return sum;
  });
}

describe('a loss from traces', () => {
  it.each([
    [1, 4096, 1, true],
    [1, 4096, 1, false],
    [4, 2048, 2, true],
    [64, 1024, 1, true],
    [33, 1024, 1, false],
    [200, 200, 4, true],
  ])('has five digits where it is shown: %i × %i, rank %i, emulated: %s', (d, k, rank, emulated) => {
    const min = leastOf(d, k, rank, emulated);
    let shown = 0;
    for (const seed of SEEDS) {
      const { unsure, error, low } = fromTraces(d, k, rank, emulated, 1.3 * min, seed);
      if (unsure) continue;
      shown += 1;
      expect(low).toBe(true);
      expect(error).toBeLessThan(1e-5);
    }
    expect(shown).toBeGreaterThan(SEEDS.length / 2);
    expect(fromTraces(d, k, rank, emulated, min / 3, 1).unsure).toBe(true);
  });

  it.each([
    [32, 32],
    [64, 64],
    [256, 256],
  ])('has them for factors of equal entries too: %i × %i, rank 1', (d, k) => {
    const share = 1.05 * leastOf(d, k, 1, true);
    for (const seed of SEEDS) {
      const { unsure, error } = fromTraces(d, k, 1, true, share, seed, true);
      expect(unsure).toBe(false);
      expect(error).toBeLessThan(1e-5);
    }
  });

  it('is trusted down to a fiftieth in layers that train', () => {
    for (const [n, rank] of [
      [64, 8],
      [256, 8],
      [1024, 16],
      [4096, 16],
    ])
      for (const emulated of [true, false]) expect(leastOf(n, n, rank, emulated)).toBe(2e-2);
  });
});

function leastOf(d: number, k: number, rank: number, emulated: boolean): number {
  const tiling = tilingFor(rank, 'algebraic', emulated);
  return minLossShare(layoutOf({ d, k, rank }, tiling), tiling);
}
