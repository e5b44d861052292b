import { allFinite } from '../../../math/matrix.ts';
import type { AdapterSource, PairFigures, WorkOptions } from '../model.ts';
import { hasPairs } from '../shapes.ts';
import { pairFigures } from './compare.ts';
import { updatePanels, type WeightedFactors } from './dense-merge.ts';
import { type AdapterMerge, weightedFactors } from './merged-file.ts';

/** Where the wᵢΔWᵢ of a layer work against each other, before they are merged. null: not of several files, or not finite. */
export interface LayerConflict {
  /** Share of Σᵢ‖wᵢΔWᵢ‖² in entries where both signs occur: about ½ for two updates that know nothing of each other. */
  readonly signs: number;
  /** φ of all directions, the mean of both sides and of all pairs of files: 1 is one subspace. */
  readonly overlap: number;
}

export interface MergeConflicts {
  /** Of each module of the merge. */
  readonly layers: readonly (LayerConflict | null)[];
  /** Over all layers of several files, by energy; null: there is none. */
  readonly signs: number | null;
  /** The mean over these layers. */
  readonly overlap: number | null;
}

/** Conflicts of sign and of subspace. ΔW is formed panel by panel, and never whole. */
export async function mergeConflicts(
  files: readonly AdapterSource[],
  { modules }: Pick<AdapterMerge, 'modules'>,
  { signal, progress }: WorkOptions = {},
): Promise<MergeConflicts> {
  const sources = files.map(({ source }) => source);
  const layers: (LayerConflict | null)[] = [];
  const sums = { energy: 0, opposed: 0, overlap: 0, count: 0 };
  for (const [i, of] of modules.entries()) {
    signal?.throwIfAborted();
    const several = hasPairs(of.module) && of.summands.length > 1;
    const each = several ? await weightedFactors(of, sources) : [];
    const finite = each.flat().every(({ factors: { B, A } }) => allFinite(B) && allFinite(A));
    if (each.length === 0 || !finite) layers.push(null);
    else {
      const conflicts = each.map(signConflict);
      const energy = total(conflicts.map((one) => one.energy));
      const opposed = total(conflicts.map((one) => one.opposed));
      const overlap = total(each.map(meanOverlap)) / each.length;
      sums.energy += energy;
      sums.opposed += opposed;
      sums.overlap += overlap;
      sums.count++;
      layers.push({ signs: energy === 0 ? 0 : opposed / energy, overlap });
    }
    progress?.(i + 1, modules.length);
  }
  return {
    layers,
    signs: sums.energy > 0 ? sums.opposed / sums.energy : null,
    overlap: sums.count > 0 ? sums.overlap / sums.count : null,
  };
}

const total = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0);

/** Σᵢ(wᵢΔWᵢ)² over all entries, and over those where both signs occur. */
function signConflict(all: readonly WeightedFactors[]) {
  let [energy, opposed] = [0, 0];
  for (const { blocks } of updatePanels(all)) {
    for (let e = 0; e < blocks[0].length; e++) {
      let [squares, above, below] = [0, false, false];
      for (let i = 0; i < all.length; i++) {
        const x = all[i].by * blocks[i][e];
        squares += x * x;
        if (x > 0) above = true;
        else if (x < 0) below = true;
      }
      energy += squares;
      if (above && below) opposed += squares;
    }
  }
  return { energy, opposed };
}

function meanOverlap(all: readonly WeightedFactors[]): number {
  let [sum, count] = [0, 0];
  for (const [i, one] of all.entries()) {
    for (const other of all.slice(i + 1)) {
      sum += fullOverlap(pairFigures(one.factors, 1, other.factors, 1, [1, 1]));
      count++;
    }
  }
  return sum / count;
}

/** φ of all compared directions, the mean of left and right; 0 if one update is zero. */
function fullOverlap({ left, right }: Pick<PairFigures, 'left' | 'right'>): number {
  const n = Math.min(left.rows, left.cols);
  if (n === 0) return 0;
  const at = (n - 1) * left.cols + n - 1;
  return (left.data[at] + right.data[at]) / 2;
}
