import { describe, expect, it } from 'vitest';
import { solvePositive } from '../../../math/factor/cholesky.ts';
import { orthonormal } from '../../../math/factor/qr.ts';
import { svd } from '../../../math/factor/svd.ts';
import {
  frobenius,
  identity,
  leadingColumns,
  type Matrix64,
  multiply,
  scale,
  subtract,
  transpose,
  zeros,
} from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';
import { type FloorMatrices, largestPlaces, methodFloor } from './method-floor.ts';

const [D, K] = [12, 8];
const draw = (name: string, rows: number = D, cols: number = K) => gaussian(rows, cols, stream(1, name));
const M = draw('update');
const W = draw('base');
const given: FloorMatrices = { wanted: M, base: W };
const norm = frobenius(M);
/** ‖ΔW − M‖/‖M‖ */
const errorOf = (update: Matrix64) => frobenius(subtract(update, M)) / norm;
const added = (a: Matrix64, b: Matrix64): Matrix64 => subtract(a, scale(b, -1));
const product = (a: Matrix64, b: Matrix64): Matrix64 => ({ ...a, data: a.data.map((x, i) => x * b.data[i]) });

/** The least ‖m − X·c‖/‖m‖ over c by the normal equations, for the columns of X: every linear method. */
function leastSquares(columns: readonly Matrix64[]): number {
  const X = zeros(D * K, columns.length);
  columns.forEach((column, j) => {
    column.data.forEach((x, i) => {
      X.data[i * columns.length + j] = x;
    });
  });
  const m: Matrix64 = { rows: D * K, cols: 1, data: M.data };
  const c = solvePositive(multiply(transpose(X), X), multiply(transpose(X), m));
  return frobenius(subtract(multiply(X, c), m)) / norm;
}

/** A matrix of zeros with one entry of 1. */
function unit(rows: number, cols: number, at: number): Matrix64 {
  const one = zeros(rows, cols);
  one.data[at] = 1;
  return one;
}
const units = (rows: number, cols: number) => Array.from({ length: rows * cols }, (_, at) => unit(rows, cols, at));

describe('the floor of a method that is linear in its parameters is that of the normal equations', () => {
  const places = Int32Array.of(3, 4, 17, 50, 95);
  const A = draw('A', 3, K);
  const B = draw('B', D, 3);
  const triplets = svd(W);
  const [U, V] = [leadingColumns(triplets.U, 3), leadingColumns(triplets.V, 3)];
  const row = (i: number) => product(W, { ...W, data: W.data.map((_, at) => Number(Math.floor(at / K) === i)) });
  const column = (j: number) => product(W, { ...W, data: W.data.map((_, at) => Number(at % K === j)) });

  it.each([
    ['B only', methodFloor('b-only', given, { A }), units(D, 3).map((one) => multiply(one, A))],
    ['A only', methodFloor('a-only', given, { B }), units(3, K).map((one) => multiply(B, one))],
    ['SHiRA', methodFloor('shira', given, { places }), Array.from(places, (at) => unit(D, K, at))],
    ['IA³, rows', methodFloor('ia3', given, { side: 'out' }), Array.from({ length: D }, (_, i) => row(i))],
    ['IA³, columns', methodFloor('ia3', given, { side: 'in' }), Array.from({ length: K }, (_, j) => column(j))],
    [
      'LoRA-XS',
      methodFloor('lora-xs', given, { rank: 3 }),
      units(3, 3).map((one) => multiply(multiply(U, one), transpose(V))),
    ],
  ])('%s', (_, floor, columns) => {
    expect(floor.kind).toBe('exact');
    expect(floor.value).toBeCloseTo(leastSquares(columns), 12);
  });
});

it('LoRA: the rest of the spectrum, which the best cut reaches', () => {
  const { U, S, V } = svd(M);
  for (const rank of [1, 4, 8]) {
    const left = { ...U, data: U.data.map((u, i) => (i % K < rank ? u * S[i % K] : 0)) };
    expect(methodFloor('lora', given, { rank }).value).toBeCloseTo(errorOf(multiply(left, transpose(V))), 10);
  }
});

