/** Against SVDs of the whole product in TypeScript, on random, nearly dependent and degenerate factors. */

import { describe, expect, it } from 'vitest';
import { distanceOf } from '../../adapters/file/resize/cut-factors.ts';
import { fromBytes, toBytes } from '../../adapters/file/safetensors/numbers.ts';
import { wholePower } from '../elementary.ts';
import { svd } from '../factor/svd.ts';
import {
  allFinite,
  frobenius,
  identity,
  type Matrix64,
  multiply,
  scale,
  subtract,
  transpose,
  zeros,
} from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { HARD_CASES } from '../testing/hard-cases.ts';
import { simdKernel } from './kernel.ts';
import { type PackedProduct, packedCut, packedDistance, packedSpectrum } from './product.ts';
import { type PackedMatrix, type PackedType, triangleOf } from './tall.ts';

const kernel = simdKernel();
if (!kernel) throw new Error('no WebAssembly here');

type Order = PackedMatrix['order'];

/** Numbers of a type, and the matrix that they are. */
function packed(
  m: Matrix64,
  type: PackedType,
  order: Order,
): { readonly packed: PackedMatrix; readonly matrix: Matrix64 } {
  const bytes = toBytes((order === 'rows' ? m : transpose(m)).data, type);
  const flat = Float64Array.from(fromBytes(bytes, type));
  const matrix = order === 'rows' ? { ...m, data: flat } : transpose({ rows: m.cols, cols: m.rows, data: flat });
  return { packed: { bytes, type, rows: m.rows, cols: m.cols, order }, matrix };
}

const TYPES = ['F32', 'F16', 'BF16'] as const;

/** Changes a random tall matrix into one of a kind. */
const KINDS = {
  random: (m) => m,
  graded: (m) => byEntry(m, (x, _, j) => x * wholePower(0.5, 2 * j)),
  'columns that nearly agree': (m) => byEntry(m, (x, i) => m.data[i * m.cols] + 1e-6 * x),
  'condition 1e12': (m) =>
    byEntry(m, (x, i, j) => (j === 0 ? x : m.data[i * m.cols] + wholePower(0.1, 3 * (1 + (j % 4))) * x)),
  'equal columns': (m) => byEntry(m, (_, i, j) => m.data[i * m.cols + (j >> 1)]),
  'zero columns': (m) => byEntry(m, (x, _, j) => (j % 3 === 1 ? 0 : x)),
  'one row': (m) => byEntry(m, (x, i) => (i === 0 ? x : 0)),
  tiny: (m) => byEntry(m, (x) => x * 2e-7),
} as const satisfies Record<string, (m: Matrix64) => Matrix64>;

function byEntry(m: Matrix64, entry: (x: number, i: number, j: number) => number): Matrix64 {
  const data = m.data.map((x, at) => entry(x, Math.floor(at / m.cols), at % m.cols));
  return { ...m, data };
}

const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[];
const CASES = kinds.flatMap((left, i) =>
  kinds.map((right, j) => {
    const source = stream(9, `${left} ${right}`);
    const r = [1, 2, 5, 8, 12][(i + j) % 5];
    return {
      left,
      right,
      r,
      d: r + source.integer(150),
      k: r + source.integer(150),
      type: TYPES[(i + 2 * j) % 3],
      source,
    };
  }),
);

function productOf({ left, right, r, d, k, type, source }: (typeof CASES)[number]) {
  const orders: readonly [Order, Order] = source.uniform() < 0.5 ? ['rows', 'columns'] : ['columns', 'rows'];
  const B = packed(KINDS[left](gaussian(d, r, source)), type, orders[0]);
  const A = packed(KINDS[right](gaussian(k, r, source)), type, orders[1]);
  const pair: PackedProduct = { left: B.packed, right: A.packed };
  return { pair, B: B.matrix, A: transpose(A.matrix) };
}

describe.each(CASES)('B $left, Aᵀ $right: $d × $k, r = $r, $type', (one) => {
  const { pair, B, A } = productOf(one);
  const product = multiply(B, A);
  const exact = svd(product);
  const most = frobenius(B) * frobenius(A);

  it('has the singular values of the whole product', () => {
    const found = packedSpectrum(kernel, pair, 3);
    expect(found?.leftZero).toBe(B.data.every((x) => x === 0));
    expect(found?.sigma.length).toBe(one.r);
    for (const [i, x] of found?.sigma.entries() ?? [])
      expect(Math.abs(x - 3 * (exact.S[i] ?? 0))).toBeLessThanOrEqual(1e-14 * most);
  });

  it('is cut to its best approximation', () => {
    const rank = Math.ceil(one.r / 2);
    for (const split of ['both', 'up'] as const) {
      const cut = packedCut(kernel, pair, rank, 2, split, { left: 'F32', right: 'F32' });
      if (!cut) {
        // Only without rank kept directions.
        const few = !(exact.S[rank - 1] > 1e-9 * most);
        const both = [pair.left, pair.right].every((t) => slantOf(t) > 1e-10);
        expect(few || both).toBe(true);
        continue;
      }
      const up = unpacked(cut.left, { ...pair.left, cols: rank, type: 'F32' });
      const down = unpacked(cut.right, { ...pair.right, cols: rank, type: 'F32' });
      const lost = frobenius(subtract(scale(product, 2), multiply(up, transpose(down)))) / 2;
      const best = Math.sqrt(exact.S.slice(rank).reduce((sum, x) => sum + x * x, 0));
      expect(Math.abs(lost - best)).toBeLessThanOrEqual(3e-7 * exact.S[0] + 1e-9 * most);
      for (let j = 0; j < rank; j++) {
        const size = frobenius({ rows: up.rows, cols: 1, data: columnOf(up, j) });
        const sigma = 2 * exact.S[j];
        expect(size / (split === 'both' ? Math.sqrt(sigma) : sigma)).toBeCloseTo(1, exact.S[j] > 1e-3 * most ? 5 : 0);
      }
    }
  });

  it('is as far from its cut, and from its neighbour, as by QR in TypeScript', () => {
    for (const near of [0.1, 1e-5]) {
      const moved = packed(
        byEntry(B, (x, i) => x * (1 + near * ((i % 3) - 1))),
        'F32',
        pair.left.order,
      );
      const other: PackedProduct = { left: moved.packed, right: pair.right };
      const found = packedDistance(kernel, pair, 1.5, other, 1.5);
      const wanted = distanceOf({ B, A }, 1.5, { B: moved.matrix, A }, 1.5);
      if (!wanted || !found) throw new Error('all are finite');
      expect(Math.abs(found.norm - wanted.norm)).toBeLessThanOrEqual(1e-13 * most);
      expect(Math.abs(found.distance - wanted.distance)).toBeLessThanOrEqual(1e-9 * wanted.distance + 1e-14 * most);
    }
  });
});

