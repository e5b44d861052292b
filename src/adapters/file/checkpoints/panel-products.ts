import { qrR, thinQr } from '../../../math/factor/qr.ts';
import { type Svd, svd } from '../../../math/factor/svd.ts';
import { type Matrix64, rowsOf, transpose, vstack, zeros } from '../../../math/matrix.ts';
import { multiplyInto } from '../../../math/products.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { panelProduct, panelTriangle } from './block-products.ts';
import type { PanelMatrix } from './panels.ts';

/**
 * All work on whole matrices of two checkpoints: products with panels and the decompositions of what is small. A faster
 * product or decomposition takes its place here.
 */

export const orthonormalColumns = (m: Matrix64): Matrix64 => thinQr(m).Q;

export const smallSvd = (m: Matrix64): Svd => svd(m);

/** Rows of a panel's product that are turned at once. */
const STRIP = 64;

/** The rows that are not all zero, as of an embedding whose other words did not occur: they add nothing to MᵀM. */
function withoutZeroRows(block: Matrix64): Matrix64 {
  const { rows, cols, data } = block;
  const kept = Array.from({ length: rows }, (_, i) => data.subarray(i * cols, (i + 1) * cols)).filter(
    (row) => !row.every((x) => x === 0),
  );
  if (kept.length === rows) return block;
  const packed = zeros(kept.length, cols);
  for (const [i, row] of kept.entries()) packed.data.set(row, i * cols);
  return packed;
}

/** MᵀM·Z (cols × n), and R of the QR decomposition of M·Z, in one pass over M. */
export async function normalTimes(M: PanelMatrix, Z: Matrix64): Promise<{ normal: Matrix64; R: Matrix64 }> {
  const simd = panelProduct(Z);
  if (!simd) return plainNormalTimes(M, Z);
  for await (const { block } of M.panels()) simd.add(withoutZeroRows(block));
  return simd.results();
}

async function plainNormalTimes(M: PanelMatrix, Z: Matrix64): Promise<{ normal: Matrix64; R: Matrix64 }> {
  const turned = zeros(Z.cols, M.cols);
  const upper = upperFactor(Z.cols);
  for await (const panel of M.panels()) {
    const block = withoutZeroRows(panel.block);
    if (block.rows === 0) continue;
    const product = zeros(block.rows, Z.cols);
    multiplyInto(block.data, Z.data, product.data, block.rows, M.cols, Z.cols);
    upper.add(product);
    for (let at = 0; at < block.rows; at += STRIP) {
      const count = Math.min(STRIP, block.rows - at);
      const strip = transpose(rowsOf(product, at, count));
      multiplyInto(strip.data, rowsOf(block, at, count).data, turned.data, Z.cols, count, M.cols);
    }
  }
  return { normal: transpose(turned), R: upper.R() };
}

/** M·Z (rows × n). */
export async function times(M: PanelMatrix, Z: Matrix64): Promise<Matrix64> {
  const out = zeros(M.rows, Z.cols);
  const simd = panelProduct(Z);
  for await (const { first, block } of M.panels()) {
    const into = out.data.subarray(first * Z.cols, (first + block.rows) * Z.cols);
    if (simd) into.set(simd.times(block).data);
    else multiplyInto(block.data, Z.data, into, block.rows, M.cols, Z.cols);
  }
  return out;
}

/** R of the QR decomposition of panels that come one after another: it has the singular values of them all. */
function upperFactor(cols: number) {
  const simd = panelTriangle(cols);
  if (simd) return simd;
  let R = zeros(0, cols);
  return {
    add(panel: Matrix64) {
      if (panel.rows > 0) R = qrR(vstack(R, panel));
    },
    R: () => corner(R, cols),
  };
}

/** With rows of 0 below. */
function corner(R: Matrix64, cols: number): Matrix64 {
  const out = zeros(cols, cols);
  out.data.set(R.data);
  return out;
}

/** ‖M − s·L·R‖_F over the panels of M. */
export async function distanceTo(M: PanelMatrix, L: Matrix64, R: Matrix64, s: number): Promise<number> {
  let squares = 0;
  const scaled = new Float64Array(R.data.length);
  for (let i = 0; i < scaled.length; i++) scaled[i] = -s * R.data[i];
  for await (const { first, block } of M.panels()) {
    const left = block.data.slice();
    multiplyInto(rowsOf(L, first, block.rows).data, scaled, left, block.rows, L.cols, M.cols);
    for (let i = 0; i < left.length; i++) squares += left[i] * left[i];
  }
  return Math.sqrt(squares);
}

/** Shorter side up to which all singular values are computed, unless another one is asked for. */
const EXACT = 1024;
/** Numbers of a matrix that is decomposed whole. */
const WHOLE = 2 ** 24;

/** Whether a matrix gets all its singular values: its shorter side is at most `exact`, and it fits or is tall. */
export const hasExactSpectrum = ({ rows, cols }: Pick<PanelMatrix, 'rows' | 'cols'>, exact = EXACT): boolean =>
  Math.min(rows, cols) <= exact && (cols <= exact || rows * cols <= WHOLE);

/** All singular values, the largest first: those of R, taken of the longer side panel by panel. */
export async function exactSpectrum(M: PanelMatrix): Promise<Float64Array> {
  const { whole, rows, cols } = M;
  if (whole && rows === cols) return singularValues(whole);
  if (whole && rows < cols) return singularValues(wideTriangle(whole));
  const upper = upperFactor(cols);
  for await (const { block } of M.panels()) upper.add(withoutZeroRows(block));
  return singularValues(upper.R()).slice(0, Math.min(rows, cols));
}

/** R of the transpose of a wide matrix, some columns at a time. */
function wideTriangle({ rows, cols, data }: Matrix64): Matrix64 {
  const upper = upperFactor(rows);
  for (let first = 0; first < cols; first += rows) {
    const count = Math.min(rows, cols - first);
    const panel = zeros(count, rows);
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < count; j++) panel.data[j * rows + i] = data[i * cols + first + j];
    upper.add(panel);
  }
  return upper.R();
}

/** M·diag(by). */
export function columnsTimes({ rows, cols, data }: Matrix64, by: Float64Array): Matrix64 {
  return { rows, cols, data: data.map((x, i) => x * by[i % cols]) };
}
