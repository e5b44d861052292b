import type {
  ByteSource,
  Fault,
  MergePlan,
  PairFigures,
  PredictedResize,
  ResizePlan,
  Spectra,
  Warning,
} from '../file/model.ts';
import { mergeCurve, type PredictedMerge, predictMerge } from '../file/pair/predict-merge.ts';
import { remembered } from '../file/remembered.ts';
import { type GrowPlan, grownFile } from '../file/resize/grown-file.ts';
import { floorCurve, oneRankCurve, predictResize, spectraOf } from '../file/resize/predict-resize.ts';
import { planOfSize } from '../file/resize/size-choices.ts';
import { sizeOfFile } from '../file/safetensors/write.ts';
import { hasPairs } from '../file/shapes.ts';
import { warningsOf } from '../file/warnings/warnings.ts';
import type { AdaptersState, FilePair, FoundSizes, OpenedFile, SizeGoalName, WrittenFile } from './adapters-state.ts';

/** What is to be known of a file; nothing while it is read. */
export const fileWarnings = ({ adapter, figures, reading }: OpenedFile): readonly Warning[] =>
  reading && !reading.stopped ? NO_WARNINGS : warnings(adapter, figures);

const NO_WARNINGS: readonly Warning[] = [];
const warnings = remembered(warningsOf);

export interface CutPlan {
  readonly file: OpenedFile;
  readonly plan: ResizePlan;
  readonly spectra: Spectra;
  readonly foretold: PredictedResize;
  /** As the worker has found them, if it has. */
  readonly sizes: FoundSizes | null;
}

/** The cut of the first file; null until all of it is read, and if no module can be cut. */
export function cutPlan({ files, resize, sizes }: AdaptersState): CutPlan | null {
  const file = files[0];
  return file && canBeCut(file) ? cut(file, resize, sizes?.adapter === file.adapter ? sizes : null) : null;
}

const canBeCut = (file: OpenedFile) => !file.reading && spectra(file).some((one) => one !== null);

/** The least error of a file of each size. */
export const floorOf = ({ file, plan: { dtype }, sizes }: CutPlan) =>
  (dtype === null && sizes?.floor) || floor(file, dtype);

/** The error of a file with one rank for all modules, for each rank. */
export const oneRankOf = ({ file, plan: { dtype } }: CutPlan) => oneRank(file, dtype);

export interface SmallerPlan {
  readonly file: OpenedFile;
  readonly goal: SizeGoalName;
  readonly choices: FoundSizes;
  readonly spectra: Spectra;
  /** Of the chosen size; null while it is searched for. */
  readonly plan: ResizePlan | null;
}

/** The first file, of whose sizes the worker can be asked; null as for `cutPlan`. */
export const sizedFile = ({ files: [file] }: AdaptersState): OpenedFile | null =>
  file && !file.asksAlpha && canBeCut(file) ? file : null;

/** The choices of “Make it smaller” for the first file; null as for `cutPlan`, and until they are found. */
export function smallerPlan(state: AdaptersState): SmallerPlan | null {
  const { sizes, smaller } = state;
  const file = sizedFile(state);
  return file && sizes?.adapter === file.adapter ? smallerOf(file, sizes, smaller.goal, smaller.most) : null;
}

const smallerOf = remembered(
  (file: OpenedFile, choices: FoundSizes, goal: SizeGoalName, most: number | null): SmallerPlan => {
    const found = goal !== 'most' || most === null || Math.max(most, choices.floor[0].bytes) === choices.most.limit;
    return { file, goal, choices, spectra: spectra(file), plan: found ? planOfSize(choices[goal].limit) : null };
  },
);

/** A plan's result as the worker has found it; null if it has another size, or limits. */
function foundFor(sizes: FoundSizes, { way, most, mostOfConvolutions, dtype }: ResizePlan): PredictedResize | null {
  if (way.by !== 'bytes' || most !== null || mostOfConvolutions !== null || dtype !== null) return null;
  const { nearly, half, smallest, most: wanted } = sizes;
  return [nearly, half, smallest, wanted].find(({ limit }) => limit === way.bytes)?.predicted ?? null;
}

const spectra = remembered((file: OpenedFile) => spectraOf(file.adapter, file.figures));
const cut = remembered(
  (file: OpenedFile, plan: ResizePlan, sizes: FoundSizes | null): CutPlan => ({
    file,
    plan,
    sizes,
    spectra: spectra(file),
    foretold: (sizes && foundFor(sizes, plan)) ?? predictResize(file.adapter, spectra(file), plan),
  }),
);
// Apart: one after the other in two tasks.
const floor = remembered((file: OpenedFile, dtype: ResizePlan['dtype']) =>
  floorCurve(file.adapter, spectra(file), dtype),
);
const oneRank = remembered((file: OpenedFile, dtype: ResizePlan['dtype']) =>
  oneRankCurve(file.adapter, spectra(file), dtype),
);

