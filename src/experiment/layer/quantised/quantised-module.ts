import { type Matrix32, subtract } from '../../../math/matrix.ts';
import { type InitName, inits } from '../../inits/index.ts';
import type { GivenFactors, Init } from '../../inits/init.ts';
import { drawnStart, hasAllVectors, startContext } from '../../inits/start-context.ts';
import { besideLora, choosesFactor, frozenFactorOf } from '../../settings/bounds.ts';
import type { Experiment } from '../../settings/params.ts';
import { scalingOf } from '../../settings/rate.ts';
import type { Refusal, Report } from '../../targets/target.ts';
import type { CachedBase, CachedTarget, LayerCache, ModuleStreams } from '../cache.ts';
import { methodModule } from '../method-module.ts';
import { frozenBase, type ModuleTarget, type ModuleWithTarget } from '../module.ts';
import { floorAtRank } from '../reach.ts';
import { distanceOff, type QuantisedBase, quantisedBase, startOff } from './quantised-base.ts';

interface QuantisedGround {
  readonly streams: ModuleStreams;
  /** W₀ and ΔW*. */
  readonly kept: CachedBase;
  readonly target: CachedTarget;
  readonly given: GivenFactors | null;
  readonly cache: LayerCache;
  readonly progress: Report;
  readonly options: { readonly further?: string; readonly vectors?: boolean };
}

/**
 * A matrix whose base is quantised: LoRA, or another method, on Q with the goal ΔW* + W₀ − Q, so that W₀ + ΔW* stays what
 * Q + ΔW is compared with. Everything that is true of a base W₀ and a target ΔW* is true of these two; errors and floors
 * are shares of ‖ΔW*‖ as they were. Refuses if the method does not work on Q.
 */
export function quantisedModule(e: Experiment, ground: QuantisedGround): ModuleWithTarget | Refusal {
  const { d, k, rank } = e;
  const { streams, kept, target, progress } = ground;
  const name = ground.options.further ?? 'W';
  const W0 = kept.matrix;
  const besides = besideLora(e);
  const init = inits.byName(e.init);
  const scaling = scalingOf(e);
  const sizes = { ...e, scaling };
  const whole = { base: kept, target, task: null };
  progress('A and B', 0);
  // What QPiSSA moves leaves W₀ before it is quantised.
  const early =
    !besides && init.quantises === 'rest'
      ? drawnStart(init, startContext(sizes, streams, whole, progress), e.seed)
      : null;
  const rest = early ? frozenBase(W0, early.A, early.B, scaling) : W0;
  const made = cachedQuantised(kept, rest, target, ground.cache, progress);
  const Q = made.base.matrix;
  const learns = goalOf(made, ground, !besides && needsReference(init), e);
  const off = distanceOff(W0, Q);
  const lost = subtract(W0, Q);
  const onQ = { base: made.base, target: made.target, task: null, lost, given: ground.given };
  const context = startContext(sizes, streams, onQ, progress);
  if (besides) {
    const { leadingBase } = context;
    const module = methodModule(besides, e, learns, { base: Q, stream: streams.stream, leadingBase });
    if ('why' in module) return module;
    return { ...module, quantised: { base: W0, target: target.matrix, off, start: off, floor: null } };
  }
  const { A, B, largest } = early ?? drawnStart(init, context, e.seed);
  const frozenFactor = frozenFactorOf(e);
  progress('A and B', 1);
  const facts = {
    ...largest,
    sigma1: made.target.known.values[0],
    ...(choosesFactor(e) && { frozen: frozenFactor }),
    inputs: null,
  };
  const plain = { matrix: target.matrix, norm: target.norm, spectrum: { ...target.known, vectors: null } };
  const floor = floorAtRank({ rank, wanted: plain, moved: null, frozenFactor, A, B });
  const start = startOff(W0, Q, A, B, scaling);
  const quantised = { base: W0, target: target.matrix, off, start, floor };
  return {
    ...{ name, d, k, rank, base: Q, frozen: Q, A, B, frozenFactor, facts },
    ...{ moved: null, quantised, wanted: learns },
  };
}

const needsReference = (init: Init<InitName>): boolean => init.needs?.includes('reference') ?? false;

function goalOf(
  { target: { matrix, norm, unit, known, triplets } }: QuantisedBase,
  { options, progress }: QuantisedGround,
  needed: boolean,
  { d, k }: { readonly d: number; readonly k: number },
): ModuleTarget {
  const found = needed || (options.vectors !== false && hasAllVectors(d, k)) ? triplets(progress) : null;
  return { matrix, norm, unit, spectrum: { ...known, vectors: found && { U: found.U, V: found.V } } };
}

/** Q of `rest`, W₀ itself or what QPiSSA leaves of it, and what the adapter on it has to become. */
function cachedQuantised(
  { matrix: W0 }: Pick<CachedBase, 'matrix'>,
  rest: Matrix32,
  { matrix, norm }: Pick<CachedTarget, 'matrix' | 'norm'>,
  cache: LayerCache,
  report: Report,
): QuantisedBase {
  const of = [W0, rest, matrix];
  if (cache.quantised && of.every((one, i) => one === cache.quantised?.of[i])) return cache.quantised.made;
  const made = quantisedBase(W0, rest, { matrix, norm }, report);
  cache.quantised = { of, made };
  return made;
}
