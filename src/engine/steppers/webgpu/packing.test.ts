import { expect, it } from 'vitest';
import { tilingFor } from '../../kernels/tiling.ts';
import { randomStart } from '../../testing/starts.ts';
import { goalPieces, layoutOf, packFactors, packGrams, unpackFactors } from './packing.ts';

const shapes = [
  [1, 1, 1],
  [37, 70, 5],
  [65, 3, 3],
  [40, 33, 21],
] as const;

it.each(shapes)('factors come back from memory as they were: %i × %i, rank %i', (d, k, rank) => {
  for (const emulated of [true, false]) {
    const { A } = randomStart(d, k, rank);
    const B = randomStart(d, d, rank).A;
    const layout = layoutOf({ d, k, rank }, tilingFor(rank, 'direct', emulated));
    const packed = packFactors(layout, A, B);
    expect(unpackFactors(layout, packed)).toEqual({ A, B });
    // Padding is zero, so that it adds nothing.
    expect(packed.filter((x) => x !== 0).length).toBe(A.length + B.length);
  }
});

it.each([1e9, 500, 1])('the target goes to memory row by row and column by column, in pieces of %i', (max) => {
  const [d, k] = [37, 70];
  const { target } = randomStart(d, k, 5);
  const layout = layoutOf({ d, k, rank: 5 }, tilingFor(5, 'direct', true));
  const { paddedA, paddedB } = layout;
  // Nothing may count on earlier contents.
  const goal = new Float32Array(layout.goal).fill(Number.NaN);
  let end = 0;
  for (const { at, data } of goalPieces(layout, target, max)) {
    expect([at, data.length <= Math.max(max, paddedA, paddedB)]).toEqual([end, true]);
    goal.set(data, at);
    end = at + data.length;
  }
  expect(end).toBe(layout.goal);
  for (let i = 0; i < paddedB; i++) {
    for (let j = 0; j < paddedA; j++) {
      const wanted = i < d && j < k ? target[i * k + j] : 0;
      expect(goal[i * paddedA + j]).toBe(wanted);
      expect(goal[paddedA * paddedB + j * paddedB + i]).toBe(wanted);
    }
  }
});

it('Gram matrices: their traces are the squared norms', () => {
  const [d, k, rank] = [37, 70, 5];
  const { A } = randomStart(d, k, rank);
  const B = randomStart(d, d, rank).A;
  const layout = layoutOf({ d, k, rank }, tilingFor(rank, 'algebraic', true));
  const grams = packGrams(layout, packFactors(layout, A, B));
  const trace = (group: number) => {
    let sum = 0;
    for (let p = 0; p < layout.width; p++) sum += grams[(group * layout.width + p) * layout.width + p];
    return sum;
  };
  const square = (x: Float32Array) => x.reduce((sum, v) => sum + v * v, 0);
  expect(trace(0) / square(A)).toBeCloseTo(1, 5);
  expect(trace(layout.groupsA) / square(B)).toBeCloseTo(1, 5);
});