export interface GrowthPlan extends GrowPlan {
  readonly file: OpenedFile;
  /** Why the file does not grow; null if it does. */
  readonly fault: Fault | null;
  readonly bytes: number;
  /** The largest |s′/s − 1|: 0 if no bit of ΔW changes. */
  readonly error: number;
}

/** The growth of the first file; null while a person is asked for α. */
export const growthPlan = ({ files: [file], grow }: AdaptersState): GrowthPlan | null =>
  file && !file.asksAlpha ? growth(file, grow) : null;

/** Sizes and names alone are asked for. */
const CLOSED: ByteSource = { name: '', size: 0, read: () => Promise.reject(new Error('the file is not read here')) };

const growth = remembered((file: OpenedFile, { rank: wanted, seed }: AdaptersState['grow']): GrowthPlan => {
  const largest = file.adapter.modules.reduce(
    (max, { kind, rank }) => (hasPairs({ kind }) ? Math.max(max, rank) : max),
    1,
  );
  const rank = wanted ?? 2 * largest;
  const made = grownFile(CLOSED, file.adapter, { rank, seed });
  if ('fault' in made) return { file, rank, seed, fault: made, bytes: 0, error: 0 };
  return { file, rank, seed, fault: null, bytes: sizeOfFile(made.file), error: made.error };
});

export interface MergeNumbers extends PredictedMerge {
  readonly curve: Float64Array;
}

/** Errors below this, relative to the sum, are rounding in float64. */
export const ROUNDING_ERROR = 1e-12;

/** The smallest rank at which the sum is exact up to rounding. */
export const exactRank = (curve: Float64Array): number => curve.findIndex((error) => error < ROUNDING_ERROR);

/** null until every pair is read, and if s of a file is unknown. */
export function mergeNumbers({ pair, files }: AdaptersState): MergeNumbers | null {
  return pair && files.length > 1 ? numbersOf(pair.matched, pair.figures, pairPlan(pair.plan), files) : null;
}

/** Whether figures of pairs predict the merge: of two files, and a sum. */
export const isPairSum = ({ method, weights }: MergePlan): boolean => method === 'sum' && weights.length === 2;

/** The plan if it is a sum of two files; else the plain sum of the first two, to compare them by. */
export const pairPlan = remembered(
  (plan: MergePlan): MergePlan =>
    isPairSum(plan) ? plan : { ...plan, method: 'sum', rank: null, weights: plan.weights.slice(0, 2) },
);

/** The error of the merge as it is planned, relative to its aim; null if it is not known yet. */
export function mergeError(state: AdaptersState): number | null {
  const { pair } = state;
  if (!pair) return null;
  if (isPairSum(pair.plan)) return mergeNumbers(state)?.error ?? null;
  return pair.outlook?.plan === pair.plan ? pair.outlook.foretold.error : null;
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

/** The name of a file to be written: "style-r2-5.safetensors", "style-11MB.safetensors" if cut to a size, "a-and-b.safetensors", "style-kohya.safetensors". */
export function newFileName(state: AdaptersState, does: WrittenFile['does']): string {
  const [first, second] = state.files;
  const old = stem(first?.adapter.name ?? 'adapter');
  switch (does) {
    case 'resize':
      return `${old}-${state.resize.way.by === 'bytes' ? sizeOf(state) : `r${ranksOf(state)}`}.safetensors`;
    case 'merge':
      return `${old}-and-${state.files.length > 2 ? `${state.files.length - 1}-more` : stem(second?.adapter.name ?? 'other')}.safetensors`;
    case 'grow':
      return `${old}-grown-r${growthPlan(state)?.rank ?? 0}.safetensors`;
    case 'write-back':
      return `${old}-from-lab.safetensors`;
    case 'convert':
      return `${old}-${state.convertTo}.safetensors`;
    case 'extract':
      return `${stem(state.models?.fine?.name ?? 'model')}-lora.safetensors`;
    default:
      return does satisfies never;
  }
}

/** "11MB", "4.2MB", "320kB". */
function sizeOf(state: AdaptersState): string {
  const bytes = cutPlan(state)?.foretold.bytes ?? 0;
  const [value, unit] = bytes >= 1e6 ? [bytes / 1e6, 'MB'] : [bytes / 1e3, 'kB'];
  return `${value >= 10 ? Math.round(value) : value.toPrecision(2)}${unit}`;
}

function ranksOf(state: AdaptersState): string {
  const made = cutPlan(state);
  const ranks = made?.foretold.ranks.filter((_, i) => made.spectra[i] !== null) ?? [];
  const [min, max] = [Math.min(...ranks), Math.max(...ranks)];
  return min === max ? `${min}` : `${min}-${max}`;
}