const slantOf = (t: PackedMatrix) => {
  const found = triangleOf(kernel, t);
  return found === null || found === 'zero' ? Number.POSITIVE_INFINITY : found.slant;
};

function unpacked(bytes: Uint8Array<ArrayBuffer>, { rows, cols, order, type }: Omit<PackedMatrix, 'bytes'>): Matrix64 {
  const data = Float64Array.from(fromBytes(bytes, type));
  return order === 'rows' ? { rows, cols, data } : transpose({ rows: cols, cols: rows, data });
}

const columnOf = (m: Matrix64, j: number) => Float64Array.from({ length: m.rows }, (_, i) => m.data[i * m.cols + j]);

it('keeps small singular values to many digits of their own if columns are independent', () => {
  const source = stream(3, 'relative');
  const B = packed(
    byEntry(gaussian(300, 8, source), (x, _, j) => x * wholePower(0.01, j)),
    'F32',
    'rows',
  );
  const A = packed(gaussian(200, 8, source), 'F32', 'columns');
  const found = packedSpectrum(kernel, { left: B.packed, right: A.packed }, 1);
  // The product of all σ is the root of det(RᵀR).
  const { S } = svd(multiply(scaledRows(B.matrix, 1), transpose(A.matrix)));
  expect(found?.sigma[0]).toBeCloseTo(S[0], 8);
  const right = triangleOf(kernel, A.packed);
  const left = triangleOf(kernel, B.packed);
  if (!left || !right || left === 'zero' || right === 'zero') throw new Error('finite');
  let volume = 1;
  for (let i = 0; i < 8; i++) volume *= left.R.data[9 * i] * right.R.data[9 * i];
  expect(found?.sigma.reduce((x, y) => x * y, 1)).toBeCloseTo(volume, -Math.log10(volume * 1e-13));
});

const scaledRows = (m: Matrix64, s: number) => scale(m, s);

it('has Q = matrix·R⁻¹ orthonormal within what it says, and R as its own', () => {
  for (const one of CASES) {
    const { pair, B } = productOf(one);
    const found = triangleOf(kernel, pair.left);
    if (!found || found === 'zero') continue;
    const gram = multiply(transpose(B), B);
    const again = multiply(transpose(found.R), found.R);
    expect(frobenius(subtract(gram, again))).toBeLessThanOrEqual(1e-14 * frobenius(B) ** 2);
    if (!found.inverse) continue;
    const Q = multiply(B, found.inverse);
    const I = zeros(one.r, one.r);
    for (let i = 0; i < one.r; i++) I.data[i * (one.r + 1)] = 1;
    expect(frobenius(subtract(multiply(transpose(Q), Q), I))).toBeLessThanOrEqual(100 * one.r * found.slant);
  }
});

it('refuses what is not finite, and knows zero', () => {
  const A = packed(gaussian(9, 2, stream(1, 'A')), 'F16', 'columns').packed;
  for (const x of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    for (const type of TYPES) {
      const B = packed(
        byEntry(zeros(7, 2), (_, i, j) => (i === 6 && j === 1 ? x : 1)),
        type,
        'rows',
      ).packed;
      expect(packedSpectrum(kernel, { left: B, right: A }, 1)).toBeNull();
      expect(packedDistance(kernel, { left: B, right: A }, 1, { left: B, right: A }, 1)).toBeNull();
    }
  const zero = packed(zeros(7, 2), 'BF16', 'rows').packed;
  expect(packedSpectrum(kernel, { left: zero, right: A }, 1)).toEqual({ sigma: new Float64Array(2), leftZero: true });
});

describe('the singular values of a square matrix times the identity', () => {
  const square = HARD_CASES.filter(({ matrix }) => matrix.rows === matrix.cols && matrix.rows > 32);
  const random = [33, 48, 65, 128].map((n) => ({ name: `random, ${n}`, matrix: gaussian(n, n, stream(4, `${n}`)) }));
  it.each([...square, ...random])('are those of its SVD: $name', ({ matrix }) => {
    // Numbers beyond float32 become 0 or infinite.
    const left = packed(matrix, 'F32', 'rows');
    const right = packed(identity(matrix.rows), 'F32', 'columns').packed;
    const found = packedSpectrum(kernel, { left: left.packed, right }, 1);
    if (!allFinite(left.matrix)) return expect(found).toBeNull();
    const { S } = svd(left.matrix);
    expect(found?.sigma.length).toBe(matrix.rows);
    for (const [i, x] of found?.sigma.entries() ?? [])
      expect(Math.abs(x - S[i])).toBeLessThanOrEqual(1e-14 * matrix.rows * S[0]);
  });
});
