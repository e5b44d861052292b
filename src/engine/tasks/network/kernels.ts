export type FloatArray = Float32Array | Float64Array;

export interface ProductSize {
  /** C is n × m, X is n × l, Y is l × m. */
  readonly n: number;
  readonly m: number;
  readonly l: number;
  /** X is stored as its transpose, l × n. */
  readonly transposed?: boolean;
  /** Default 1. */
  readonly s?: number;
  /** Adds to C in the place of writing it. */
  readonly adds?: boolean;
}

/** Memory and products of one run; matrices lie row by row. What is small is computed in plain loops on the same arrays. */
export interface NetworkKernels {
  /** Zeros. */
  buffer(length: number): FloatArray;
  /** C = s·X·Y, or C + s·X·Y. */
  product(C: FloatArray, X: FloatArray, Y: FloatArray, size: ProductSize): void;
  /** Y (k × d) = Xᵀ of X (d × k). */
  transpose(Y: FloatArray, X: FloatArray, d: number, k: number): void;
}

/** Plain loops; sums are in float64 whatever the arrays hold. */
const loops = (make: (length: number) => FloatArray): NetworkKernels => ({
  buffer: make,
  product(C, X, Y, { n, m, l, transposed = false, s = 1, adds = false }) {
    const [row, column] = transposed ? [1, n] : [l, 1];
    const sums = new Float64Array(m);
    for (let i = 0; i < n; i++) {
      sums.fill(0);
      for (let p = 0; p < l; p++) {
        const x = X[i * row + p * column];
        if (x !== 0) for (let j = 0; j < m; j++) sums[j] += x * Y[p * m + j];
      }
      for (let j = 0; j < m; j++) C[i * m + j] = (adds ? C[i * m + j] : 0) + s * sums[j];
    }
  },
  transpose(Y, X, d, k) {
    for (let i = 0; i < d; i++) for (let j = 0; j < k; j++) Y[j * d + i] = X[i * k + j];
  },
});

/** The float64 reference, and its twin that keeps float32. */
export const loops64 = loops((length) => new Float64Array(length));
export const loops32 = loops((length) => new Float32Array(length));
