import { describe, expect, it } from 'vitest';
import { wholePower } from '../../math/elementary.ts';
import golden from '../../math/golden/float16.json' with { type: 'json' };
import { gaussian, stream } from '../../math/random.ts';
import { typescriptStepper } from '../steppers/typescript.ts';
import { type OneStart, oneStepper, startOfMatrix } from '../testing/one-matrix.ts';
import { halfMatrix, halfSamples, leastNorm } from './half.ts';

/** The nearest number of so many significant bits, of a multiple of `least`, by exact arithmetic in float64; ties to even. */
function round(x: number, bits: number, least: number, beyond: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  let step = least;
  while (Math.abs(x) / step >= wholePower(2, bits)) step *= 2;
  const [whole, rest] = [Math.floor(Math.abs(x) / step), (Math.abs(x) / step) % 1];
  const size = (rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? whole + 1 : whole) * step;
  return Math.sign(x) * (size >= beyond ? Number.POSITIVE_INFINITY : size);
}
const h = (x: number) => round(x, 11, 1 / wholePower(2, 24), wholePower(2, 16));
const f = (x: number) => round(x, 24, 1 / wholePower(2, 126) / wholePower(2, 23), wholePower(2, 128));

type Rows = readonly (readonly number[])[];
const rowsOf = (rows: number, cols: number, at: (i: number, j: number) => number): Rows =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: cols }, (__, j) => at(i, j)));
const each = (X: Rows, to: (x: number, i: number, j: number) => number): Rows =>
  X.map((row, i) => row.map((x, j) => to(x, i, j)));
const turn = (X: Rows): Rows => X[0].map((_, j) => X.map((row) => row[j]));
/** h of sums in the order of the inner index, each product and each sum rounded to float32. */
const times = (X: Rows, Y: Rows): Rows =>
  rowsOf(X.length, Y[0].length, (i, j) => h(Y.reduce((sum, row, p) => f(sum + f(X[i][p] * row[j])), 0)));

type HalfPass = ReturnType<typeof halfMatrix>;

/** Both passes once more, in float64 and rounded after each operation. */
function emulated(A32: Rows, B32: Rows, s: number, scale: number, target: Rows, inputs: Rows | null) {
  const [A, B, T] = [A32, B32, target].map((X) => each(X, h));
  const X = inputs && each(inputs, h);
  const Z = X && times(X, turn(A));
  const P = Z ? times(Z, turn(B)) : times(B, A);
  const E = each(P, (p, i, j) => h(f(h(f(f(s) * p)) - T[i][j])));
  const g = X ? f(f(scale) / X.length) : f(scale);
  const delta = each(E, (e) => h(f(f(s) * h(f(g * e)))));
  const gradB = Z ? times(turn(delta), Z) : times(delta, turn(A));
  const gradA = X ? times(turn(times(delta, B)), X) : times(turn(B), delta);
  const unscaled = (of: Rows) => each(of, (x) => f(x / f(scale))).flat();
  return { gradA: unscaled(gradA), gradB: unscaled(gradB) };
}

const flat = (rows: Rows) => Float32Array.from(rows.flat());
const draw = (rows: number, cols: number, size: number, seed: number): Rows => {
  const { data } = gaussian(rows, cols, stream(seed, `${rows} × ${cols}`));
  return rowsOf(rows, cols, (i, j) => Math.fround(size * data[i * cols + j]));
};

function found(pass: HalfPass, A: Rows, B: Rows, s: number, n = 0) {
  const into = { gradA: new Float64Array(A.flat().length), gradB: new Float64Array(B.flat().length) };
  pass.gradients(
    s,
    flat(A),
    flat(B),
    into,
    Int32Array.from({ length: n }, (_, i) => i),
  );
  return { gradA: [...into.gradA], gradB: [...into.gradB] };
}

const sizes = [
  { d: 9, k: 14, rank: 4, n: 11 },
  { d: 1, k: 1, rank: 1, n: 1 },
  { d: 24, k: 7, rank: 5, n: 32 },
];
const scales = [
  { s: 2, scale: 1, size: 1 },
  { s: 0.7, scale: 1000, size: 0.01 },
  // Gradients among the subnormal halves, and above the largest.
  { s: 0.013, scale: 1, size: 1e-3 },
  { s: 8, scale: wholePower(2, 17), size: 1 },
];

