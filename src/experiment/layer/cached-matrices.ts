import { svd } from '../../math/factor/svd.ts';
import { frobenius, type Matrix32, type Matrix64, toFloat32 } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import type { Triplets } from '../inits/initialisation.ts';
import { isActive } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { fillNormal } from '../targets/draws.ts';
import { targets } from '../targets/index.ts';
import { roundedBlocks } from '../targets/rounded.ts';
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

/** W₀ with entries N(0, 1/k); null where it comes with the target. */
export function cachedBase(e: Experiment, cache: LayerCache, report: Report): CachedBase | null {
  if (targets.byName(e.target).ownBase) return null;
  const { seed, d, k } = e;
  const key = JSON.stringify([seed, d, k]);
  if (cache.base?.key === key) return cache.base;
  report('W₀', 0);
  const source = stream(seed, 'W0');
  const draw = (block: Matrix64) => fillNormal(block, 1 / Math.sqrt(k), source);
  const { matrix } = roundedBlocks(d, k, draw, (fraction) => report('W₀', fraction));
  cache.base = asBase(key, matrix);
  return cache.base;
}

function asBase(key: string, matrix: Matrix32): CachedBase {
  return { key, matrix, triplets: once((to) => svd(matrix, (fraction) => to('singular vectors of W₀', fraction))) };
}

/** ΔW* and what follows from it alone. `base` is the W₀ of the same experiment, or null where the target brings it. */
export function cachedTarget(
  e: Experiment,
  drawing: Matrix64 | null,
  base: Matrix32 | null,
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
  const key = JSON.stringify([e.seed, e.d, e.k, target.name, read]);
  if (cache.target?.key === key && sameEntries(cache.target.drawing, seen)) return cache.target;

  const progress = (fraction: number) => report('ΔW*', fraction);
  progress(0);
  const built = builtOf(target, {
    settings,
    stream: (purpose) => stream(e.seed, purpose),
    base,
    drawing: seen,
    progress,
  });
  if ('why' in built) return built;
  const matrix = built.matrix.data instanceof Float32Array ? (built.matrix as Matrix32) : toFloat32(built.matrix);
  const norm = frobenius(matrix);
  if (norm === 0) return { why: 'With these settings ΔW* is zero, so there is nothing to learn: take another seed.' };
  const known = knownValues(matrix, built, (fraction) => report('singular values of ΔW*', fraction));
  cache.target = {
    ...{ key, drawing: seen, matrix, norm, known },
    base: built.base ? asBase(key, built.base) : null,
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
      return { why: 'A network has no ΔW* that anybody knows.' };
    default:
      return target satisfies never;
  }
}

function tripletsOf(matrix: Matrix32, report: Report): Triplets {
  return svd(matrix, (fraction) => report('singular vectors of ΔW*', fraction));
}

/** Makes it when it is first asked for. */
export function once<T>(make: (report: Report) => T): (report: Report) => T {
  let made: { readonly value: T } | null = null;
  return (report) => {
    made ??= { value: make(report) };
    return made.value;
  };
}

function sameEntries(a: Matrix64 | null, b: Matrix64 | null): boolean {
  if (a === null || b === null) return a === b;
  return a.rows === b.rows && a.cols === b.cols && a.data.every((value, i) => value === b.data[i]);
}
