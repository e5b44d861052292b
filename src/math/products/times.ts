import type { Matrix32 } from '../matrix.ts';

/** M·v in float64. Eight rows at a time, so that v is read once for all of them. */
export function times({ rows, cols, data }: Matrix32, v: Float64Array): Float64Array {
  const out = new Float64Array(rows);
  let i = 0;
  for (; i + 7 < rows; i += 8) {
    const a = i * cols;
    const b = a + cols;
    const c = b + cols;
    const d = c + cols;
    const e = d + cols;
    const f = e + cols;
    const g = f + cols;
    const h = g + cols;
    let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let j = 0; j < cols; j++) {
      const x = v[j];
      s0 += data[a + j] * x;
      s1 += data[b + j] * x;
      s2 += data[c + j] * x;
      s3 += data[d + j] * x;
      s4 += data[e + j] * x;
      s5 += data[f + j] * x;
      s6 += data[g + j] * x;
      s7 += data[h + j] * x;
    }
    out[i] = s0;
    out[i + 1] = s1;
    out[i + 2] = s2;
    out[i + 3] = s3;
    out[i + 4] = s4;
    out[i + 5] = s5;
    out[i + 6] = s6;
    out[i + 7] = s7;
  }
  for (; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += data[i * cols + j] * v[j];
    out[i] = sum;
  }
  return out;
}

/** Mᵀ·u in float64. Eight rows at a time, so that the sums are read and written once for all of them. */
export function transposeTimes({ rows, cols, data }: Matrix32, u: Float64Array): Float64Array {
  const out = new Float64Array(cols);
  let i = 0;
  for (; i + 7 < rows; i += 8) {
    const a = i * cols;
    const b = a + cols;
    const c = b + cols;
    const d = c + cols;
    const e = d + cols;
    const f = e + cols;
    const g = f + cols;
    const h = g + cols;
    const u0 = u[i];
    const u1 = u[i + 1];
    const u2 = u[i + 2];
    const u3 = u[i + 3];
    const u4 = u[i + 4];
    const u5 = u[i + 5];
    const u6 = u[i + 6];
    const u7 = u[i + 7];
    for (let j = 0; j < cols; j++) {
      const upper = u0 * data[a + j] + u1 * data[b + j] + (u2 * data[c + j] + u3 * data[d + j]);
      const lower = u4 * data[e + j] + u5 * data[f + j] + (u6 * data[g + j] + u7 * data[h + j]);
      out[j] += upper + lower;
    }
  }
  for (; i < rows; i++) {
    for (let j = 0; j < cols; j++) out[j] += u[i] * data[i * cols + j];
  }
  return out;
}
