import { svd } from '../../math/factor/svd.ts';
import { frobenius, type Matrix32, toFloat32 } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import type { BuiltBase } from '../bases/base.ts';
import { bases } from '../bases/index.ts';
import type { Triplets } from '../inits/initialisation.ts';
import { isActive } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { type Drawn, isFactored } from '../targets/factored/factored.ts';
import { targets } from '../targets/index.ts';
import { knownValues } from '../targets/spectrum.ts';
import {
  type BuiltTarget,
  type Refusal,
  type Report,
  SAMPLE_PARAMS,
  type Target,
  type TargetContext,
} from '../targets/target.ts';
import type { CachedBase, CachedTarget, LayerCache } from './cache.ts';

/** W₀ of the kind that is set; null where it comes with the target. */
export function cachedBase(e: Experiment, cache: LayerCache, report: Report): CachedBase | null {
  if (targets.byName(e.target).ownBase) return null;
  const { seed, d, k, base } = e;
  const key = JSON.stringify([seed, d, k, base]);
  if (cache.base?.key === key) return cache.base;
  report('W₀', 0);
  const progress = (fraction: number) => report('W₀', fraction);
  cache.base = asBase(key, bases.byName(base).build({ d, k, stream: stream(seed, 'W0'), progress }));
  return cache.base;
}

function asBase(key: string, { matrix, leading }: BuiltBase): CachedBase {
  const decompose = (to: Report) => svd(matrix, (fraction) => to('singular vectors of W₀', fraction));
  const triplets = once((to) => leading?.(Math.min(matrix.rows, matrix.cols)) ?? decompose(to));
  return { key, matrix, triplets, leading };
}

/** ΔW* and what follows from it alone. `base` is the W₀ of the same experiment, or null where the target brings it. */
export function cachedTarget(
  e: Experiment,
  drawing: Drawn | null,
  base: CachedBase | null,
  cache: LayerCache,
  report: Report,
): CachedTarget | Refusal {
  const target = targets.byName(e.target);
  const seen = target.params.includes('data') ? drawing : null;
  // A setting that the table does not offer here does not count, whatever value it still has.
  const settings = { ...e, align: isActive('align', e) ? e.align : null };
  // The drawing itself is compared, not the text that it came from.
  const others: readonly string[] = [...SAMPLE_PARAMS, 'data'];
  const read = target.params.map((name) => (others.includes(name) ? null : settings[name as keyof Experiment]));
  // Alignment is with this W₀; nothing else of ΔW* depends on it.
  const key = JSON.stringify([e.seed, e.d, e.k, target.name, read, settings.align === null ? null : base?.key]);
  if (cache.target?.key === key && sameEntries(cache.target.drawing, seen)) return cache.target;

  const progress = (fraction: number) => report('ΔW*', fraction);
  progress(0);
  const built = builtOf(target, {
    settings,
    stream: (purpose) => stream(e.seed, purpose),
    baseTriplets: () => present(base).triplets(report),
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
    triplets: once((to) => tripletsOf(matrix, to)),
  };
  return cache.target;
}

function builtOf(target: Target, context: TargetContext): BuiltTarget | Refusal {
  switch (target.kind) {
    case 'matrix':
    case 'samples':
      return target.build(context);
    case 'network':
      return { why: 'A network has no known ΔW*.' };
    default:
      return target satisfies never;
  }
}

function tripletsOf(matrix: Matrix32, report: Report): Triplets {
  return svd(matrix, (fraction) => report('singular vectors of ΔW*', fraction));
}

function present<T>(base: T | null): T {
  if (base === null) throw new Error('this target brings its own W₀');
  return base;
}

/** Makes it when it is first asked for. */
export function once<T>(make: (report: Report) => T): (report: Report) => T {
  let made: { readonly value: T } | null = null;
  return (report) => {
    made ??= { value: make(report) };
    return made.value;
  };
}

function sameEntries(a: Drawn | null, b: Drawn | null): boolean {
  if (a === null || b === null || a === b) return a === b;
  const [x, y] = [entriesOf(a), entriesOf(b)];
  return (
    a.rows === b.rows &&
    a.cols === b.cols &&
    x.length === y.length &&
    x.every((data, n) => data.length === y[n].length && data.every((value, i) => value === y[n][i]))
  );
}

function entriesOf(drawn: Drawn): readonly (Float32Array | Float64Array)[] {
  return isFactored(drawn) ? [drawn.B.data, drawn.A.data, Float64Array.of(drawn.scaling)] : [drawn.data];
}
