import { leadingRows, scale, zeros32 } from '../../math/matrix.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import { initFactors } from '../inits/factors.ts';
import { inits } from '../inits/index.ts';
import type { InitContext } from '../inits/init.ts';
import { moduleStreams } from '../layer/cache.ts';
import type { Axis } from '../plan/sweep.ts';
import { isActive, param } from '../settings/experiment.ts';
import type { Experiment, ParamKey } from '../settings/params.ts';
import { type SgdEdge, scalingOf, scheduleOf, sgdEdge } from '../settings/rate.ts';
import { targets } from '../targets/index.ts';

/** σ₁(A₀) of a start with B = 0; null: it is made from more than random numbers, or another start. */
function startSize(e: Experiment): number | null {
  const init = inits.byName(e.init);
  if (!isActive('size', e) || e.train !== 'both') return null;
  if (e.init === 'aligned') return e.size / Math.sqrt(3);
  if (init.needs) return null;
  const { stream } = moduleStreams(e.seed, null);
  const absent = (): never => {
    throw new Error('this start is drawn');
  };
  const context: InitContext = {
    ...{ ...e, scaling: scalingOf(e), base: zeros32(1, 1), streamA: stream('A'), streamB: stream('B'), stream },
    ...{ reference: absent, baseTriplets: absent, leadingBase: absent, leadingGradient: absent },
    ...{ secondMoment: null, leadingInputs: null, leadingLoss: null },
  };
  const { A } = initFactors[init.name](context);
  return largestSingularValue(scale(leadingRows({ ...A, data: Float64Array.from(A.data) }, e.rank), e.size));
}

/** The rates at which SGD becomes unstable on a matrix target with σ₁(ΔW*) = sigma1; null: not known for this run. */
function edgeOf(e: Experiment, sigma1: number): SgdEdge | null {
  if (e.opt !== 'sgd' || e.method !== 'lora' || targets.byName(e.target).kind !== 'matrix' || scheduleOf(e))
    return null;
  const a = startSize(e);
  return a === null ? null : sgdEdge(scalingOf(e), e.ratio, { a, sigma1 });
}

/** Whether ΔW* depends on a setting. */
export const isOfTarget = (key: ParamKey): boolean => key === 'seed' || param(key).group === 'target';

/**
 * The edges in each row of each panel of a sweep whose columns are learning rates; null if not all are known.
 * `experimentAt`: the settings of a run, numbered row by row and panel by panel; null: impossible.
 */
export function rowEdges(
  [columns, rows, panels]: readonly Axis[],
  experimentAt: (index: number) => Experiment | null,
  sigma1: number,
): readonly (readonly SgdEdge[])[] | null {
  const moves = [rows, panels].some((axis) => axis && isOfTarget(axis.key));
  if (columns?.key !== 'lr' || !rows || moves) return null;
  const across = columns.values.length;
  const edges = Array.from({ length: panels?.values.length ?? 1 }, (_, panel) =>
    rows.values.map((__, row) => {
      const e = experimentAt((panel * rows.values.length + row) * across);
      return e && edgeOf(e, sigma1);
    }),
  );
  const known = edges.map((list) => list.filter((edge) => edge !== null));
  return known.every((list, i) => list.length === edges[i].length) ? known : null;
}
