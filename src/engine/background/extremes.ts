import type { LayerModule, ModuleTarget, ModuleWithTarget } from '../../experiment/layer/module.ts';
import { emptyPlane, type Plane, productCells, takeExtremes } from '../../math/plane.ts';
import { planeCopy, reducedMatrix } from '../run/ready.ts';

/** The largest entries of the blocks of W = W_frozen + s·B·A, ΔW = W − W₀ and ΔW − ΔW*. */
export interface Extremes {
  readonly W: Plane;
  readonly dW: Plane;
  readonly E: Plane;
}

/** Whether a module is drawn in blocks; else its planes hold every entry. */
export function isDrawnInBlocks({ d, k, rank }: Pick<LayerModule, 'd' | 'k' | 'rank'>): boolean {
  return Math.max(d, k) > productCells(rank);
}

/** One row of blocks at a time, so that other work gets its turn; never holds more than two rows of the product. */
export function* extremesOf(
  module: Pick<ModuleWithTarget, 'd' | 'k' | 'rank' | 'base' | 'frozen'> & {
    readonly wanted: Pick<ModuleTarget, 'matrix'>;
  },
  A: Float32Array,
  B: Float32Array,
  s: number,
): Generator<void, Extremes> {
  const { d, k, rank, base, frozen } = module;
  const target = module.wanted.matrix;
  const cells = productCells(rank);
  const [W, dW, E] = [emptyPlane(d, k, cells), emptyPlane(d, k, cells), emptyPlane(d, k, cells)];
  const [W0, goal] = [reducedMatrix(base, rank).extreme, reducedMatrix(target, rank).extreme];
  // Most runs start with a zero factor.
  if (frozen === base && W0 && goal && (isZero(A) || isZero(B)))
    return { W: planeCopy(W0), dW, E: { ...goal, values: goal.values.map((v) => -v) } };
  const right = Float64Array.from(A, (a) => s * a);
  const [x, y, sum] = [new Float64Array(k), new Float64Array(k), new Float64Array(k)];
  const take = (product: Float64Array, row: number, into: number) => {
    add(product, 1, frozen.data, row * k, sum);
    takeExtremes(sum, 0, k, W, into);
    // ΔW = W − W₀, which is s·B·A if W₀ was left alone.
    if (frozen !== base) add(sum, -1, base.data, row * k, product);
    takeExtremes(product, 0, k, dW, into);
    add(product, -1, target.data, row * k, sum);
    takeExtremes(sum, 0, k, E, into);
  };
  for (let block = 0; block < dW.rows; block++) {
    const into = block * dW.cols;
    const end = Math.min(d, (block + 1) * dW.blockRows);
    for (let i = block * dW.blockRows; i < end; i += 2) {
      // With an odd number of rows the last is computed twice.
      const next = Math.min(i + 1, end - 1);
      multiplyRows(B, i * rank, next * rank, right, rank, x, y);
      take(x, i, into);
      take(y, next, into);
    }
    yield;
  }
  return { W, dW, E };
}

const isZero = (factor: Float32Array) => factor.every((v) => v === 0);

/** sum = a + sign·(the entries of b from `at` on). */
function add(a: Float64Array, sign: 1 | -1, b: Float32Array, at: number, sum: Float64Array): void {
  for (let j = 0; j < sum.length; j++) sum[j] = a[j] + sign * b[at + j];
}

/** x and y = two rows of B times A: two rows at a time and four terms a pass, so that sums stay in registers. */
function multiplyRows(
  B: Float32Array,
  first: number,
  second: number,
  A: Float64Array,
  rank: number,
  x: Float64Array,
  y: Float64Array,
): void {
  const k = x.length;
  x.fill(0);
  y.fill(0);
  const whole = rank - (rank % 4);
  for (let p = 0; p < whole; p += 4) {
    const [b0, b1, b2, b3] = [B[first + p], B[first + p + 1], B[first + p + 2], B[first + p + 3]];
    const [c0, c1, c2, c3] = [B[second + p], B[second + p + 1], B[second + p + 2], B[second + p + 3]];
    const a0 = p * k;
    const a1 = a0 + k;
    const a2 = a1 + k;
    const a3 = a2 + k;
    for (let j = 0; j < k; j++) {
      const t0 = A[a0 + j];
      const t1 = A[a1 + j];
      const t2 = A[a2 + j];
      const t3 = A[a3 + j];
      x[j] += b0 * t0 + b1 * t1 + b2 * t2 + b3 * t3;
      y[j] += c0 * t0 + c1 * t1 + c2 * t2 + c3 * t3;
    }
  }
  for (let p = whole; p < rank; p++) {
    const [b, c] = [B[first + p], B[second + p]];
    for (let j = 0; j < k; j++) {
      x[j] += b * A[p * k + j];
      y[j] += c * A[p * k + j];
    }
  }
}
