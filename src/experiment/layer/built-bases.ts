import { fillRows, orthonormal, type Reflections, reflections } from '../../math/factor/qr.ts';
import { fixSigns } from '../../math/factor/svd.ts';
import {
  leadingColumns,
  type Matrix32,
  type Matrix64,
  multiply,
  rowsOf,
  transpose,
  zeros,
  zeros32,
} from '../../math/matrix.ts';
import { multiplyInto } from '../../math/products.ts';
import type { OnProgress } from '../../math/progress.ts';
import type { Stream } from '../../math/random.ts';
import type { Triplets } from '../inits/init.ts';
import { firstTriplets, scaledColumns } from '../inits/triplets.ts';
import { composer, roundedBlocks, visitBlocks } from '../targets/draws.ts';
import { subProgress } from '../targets/target.ts';
import type { BaseName } from './bases.ts';

interface BaseContext {
  readonly d: number;
  readonly k: number;
  readonly stream: Stream;
  readonly progress: OnProgress;
}

export interface BuiltBase {
  /** W₀, d × k, each entry rounded once to float32. */
  readonly matrix: Matrix32;
  /** Its n leading triplets before that rounding, n up to min(d, k), if the construction fixes them. */
  readonly leading?: (n: number) => Triplets;
}

/** Up to this min(d, k) directions from a QR factorisation; above, a product of reflections. Part of link version 1. */
const LARGEST_QR = 512;
const REFLECTIONS = 64;

/** W₀ of each kind. */
export const builtBases: Readonly<Record<BaseName, (context: BaseContext) => BuiltBase>> = {
  gaussian({ d, k, stream, progress }) {
    const matrix = zeros32(d, k);
    const draw = (first: number, count: number) =>
      stream.normals32(rowsOf(matrix, first, count).data, 1 / Math.sqrt(k));
    visitBlocks(d, draw, progress);
    return { matrix };
  },
  decay: (context) => (Math.min(context.d, context.k) > LARGEST_QR ? byReflections(context) : byQr(context)),
};

function sigmaOf(n: number, d: number): Float64Array {
  let sum = 0;
  for (let i = n; i >= 1; i--) sum += 1 / i;
  const c = Math.sqrt(d / sum);
  return Float64Array.from({ length: n }, (_, i) => c / Math.sqrt(i + 1));
}

function byQr({ d, k, stream, progress }: BaseContext): BuiltBase {
  const S = sigmaOf(Math.min(d, k), d);
  const U = orthonormal(d, S.length, stream, subProgress(0, 0.4, progress));
  const V = orthonormal(k, S.length, stream, subProgress(0.4, 0.8, progress));
  fixSigns(U, V);
  const { matrix } = roundedBlocks(d, k, composer(U, S, V), subProgress(0.8, 1, progress));
  return { matrix, leading: (n) => firstTriplets({ U, S, V }, n) };
}

/**
 * With U = I − L·R, V = I − P·Q and Σ the d × k diagonal, W₀ = Σ − L·(R·Σ) − (Σ·Qᵀ)·Pᵀ + L·(R·Σ·Qᵀ)·Pᵀ: needs nothing
 * larger than 64 rows besides W₀ itself.
 */
function byReflections({ d, k, stream, progress }: BaseContext): BuiltBase {
  const S = sigmaOf(Math.min(d, k), d);
  const n = S.length;
  const left = reflections(d, n, REFLECTIONS, stream);
  const right = reflections(k, n, REFLECTIONS, stream);
  const [RS, QS] = [left, right].map(({ right: R }) => scaledColumns(R, S));
  const Pt = transpose(right.left);
  const inner = multiply(RS, transpose(right.right));
  const across = multiply(inner, Pt);
  for (let i = 0; i < REFLECTIONS; i++) for (let j = 0; j < n; j++) across.data[i * k + j] -= RS.data[i * n + j];
  const SQ = transpose(QS);
  const fill = (block: Matrix64, first: number) => {
    const count = Math.max(0, Math.min(block.rows, n - first));
    if (count > 0) {
      multiplyInto(rowsOf(SQ, first, count).data, Pt.data, block.data, count, REFLECTIONS, k);
      for (let at = 0; at < count * k; at++) block.data[at] = -block.data[at];
      for (let i = 0; i < count; i++) block.data[i * k + first + i] += S[first + i];
    }
    const rest = multiply(rowsOf(left.left, first, block.rows), across);
    for (let at = 0; at < rest.data.length; at++) block.data[at] += rest.data[at];
  };
  const { matrix } = roundedBlocks(d, k, fill, progress);
  return { matrix, leading: (m) => leadingOf(left, right, S, m) };
}

function leadingOf(left: Reflections, right: Reflections, S: Float64Array, n: number) {
  const [U, V] = [left, right].map((of) => {
    const columns = zeros(of.left.rows, n);
    fillRows({ left: of.left, right: leadingColumns(of.right, n) }, columns, 0);
    return columns;
  });
  fixSigns(U, V);
  return { U, S: S.slice(0, n), V };
}
