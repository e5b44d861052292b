/** Matrices row by row: the three products of forward and backward passes, each added to C in a fixed order. */

type Values = Float32Array | Float64Array;

/** C (n × d) += s·X·Yᵀ for X (n × k) and Y (d × k). */
export function addTimesTransposed(C: Values, X: Values, Y: Values, n: number, d: number, k: number, s = 1): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) {
      let sum = 0;
      for (let l = 0; l < k; l++) sum += X[i * k + l] * Y[j * k + l];
      C[i * d + j] += s * sum;
    }
}

/** C (n × k) += s·X·Y for X (n × d) and Y (d × k). */
export function addTimes(C: Values, X: Values, Y: Values, n: number, d: number, k: number, s = 1): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) {
      const x = s * X[i * d + j];
      if (x !== 0) for (let l = 0; l < k; l++) C[i * k + l] += x * Y[j * k + l];
    }
}

/** C (d × k) += s·Xᵀ·Y for X (n × d) and Y (n × k). */
export function addTransposedTimes(C: Values, X: Values, Y: Values, n: number, d: number, k: number, s = 1): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < d; j++) {
      const x = s * X[i * d + j];
      if (x !== 0) for (let l = 0; l < k; l++) C[j * k + l] += x * Y[i * k + l];
    }
}
