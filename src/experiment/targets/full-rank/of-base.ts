import { determinantSign } from '../../../math/factor/determinant.ts';
import { fillRows, orthonormal, reflections } from '../../../math/factor/qr.ts';
import { type Matrix64, multiply, rowsOf, zeros } from '../../../math/matrix.ts';
import { multiplyInto } from '../../../math/products.ts';
import { gaussian, type Stream } from '../../../math/random.ts';
import { largestSingularValue } from '../../../math/spectral/singular-values.ts';
import { normalRows, roundedTimes } from '../draws.ts';
import { type BuiltTarget, subProgress, type TargetContext } from '../target.ts';

// Updates made from W₀, whose entries are N(0, 1/k) from the stream of every W₀. W₀ and ΔW* are both divided by σ₁ of
// ΔW*, as those of an edit are: σ₁(ΔW*) is 1, and the factors, ranks and rotations are those of the undivided W₀.

type UpdateOfBase = (base: Matrix64, stream: Stream) => Matrix64;

function changed({ settings: { d, k }, stream, progress }: TargetContext, make: UpdateOfBase): BuiltTarget {
  const base = normalRows(d, k, 1 / Math.sqrt(k), stream('W0'));
  progress(0.2);
  const update = make(base, stream('target'));
  const sigma1 = largestSingularValue(update, subProgress(0.5, 1, progress));
  // Zero stays zero and is refused.
  const scaling = sigma1 > 0 ? 1 / sigma1 : 1;
  return { matrix: roundedTimes(scaling, update), base: roundedTimes(scaling, base) };
}

/** diag(c)·W₀ with c ~ N(0, 1): row i of W₀ becomes 1 + cᵢ of it. */
export const buildRowScaling = (context: TargetContext): BuiltTarget =>
  changed(context, (base, stream) => {
    const c = gaussian(base.rows, 1, stream).data;
    return mapped(base, (w, i) => c[i] * w);
  });

/** W₀∘(BA) with Gaussian B (d × `truerank`) and A. */
export const buildHadamard = (context: TargetContext): BuiltTarget =>
  changed(context, (base, stream) => {
    const { truerank } = context.settings;
    const B = gaussian(base.rows, truerank, stream);
    const factors = multiply(B, gaussian(truerank, base.cols, stream)).data;
    return mapped(base, (w, i, j) => factors[i * base.cols + j] * w);
  });

/** (R − I)·W₀ with R = blockdiag of `turns` rotations (det 1), uniform among all, of d/`turns` rows each. */
export const buildTurnedBase = (context: TargetContext): BuiltTarget =>
  changed(context, (base, stream) => {
    const { d, k, turns } = context.settings;
    const update = zeros(d, k);
    for (let n = 0; n < turns; n++) {
      const [first, end] = [Math.floor((n * d) / turns), Math.floor(((n + 1) * d) / turns)];
      const R = rotationOf(end - first, stream);
      for (let i = 0; i < R.rows; i++) R.data[i * (R.rows + 1)] -= 1;
      multiplyInto(R.data, rowsOf(base, first, R.rows).data, rowsOf(update, first, R.rows).data, R.rows, R.rows, k);
    }
    return update;
  });

/** Up to so many rows by QR; above, a product of reflections. Part of link version 1. */
const LARGEST_QR = 512;
/** An even number: their product has determinant 1. */
const REFLECTIONS = 64;

function rotationOf(rows: number, stream: Stream): Matrix64 {
  if (rows > LARGEST_QR) {
    const R = zeros(rows, rows);
    fillRows(reflections(rows, rows, REFLECTIONS, stream), R, 0);
    return R;
  }
  const R = orthonormal(rows, rows, stream);
  if (determinantSign(R) < 0) for (let i = 0; i < R.data.length; i += rows) R.data[i] *= -1;
  return R;
}

function mapped(m: Matrix64, of: (entry: number, i: number, j: number) => number): Matrix64 {
  const out = zeros(m.rows, m.cols);
  for (let i = 0, at = 0; i < m.rows; i++) for (let j = 0; j < m.cols; j++, at++) out.data[at] = of(m.data[at], i, j);
  return out;
}
