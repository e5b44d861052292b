import {
  allFinite,
  frobenius,
  type Matrix64,
  multiply,
  rowsOf,
  scale,
  transpose,
  zeros,
} from '../../../math/matrix.ts';
import { multiplyInto } from '../../../math/products.ts';
import { type Stream, stream } from '../../../math/random.ts';
import { distanceTo, exactSpectrum, hasExactSpectrum, times } from '../checkpoints/panel-products.ts';
import { panelsOfMatrix } from '../checkpoints/panels.ts';
import { convergedDirections, findDirections } from '../checkpoints/range-finder.ts';
import type { MergePlan, ModuleFactors } from '../model.ts';

/** A summand wᵢsᵢ·B·A of a layer. */
export interface WeightedFactors {
  /** Its file's place in the merge: DARE draws other entries in each. */
  readonly file: number;
  readonly factors: ModuleFactors;
  /** wᵢsᵢ. */
  readonly by: number;
}

/** Entries of a panel of rows. */
const PANEL = 2 ** 18;

/** Panels of rows of all ΔWᵢ, without wᵢsᵢ: of each panel its first row, and rows × k entries of each summand. */
export function* updatePanels(
  all: readonly WeightedFactors[],
): Generator<{ readonly first: number; readonly blocks: readonly Float64Array[] }> {
  const [{ factors }] = all;
  const [d, k] = [factors.B.rows, factors.A.cols];
  const height = Math.max(1, Math.min(d, Math.floor(PANEL / k)));
  const buffers = all.map(() => new Float64Array(height * k));
  for (let first = 0; first < d; first += height) {
    const rows = Math.min(height, d - first);
    const blocks = all.map(({ factors: { B, A } }, i) => {
      const block = buffers[i].subarray(0, rows * k).fill(0);
      multiplyInto(rowsOf(B, first, rows).data, A.data, block, rows, A.rows, k);
      return block;
    });
    yield { first, blocks };
  }
}

type DensePlan = Pick<MergePlan, 'method' | 'density' | 'seed'>;

export interface DenseMerge {
  /** ΔW of the method, d × k. */
  readonly update: Matrix64;
  /** ‖ΔW − Σ wᵢΔWᵢ‖ and ‖Σ wᵢΔWᵢ‖: what the method changes in the plain sum. */
  readonly offSum: number;
  readonly sum: number;
}

/** ΔW of a layer by TIES or DARE; `layer` names it for DARE's draws. null if an entry is not finite. */
export function denseMerge(all: readonly WeightedFactors[], layer: string, plan: DensePlan): DenseMerge | null {
  if (!all.every(({ factors: { B, A }, by }) => allFinite(B) && allFinite(A) && Number.isFinite(by))) return null;
  const [{ factors }] = all;
  const update = zeros(factors.B.rows, factors.A.cols);
  const merge = plan.method === 'ties' ? tiesOf(all, plan.density) : dareOf(all, layer, plan);
  let [offSum, sum] = [0, 0];
  for (const { first, blocks } of updatePanels(all)) {
    const into = update.data.subarray(first * update.cols, first * update.cols + blocks[0].length);
    merge(blocks, into);
    for (let e = 0; e < into.length; e++) {
      let plain = 0;
      for (let i = 0; i < all.length; i++) plain += all[i].by * blocks[i][e];
      offSum += (into[e] - plain) ** 2;
      sum += plain * plain;
    }
  }
  return { update, offSum: Math.sqrt(offSum), sum: Math.sqrt(sum) };
}

/** Fills a panel of ΔW from those of all ΔWᵢ. Panels come in the order of their rows. */
type PanelMerge = (blocks: readonly Float64Array[], into: Float64Array) => void;

/**
 * TIES (Yadav et al., NeurIPS 2023), matrix by matrix. Trim: of each ΔWᵢ the largest ⌊density·d·k⌋ entries by magnitude
 * stay, of equal ones the first. Elect: γ = sgn Σ wᵢτᵢ over what is left. Disjoint mean: the mean of the wᵢτᵢ whose sign
 * is γ; 0 if there is none. With equal weights λ this is the paper's λ·τ.
 */
function tiesOf(all: readonly WeightedFactors[], density: number): PanelMerge {
  const trims = all.map(({ factors }) => trimOf(factors, density));
  const values = new Float64Array(all.length);
  return (blocks, into) => {
    for (let e = 0; e < into.length; e++) {
      let total = 0;
      for (let i = 0; i < values.length; i++) {
        const x = blocks[i][e];
        values[i] = trims[i](x) ? all[i].by * x : 0;
        total += values[i];
      }
      const sign = Math.sign(total);
      let [sum, count] = [0, 0];
      for (let i = 0; i < values.length; i++) {
        if (values[i] === 0 || Math.sign(values[i]) !== sign) continue;
        sum += values[i];
        count++;
      }
      into[e] = count === 0 ? 0 : sum / count;
    }
  };
}

