import { scale, zeros } from '../../../math/matrix.ts';
import { productSpectrum } from '../../../math/spectral/product-svd.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { readMatrix, readPairs, readUpdate } from '../factors.ts';
import { figuresOf, figuresOfExperts, figuresOfNorm, figuresOfSpectrum, figuresOfUpdate } from '../figures.ts';
import type { ByteSource, Fault, Figures, Module, ModuleFactors, TensorEntry } from '../model.ts';
import { readNumbers } from '../safetensors/numbers.ts';
import { inThread, type PairWork } from '../work/pair-work.ts';

function threeOf(values: Float64Array | null): Figures['magnitudes'] {
  if (values === null || values.length === 0) return null;
  const sorted = values.slice().sort();
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return [sorted[0], (below + above) / 2, sorted[sorted.length - 1]];
}

/** A whole matrix gets a spectrum if its shorter side is at most this. */
const LONGEST = 1024;

/**
 * A Hadamard product as one pair: (W1a·W1b) ⊙ (W2a·W2b) has rank r₁·r₂ at most, with the products of all pairs of
 * columns in B and of all pairs of rows in A. null with a core, and if that rank is no less than full.
 */
async function readHadamard(source: ByteSource, { tensors, d, k }: Module): Promise<ModuleFactors | null> {
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

/** |s|·σᵢ(W1)·σⱼ(W2), the largest first. null with a core, if a number is not finite, and if a factor is too large. */
async function readKronecker(source: ByteSource, { tensors, scaling }: Module): Promise<Float64Array | null> {
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
  const tensors = whole ? [whole] : a && b ? [a, b] : [];
  const matrices = await Promise.all(tensors.map((tensor) => readMatrix(source, tensor)));
  if (matrices.length === 0 || !matrices.every(({ data }) => data.every(Number.isFinite))) return null;
  const [first, second] = matrices;
  const length = second ? Math.max(first.cols, second.rows) : Math.min(first.rows, first.cols);
  if (length > LONGEST) return null;
  return second ? productSpectrum(first, second, 1) : singularValues(first);
}

/** Reads a module of any kind and measures it. Throws if the file cannot be read any more. */
export async function fileFigures(source: ByteSource, module: Module, work: PairWork = inThread): Promise<Figures> {
  const { magnitude } = module.tensors;
  const magnitudes = magnitude ? Float64Array.from(await readNumbers(source, magnitude)) : null;
  return { ...(await readUpdateFigures(source, module, work)), magnitudes: threeOf(magnitudes) };
}

async function readUpdateFigures(source: ByteSource, module: Module, work: PairWork): Promise<Figures> {
  const { kind, scaling } = module;
  if (kind === 'lora' || kind === 'experts') {
    const pairs = read(await readPairs(source, module));
    const each = await Promise.all(pairs.map((pair) => work.figures(pair, scaling)));
    return kind === 'lora' ? each[0] : figuresOfExperts(each);
  }
  const pair = kind === 'loha' ? await readHadamard(source, module) : null;
  if (pair) return figuresOf(pair, scaling);
  const sigma = kind === 'lokr' ? await readKronecker(source, module) : null;
  if (sigma) return { ...figuresOfSpectrum(sigma), untrained: !(sigma[0] > 0) };
  const update = read(await readUpdate(source, module));
  const s = scaling ?? 1;
  if ('frobenius' in update) return figuresOfNorm(Math.abs(s) * update.frobenius);
  const { rows, cols, data } = update.matrix;
  if (Math.min(rows, cols) <= LONGEST) return figuresOfUpdate(scale(update.matrix, s));
  let squares = 0;
  for (const x of data) squares += x * x;
  return figuresOfNorm(Math.abs(s) * Math.sqrt(squares));
}

function read<T extends object>(found: T | Fault): T {
  if ('fault' in found) throw new Error(`${found.fault} ${found.details}`);
  return found;
}
