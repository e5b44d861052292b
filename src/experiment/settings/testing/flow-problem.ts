import { type Matrix64, multiply, scale, subtract, transpose } from '../../../math/matrix.ts';

/** A target with these singular values, a start, and the flow of A and B as one list. */
export function flowProblem(d: number, k: number, r: number, A: Matrix64, M: Matrix64, s: number, ratio: number) {
  const flow = (y: Float64Array) => {
    const a = { rows: r, cols: k, data: y.subarray(0, r * k) };
    const b = { rows: d, cols: r, data: y.subarray(r * k) };
    const E = subtract(M, scale(multiply(b, a), s));
    const out = new Float64Array(y.length);
    out.set(scale(multiply(transpose(b), E), s).data);
    out.set(scale(multiply(E, transpose(a)), s * ratio).data, r * k);
    return out;
  };
  const start = new Float64Array(r * (d + k));
  start.set(A.data);
  const update = (y: Float64Array) =>
    scale(multiply({ rows: d, cols: r, data: y.subarray(r * k) }, { rows: r, cols: k, data: y.subarray(0, r * k) }), s);
  return { flow, start, update };
}
