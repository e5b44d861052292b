import { useMemo } from 'react';
import { cached } from '../../experiment/layer/cached.ts';
import { methods } from '../../experiment/methods/index.ts';
import type { OwnShape } from '../../experiment/methods/method.ts';
import type { BesideLora } from '../../experiment/methods/starts.ts';
import { tookBefore } from '../../experiment/settings/availability.ts';
import { besideLora } from '../../experiment/settings/bounds.ts';
import { adapterOf } from '../../experiment/settings/counts.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { targets } from '../../experiment/targets/index.ts';
import { isFirst } from '../../state/places.ts';
import { type ReadyModule, shownModule, unitOfTarget } from '../../state/run/run.ts';
import { floorReason, reachOf, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { useLabObject } from '../page.tsx';
import type { CaptionFacts, ShownSum, StripMethod } from './captions.ts';
import { ownFactors } from './own-factors.ts';
import { isBlank } from './planes.ts';
import { portraitOf } from './portrait.ts';
import type { PaintedStrip } from './use-painted-matrices.ts';

type Pictures = Pick<PaintedStrip, 'planes' | 'drawn' | 'split' | 'means'>;

function known(state: State, painted: Pictures | null, aside: CaptionFacts['aside']) {
  const { run } = state;
  const module = shownModule(state);
  const settings = module ? run.experiment : state.experiment;
  const method = module ? moduleMethod(module) : awaitedMethod(settings);
  const { d, k } = module ?? state.experiment;
  const rank = method?.places.thick ?? (module ?? state.experiment).rank;
  const decides = floorReason(run);
  const quantised = quantisedFacts(module, settings);
  const shown: ShownSum = module?.moved ? (painted?.split ?? 'frozen') : quantised ? 'quantised' : 'plain';
  return {
    ...{ d, k, rank, settings, shown, aside, first: isFirst(state.view) },
    about: targets.byName(settings.target).caption(settings),
    sigma1: module?.wanted?.spectrum[0] ?? null,
    ...errorOf(state, module, painted),
    floorBy: decides === null ? `at rank ${rank}` : `with ${decides}`,
    drawn: painted?.drawn ?? ('means' as const),
    moved: module && movedShare(module),
    quantised,
    frozenFactor: method ? null : (module ?? adapterOf(settings)).frozenFactor,
    method,
    blank: !!painted && shown !== 'frozen' && isBlank(painted.means.dW),
  };
}

const quantisedOf = cached((module: ReadyModule) => cached((e: Experiment) => factsOf(module, e)));

/** The same object for the same run. */
const quantisedFacts = (module: ReadyModule | null, e: Experiment) => (module ? quantisedOf(module)(e) : null);

function factsOf({ quantised }: ReadyModule, e: Experiment): CaptionFacts['quantised'] {
  if (!quantised) return null;
  const { off, start } = quantised;
  return { off, start, rest: tookBefore(e) };
}

function stripMethod(name: BesideLora, shapes: readonly OwnShape[], d: number): StripMethod {
  const { label, formula: usual } = methods.byName(name);
  // IA³ on the side of the inputs.
  const formula = name === 'ia3' && shapes[0].rows === 1 ? 'W₀·diag(ℓ − 1)' : usual;
  const trained = shapes.reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  return { label, formula, trained, places: ownFactors(name, shapes, d) };
}

/** The same object for the same matrix, */
const moduleMethod = cached(({ method, d }: ReadyModule) =>
  method ? stripMethod(method.name, method.shapes, d) : null,
);

/** or for the same settings, until it exists. */
const awaitedMethod = cached((e: Experiment): StripMethod | null => {
  const beside = besideLora(e);
  return beside && stripMethod(beside, methods.byName(beside).own(e), e.d);
});

/** Of the run, or of one of several modules, whose error is that of the entries drawn. */
function errorOf(state: State, module: ReadyModule | null, painted: Pictures | null) {
  const { run } = state;
  if (run.modules.length < 2 || !module?.wanted)
    return { error: run.trace.series.relativeError?.[shownStep(state)] ?? null, floor: reachOf(run)?.floor ?? null };
  const { floorAtRank, plane } = module.wanted;
  const unit = unitOfTarget(module.wanted);
  const rest = plane.extreme ? null : painted?.means.E.values;
  return { error: rest ? Math.sqrt(rest.reduce((sum, v) => sum + v * v, 0)) / unit : null, floor: floorAtRank };
}

function completed(facts: ReturnType<typeof known>, painted: Pictures | null): CaptionFacts {
  const { blockRows: rows = 1, blockCols: columns = 1 } = painted?.planes.dW ?? {};
  return { ...facts, blocks: { rows, columns }, portrait: portraitOf(facts.settings) };
}

export const captionFacts = (state: State, painted: Pictures, aside: CaptionFacts['aside']) =>
  completed(known(state, painted, aside), painted);

/** The facts of the captions, memoised; from the settings alone until the matrices exist. */
export function useCaptionFacts(painted: PaintedStrip | null, aside: CaptionFacts['aside']): CaptionFacts {
  const facts = useLabObject((state) => known(state, painted, aside));
  return useMemo(() => completed(facts, painted), [facts, painted]);
}

type ModuleWithMovedPart = Pick<ReadyModule, 'd' | 'k' | 'rank' | 'A' | 'B' | 'baseNorm' | 'moved'>;

/** Upper bound of multiply-adds, once per run. */
const MOST_WORK = 2e8;

/** ‖s₀·B₀·A₀‖_F/‖W₀‖_F moved out of W₀; null if nothing was moved, or the factors are too large to multiply here. */
export const movedShare = cached(({ d, k, rank, A, B, baseNorm, moved }: ModuleWithMovedPart): number | null => {
  if (!moved || !(baseNorm > 0) || (rank * rank * (d + k)) / 2 > MOST_WORK) return null;
  return (moved.scaling * productNorm(B, A, rank)) / baseNorm;
});

/** ‖B·A‖_F from ‖B·A‖²_F = Σ_pq (BᵀB)_pq·(AAᵀ)_pq, without the d × k entries. */
function productNorm(B: Float32Array, A: Float32Array, rank: number): number {
  const [d, k] = [B.length / rank, A.length / rank];
  let sum = 0;
  for (let p = 0; p < rank; p++) {
    for (let q = 0; q <= p; q++) {
      let [ofB, ofA] = [0, 0];
      for (let i = 0; i < d; i++) ofB += B[i * rank + p] * B[i * rank + q];
      for (let j = 0; j < k; j++) ofA += A[p * k + j] * A[q * k + j];
      sum += (p === q ? 1 : 2) * ofB * ofA;
    }
  }
  return Math.sqrt(Math.max(0, sum));
}
