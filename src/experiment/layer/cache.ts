import { svd } from '../../math/factor/svd.ts';
import {
  frobenius,
  type Matrix32,
  type Matrix64,
  multiply,
  pickColumns,
  scale,
  toFloat32,
  transpose,
} from '../../math/matrix.ts';
import { type Stream, stream } from '../../math/random.ts';
import type { Triplets } from '../inits/init.ts';
import type { OpenedModule } from '../matrix-file/stored-module.ts';
import { type Batches, batchesOf } from '../regression/batches.ts';
import { inputFacts, type RowSpace, rowSpace } from '../regression/floors.ts';
import { residualLabels } from '../regression/loss.ts';
import type { Order } from '../regression/order.ts';
import { type Residuals, residualsOf, type Samples, samplesOf } from '../regression/samples.ts';
import { isActive } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import type { InputFacts } from '../settings/rate.ts';
import { builtTargets } from '../targets/build.ts';
import { type DataMatrix, isFactored } from '../targets/factored-matrix.ts';
import { targets } from '../targets/index.ts';
import { type KnownValues, knownValues } from '../targets/spectrum.ts';
import { type Refusal, type Report, SAMPLE_PARAMS } from '../targets/target.ts';
import { type BuiltBase, builtBases } from './built-bases.ts';
import { once } from './cached.ts';
import type { QuantisedBase } from './quantised/quantised-base.ts';

/** The random numbers of a module: one stream per purpose; another `key` means other numbers. */
export interface ModuleStreams {
  readonly key: string;
  readonly stream: (purpose: string) => Stream;
}

/** Streams of a further module are prefixed with its name; those of the first, or only, module are not. */
export function moduleStreams(seed: number, further: string | null): ModuleStreams {
  const front = further === null ? '' : `${further}/`;
  return { key: `${seed} ${front}`, stream: (purpose) => stream(seed, front + purpose) };
}

/** The last W₀ and ΔW*: a change of rank, initialisation or α recomputes neither. */
export interface LayerCache {
  base: CachedBase | null;
  target: CachedTarget | null;
  samples: CachedSamples | null;
  quantised: CachedQuantised | null;
  stored: OpenedModule | null;
}

/** The last quantised base. */
interface CachedQuantised {
  readonly of: readonly unknown[];
  readonly made: QuantisedBase;
}

export interface CachedBase {
  readonly key: string;
  readonly matrix: Matrix32;
  /** Its thin SVD, computed on first call, if min(d, k) ≤ 512. */
  readonly triplets: (report: Report) => Triplets;
  /** Its n leading triplets, if its construction fixes them. */
  readonly leading?: (n: number) => Triplets;
}

export interface CachedTarget {
  readonly key: string;
  readonly drawing: DataMatrix | null;
  readonly matrix: Matrix32;
  readonly norm: number;
  readonly known: KnownValues;
  readonly base: CachedBase | null;
  readonly triplets: (report: Report) => Triplets;
}

/** The samples of a target, and what follows from them and W₀ alone. */
export interface CachedSamples extends Samples {
  readonly key: string;
  readonly facts: InputFacts;
  readonly noise: number;
  readonly batches: (size: number, order: Order) => Batches;
  /** ∂L/∂W at W = W₀ over the first batch of that size, d × k. */
  readonly gradient: (batch: number, order: Order) => Matrix64;
  /** The row space of X, computed on first call; null if it would take half a minute. */
  readonly rowSpace: (report: Report) => RowSpace | null;
  /** If W₀ is left alone: the same for every rank and initialisation. Computed on first call. */
  readonly residuals: (report: Report) => Residuals;
}

export function layerCache(): LayerCache {
  return { base: null, target: null, samples: null, quantised: null, stored: null };
}

export function cachedBase(
  e: Experiment,
  streams: ModuleStreams,
  drawing: DataMatrix | null,
  cache: LayerCache,
  report: Report,
): CachedBase | null {
  if (targets.byName(e.target).ownBase) return null;
  // W₀ from outside, whose identity is its key.
  const own = e.target === 'matrix' ? drawing?.base?.matrix : null;
  if (own) {
    if (cache.base?.matrix !== own) cache.base = asBase('own', { matrix: own });
    return cache.base;
  }
  const { d, k, base } = e;
  const key = JSON.stringify([streams.key, d, k, base]);
  if (cache.base?.key === key) return cache.base;
  report('W₀', 0);
  const progress = (fraction: number) => report('W₀', fraction);
  cache.base = asBase(key, builtBases[base]({ d, k, stream: streams.stream('W0'), progress }));
  return cache.base;
}

function asBase(key: string, { matrix, leading }: BuiltBase): CachedBase {
  const decompose = (to: Report) => svd(matrix, (fraction) => to('singular vectors of W₀', fraction));
  const triplets = once((to: Report) => leading?.(Math.min(matrix.rows, matrix.cols)) ?? decompose(to));
  return { key, matrix, triplets, leading };
}