/** The rotation by an angle in the plane of rows p and q, within a block. */
function turnedBy(R: Matrix64, p: number, q: number, angle: number): Matrix64 {
  const G = identity(R.rows);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  G.data[p * R.rows + p] = c;
  G.data[q * R.rows + q] = c;
  G.data[p * R.rows + q] = -s;
  G.data[q * R.rows + p] = s;
  return multiply(G, R);
}

/** The best error of (R − I)·W₀ by Jacobi's method: turn two rows of a block after another by the best angle. */
function bestByTurns(block: number): number {
  const goal = added(W, M);
  let R = identity(D);
  for (let sweep = 0; sweep < 40; sweep++)
    for (let p = 0; p < D; p++)
      for (let q = p + 1; q < D && Math.floor(q / block) === Math.floor(p / block); q++) {
        const C = multiply(goal, transpose(multiply(R, W))).data;
        R = turnedBy(R, p, q, Math.atan2(C[q * D + p] - C[p * D + q], C[p * D + p] + C[q * D + q]));
      }
  return errorOf(subtract(multiply(R, W), W));
}

describe('OFT', () => {
  it.each([2, 4, 6])('in blocks of %d: turning two rows after another ends at the floor', (block) => {
    expect(bestByTurns(block)).toBeCloseTo(methodFloor('oft', given, { block }).value, 6);
  });

  it('of a mirror image is above 0, and of a rotation 0', () => {
    const Q = orthonormal(D, D, stream(3, 'turn'));
    const mirrored = { ...Q, data: Q.data.map((x, i) => (i % D === 0 ? -x : x)) };
    const base = draw('square', D, D);
    const floors = [Q, mirrored].map((R) =>
      methodFloor('oft', { base, wanted: subtract(multiply(R, base), base) }, { block: D }),
    );
    const values = floors.map(({ value }) => value).sort((a, b) => a - b);
    expect(values[0]).toBeLessThan(1e-7);
    expect(values[1]).toBeGreaterThan(1e-3);
  });

  it('does not change where W₀ and W₀ + ΔW* are turned together', () => {
    const Q = orthonormal(K, K, stream(2, 'turn'));
    const turned = { wanted: multiply(M, Q), base: multiply(W, Q) };
    expect(methodFloor('oft', turned, { block: 4 }).value).toBeCloseTo(
      methodFloor('oft', given, { block: 4 }).value,
      12,
    );
  });
});

const kronecker = (C: Matrix64, W2: Matrix64): Matrix64 => {
  const [rows, cols] = [C.rows * W2.rows, C.cols * W2.cols];
  const out = zeros(rows, cols);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++)
      out.data[i * cols + j] =
        C.data[Math.floor(i / W2.rows) * C.cols + Math.floor(j / W2.cols)] *
        W2.data[(i % W2.rows) * W2.cols + (j % W2.cols)];
  return out;
};

describe('LoKr', () => {
  it.each([
    [2, 2],
    [3, 4],
    [12, 1],
    [1, 8],
  ] as const)('C %d × %d: C and W₂ in turns, by the normal equations, end at the floor', (d1, k1) => {
    let W2 = draw('W2', D / d1, K / k1);
    let C = zeros(d1, k1);
    // For a given W₂, C_ij = ⟨M_ij, W₂⟩/‖W₂‖², and W₂ = Σ C_ij·M_ij/‖C‖² in turn.
    for (let n = 0; n < 600; n++) {
      C = { ...C, data: C.data.map((_, at) => dotOf(kronecker(unit(d1, k1, at), W2), M) / frobenius(W2) ** 2) };
      const now = C;
      W2 = {
        ...W2,
        data: W2.data.map((_, at) => dotOf(kronecker(now, unit(W2.rows, W2.cols, at)), M) / frobenius(now) ** 2),
      };
      if (
        n > 60 &&
        n % 50 === 0 &&
        Math.abs(errorOf(kronecker(C, W2)) - methodFloor('lokr', given, { factor: [d1, k1] }).value) < 1e-9
      )
        break;
    }
    expect(errorOf(kronecker(C, W2))).toBeCloseTo(methodFloor('lokr', given, { factor: [d1, k1] }).value, 6);
  });
});

