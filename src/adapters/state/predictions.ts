import type { MergePlan, PairFigures, PredictedResize, Spectra } from '../file/model.ts';
import { mergeCurve, type PredictedMerge, predictMerge } from '../file/pair/predict-merge.ts';
import { floorCurve, oneRankCurve, predictResize, spectraOf } from '../file/resize/predict-resize.ts';
import type { AdaptersState, FilePair, OpenedFile, WrittenFile } from './adapters-state.ts';

/** Memoises the last call of a function by its arguments. */
function remembered<A extends readonly unknown[], R>(work: (...given: A) => R): (...given: A) => R {
  let last: { readonly given: A; readonly result: R } | null = null;
  return (...given) => {
    const before = last;
    if (before?.given.every((one, i) => Object.is(one, given[i]))) return before.result;
    const result = work(...given);
    last = { given, result };
    return result;
  };
}

export interface CutPlan {
  readonly file: OpenedFile;
  readonly plan: AdaptersState['resize'];
  readonly spectra: Spectra;
  readonly foretold: PredictedResize;
}

/** The cut of the first file; null until all of it is read, and if no module can be cut. */
export function cutPlan({ files, resize }: AdaptersState): CutPlan | null {
  const file = files[0];
  return file && !file.reading && spectra(file).some((one) => one !== null) ? cut(file, resize) : null;
}

export const errorCurves = ({ file, plan }: CutPlan) => curves(file, plan.dtype);

const spectra = remembered((file: OpenedFile) => spectraOf(file.adapter, file.figures));
const cut = remembered(
  (file: OpenedFile, plan: AdaptersState['resize']): CutPlan => ({
    file,
    plan,
    spectra: spectra(file),
    foretold: predictResize(file.adapter, spectra(file), plan),
  }),
);
const curves = remembered((file: OpenedFile, dtype: AdaptersState['resize']['dtype']) => ({
  floor: floorCurve(file.adapter, spectra(file), dtype),
  oneRank: oneRankCurve(file.adapter, spectra(file), dtype),
}));

export interface MergeNumbers extends PredictedMerge {
  readonly curve: Float64Array;
}

/** Errors below this, relative to the sum, are rounding in float64. */
export const ROUNDING_ERROR = 1e-12;

/** The smallest rank at which the sum is exact up to rounding. */
export const exactRank = (curve: Float64Array): number => curve.findIndex((error) => error < ROUNDING_ERROR);

/** null until every pair is read, and if s of a file is unknown. */
export function mergeNumbers({ pair, files }: AdaptersState): MergeNumbers | null {
  return pair && files.length > 1 ? numbersOf(pair.matched, pair.figures, pair.plan, files) : null;
}

const numbersOf = remembered(
  (
    matched: FilePair['matched'],
    figures: FilePair['figures'],
    plan: MergePlan,
    files: AdaptersState['files'],
  ): MergeNumbers | null => {
    const pairs = allPairFigures({ figures });
    if (!pairs || files.some(({ adapter }) => adapter.modules.some(({ scaling }) => scaling === null))) return null;
    const [first, second] = files;
    const spectra = { matched, pairs, first: first.figures, second: second.figures };
    return { ...predictMerge(spectra, plan), curve: mergeCurve(spectra, plan) };
  },
);

export function allPairFigures({ figures }: Pick<FilePair, 'figures'>): readonly PairFigures[] | null {
  const known = figures.filter((one): one is PairFigures => one !== null);
  return known.length === figures.length && known.length > 0 ? known : null;
}

export function sumName({ weights: [a, b] }: MergePlan): string {
  const times = (weight: number, name: string) => (Math.abs(weight) === 1 ? name : `${Math.abs(weight)} ${name}`);
  return `${a < 0 ? '−' : ''}${times(a, 'a')} ${b < 0 ? '−' : '+'} ${times(b, 'b')}`;
}

/** Longer names are cut, so that two together, with a suffix, are a name that every disk takes. */
const LONGEST = 80;

const stem = (name: string) =>
  name
    .replace(/\.safetensors$/i, '')
    .replaceAll('/', '-')
    .slice(-LONGEST);

/** The name of a file to be written: "style-r2-5.safetensors", "a-and-b.safetensors", "style-kohya.safetensors". */
export function newFileName(state: AdaptersState, does: WrittenFile['does']): string {
  const [first, second] = state.files;
  const old = stem(first?.adapter.name ?? 'adapter');
  switch (does) {
    case 'resize':
      return `${old}-r${ranksOf(state)}.safetensors`;
    case 'merge':
      return `${old}-and-${stem(second?.adapter.name ?? 'other')}.safetensors`;
    case 'convert':
      return `${old}-${state.convertTo}.safetensors`;
    default:
      return does satisfies never;
  }
}

function ranksOf(state: AdaptersState): string {
  const made = cutPlan(state);
  const ranks = made?.foretold.ranks.filter((_, i) => made.spectra[i] !== null) ?? [];
  const [min, max] = [Math.min(...ranks), Math.max(...ranks)];
  return min === max ? `${min}` : `${min}-${max}`;
}
