import { type Matrix64, zeros } from '../../../math/matrix.ts';
import { productSpectrum } from '../../../math/spectral/product-svd.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import type { ByteSource, Factors, Module, TensorEntry } from '../model.ts';
import { readNumbers } from '../safetensors/numbers.ts';

/** A whole matrix has its spectrum worked out where its shorter side is at most this. */
export const LONGEST = 1024;

/**
 * A Hadamard product as one pair: (W1a·W1b) ⊙ (W2a·W2b) has rank r₁·r₂ at most, with the products of all pairs of columns in B
 * and of all pairs of rows in A. null for those with a core, and where that rank is no less than the matrix has.
 */
export async function readHadamard(source: ByteSource, { tensors, d, k }: Module): Promise<Factors | null> {
  const { w1a, w1b, w2a, w2b, t1, t2 } = tensors;
  if (!w1a || !w1b || !w2a || !w2b || t1 || t2) return null;
  const [r1, r2] = [w1b.shape[0], w2b.shape[0]];
  if (r1 * r2 > Math.min(d, k, LONGEST)) return null;
  const [a1, b1, a2, b2] = await Promise.all([w1a, w1b, w2a, w2b].map((tensor) => readNumbers(source, tensor)));
  const B = zeros(d, r1 * r2);
  const A = zeros(r1 * r2, k);
  for (let p = 0; p < r1; p++) {
    for (let q = 0; q < r2; q++) {
      const at = p * r2 + q;
      for (let i = 0; i < d; i++) B.data[i * B.cols + at] = a1[i * r1 + p] * a2[i * r2 + q];
      for (let j = 0; j < k; j++) A.data[at * k + j] = b1[p * k + j] * b2[q * k + j];
    }
  }
  return { B, A };
}

/**
 * Singular values of s·(W1 ⊗ W2), the largest first: |s| times the products of theirs. null for those with a core, where a number
 * is not finite, and where a factor is too large.
 */
export async function readKronecker(source: ByteSource, { tensors, scaling }: Module): Promise<Float64Array | null> {
  const { w1, w1a, w1b, w2, w2a, w2b, t2 } = tensors;
  if (t2) return null;
  const left = await readSpectrum(source, w1, w1a, w1b);
  const right = await readSpectrum(source, w2, w2a, w2b);
  if (left === null || right === null) return null;
  const s = Math.abs(scaling ?? 1);
  const products = new Float64Array(left.length * right.length);
  for (let i = 0; i < left.length; i++) {
    for (let j = 0; j < right.length; j++) products[i * right.length + j] = s * left[i] * right[j];
  }
  return products.sort().reverse();
}

async function readSpectrum(
  source: ByteSource,
  whole: TensorEntry | undefined,
  a: TensorEntry | undefined,
  b: TensorEntry | undefined,
): Promise<Float64Array | null> {
  const matrices = await Promise.all((whole ? [whole] : a && b ? [a, b] : []).map((tensor) => read(source, tensor)));
  if (matrices.length === 0 || !matrices.every(({ data }) => data.every(Number.isFinite))) return null;
  const [first, second] = matrices;
  const length = second ? Math.max(first.cols, second.rows) : Math.min(first.rows, first.cols);
  if (length > LONGEST) return null;
  return second ? productSpectrum(first, second, 1) : singularValues(first);
}

async function read(source: ByteSource, tensor: TensorEntry): Promise<Matrix64> {
  const data = new Float64Array(await readNumbers(source, tensor));
  const rows = tensor.shape[0] ?? 1;
  return { rows, cols: data.length / rows, data };
}
