import { prepareProblem } from '../../experiment/layer/problem.ts';
import type { AdapterName } from '../../experiment/methods/which/adapters.ts';
import { KINDS, type KindName, SIDE, type UpdateKind } from '../../experiment/methods/which/kinds.ts';
import { type MapView, readMapView } from '../../experiment/methods/which/map.ts';
import { experimentOf, measuredRow } from '../../experiment/methods/which/measured.ts';
import type { AnyMatrix } from '../../math/matrix.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import { lessonValue } from '../pane/values.tsx';

const kindOf = (name: KindName): UpdateKind<KindName> => KINDS.find((kind) => kind.name === name) ?? KINDS[0];

/** ΔW* and W₀ of a kind of update. Throws if they cannot be made. */
export function matricesOf(name: KindName, seed: number): { readonly update: AnyMatrix; readonly base: AnyMatrix } {
  const problem = prepareProblem(experimentOf(kindOf(name), seed), null, { vectors: false });
  if ('why' in problem) throw new Error(problem.why);
  const [{ wanted, base }] = problem.modules;
  return { update: wanted.matrix, base };
}

const ENTRIES = SIDE * SIDE;

/** What is left of an update by trained numbers, as [share of all entries, relative error]. */
interface RestCurves {
  /** The largest entries, */
  readonly largest: readonly (readonly [share: number, error: number])[];
  /** any entries, or any fixed random directions, on average √(1 − share), */
  readonly random: readonly (readonly [share: number, error: number])[];
  /** and LoRA at ranks with as many numbers. */
  readonly lora: readonly (readonly [share: number, error: number])[];
}

const STEPS = 64;

export function restCurves(update: AnyMatrix): RestCurves {
  const squares = Float64Array.from(update.data, (value) => value * value).sort();
  const total = squares.reduce((sum, square) => sum + square, 0);
  // The sum of the smallest n squares.
  const below = new Float64Array(ENTRIES + 1);
  squares.forEach((square, n) => {
    below[n + 1] = below[n] + square;
  });
  const shares = Array.from({ length: STEPS + 1 }, (_, n) => n / STEPS);
  const rests = errorAtRank(singularValues(update));
  const ranks = Array.from({ length: SIDE / 2 + 1 }, (_, rank) => rank);
  return {
    largest: shares.map((share) => [share, Math.sqrt(below[Math.round((1 - share) * ENTRIES)] / total)]),
    random: shares.map((share) => [share, Math.sqrt(1 - share)]),
    lora: ranks.map((rank) => [(2 * SIDE * rank) / ENTRIES, rests[rank] / rests[0]]),
  };
}

/** Updates without their names, each of its kind; none is in the table of the map. */
export const UNKNOWN = {
  P: 'dots',
  Q: 'row-scaling',
  R: 'rotation',
  S: 'low-rank',
} as const satisfies Record<string, KindName>;
export type UnknownName = keyof typeof UNKNOWN;
export const UNKNOWN_SEED = 6;

/** Questions to an update, each with the adapter that it is about. */
export const MEASURES = {
  lora: 'in its 8 strongest directions',
  shira: 'in its 1,024 largest entries',
  ia3: 'along the rows of W₀',
  oft: 'in turns of 32 rows of W₀',
  lokr: 'in four multiples of one block',
} as const satisfies Partial<Record<AdapterName, string>>;
export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as MeasureName[];

/** Share of the energy that an adapter of about 1,024 numbers can write: 1 less its squared floor. */
export function sharesOf(name: UnknownName): Readonly<Record<MeasureName, number>> {
  const row = measuredRow(kindOf(UNKNOWN[name]), 8, UNKNOWN_SEED, MEASURE_NAMES);
  return Object.fromEntries(MEASURE_NAMES.map((one) => [one, 1 - (row[one] ?? 1) ** 2])) as Record<MeasureName, number>;
}

/** Whether the pictures show a whole update or what one number moves. */
export const PICTURED = lessonValue<'whole' | 'one'>('shown parts', 'whole');
/** The cell of the map. */
export const CELL = lessonValue<MapView>('cell', readMapView(''));
/** The update whose entries are chosen. */
export const CHOSEN_FROM = lessonValue<'noise' | 'low-rank'>('chosen from', 'noise');
/** The update that LoRA and DoRA write. */
export const DORA_KIND = lessonValue<'low-rank' | 'row-scaling' | 'rotation'>('written', 'low-rank');
/** The update without a name. */
export const ASKED = lessonValue<UnknownName>('asked', 'P');

/** The kinds of update that LoRA and DoRA are compared on. */
export const KIND_WORDS = {
  'low-rank': 'low rank',
  'row-scaling': 'row scaling',
  rotation: 'W₀ turned',
} as const satisfies Partial<Record<KindName, string>>;

/** Ranks at which DoRA has 64 numbers more than LoRA. */
export const EQUAL_RANKS = [4, 8, 16] as const;
/** The lowest error found of DoRA at each of them, medians of five draws; claims.test.tsx finds them again. */
export const DORA_AT_RANK = {
  'low-rank': [0.6933, 0.0433, 0.0327],
  'row-scaling': [0, 0, 0],
  rotation: [0.607, 0.528, 0.381],
} as const satisfies Record<keyof typeof KIND_WORDS, readonly [number, number, number]>;
