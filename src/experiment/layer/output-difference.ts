import { type AnyMatrix, type Matrix32, type Matrix64, multiply, rowsOf } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';

/** A layer that an initialisation has moved a part of W₀ in: W_frozen beside the initial A and B. */
export interface MovedLayer {
  readonly base: Matrix32;
  readonly frozen: Matrix32;
  readonly A: Matrix32;
  readonly B: Matrix32;
  readonly scaling: number;
}

export interface OutputDifference {
  /** max |(W_frozen + s·B·A)x − W₀x| over all outputs and inputs. */
  readonly largest: number;
  /** What the rounding of W_frozen to float32 can explain; `largest` is never above it. */
  readonly bound: number;
}

/** Relative error of one rounding to float32 and to float64: 2⁻²⁴ and 2⁻⁵³. */
const UNIT32 = 1 / 16777216;
const UNIT64 = 1 / 9007199254740992;

/** Rows at a time, so that a large layer needs no second d × k matrix in float64. */
const ROWS = 64;

/** 16 inputs x ~ N(0, I) in the columns of a k × 16 matrix, the same for every initialisation of a seed. */
export function probeInputs(k: number, seed: number): Matrix64 {
  return gaussian(k, 16, stream(seed, 'probe'));
}

/**
 * How far a layer's output at step 0 is from W₀x, for the inputs in the columns of X (k × n). Worked out in float64, so
 * that what is left is the one rounding of W_frozen: |difference| ≤ u₃₂·|W_frozen||x|, and float64's own rounding,
 * (k + r + 4)·u₆₄·(|W_frozen| + |W₀| + s|B||A|)|x| (Higham, Accuracy and Stability of Numerical Algorithms, section 3.5).
 */
export function outputDifference({ base, frozen, A, B, scaling }: MovedLayer, X: AnyMatrix): OutputDifference {
  const terms = (base.cols + A.rows + 4) * UNIT64;
  const [absX, Z] = [magnitudes(X), multiply(A, X)];
  const absZ = multiply(magnitudes(A), absX);
  let [largest, bound] = [0, 0];
  for (let first = 0; first < base.rows; first += ROWS) {
    const count = Math.min(ROWS, base.rows - first);
    const [w0, w, b] = [base, frozen, B].map((m) => rowsOf(m, first, count));
    const [wanted, kept, path] = [multiply(w0, X).data, multiply(w, X).data, multiply(b, Z).data];
    const [size0, size] = [multiply(magnitudes(w0), absX).data, multiply(magnitudes(w), absX).data];
    const pathSize = multiply(magnitudes(b), absZ).data;
    for (let i = 0; i < wanted.length; i++) {
      largest = Math.max(largest, Math.abs(kept[i] + scaling * path[i] - wanted[i]));
      bound = Math.max(bound, UNIT32 * size[i] + terms * (size[i] + size0[i] + scaling * pathSize[i]));
    }
  }
  return { largest, bound };
}

function magnitudes(m: AnyMatrix): Matrix64 {
  return { rows: m.rows, cols: m.cols, data: Float64Array.from(m.data, Math.abs) };
}
