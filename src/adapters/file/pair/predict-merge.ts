import type { Figures, MergePlan, ModuleMatches, PairFigures } from '../model.ts';

/** The prediction of a merge. Errors are relative: ‖merged − sum‖/‖sum‖, 0 for a sum of zero. */
export interface PredictedMerge {
  /** Of each pair, in the order of `matched.pairs`. */
  readonly errors: readonly number[];
  /** Over the whole file, including modules of one file alone if they are carried. */
  readonly error: number;
  /** Error of adding the factors, over all pairs; null if ranks differ in a pair, or s is unknown. */
  readonly linear: number | null;
  /** The largest rank of the merged file, and of an exact merge: ranks added, except at weight 0. */
  readonly rank: number;
  readonly exactRank: number;
}

export interface MergeFigures {
  readonly matched: ModuleMatches;
  readonly pairs: readonly PairFigures[];
  readonly first: readonly (Figures | null)[];
  readonly second: readonly (Figures | null)[];
}

/** The spectra of the pairs B·A in the merged file: of common modules, then of carried ones, times their weight. */
function spectraOf(figures: MergeFigures, plan: MergePlan): readonly Float64Array[] {
  const { matched, pairs } = figures;
  const whole = matched.notPairs.map((indices) => new Set(indices));
  const alone = (file: 0 | 1, indices: readonly number[], of: readonly (Figures | null)[]) => {
    const weight = Math.abs(plan.weights[file]);
    const cut = weight === 0 ? [] : indices.filter((i) => !whole[file].has(i));
    return cut.map((i) => (of[i]?.sigma ?? new Float64Array(0)).map((x) => weight * x));
  };
  return [
    ...pairs.map((pair) => pair.sigma[2]),
    ...(plan.others === 'carried'
      ? [...alone(0, matched.onlyFirst, figures.first), ...alone(1, matched.onlySecond, figures.second)]
      : []),
  ];
}

function rankOf({ pairs }: MergeFigures, spectra: readonly Float64Array[], { weights }: MergePlan): number {
  const [first, second] = weights.map((weight) => (weight === 0 ? 0 : 1));
  const added = pairs.map(({ sigma }) => first * sigma[0].length + second * sigma[1].length);
  const alone = spectra.slice(pairs.length).map(({ length }) => length);
  return [...added, ...alone].reduce((max, rank) => Math.max(max, rank), 0);
}

/** Σσ² beyond rank r, from the smallest on. */
function lost(sigma: Float64Array, rank: number): number {
  let sum = 0;
  for (let i = sigma.length - 1; i >= rank; i--) sum += sigma[i] * sigma[i];
  return sum;
}

const relative = (part: number, whole: number) => (whole > 0 ? Math.sqrt(part / whole) : 0);
const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** Errors of a merge by Eckart and Young (1936), from the spectra alone. */
export function predictMerge(figures: MergeFigures, plan: MergePlan): PredictedMerge {
  const spectra = spectraOf(figures, plan);
  const exactRank = rankOf(figures, spectra, plan);
  const rank = plan.rank ?? exactRank;
  const squares = spectra.map((sigma) => lost(sigma, 0));
  const losses = spectra.map((sigma) => (rank < exactRank ? lost(sigma, rank) : 0));
  return {
    errors: figures.pairs.map((_, i) => relative(losses[i], squares[i])),
    error: relative(total(losses), total(squares)),
    linear: linearOverall(figures.pairs),
    rank: Math.min(rank, exactRank),
    exactRank,
  };
}

/** The error over the file at each rank r′ from 0 (all is lost: 1) to that of the exact merge. */
export function mergeCurve(figures: MergeFigures, plan: MergePlan): Float64Array {
  const spectra = spectraOf(figures, plan);
  const losses = new Float64Array(rankOf(figures, spectra, plan) + 1);
  for (const sigma of spectra) {
    let sum = 0;
    for (let i = sigma.length - 1; i >= 0; i--) {
      sum += sigma[i] * sigma[i];
      if (i < losses.length) losses[i] += sum;
    }
  }
  // Past the exact rank, a weight of 0 leaves only rounding.
  return losses.map((loss, rank) => (rank < losses.length - 1 ? relative(loss, losses[0]) : 0));
}

function linearOverall(pairs: readonly PairFigures[]): number | null {
  let [error, whole] = [0, 0];
  for (const { linear, frobenius } of pairs) {
    if (linear === null) return null;
    // If a sum is zero, cross terms make its relative error, and so the whole, infinite.
    if (linear === Number.POSITIVE_INFINITY) return linear;
    error += (linear * frobenius[2]) ** 2;
    whole += frobenius[2] ** 2;
  }
  if (pairs.length === 0) return null;
  return relative(error, whole);
}