const dotOf = (a: Matrix64, b: Matrix64) => a.data.reduce((sum, x, i) => sum + x * b.data[i], 0);

describe('no random search gets below an exact floor', () => {
  it('of LoRA, OFT and LoKr', () => {
    const floors = {
      lora: methodFloor('lora', given, { rank: 2 }).value,
      oft: methodFloor('oft', given, { block: 6 }).value,
      lokr: methodFloor('lokr', given, { factor: [2, 2] }).value,
    };
    const source = stream(5, 'search');
    const near = (m: Matrix64, size: number): Matrix64 => ({
      ...m,
      data: m.data.map((x) => x + size * source.normal()),
    });
    let lora = { B: zeros(D, 2), A: zeros(2, K) };
    let lokr = { C: zeros(2, 2), W2: zeros(D / 2, K / 2) };
    let R = identity(D);
    for (let n = 0; n < 1500; n++) {
      const size = 0.5 / (1 + n / 100);
      const other = { B: near(lora.B, size), A: near(lora.A, size) };
      if (errorOf(multiply(other.B, other.A)) < errorOf(multiply(lora.B, lora.A))) lora = other;
      const next = { C: near(lokr.C, size), W2: near(lokr.W2, size) };
      if (errorOf(kronecker(next.C, next.W2)) < errorOf(kronecker(lokr.C, lokr.W2))) lokr = next;
      const p = source.integer(D);
      const q = 6 * Math.floor(p / 6) + source.integer(6);
      const turned = p === q ? R : turnedBy(R, p, q, size * source.normal());
      if (errorOf(subtract(multiply(turned, W), W)) < errorOf(subtract(multiply(R, W), W))) R = turned;
    }
    expect(errorOf(multiply(lora.B, lora.A))).toBeGreaterThanOrEqual(floors.lora);
    expect(errorOf(kronecker(lokr.C, lokr.W2))).toBeGreaterThanOrEqual(floors.lokr);
    expect(errorOf(subtract(multiply(R, W), W))).toBeGreaterThanOrEqual(floors.oft);
  });
});

it('the places of a gradient are those of its largest entries, of equal ones the first', () => {
  const gradient = { rows: 2, cols: 4, data: Float64Array.of(1, -3, 2, -2, 0, 2, 5, 2) };
  expect([...largestPlaces(gradient, 4)]).toEqual([1, 2, 3, 6]);
  for (const n of [0, 1, 7, D * K]) {
    const places = largestPlaces(M, n);
    const chosen = new Set(places);
    const inside = [...M.data].filter((_, at) => chosen.has(at)).map(Math.abs);
    const outside = [...M.data].filter((_, at) => !chosen.has(at)).map(Math.abs);
    expect(inside).toHaveLength(n);
    expect(Math.min(...inside)).toBeGreaterThanOrEqual(Math.max(0, ...outside));
  }
});

