/**
 * Σ x[p + i]·x[q + i] for i < n: the scalar product of two stretches of one array. Four running sums, added at the end:
 * the additions of a single chain would wait for one another.
 */
export function dot(x: Float64Array, p: number, q: number, n: number): number {
  const n4 = n & ~3;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < n4; i += 4) {
    s0 += x[p + i] * x[q + i];
    s1 += x[p + i + 1] * x[q + i + 1];
    s2 += x[p + i + 2] * x[q + i + 2];
    s3 += x[p + i + 3] * x[q + i + 3];
  }
  for (let i = n4; i < n; i++) s0 += x[p + i] * x[q + i];
  return s0 + s1 + (s2 + s3);
}
