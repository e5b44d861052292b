import type { RunChart, Scene } from '../../../charts/chart.ts';
import { error } from '../../../charts/error/error.ts';
import { errorPicture } from '../../../charts/error/picture.ts';
import { spectrum, spectrumPicture } from '../../../charts/spectrum/spectrum.ts';
import { number } from '../../../experiment/numbers.ts';
import { dotRadius, type Size } from '../../../kit/chart/chart.ts';
import { dot, type Mark, type Point, polyline } from '../../../kit/chart/marks.ts';
import { drawing } from '../../../kit/chart/picture.ts';
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

/** The first layers of ΔW are kept; the others are pale. */
export interface KeptLayers {
  readonly layers: number;
  /** Relative error of their sum; null if unknown. */
  readonly error: number | null;
}

const layersWords = (layers: number) => (layers === 1 ? '1 pattern kept' : `${layers} patterns kept`);

/** The spectrum with the kept part of ΔW in its full hue. */
export function keptSpectrum(kept: KeptLayers): RunChart {
  return {
    ...spectrum,
    draw: drawing((scene, size) => keptSpectrumPicture(scene, size, kept)),
    describe: (scene) => `${spectrum.describe(scene)} ${layersWords(kept.layers)}.`,
  };
}

/** The error chart with both errors: of the kept part and of the run. */
export function keptError(kept: KeptLayers): RunChart {
  const words = kept.error === null ? '' : ` The first ${kept.layers} of its patterns alone: ${number(kept.error)}.`;
  return {
    ...error,
    draw: drawing((scene, size) => errorPicture(scene, size, partOf(kept, scene))),
    describe: (scene) => `${error.describe(scene)}${words}`,
  };
}

function keptSpectrumPicture(scene: Scene, size: Size, { layers }: KeptLayers): Mark[] {
  const marks = spectrumPicture(scene, size);
  if (scene.empty !== null || !scene.spectrum) return marks;
  const radius = dotRadius(size);
  const points = Array.from({ length: scene.rank }, (_, i): Point | null => {
    const at = marks.find(({ key }) => key === `update ${i + 1}`)?.attributes;
    return at ? [Number(at.cx), Number(at.cy)] : null;
  }).filter((point) => point !== null);
  if (points.length === 0) return marks;
  const first = points.slice(0, layers);
  return [
    ...marks.flatMap((mark): Mark[] => {
      if (mark.key === 'update')
        return [polyline('update', 'line pale dw', points), polyline('kept', 'main dw', first)];
      if (mark.key === 'update label') return [{ ...mark, key: 'kept label', text: layersWords(layers) }];
      return OF_UPDATE.test(mark.key) ? [] : [mark];
    }),
    ...points.map((at, i) => dot(`update ${i + 1}`, i < layers ? 'dw' : 'open dw', at, radius * 1.1)),
  ];
}

/** Keys of ΔW's dots, and of its label's second line or leader. */
const OF_UPDATE = /^update( \d|.label)/;

function partOf({ layers, error }: KeptLayers, { rank }: Scene) {
  return error !== null && layers < rank ? { layers, error } : null;
}
