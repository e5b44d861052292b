import { emptyPlane, type Plane } from '../../../math/plane.ts';
import { productSvd } from '../../../math/spectral/product-svd.ts';

/** ΔW = s·B·A as layers σᵢuᵢvᵢᵀ, the strongest first, and their running sums. */
export interface LayerPeel {
  /** All σᵢ, descending. */
  readonly values: ArrayLike<number>;
  /** Entry i − 1: share of the energy ‖ΔW‖² in the first i layers; 1 for all if ΔW is zero. */
  readonly shares: readonly number[];
  /** The first layers and their running sums; block means if the matrix is large. */
  readonly layers: readonly Plane[];
  readonly sums: readonly Plane[];
}

const DRAWN = 8;
/** Up to this rank a few ms, short enough for the page's own thread; 20 ms at 64. */
export const MAX_RANK = 32;
const CELLS = 128;

interface PeelFactors {
  readonly A: Float32Array;
  readonly B: Float32Array;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
}

/** The d × k product is never formed: its singular vectors come from r × r matrices (product-svd.ts). */
export function peelOf({ A, B, d, k, rank }: PeelFactors, s: number, drawn = DRAWN): LayerPeel {
  const { U, S, V } = productSvd({ rows: d, cols: rank, data: B }, { rows: rank, cols: k, data: A }, s);
  const energy = S.reduce((sum, value) => sum + value * value, 0);
  let kept = 0;
  const shares = Array.from(S, (value) => {
    kept += value * value;
    return energy > 0 ? kept / energy : 1;
  });
  const plane = emptyPlane(d, k, CELLS);
  let sum = new Float32Array(plane.values.length);
  const layers: Plane[] = [];
  const sums: Plane[] = [];
  for (let i = 0; i < Math.min(drawn, S.length); i++) {
    // The mean of a block of u·vᵀ is the mean of u there times the mean of v.
    const u = blockMeans(U.data, d, U.cols, i, plane.blockRows);
    const v = blockMeans(V.data, k, V.cols, i, plane.blockCols);
    const values = new Float32Array(plane.values.length);
    for (let row = 0; row < plane.rows; row++)
      for (let col = 0; col < plane.cols; col++) values[row * plane.cols + col] = S[i] * u[row] * v[col];
    sum = sum.map((before, at) => before + values[at]);
    layers.push({ ...plane, values });
    sums.push({ ...plane, values: sum });
  }
  return { values: S, shares, layers, sums };
}

/** Means of `block` entries at a time of a column of a row-major matrix. */
function blockMeans(data: ArrayLike<number>, rows: number, cols: number, column: number, block: number): Float64Array {
  const means = new Float64Array(Math.ceil(rows / block));
  for (let i = 0; i < rows; i++) means[Math.floor(i / block)] += data[i * cols + column];
  return means.map((sum, b) => sum / (Math.min(rows, (b + 1) * block) - b * block));
}

/** The least number of layers that hold a share of the energy; null if all together do not. */
export function minLayerCount({ shares }: Pick<LayerPeel, 'shares'>, share: number): number | null {
  const at = shares.findIndex((kept) => kept >= share);
  return at < 0 ? null : at + 1;
}

/** ‖P − Q‖ / ‖Q‖ over planes of entries; null for block means. */
export function distance(P: Plane, Q: Plane): number | null {
  if (P.blockRows * P.blockCols !== 1 || Q.values.length !== P.values.length) return null;
  let [apart, whole] = [0, 0];
  for (let i = 0; i < P.values.length; i++) {
    apart += (P.values[i] - Q.values[i]) ** 2;
    whole += Q.values[i] ** 2;
  }
  return whole > 0 ? Math.sqrt(apart / whole) : null;
}
