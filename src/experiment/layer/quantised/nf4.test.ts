import { expect, it } from 'vitest';
import { svd } from '../../../math/factor/svd.ts';
import { frobenius, type Matrix32, multiply, subtract, toFloat32 } from '../../../math/matrix.ts';
import { throughNf4 } from '../../../math/nf4.ts';
import { stream } from '../../../math/random.ts';
import { builtBases } from '../built-bases.ts';

/** The published code book and, in the same order, the decisions of bitsandbytes (csrc/kernels.cu, dQuantizeNF4). */
const PUBLISHED = [
  ...[-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334],
  ...[-0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224],
  ...[0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0],
];
const DECISIONS = [
  ...[-0.8480964004993439, -0.6106329262256622, -0.4599952697753906, -0.33967943489551544, -0.23460740596055984],
  ...[-0.13791173323988914, -0.045525018125772476, 0.03979014977812767, 0.1202552504837513, 0.2035212516784668],
  ...[0.2920137718319893, 0.3893125355243683, 0.5016634166240692, 0.6427869200706482, 0.8614784181118011],
];

const row = (values: readonly number[]): Matrix32 => ({
  rows: 1,
  cols: values.length,
  data: Float32Array.from(values),
});

it('gives back every number of the code book, times the largest of the block', () => {
  for (const scale of [1, 0.25, 3]) {
    const block = row(PUBLISHED.map((x) => x * scale));
    expect([...throughNf4(block).data]).toEqual(PUBLISHED.map((x) => Math.fround(Math.fround(x) * scale)));
  }
});

it('decides as bitsandbytes does: above each of its thresholds the upper code, on it the lower', () => {
  for (const [i, at] of DECISIONS.entries()) {
    // The float32 numbers on either side of the threshold, or on it.
    const near = Math.fround(at);
    const next = (by: number) => Math.fround(near + by * Math.abs(near) * 2 ** -23);
    const [, low, high] = throughNf4(row([1, near > at ? next(-1) : near, near > at ? near : next(1)])).data;
    expect(low).toBe(Math.fround(PUBLISHED[i]));
    expect(high).toBe(Math.fround(PUBLISHED[i + 1]));
  }
});

it('takes the largest entry of each 64, row by row, of what is left at the end, and leaves zeros alone', () => {
  const values = Array.from({ length: 150 }, (_, i) => (i === 3 ? 8 : i >= 64 && i < 128 ? 0 : ((i % 7) - 3) / 10));
  const { data } = throughNf4({ rows: 3, cols: 50, data: Float32Array.from(values) });
  expect(data[3]).toBe(8);
  // Beside an 8 all else is below the first step.
  expect([...data.subarray(0, 64)].filter((x) => x !== 0)).toEqual([8]);
  expect([...data.subarray(64, 128)].every((x) => Object.is(x, 0))).toBe(true);
  expect(Math.max(...data.subarray(128))).toBeCloseTo(0.3, 6);
});

it('moves no entry by more than half the widest gap of the code book', () => {
  const W = builtBases.gaussian({ d: 33, k: 65, stream: stream(1, 'W0'), progress: () => {} }).matrix;
  const Q = throughNf4(W);
  for (let first = 0; first < W.data.length; first += 64) {
    const block = W.data.subarray(first, first + 64);
    const most = block.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
    const off = block.reduce((largest, x, i) => Math.max(largest, Math.abs(Q.data[first + i] - x)), 0);
    expect(off).toBeLessThanOrEqual(most * (0.30380719900131226 / 2 + 1e-6));
  }
});

const best = (M: ReturnType<typeof subtract>, rank: number): Matrix32 => {
  const { U, S, V } = svd(M);
  const left = { rows: U.rows, cols: rank, data: new Float64Array(U.rows * rank) };
  const right = { rows: rank, cols: V.rows, data: new Float64Array(V.rows * rank) };
  for (let i = 0; i < U.rows; i++)
    for (let p = 0; p < rank; p++) left.data[i * rank + p] = U.data[i * U.cols + p] * S[p];
  for (let j = 0; j < V.rows; j++) for (let p = 0; p < rank; p++) right.data[p * V.rows + j] = V.data[j * V.cols + p];
  return toFloat32(multiply(left, right));
};

/** LoftQ, algorithm 1 of arXiv 2310.08659: quantise what the adapter does not hold, then let it hold what is off. */
function loftq(W0: Matrix32, rank: number, rounds: number) {
  let held: Matrix32 = { ...W0, data: new Float32Array(W0.data.length) };
  let Q = W0;
  for (let round = 0; round < rounds; round++) {
    Q = throughNf4(toFloat32(subtract(W0, held)));
    held = best(subtract(W0, Q), rank);
  }
  return subtract(subtract(Q, W0), { ...held, data: held.data.map((x) => -x) });
}

it.each([
  ['gaussian', { nf4: 0.093, one: 0.072, five: 0.063, qpissa: 0.073 }],
  ['decay', { nf4: 0.092, one: 0.071, five: 0.061, qpissa: 0.061 }],
] as const)('of a W₀ %s, leaves the shares of the table, over five seeds', (name, wanted) => {
  const rank = 8;
  const sums = { nf4: 0, one: 0, five: 0, qpissa: 0 };
  for (const seed of [1, 2, 3, 4, 5]) {
    const W0 = builtBases[name]({ d: 64, k: 64, stream: stream(seed, 'W0'), progress: () => {} }).matrix;
    const size = frobenius(W0);
    const top = best({ ...W0, data: Float64Array.from(W0.data) }, rank);
    const rest = toFloat32(subtract(W0, top));
    const found = {
      nf4: frobenius(subtract(throughNf4(W0), W0)) / size,
      one: frobenius(loftq(W0, rank, 1)) / size,
      five: frobenius(loftq(W0, rank, 5)) / size,
      qpissa: frobenius(subtract(throughNf4(rest), rest)) / size,
    };
    for (const key of ['nf4', 'one', 'five', 'qpissa'] as const) {
      expect(Math.abs(found[key] - wanted[key]), `${key}, seed ${seed}: ${found[key]}`).toBeLessThan(0.003);
      sums[key] += found[key] / 5;
    }
    expect(found.five).toBeLessThan(found.one);
    expect(found.one).toBeLessThan(found.nf4);
  }
  for (const key of ['nf4', 'one', 'five', 'qpissa'] as const)
    expect(Math.abs(sums[key] - wanted[key])).toBeLessThan(0.002);
});
