import { type Matrix64, multiply, transpose } from '../math/matrix.ts';
import type { ByteSource, Factors, Fault, Module, TensorEntry } from './model.ts';
import { readNumbers } from './safetensors/numbers.ts';

/** ΔW is formed of at most so many numbers; of more, the norm alone is computed. */
const MOST_FORMED = 4096 * 4096;

/** B (d × r) and A (r × k) of a pair, without s: convolutions flattened, a factor between them multiplied into A. */
export async function readFactors(source: ByteSource, module: Module): Promise<Factors | Fault> {
  const { tensors, kind, d, k, transposed } = module;
  const { down, up, mid } = tensors;
  if (kind !== 'lora' || !down || !up) {
    return {
      fault: `${module.name} has no pair of factors.`,
      details: 'Only LoRA pairs can be cut, compared and merged.',
    };
  }
  if (transposed) {
    const [a, b] = [await read(source, down, k), await read(source, up, up.shape[0])];
    return { B: transpose(b), A: transpose(a) };
  }
  const [a, b] = [await read(source, down, down.shape[0]), await read(source, up, d)];
  return { B: b, A: mid ? contracted(await read(source, mid, mid.shape[0]), a, mid.shape) : a };
}

/** The numbers of a tensor as a matrix of so many rows, in float64. */
async function read(source: ByteSource, tensor: TensorEntry, rows: number): Promise<Matrix64> {
  const data = Float64Array.from(await readNumbers(source, tensor));
  return { rows, cols: data.length / rows, data };
}

/**
 * A of a pair with a factor t between, [p, q, kh, kw]: entry (p, i·kh·kw + x) is Σ_q t(p, q, x)·a(q, i).
 */
function contracted(t: Matrix64, a: Matrix64, shape: readonly number[]): Matrix64 {
  const [p, q] = shape;
  const size = t.cols / q;
  // [p, q, x] as [p·x, q], so that one product sums over q.
  const turned = new Float64Array(t.data.length);
  for (let i = 0; i < p; i++)
    for (let j = 0; j < q; j++)
      for (let x = 0; x < size; x++) turned[(i * size + x) * q + j] = t.data[(i * q + j) * size + x];
  const product = multiply({ rows: p * size, cols: q, data: turned }, a);
  const out = new Float64Array(product.data.length);
  for (let i = 0; i < p; i++)
    for (let x = 0; x < size; x++)
      for (let j = 0; j < a.cols; j++) out[(i * a.cols + j) * size + x] = product.data[(i * size + x) * a.cols + j];
  return { rows: p, cols: a.cols * size, data: out };
}

/** ΔW without s of a module that is no pair: as a matrix where it is small enough, else its Frobenius norm. */
export async function readUpdate(
  source: ByteSource,
  module: Module,
): Promise<{ readonly matrix: Matrix64 } | { readonly frobenius: number } | Fault> {
  void MOST_FORMED;
  void source;
  return { fault: `${module.name} is not read yet.`, details: '' };
}
