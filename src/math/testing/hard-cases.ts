/** Hard matrices for decompositions, for the tests of several files. Each is named for its difficulty. */

import { pow } from '../elementary.ts';
import { orthonormal } from '../factor/qr.ts';
import { type Matrix64, multiply, scale, transpose, zeros } from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { fromRows } from './rows.ts';

export interface HardCase {
  readonly name: string;
  readonly matrix: Matrix64;
  readonly values?: readonly number[];
}

function build(rows: number, cols: number, entry: (i: number, j: number) => number): Matrix64 {
  const m = zeros(rows, cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) m.data[i * cols + j] = entry(i, j);
  return m;
}

/** U·diag(values)·Vᵀ with random orthonormal U (rows × n) and V (cols × n). */
export function withValues(rows: number, cols: number, values: readonly number[], seed = 1): Matrix64 {
  const U = orthonormal(rows, values.length, stream(seed, 'left'));
  const V = orthonormal(cols, values.length, stream(seed, 'right'));
  return multiply(
    build(rows, values.length, (i, j) => U.data[i * values.length + j] * values[j]),
    transpose(V),
  );
}

const random = (rows: number, cols: number) => gaussian(rows, cols, stream(7, `${rows}×${cols}`));
const list = (n: number, value: (i: number) => number) => Array.from({ length: n }, (_, i) => value(i));

export const HARD_CASES: readonly HardCase[] = [
  { name: 'scalar', matrix: fromRows([[-3]]), values: [3] },
  { name: 'scalar zero', matrix: fromRows([[0]]), values: [0] },
  { name: 'one row', matrix: fromRows([[3, 0, -4]]), values: [5] },
  { name: 'one column', matrix: fromRows([[3], [0], [-4]]), values: [5] },
  { name: 'zero, tall', matrix: zeros(9, 4), values: [0, 0, 0, 0] },
  { name: 'zero, wide', matrix: zeros(4, 9), values: [0, 0, 0, 0] },
  { name: 'zero, above 32', matrix: zeros(40, 40), values: list(40, () => 0) },
  { name: 'identity', matrix: build(40, 40, (i, j) => (i === j ? 1 : 0)), values: list(40, () => 1) },
  {
    name: 'rank one of integers, 64 × 64',
    matrix: build(64, 64, (i, j) => (i + 1) * (j + 1)),
    values: [89440, ...list(63, () => 0)],
  },
  { name: 'all ones', matrix: build(50, 50, () => 1), values: [50, ...list(49, () => 0)] },
  {
    name: 'rank two of signs',
    matrix: build(36, 48, (i, j) => (i % 2 ? 1 : -1) + (j % 2 ? 2 : -2)),
    values: [2 * Math.sqrt(36 * 48), Math.sqrt(36 * 48), ...list(34, () => 0)],
  },
  { name: 'low rank, wide', matrix: multiply(random(35, 3), random(3, 60)) },
  { name: 'orthogonal', matrix: orthonormal(48, 48, stream(2, 'orthogonal')), values: list(48, () => 1) },
  {
    name: 'repeated',
    matrix: withValues(40, 36, [2, 2, 2, 1, 1, 1, 1, 0.5, 0.5]),
    values: [2, 2, 2, 1, 1, 1, 1, 0.5, 0.5, ...list(27, () => 0)],
  },
  {
    name: 'nearly repeated',
    matrix: withValues(
      34,
      34,
      list(34, (i) => 1 - i * 1e-14),
    ),
    values: list(34, (i) => 1 - i * 1e-14),
  },
  {
    name: 'graded to 1e-12, tall',
    matrix: withValues(
      60,
      37,
      list(37, (i) => pow(10, -i / 3)),
    ),
    values: list(37, (i) => pow(10, -i / 3)),
  },
  {
    name: 'graded to 1e-12, wide',
    matrix: withValues(
      20,
      30,
      list(20, (i) => pow(10, (-12 * i) / 19)),
    ),
    values: list(20, (i) => pow(10, (-12 * i) / 19)),
  },
  { name: 'size 1e-300', matrix: scale(random(35, 40), 1e-300) },
  { name: 'size 1e-6', matrix: scale(random(12, 9), 1e-6) },
  { name: 'size 1e306', matrix: scale(random(40, 35), 1e306) },
  {
    name: 'rows from 1e-150 to 1e150',
    matrix: build(34, 34, (i, j) => pow(10, -150 + 9 * i) * (1 + ((3 * i + 5 * j) % 7))),
  },
  { name: 'Hilbert', matrix: build(34, 34, (i, j) => 1 / (i + j + 1)) },
  { name: 'triangle of ones', matrix: build(36, 36, (i, j) => (j >= i ? 1 : 0)) },
  {
    name: 'Kahan',
    matrix: build(40, 40, (i, j) => (j < i ? 0 : pow(0.6, i) * (i === j ? 1 : -0.8))),
  },
  {
    name: 'nilpotent shift',
    matrix: build(40, 40, (i, j) => (j === i + 1 ? 1 : 0)),
    values: [...list(39, () => 1), 0],
  },
  { name: 'zero rows and columns', matrix: build(40, 38, (i, j) => (i % 3 && j % 2 ? Math.sin(i * j) : 0)) },
  { name: 'random, square', matrix: random(65, 65) },
  { name: 'random, tall', matrix: random(90, 33) },
  { name: 'random, wide', matrix: random(7, 90) },
];

/** Random matrices of up to 14 × 14 with shrinking sizes, some of them rank-deficient, graded or with equal rows. */
export function smallMatrix(rows: number, cols: number, seed: number, kind: number): Matrix64 {
  const source = stream(seed, 'small');
  if (kind === 0) return gaussian(rows, cols, source);
  if (kind === 1) return multiply(gaussian(rows, 1, source), gaussian(1, cols, source));
  if (kind === 2) return build(rows, cols, () => source.integer(3) - 1);
  if (kind === 3) return build(rows, cols, (i, j) => source.normal() * pow(10, -(i + j)));
  return build(rows, cols, (i) => (i % 2 ? 1 : source.normal()));
}