/** Whether an entry of B·A is kept; asked of every entry once, row by row. */
function trimOf({ B, A }: ModuleFactors, density: number): (x: number) => boolean {
  const magnitudes = multiply(B, A).data;
  for (let i = 0; i < magnitudes.length; i++) magnitudes[i] = Math.abs(magnitudes[i]);
  // As int(density·numel) of PEFT and mergekit; one at least.
  const kept = Math.max(1, Math.floor(density * magnitudes.length));
  const threshold = nthLargest(magnitudes, kept);
  let equal = kept;
  for (let i = 0; i < magnitudes.length; i++) if (magnitudes[i] > threshold) equal--;
  return (x) => {
    const size = Math.abs(x);
    return size > threshold || (size === threshold && equal-- > 0);
  };
}

/** The n-th largest number, n from 1; reorders them (Hoare's quickselect, Communications of the ACM 4, 1961). */
export function nthLargest(values: Float64Array, n: number): number {
  let [left, right] = [0, values.length - 1];
  const target = values.length - n;
  while (left < right) {
    const pivot = values[(left + right) >> 1];
    let [i, j] = [left, right];
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const kept = values[i];
      values[i++] = values[j];
      values[j--] = kept;
    }
    if (target <= j) right = j;
    else if (target >= i) left = i;
    else break;
  }
  return values[target];
}

/**
 * DARE (Yu et al., ICML 2024): each entry of ΔWᵢ is kept with probability `density` and divided by it, else 0; then Σ
 * wᵢΔWᵢ. An entry is kept if the next number of the stream of its seed, file and layer is below `density`.
 */
function dareOf(all: readonly WeightedFactors[], layer: string, { density, seed }: DensePlan): PanelMerge {
  const draws = all.map(({ file }): Stream => stream(seed, `dare ${file} ${layer}`));
  return (blocks, into) => {
    into.fill(0);
    for (const [i, block] of blocks.entries()) {
      const [{ by }, { uniform }] = [all[i], draws[i]];
      for (let e = 0; e < into.length; e++) if (uniform() < density) into[e] += (by * block[e]) / density;
    }
  };
}

/** Passes over a matrix that is too large for all its singular values: its spectrum is flat. */
const ROUNDS = 8;

/**
 * B·A of this rank nearest to M, as far as the found directions are its leading ones: B = M·V and A = Vᵀ. `error` is
 * ‖M − B·A‖/‖M‖ over all entries, whatever the directions.
 */
export async function cutOfMatrix(
  M: Matrix64,
  rank: number,
): Promise<{ readonly factors: ModuleFactors; readonly error: number }> {
  const norm = frobenius(M);
  if (norm === 0) return { factors: { B: zeros(M.rows, rank), A: zeros(rank, M.cols) }, error: 0 };
  const panels = panelsOfMatrix(M);
  const { V } = hasExactSpectrum(panels)
    ? await convergedDirections(panels, rank, await exactSpectrum(panels))
    : await findDirections(panels, rank, ROUNDS);
  const factors = { B: await times(panels, V), A: transpose(V) };
  return { factors, error: (await distanceTo(panels, factors.B, factors.A, 1)) / norm };
}

/** ‖M − s·B·A‖. */
export const distanceToMatrix = (M: Matrix64, { B, A }: ModuleFactors, s: number): Promise<number> =>
  distanceTo(panelsOfMatrix(M), B, A, s);

/**
 * B = Σ √|cᵢ|·Bᵢ and A = Σ ±√|cᵢ|·Aᵢ with cᵢ = wᵢsᵢ and its sign: PEFT's "linear". B·A has the cross terms
 * √|cᵢcⱼ|·(±BᵢAⱼ), i ≠ j, which are no part of Σ cᵢBᵢAᵢ.
 */
export const linearFactors = (all: readonly WeightedFactors[]): ModuleFactors =>
  all
    .map(({ factors: { B, A }, by }) => {
      const root = Math.sqrt(Math.abs(by));
      return { B: scale(B, root), A: scale(A, by < 0 ? -root : root) };
    })
    .reduce((x, y) => ({ B: plus(x.B, y.B), A: plus(x.A, y.A) }));

function plus(x: Matrix64, y: Matrix64): Matrix64 {
  return { ...x, data: x.data.map((value, i) => value + y.data[i]) };
}