describe('the lowest found', () => {
  /** diag(c)·W₀ + B·A by gradient descent from random starts. */
  function doraByDescent(rank: number, seed: number): number {
    let [c, B, A] = [
      zeros(D, 1),
      scale(gaussian(D, rank, stream(seed, 'B')), 0.3),
      scale(gaussian(rank, K, stream(seed, 'A')), 0.3),
    ];
    for (let n = 0; n < 1500; n++) {
      const rows = { ...W, data: W.data.map((w, at) => c.data[Math.floor(at / K)] * w) };
      const E = subtract(added(rows, multiply(B, A)), M);
      const EW = product(E, W);
      const dc = {
        ...c,
        data: c.data.map((_, i) => EW.data.subarray(i * K, i * K + K).reduce((sum, x) => sum + x, 0)),
      };
      [c, B, A] = [
        subtract(c, scale(dc, 0.03)),
        subtract(B, scale(multiply(E, transpose(A)), 0.03)),
        subtract(A, scale(multiply(transpose(B), E), 0.03)),
      ];
    }
    const rows = { ...W, data: W.data.map((w, at) => c.data[Math.floor(at / K)] * w) };
    return errorOf(added(rows, multiply(B, A)));
  }

  /** W₀∘(B·A) by gradient descent from random starts. */
  function hiraByDescent(rank: number, seed: number): number {
    let [B, A] = [gaussian(D, rank, stream(seed, 'B')), gaussian(rank, K, stream(seed, 'A'))];
    for (let n = 0; n < 1500; n++) {
      const E = product(subtract(product(W, multiply(B, A)), M), W);
      [B, A] = [
        subtract(B, scale(multiply(E, transpose(A)), 0.02)),
        subtract(A, scale(multiply(transpose(B), E), 0.02)),
      ];
    }
    return errorOf(product(W, multiply(B, A)));
  }

  it.each([
    ['dora', doraByDescent],
    ['hira', hiraByDescent],
  ] as const)('of %s is what gradient descent in float64 comes to, or lower', (method, descent) => {
    const found = methodFloor(method, given, { rank: 2 });
    expect(found.kind).toBe('best');
    const trained = Math.min(...[1, 2, 3].map((seed) => descent(2, seed)));
    expect(found.value).toBeLessThan(trained + 0.003);
    expect(found.value).toBeGreaterThan(trained - 0.03);
  });

  it('is nothing for what the method can write', () => {
    const low = multiply(draw('B', D, 2), draw('A', 2, K));
    const rows = { ...W, data: W.data.map((w, at) => (1 + Math.floor(at / K)) * w) };
    expect(methodFloor('dora', { base: W, wanted: added(rows, low) }, { rank: 2 }).value).toBeLessThan(1e-4);
    expect(methodFloor('hira', { base: W, wanted: product(W, low) }, { rank: 2 }).value).toBeLessThan(1e-4);
  });

  it('is never above LoRA’s floor at that rank for dora, and falls with the rank', () => {
    const ranks = [1, 2, 4];
    for (const method of ['dora', 'hira'] as const) {
      const values = ranks.map((rank) => methodFloor(method, given, { rank }).value);
      expect(values).toEqual([...values].sort((a, b) => b - a));
    }
    for (const rank of ranks)
      expect(methodFloor('dora', given, { rank }).value).toBeLessThanOrEqual(
        methodFloor('lora', given, { rank }).value,
      );
  });

  it('stays finite where W₀ has zeros', () => {
    const base = { ...W, data: W.data.map((w, at) => (at < 2 * K || at % K === 3 ? 0 : w)) };
    for (const method of ['dora', 'hira'] as const) {
      const { value } = methodFloor(method, { wanted: M, base }, { rank: 3 });
      expect(value).toBeGreaterThan(0);
      expect(value).toBeLessThan(1);
    }
  });
});

it('no floor depends on the size of ΔW* and W₀ together, and full fine-tuning has none', () => {
  const larger = { wanted: scale(M, 1000), base: scale(W, 1000) };
  for (const method of ['dora', 'hira', 'lora', 'lora-xs'] as const)
    expect(methodFloor(method, larger, { rank: 2 }).value).toBeCloseTo(
      methodFloor(method, given, { rank: 2 }).value,
      8,
    );
  expect(methodFloor('oft', larger, { block: 4 }).value).toBeCloseTo(methodFloor('oft', given, { block: 4 }).value, 10);
  expect(methodFloor('full', given, {}).value).toBe(0);
});

it('sizes that do not divide are refused', () => {
  expect(() => methodFloor('oft', given, { block: 5 })).toThrow(RangeError);
  expect(() => methodFloor('lokr', given, { factor: [5, 2] })).toThrow(RangeError);
});
