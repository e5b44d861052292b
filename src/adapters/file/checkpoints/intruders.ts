import { zeros } from '../../../math/matrix.ts';
import { closestCosines } from '../../../math/spectral/subspaces.ts';
import type { TensorPair } from './match-tensors.ts';
import { smallSvd } from './panel-products.ts';
import { type PanelMatrix, weightPanels } from './panels.ts';

/**
 * Intruder dimensions (arXiv 2410.21228): of the `top` leading left singular vectors of W_fine those whose |cosine| with
 * every left singular vector of W_base is below ε.
 */
export interface IntruderCount {
  readonly count: number;
  readonly top: number;
  readonly epsilon: number;
}

const TOP = 10;
const EPSILON = 0.5;
/**
 * Shorter side up to which they are counted: all vectors of W_base are needed, each by itself. A range finder gives the
 * space of the leading ones, in which vectors of close σ are mixed, and mixed vectors would count as intruders.
 */
const LONGEST = 512;
const MOST = 2 ** 22;

/** Whether the tensor is a matrix small enough. */
export const canCountIntruders = ({ matrix }: TensorPair): boolean =>
  matrix !== null && Math.min(matrix.d, matrix.k) <= LONGEST && matrix.d * matrix.k <= MOST;

/** null if the matrix is too large. */
export async function countIntruders(pair: TensorPair, signal?: AbortSignal): Promise<IntruderCount | null> {
  if (!canCountIntruders(pair)) return null;
  const base = await wholeSvd(await weightPanels(pair, 'base', signal));
  const fine = await wholeSvd(await weightPanels(pair, 'fine', signal));
  const cosines = closestCosines(base, fine, TOP);
  return { count: cosines.filter((x) => x < EPSILON).length, top: cosines.length, epsilon: EPSILON };
}

async function wholeSvd(M: PanelMatrix) {
  if (M.whole) return smallSvd(M.whole);
  const whole = zeros(M.rows, M.cols);
  for await (const { first, block } of M.panels()) whole.data.set(block.data, first * M.cols);
  return smallSvd(whole);
}