/** ΔW* and what follows from it alone. `base` is the W₀ of the same experiment, or null if the target brings it. */
export function cachedTarget(
  e: Experiment,
  streams: ModuleStreams,
  drawing: DataMatrix | null,
  base: CachedBase | null,
  cache: LayerCache,
  report: Report,
): CachedTarget | Refusal {
  const target = targets.byName(e.target);
  const seen = target.params.includes('data') ? drawing : null;
  // A setting that the table does not offer here is ignored, whatever its value.
  const settings = { ...e, align: isActive('align', e) ? e.align : null };
  // Compares the drawing itself, not its text.
  const others: readonly string[] = [...SAMPLE_PARAMS, 'data'];
  const read = target.params.map((name) => (others.includes(name) ? null : settings[name as keyof Experiment]));
  // Alignment is with this W₀; nothing else of ΔW* depends on it.
  const key = JSON.stringify([streams.key, e.d, e.k, target.name, read, settings.align === null ? null : base?.key]);
  if (cache.target?.key === key && sameEntries(cache.target.drawing, seen)) return cache.target;

  const progress = (fraction: number) => report('ΔW*', fraction);
  progress(0);
  const built = builtTargets[target.name]({
    settings,
    stream: streams.stream,
    baseTriplets: () => present(base, 'this target brings its own W₀').triplets(report),
    ...(seen && isFactored(seen) ? { drawing: null, factored: seen } : { drawing: seen }),
    progress,
  });
  if ('why' in built) return built;
  const matrix = built.matrix.data instanceof Float32Array ? (built.matrix as Matrix32) : toFloat32(built.matrix);
  const norm = frobenius(matrix);
  if (norm === 0) return { why: 'With these settings ΔW* is zero, so there is nothing to learn. Use another seed.' };
  const known = knownValues(matrix, built, (fraction) => report('singular values of ΔW*', fraction));
  cache.target = {
    ...{ key, drawing: seen, matrix, norm, known },
    base: built.base ? asBase(key, { matrix: built.base }) : null,
    triplets: once((to: Report) => tripletsOf(matrix, to)),
  };
  return cache.target;
}

function tripletsOf(matrix: Matrix32, report: Report): Triplets {
  return svd(matrix, (fraction) => report('singular vectors of ΔW*', fraction));
}

export function present<T>(value: T | null, missing: string): T {
  if (value === null) throw new Error(missing);
  return value;
}

function sameEntries(a: DataMatrix | null, b: DataMatrix | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  const [x, y] = [entriesOf(a), entriesOf(b)];
  return (
    a.rows === b.rows &&
    a.cols === b.cols &&
    x.length === y.length &&
    x.every((data, n) => data.length === y[n].length && data.every((value, i) => value === y[n][i]))
  );
}

function entriesOf(drawn: DataMatrix): readonly (Float32Array | Float64Array)[] {
  return isFactored(drawn) ? [drawn.B.data, drawn.A.data, Float64Array.of(drawn.scaling)] : [drawn.data];
}

const HELD_OUT = 256;

/** Up to this min(k, samples) X is decomposed for the floor of the training loss. */
const LARGEST_SPACE = 512;

/** Samples per step: never more than there are. */
export function batchOf({ batch, samples }: Pick<Experiment, 'batch' | 'samples'>): number {
  return Math.min(batch, samples);
}

export function cachedSamples(
  e: Experiment,
  { key: baseKey, matrix: base }: CachedBase,
  target: CachedTarget,
  cache: LayerCache,
  report: Report,
): CachedSamples | null {
  if (targets.byName(e.target).kind !== 'samples') return null;
  const { d, k, samples: n, condition, labelnoise, seed } = e;
  // Labels are of W₀ + ΔW*.
  const key = JSON.stringify([baseKey, target.key, n, condition, labelnoise]);
  if (cache.samples?.key === key) return cache.samples;
  report('samples', 0);
  const streams = (purpose: string) => stream(seed, purpose);
  const progress = (fraction: number) => report('labels', fraction);
  const settings = { d, k, n, heldOut: HELD_OUT, condition, labelNoise: labelnoise, base, update: target.matrix };
  const samples = samplesOf({ ...settings, streams, progress });
  const batches = (size: number, order: Order) => batchesOf(n, size, streams, order);
  const gradient = (batch: number, order: Order) => {
    const first = batches(batch, order).at(0);
    const X = pickColumns(samples.X, first);
    const R = residualLabels(base, { X, Y: pickColumns(samples.Y, first) });
    return scale(multiply(R, transpose(X)), -1 / first.length);
  };
  const facts = inputFacts(samples.X);
  report('samples', 1);
  const decomposed = Math.min(k, n) <= LARGEST_SPACE;
  const space = once((to: Report) =>
    decomposed ? rowSpace(samples.X, (fraction) => to('the inputs', fraction)) : null,
  );
  const drawn = { ...samples, noise: labelnoise };
  const residuals = once((to: Report) => residualsOf(base, target.matrix, drawn, space(to), to));
  cache.samples = { ...drawn, key, facts, batches, gradient, rowSpace: space, residuals };
  return cache.samples;
}
