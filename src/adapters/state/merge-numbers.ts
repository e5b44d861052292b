import type { MergePlan, PairFigures } from '../file/model.ts';
import { type MergeForetold, mergeCurve, mergeForetold } from '../file/pair/foretold.ts';
import type { AdaptersState, Pair } from './adapters-state.ts';
import { remembered } from './remembered.ts';

/** What will come of the merge that is set; all of it is worked out from spectra. */
export interface MergeNumbers extends MergeForetold {
  /** The error at each rank from 0. */
  readonly curve: Float64Array;
}

/** Errors below this, relative to the sum, are rounding in float64. */
export const ROUNDING = 1e-12;

/** The smallest rank at which the sum is there but for rounding. */
export const neededRank = (curve: Float64Array): number => curve.findIndex((error) => error < ROUNDING);

/** null until every pair is read, and where s of a file is not known. */
export function mergeNumbers({ pair, files }: AdaptersState): MergeNumbers | null {
  return pair && files.length > 1 ? numbersOf(pair.matched, pair.figures, pair.plan, files) : null;
}

const numbersOf = remembered(
  (
    matched: Pair['matched'],
    figures: Pair['figures'],
    plan: MergePlan,
    files: AdaptersState['files'],
  ): MergeNumbers | null => {
    const pairs = allOf({ figures });
    if (!pairs || files.some(({ adapter }) => adapter.modules.some(({ scaling }) => scaling === null))) return null;
    const [first, second] = files;
    const spectra = { matched, pairs, first: first.figures, second: second.figures };
    return { ...mergeForetold(spectra, plan), curve: mergeCurve(spectra, plan) };
  },
);

/** All figures of a pair of files; null while some are not there. */
export function allOf({ figures }: Pick<Pair, 'figures'>): readonly PairFigures[] | null {
  const known = figures.filter((one): one is PairFigures => one !== null);
  return known.length === figures.length && known.length > 0 ? known : null;
}

/** "a + b", "a + 0.5 b", "a − b": the sum that is wanted. */
export function sumName({ weights: [a, b] }: MergePlan): string {
  const times = (weight: number, name: string) => (Math.abs(weight) === 1 ? name : `${Math.abs(weight)} ${name}`);
  return `${a < 0 ? '−' : ''}${times(a, 'a')} ${b < 0 ? '−' : '+'} ${times(b, 'b')}`;
}
