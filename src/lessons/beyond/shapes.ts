import { ADAPTER_WORDS, type AdapterName } from '../../experiment/methods/which/adapters.ts';
import { SIDE } from '../../experiment/methods/which/kinds.ts';
import { solvePositive } from '../../math/factor/cholesky.ts';
import { identity, type Matrix64, multiply, subtract, zeros } from '../../math/matrix.ts';
import { gaussian, permutation, stream } from '../../math/random.ts';

const drawn = (name: string, rows: number, cols: number): Matrix64 =>
  gaussian(rows, cols, stream(1, `beyond LoRA, ${name}`));

/** W₀ of the pictures, N(0, 1). */
const BASE = drawn('W0', SIDE, SIDE);
const [RANK, BLOCK, FACTOR] = [8, 32, 2];
const HALF = SIDE / FACTOR;

/** Where SHiRA's numbers are: a quarter of all places. */
const PLACES = permutation(SIDE * SIDE, stream(1, 'beyond LoRA, places')).subarray(0, (SIDE * SIDE) / 4);

/** All entries of SIDE × SIDE by row and column. */
function entries(of: (i: number, j: number) => number): Matrix64 {
  const out = zeros(SIDE, SIDE);
  for (let i = 0; i < SIDE; i++) for (let j = 0; j < SIDE; j++) out.data[i * SIDE + j] = of(i, j);
  return out;
}

const w0 = (i: number, j: number) => BASE.data[i * SIDE + j];

/** B·A of B, row by row, and then A. */
function product(numbers: Float64Array): Matrix64 {
  const B = { rows: SIDE, cols: RANK, data: numbers.subarray(0, SIDE * RANK) };
  return multiply(B, { rows: RANK, cols: SIDE, data: numbers.subarray(SIDE * RANK) });
}

/** The rotation (I + Q)(I − Q)⁻¹ = (I + Q)²(I − Q²)⁻¹ of the numbers above the diagonal of Q = −Qᵀ (Cayley). */
function rotation(numbers: Float64Array): Matrix64 {
  const Q = zeros(BLOCK, BLOCK);
  for (let i = 0, at = 0; i < BLOCK; i++)
    for (let j = i + 1; j < BLOCK; j++, at++) {
      Q.data[i * BLOCK + j] = numbers[at];
      Q.data[j * BLOCK + i] = -numbers[at];
    }
  const one = identity(BLOCK);
  const plus = { ...Q, data: Q.data.map((q, i) => one.data[i] + q) };
  return solvePositive(subtract(one, multiply(Q, Q)), multiply(plus, plus));
}

function turned(numbers: Float64Array): Matrix64 {
  const own = numbers.length / (SIDE / BLOCK);
  const out = zeros(SIDE, SIDE);
  for (let n = 0; n < SIDE / BLOCK; n++) {
    const R = rotation(numbers.subarray(n * own, (n + 1) * own));
    const from = n * BLOCK * SIDE;
    const rows = { rows: BLOCK, cols: SIDE, data: BASE.data.subarray(from, from + BLOCK * SIDE) };
    out.data.set(subtract(multiply(R, rows), rows).data, from);
  }
  return out;
}

interface OwnFormula {
  /** Trained parameters. */
  readonly count: number;
  readonly update: (numbers: Float64Array) => Matrix64;
  /** The number that moves in the second picture: in B, of a block, a row or an entry, or in C. */
  readonly moved: number;
  /** Standard deviation of its numbers in the picture; default 1. */
  readonly size?: number;
}

const IN_B = 20 * RANK + 3;

/** ΔW of each adapter from all its trained numbers. */
const FORMULAS = {
  lora: { count: 2 * RANK * SIDE, update: product, moved: IN_B },
  oft: { count: (SIDE * (BLOCK - 1)) / 2, update: turned, moved: 100, size: 0.2 },
  ia3: { count: SIDE, update: (l) => entries((i, j) => l[i] * w0(i, j)), moved: 20 },
  hira: {
    count: 2 * RANK * SIDE,
    update: (numbers) => {
      const factors = product(numbers).data;
      return entries((i, j) => w0(i, j) * factors[i * SIDE + j]);
    },
    moved: IN_B,
  },
  lokr: {
    count: FACTOR * FACTOR + HALF * HALF,
    update: (numbers) =>
      entries(
        (i, j) =>
          numbers[FACTOR * Math.floor(i / HALF) + Math.floor(j / HALF)] *
          numbers[FACTOR * FACTOR + (i % HALF) * HALF + (j % HALF)],
      ),
    moved: 1,
  },
  shira: {
    count: PLACES.length,
    update: (numbers) => {
      const out = zeros(SIDE, SIDE);
      PLACES.forEach((place, n) => {
        out.data[place] = numbers[n];
      });
      return out;
    },
    moved: 500,
  },
} as const satisfies Partial<Record<AdapterName, OwnFormula>>;

export type ShapeName = keyof typeof FORMULAS;

export const SHAPES: readonly ShapeName[] = ['lora', 'oft', 'ia3', 'hira', 'lokr', 'shira'];

export interface AdapterShape {
  readonly label: string;
  readonly formula: string;
  readonly count: number;
  /** ΔW of random numbers, and what it gains if one of them rises by 1. */
  readonly whole: Matrix64;
  readonly one: Matrix64;
}

export function shapeOf(name: ShapeName): AdapterShape {
  const { count, update, moved, size = 1 }: OwnFormula = FORMULAS[name];
  const numbers = drawn(name, 1, count).data.map((value) => size * value);
  const whole = update(numbers);
  const other = Float64Array.from(numbers);
  other[moved] += 1;
  return { ...ADAPTER_WORDS[name], count, whole, one: subtract(update(other), whole) };
}