describe('both passes in float16 have the bits of an emulation in float64, rounded after each operation', () => {
  it.each(sizes.flatMap((one) => scales.map((other) => ({ ...one, ...other }))))(
    '$d × $k, rank $rank, s $s, scale $scale',
    ({ d, k, rank, n, s, scale, size }) => {
      const [A, B] = [draw(rank, k, size, 1), draw(d, rank, size, 2)];
      const target = draw(d, k, size, 3);
      expect(found(halfMatrix({ d, k, rank }, flat(target), scale), A, B, s)).toEqual(
        emulated(A, B, s, scale, target, null),
      );
      const [inputs, labels] = [draw(n, k, 1, 4), draw(n, d, size, 5)];
      const pass = halfSamples({ d, k, rank }, { inputs: flat(inputs), labels: flat(labels) }, scale);
      expect(found(pass, A, B, s, n)).toEqual(emulated(A, B, s, scale, labels, inputs));
    },
  );
});

type Golden = { readonly gradA: unknown; readonly gradB: unknown; readonly A: unknown; readonly B: unknown };
/** inf, -inf and nan are texts. */
const numbers = (rows: unknown) =>
  (rows as (number | string)[][]).flat().map((x) => Number(String(x).replace('inf', 'Infinity')));

/** The gradients at the start and the factors of the last step are PyTorch's. */
async function expectGolden(start: OneStart, steps: number, scale: number, pass: HalfPass, end: Golden, n = 0) {
  const { d, k, rank, A, B, settings } = start;
  const rows = (data: Float32Array, cols: number) => rowsOf(data.length / cols, cols, (i, j) => data[i * cols + j]);
  const first = found(pass, rows(A, k), rows(B, rank), settings.scaling, n);
  expect([first.gradA.length, first.gradB.length]).toEqual([rank * k, d * rank]);
  // Zeros may have either sign.
  expect(first.gradA.map((x) => x + 0)).toEqual(numbers(end.gradA).map((x) => x + 0));
  expect(first.gradB.map((x) => x + 0)).toEqual(numbers(end.gradB).map((x) => x + 0));
  const stepper = oneStepper(typescriptStepper({ ...startOfMatrix(start), regime: { lossScale: scale } }));
  const last = await stepper.steps(steps);
  expect([...last.A]).toEqual(numbers(end.A));
  expect([...last.B]).toEqual(numbers(end.B));
}

const sgd = (s: number, lr: number) => ({ scaling: s, opt: 'sgd', lr, ratio: 1 }) as const;

describe('training in float16 has the bits of PyTorch 2.13 on a CPU, autocast off', () => {
  it.each(Object.entries(golden.matrix))('a matrix, %s', async (_, { d, k, rank, s, scale, lr, steps, start, end }) => {
    const target = flat(start.target);
    const one = { d, k, rank, target, A: flat(start.A), B: flat(start.B), settings: sgd(s, lr) };
    await expectGolden(one, steps, scale, halfMatrix({ d, k, rank }, target, scale), end);
  });

  it.each(Object.entries(golden.samples))(
    'samples, %s',
    async (_, { d, k, rank, n, s, scale, lr, steps, start, end }) => {
      const [inputs, labels] = [flat(start.X), flat(start.Y)];
      const all = Int32Array.from({ length: n }, (__, i) => i);
      const samples = { inputs, labels, batches: { size: n, at: () => all } };
      const target = new Float32Array(d * k);
      const one = { d, k, rank, target, samples, A: flat(start.A), B: flat(start.B), settings: sgd(s, lr) };
      await expectGolden(one, steps, scale, halfSamples({ d, k, rank }, { inputs, labels }, scale), end, n);
    },
  );
});

it('sums in float32: beyond 2,048 a sum of ones in float16 would stand still', () => {
  // One factor is zero, so that every entry of the residual is −ΔW* = 1.
  const [ones, zero] = [rowsOf(1, 5000, () => 1), [[0]]];
  const pass = (d: number, k: number) => halfMatrix({ d, k, rank: 1 }, new Float32Array(5000).fill(-1), 1);
  expect(found(pass(1, 5000), ones, zero, 1).gradB).toEqual([5000]);
  expect(found(pass(5000, 1), zero, turn(ones), 1).gradA).toEqual([5000]);
});

it('counts what overflowed as the least that it can have been', () => {
  expect(leastNorm(Float64Array.of(3, 4), 1)).toBe(5);
  expect(leastNorm(Float64Array.of(3, Number.NaN), 2)).toBe(3);
  expect(leastNorm(Float64Array.of(Number.NEGATIVE_INFINITY), 2)).toBe(32_752);
});
