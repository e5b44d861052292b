import { type Matrix64, multiply, transpose } from '../../../math/matrix.ts';
import type { TensorPair } from './match-tensors.ts';
import { smallSvd, times } from './panel-products.ts';
import { type PanelMatrix, weightPanels } from './panels.ts';
import { findDirections } from './range-finder.ts';

/**
 * Intruder dimensions (arXiv 2410.21228): of the `top` leading left singular vectors of W_fine those whose |cosine| with
 * every left singular vector of W_base is below ε.
 */
export interface IntruderCount {
  /** Surely so: even all that the known vectors leave of it, in one unknown vector, would lie below ε. */
  readonly sure: number;
  /** At most so: those below ε against the known vectors. Equal to `sure` if all are known. */
  readonly most: number;
  readonly top: number;
  readonly epsilon: number;
  /** Left singular vectors of W_base that were looked at; null: all. */
  readonly known: number | null;
}

const TOP = 10;
const EPSILON = 0.5;
/** Leading vectors of W_base, and the shorter side up to which all are computed. */
const KNOWN = 128;
const ALL = 256;
/** Single vectors need more rounds than the space that they span. */
const ROUNDS = 8;
/** Numbers of the left vectors in memory, at most (64 MB). */
const MOST = 2 ** 23;

/** null if the vectors would be too large. */
export async function countIntruders(pair: TensorPair, signal?: AbortSignal): Promise<IntruderCount | null> {
  const { d, k } = pair.matrix ?? { d: 0, k: 0 };
  if (d * KNOWN > MOST) return null;
  const all = Math.min(d, k) <= ALL && d * k <= MOST;
  const base = await leftVectors(await weightPanels(pair, 'base', signal), all ? null : KNOWN);
  const fine = await leftVectors(await weightPanels(pair, 'fine', signal), all ? null : TOP);
  const count = Math.min(TOP, fine.sigma.filter((x) => x > 1e-12 * fine.sigma[0]).length);
  const cosines = multiply(transpose(fine.U), base.U);
  let [sure, most] = [0, 0];
  for (let i = 0; i < count; i++) {
    let [largest, squares] = [0, 0];
    for (let j = 0; j < cosines.cols; j++) {
      const x = Math.abs(cosines.data[i * cosines.cols + j]);
      largest = Math.max(largest, x);
      squares += x * x;
    }
    if (largest >= EPSILON) continue;
    most++;
    if (all || Math.sqrt(Math.max(0, 1 - squares)) < EPSILON) sure++;
  }
  return { sure, most, top: count, epsilon: EPSILON, known: all ? null : base.U.cols };
}

/** All left singular vectors, or the leading ones. */
async function leftVectors(M: PanelMatrix, n: number | null): Promise<{ U: Matrix64; sigma: Float64Array }> {
  if (n === null && M.whole) {
    const { U, S } = smallSvd(M.whole);
    return { U, sigma: S };
  }
  const { V, sigma } = await findDirections(M, n ?? KNOWN, ROUNDS);
  const U = await times(M, V);
  for (let i = 0; i < U.rows; i++) {
    for (let j = 0; j < U.cols; j++) U.data[i * U.cols + j] /= sigma[j] || 1;
  }
  return { U, sigma };
}
