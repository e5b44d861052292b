import { sizesOfC } from '../../../../experiment/methods/lokr.ts';
import type { BesideLora } from '../../../../experiment/methods/starts.ts';
import type { Experiment } from '../../../../experiment/settings/params.ts';
import { identity, type Matrix64, multiply, subtract, transpose, zeros } from '../../../../math/matrix.ts';

/**
 * ΔW of Hugging Face PEFT, its formulas written out from its sources: huggingface/peft at commit
 * 5d602fdbff04c33c1c4de55cda9d4ae1d7cb7e40 (0.20.1.dev0), src/peft/tuners/ lora/dora.py, oft/layer.py, lokr/layer.py,
 * hira/layer.py, shira/layer.py, ia3/layer.py. LoRA-XS is not among them.
 */

export type InPeft = Exclude<BesideLora, 'lora-xs'>;
export type Values = Readonly<Record<string, Float64Array>>;
interface Ground {
  readonly e: Experiment;
  readonly W0: Matrix64;
  readonly s: number;
  readonly places: ArrayLike<number>;
}

export const asMatrix = (rows: number, cols: number, data: Float64Array): Matrix64 => ({ rows, cols, data });
const each = (m: Matrix64, entry: (x: number, i: number, j: number) => number): Matrix64 => ({
  ...m,
  data: m.data.map((x, at) => entry(x, Math.floor(at / m.cols), at % m.cols)),
});
const product = ({ e: { d, k, rank } }: Ground, { A, B }: Values) =>
  multiply(asMatrix(d, rank, B), asMatrix(rank, k, A));
/** W₀ + s·B·A. */
const direction = (ground: Ground, values: Values): Matrix64 => {
  const BA = product(ground, values);
  return each(ground.W0, (w, i, j) => w + ground.s * BA.data[i * BA.cols + j]);
};
const rowLengths = ({ rows, cols, data }: Matrix64) =>
  Float64Array.from({ length: rows }, (_, i) => Math.hypot(...data.subarray(i * cols, (i + 1) * cols)));

/** OFTRotationModule._pytorch_skew_symmetric: the entries above the diagonal row by row, minus the transpose. */
export function skew(values: Float64Array, b: number): Matrix64 {
  const Q = zeros(b, b);
  let at = 0;
  for (let i = 0; i < b; i++)
    for (let j = i + 1; j < b; j++) {
      Q.data[i * b + j] = values[at];
      Q.data[j * b + i] = -values[at++];
    }
  return Q;
}

/** X with X·A = B, by elimination with exchange of rows on Aᵀ·Xᵀ = Bᵀ. */
function solveRight(A: Matrix64, B: Matrix64): Matrix64 {
  const n = A.rows;
  const rows = Array.from({ length: n }, (_, i) => [
    ...Array.from({ length: n }, (_, j) => A.data[j * n + i]),
    ...Array.from({ length: n }, (_, j) => B.data[j * n + i]),
  ]);
  for (let p = 0; p < n; p++) {
    let best = p;
    for (let i = p; i < n; i++) if (Math.abs(rows[i][p]) > Math.abs(rows[best][p])) best = i;
    [rows[p], rows[best]] = [rows[best], rows[p]];
    for (let i = 0; i < n; i++) {
      const factor = i === p ? 0 : rows[i][p] / rows[p][p];
      for (let j = p; j < 2 * n; j++) rows[i][j] -= factor * rows[p][j];
    }
  }
  return asMatrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, at) => {
      const [i, j] = [Math.floor(at / n), at % n];
      return rows[j][n + i] / rows[j][j];
    }),
  );
}

const plus = (a: Matrix64, b: Matrix64, factor = 1) => each(a, (x, i, j) => x + factor * b.data[i * b.cols + j]);
/** OFTRotationModule._cayley_batch with use_cayley_neumann=False: (I − Q)(I + Q)⁻¹. */
export const exactR = (Q: Matrix64) => solveRight(plus(identity(Q.rows), Q), plus(identity(Q.rows), Q, -1));
/** The same with use_cayley_neumann=True and the default of 5 terms: I + 2Q + 2Q² + 2Q³ + Q⁴. */
export function neumannR(Q: Matrix64): Matrix64 {
  const powers = [Q];
  for (let n = 2; n <= 4; n++) powers.push(multiply(powers[n - 2], Q));
  return powers.reduce((R, power, n) => plus(R, power, n === 3 ? 1 : 2), identity(Q.rows));
}

/** OFT's Linear.merge: W′ = (blockdiag(R)·W₀ᵀ)ᵀ, blocks along the inputs. */
export function oftInPeft(W0: Matrix64, q: Float64Array, b: number, rotation: (Q: Matrix64) => Matrix64): Matrix64 {
  const turned = transpose(W0);
  const [n, out] = [(b * (b - 1)) / 2, zeros(turned.rows, turned.cols)];
  for (let block = 0; block * b < turned.rows; block++) {
    const size = b * turned.cols;
    const part = asMatrix(b, turned.cols, turned.data.subarray(block * size, (block + 1) * size));
    out.data.set(multiply(rotation(skew(q.subarray(block * n, (block + 1) * n), b)), part).data, block * size);
  }
  return subtract(transpose(out), W0);
}

/** ΔW = W′ − W₀ as PEFT forms it from its parameters. `frozen`: the parameters for what it detaches. */
export const PEFT: Readonly<Record<InPeft, (ground: Ground, values: Values, frozen: Values) => Matrix64>> = {
  // DoraLinearLayer.forward: base + (m/‖V‖ − 1)·base + (m/‖V‖)·s·BA, ‖V‖ by rows of the weight and detached.
  dora: (ground, values, frozen) => {
    const length = rowLengths(direction(ground, ground.e.norm === 'exact' ? values : frozen));
    const V = direction(ground, values);
    return subtract(
      each(V, (v, i) => (values.m[i] / length[i]) * v),
      ground.W0,
    );
  },
  // Linear.merge of OFT, with the exact branch; the page turns rows: W₀ᵀ, and Q with its sign changed.
  oft: ({ e: { block }, W0 }, { Q }) =>
    transpose(
      oftInPeft(
        transpose(W0),
        Q.map((x) => -x),
        block,
        exactR,
      ),
    ),
  // LoKrLayer.get_delta_weight: torch.kron(w1, w2)·alpha/r, here with alpha = r.
  lokr: ({ e, W0 }, { C, 'W₂': W2 }) => {
    const [d1, k1] = sizesOfC(e);
    const [d2, k2] = [e.d / d1, e.k / k1];
    return each(W0, (_, i, j) => C[Math.floor(i / d2) * k1 + Math.floor(j / k2)] * W2[(i % d2) * k2 + (j % k2)]);
  },
  // HiRA's Linear.forward: W₀ ∘ (A·B as stored, turned), no alpha.
  hira: (ground, values) => {
    const BA = product(ground, values);
    return each(ground.W0, (w, i, j) => w * BA.data[i * BA.cols + j]);
  },
  // ShiraLayer: a sparse matrix of the places in the order of torch.where, scaling 1.
  shira: ({ W0, places }, { θ }) => {
    const whole = zeros(W0.rows, W0.cols);
    for (let n = 0; n < places.length; n++) whole.data[places[n]] = θ[n];
    return whole;
  },
  // IA3's Linear.merge: W₀ times ia3_l of shape (out, 1), or (1, in) for a feed-forward layer.
  ia3: ({ e: { side }, W0 }, { ℓ }) => each(W0, (w, i, j) => w * ℓ[side === 'in' ? j : i] - w),
};
