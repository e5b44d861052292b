import type { LayerSize } from '../../experiment/settings/kinds.ts';
import { roundToHalves } from '../../math/float16.ts';

/**
 * Both passes in float16, as in mixed precision (Micikevicius et al. 2018, arXiv 1710.03740): the factors are kept in
 * float32 and rounded to halves for each step. With h(·) the nearest half and f(·) the nearest float32, and every
 * product of matrices a sum in float32 in the order of its inner index, rounded to a half once:
 *
 *   matrix     P = h(B·A),  E = h(f(h(f(s·P)) − T));  samples, a row each:  Z = h(X·Aᵀ), P = h(Z·Bᵀ), E likewise
 *   backward   δ = h(f(g·E)),  δP = h(f(s·δ)),  g = f(S), or f(S/n) for n samples, S the loss scale
 *   matrix     ∂B = h(δP·Aᵀ), ∂A = h(Bᵀ·δP);  samples: ∂B = h(δPᵀ·Z), δZ = h(δP·B), ∂A = h(δZᵀ·X)
 *
 * A, B, T and X are rounded to halves first, s and S to float32. The loss is float32, so that S times its slope is a
 * float32 too. The gradients are f(∂/S) of halves: NaN or infinite where one passed 65,504.
 */
interface HalfPass {
  /** Writes ∂L/∂A and ∂L/∂B. `columns`: the samples of the step. */
  gradients(
    s: number,
    A: Float32Array,
    B: Float32Array,
    into: { readonly gradA: Float64Array; readonly gradB: Float64Array },
    columns: ArrayLike<number>,
  ): void;
}

/** Sizes of a product X (n × l) · Y (l × m), and how its operands lie: by default row by row. */
interface HalfProduct {
  readonly n: number;
  readonly m: number;
  readonly l: number;
  /** X is stored as l × n, Y as m × l. */
  readonly turned?: 'X' | 'Y';
}

/** h(X·Y) of halves: their products are exact in float32, and each sum of two is rounded to it. */
function halfProduct(X: Float32Array, Y: Float32Array, { n, m, l, turned }: HalfProduct): Float32Array {
  const out = new Float32Array(n * m);
  const [rowX, stepX] = turned === 'X' ? [1, n] : [l, 1];
  const [stepY, columnY] = turned === 'Y' ? [1, l] : [m, 1];
  const row = new Float64Array(l);
  for (let i = 0; i < n; i++) {
    for (let p = 0; p < l; p++) row[p] = X[i * rowX + p * stepX];
    // Four sums at a time: none of them waits for another.
    let j = 0;
    for (; j + 3 < m; j += 4) {
      let [a, b, c, d] = [0, 0, 0, 0];
      const [y0, y1, y2, y3] = [j, j + 1, j + 2, j + 3].map((column) => column * columnY);
      for (let p = 0, at = 0; p < l; p++, at += stepY) {
        const x = row[p];
        a = Math.fround(a + x * Y[y0 + at]);
        b = Math.fround(b + x * Y[y1 + at]);
        c = Math.fround(c + x * Y[y2 + at]);
        d = Math.fround(d + x * Y[y3 + at]);
      }
      out.set([a, b, c, d], i * m + j);
    }
    for (; j < m; j++) {
      let sum = 0;
      for (let p = 0; p < l; p++) sum = Math.fround(sum + row[p] * Y[j * columnY + p * stepY]);
      out[i * m + j] = sum;
    }
  }
  return roundToHalves(out);
}

const halves = (values: Float32Array) => roundToHalves(values.slice());

/** h(f(c·X)), in place. */
function scaleHalves(X: Float32Array, c: number): Float32Array {
  for (let i = 0; i < X.length; i++) X[i] *= c;
  return roundToHalves(X);
}

/** E = h(f(h(f(s·P)) − T)), in place of P. */
function residual(P: Float32Array, s: number, T: Float32Array): Float32Array {
  scaleHalves(P, s);
  for (let i = 0; i < P.length; i++) P[i] -= T[i];
  return roundToHalves(P);
}

function unscale(into: Float64Array, gradient: Float32Array, scale: number): void {
  for (let i = 0; i < into.length; i++) into[i] = Math.fround(gradient[i] / scale);
}

/** L = ½‖s·B·A − T‖² for a d × k target. */
export function halfMatrix({ d, k, rank }: LayerSize, target: Float32Array, lossScale: number): HalfPass {
  const T = halves(target);
  const scale = Math.fround(lossScale);
  return {
    gradients(scaling, A32, B32, { gradA, gradB }) {
      const [A, B, s] = [halves(A32), halves(B32), Math.fround(scaling)];
      const E = residual(halfProduct(B, A, { n: d, m: k, l: rank }), s, T);
      const delta = scaleHalves(scaleHalves(E, scale), s);
      unscale(gradB, halfProduct(delta, A, { n: d, m: rank, l: k, turned: 'Y' }), scale);
      unscale(gradA, halfProduct(B, delta, { n: rank, m: k, l: d, turned: 'X' }), scale);
    },
  };
}

/** L = 1/(2n)·Σ‖s·B·A·x − y‖² over the samples of a step; inputs and labels are rows. */
export function halfSamples(
  { d, k, rank }: LayerSize,
  { inputs, labels }: { readonly inputs: Float32Array; readonly labels: Float32Array },
  lossScale: number,
): HalfPass {
  const [X16, T16] = [halves(inputs), halves(labels)];
  const scale = Math.fround(lossScale);
  const picked = (rows: Float32Array, width: number, columns: ArrayLike<number>) => {
    const out = new Float32Array(columns.length * width);
    for (let i = 0; i < columns.length; i++)
      out.set(rows.subarray(columns[i] * width, (columns[i] + 1) * width), i * width);
    return out;
  };
  return {
    gradients(scaling, A32, B32, { gradA, gradB }, columns) {
      const n = columns.length;
      const [A, B, s] = [halves(A32), halves(B32), Math.fround(scaling)];
      const [X, T] = [picked(X16, k, columns), picked(T16, d, columns)];
      const Z = halfProduct(X, A, { n, m: rank, l: k, turned: 'Y' });
      const E = residual(halfProduct(Z, B, { n, m: d, l: rank, turned: 'Y' }), s, T);
      const delta = scaleHalves(scaleHalves(E, Math.fround(scale / n)), s);
      unscale(gradB, halfProduct(delta, Z, { n: d, m: rank, l: n, turned: 'X' }), scale);
      const back = halfProduct(delta, B, { n, m: rank, l: d });
      unscale(gradA, halfProduct(back, X, { n: rank, m: k, l: n, turned: 'X' }), scale);
    },
  };
}

const LARGEST_HALF = 65_504;

/** ‖g‖, the least that it can be: what is infinite counts as the largest half over the loss scale, and NaN not at all. */
export function leastNorm(gradient: Float64Array, lossScale: number): number {
  const most = LARGEST_HALF / lossScale;
  let sum = 0;
  for (const g of gradient) if (!Number.isNaN(g)) sum += Math.min(g * g, most * most);
  return Math.sqrt(sum);
}
