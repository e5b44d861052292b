import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { extremesIn, productCells, reduce } from '../../charts/matrices/plane.ts';
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
import { extremesAt } from '../../state/run/history.ts';
import { type ReadyModule, shownModule, unitOfTarget } from '../../state/run/run.ts';
import { floorReason, reachOf, shownFrame, shownStep } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { shownScaling } from '../lab-scene.ts';
import { useLab, useLabObject } from '../page.tsx';
import { type BlockContent, type CaptionFacts, portraitOf, type ShownSum, type StripMethod } from './captions.ts';
import { ownFactors } from './own-factors.ts';
import {
  extremesOf,
  isBlank,
  ownPlanes,
  type PicturedModule,
  type Planes,
  planesOf,
  type Scales,
  type Split,
  type Squares,
  scalesOf,
} from './planes.ts';

export interface PaintedStrip {
  /** The block means, or the planes of `extremes`. */
  readonly planes: Planes;
  readonly drawn: BlockContent;
  readonly split: Split;
  readonly means: Planes;
  /** For a layer in blocks, if known: W, ΔW and E at `step`, which may precede the shown step. */
  readonly extremes: { readonly planes: Squares; readonly step: number; readonly late: boolean } | null;
  readonly scales: Scales;
  readonly scaling: number;
}

export function paintableModule(state: State): PicturedModule | null {
  const module = shownModule(state);
  if (module?.wanted) return module as PicturedModule;
  // Until full fine-tuning has ended, its place is blank.
  return module && state.run.ready?.network ? withBlankTarget(module) : null;
}

const withBlankTarget = cached((module: ReadyModule): PicturedModule => {
  const { d, k, rank } = module;
  const plane = reduce(new Float32Array(d * k), d, k, productCells(rank));
  const known = { how: 'computed' as const, error: 0 };
  return {
    ...module,
    wanted: { matrix: null, plane, norm: 0, spectrum: new Float64Array(), known, floorAtRank: null },
  };
});

/** Planes and scales of the shown step. Not updated while the strip is out of sight, to save work. */
export function usePaintedMatrices(
  container: RefObject<HTMLElement | null>,
  wish: BlockContent,
  wanted: Split,
): PaintedStrip | null {
  const module = useLab(paintableModule);
  // The largest entries of blocks are known for ΔW, not for s·B·A.
  const split = module?.basePlane.extreme && wish === 'extremes' ? 'update' : wanted;
  const frame = useLabObject((s) => {
    const { A = null, B = null, own, step = 0 } = shownFrame(s) ?? {};
    return { A, B, own, step };
  });
  const known = useLab((s) => extremesAt(s.run.extremes, module?.name ?? '', shownFrame(s)?.step ?? 0));
  const scaling = useLab(shownScaling);
  const pictured = useLab((s) => portraitOf(s.run.experiment) !== null);
  const seen = useInSight(container);
  const last = useRef<{ readonly module: PicturedModule; readonly painted: PaintedStrip } | null>(null);
  // Keep the means until the extremes of their step arrive or another picture is chosen.
  const made = useMemo(() => {
    const { A, B } = frame;
    if (!module || !A || !B || (!seen && last.current)) return null;
    const { method } = module;
    const own = method ? ownPlanes(ownFactors(method.name, method.shapes, module.d), frame.own ?? method.own) : null;
    return { A, B, step: frame.step, split, means: planesOf(module, A, B, scaling, split, own) };
  }, [module, frame, scaling, split, seen]);
  return useMemo(() => {
    if (!module) return null;
    if (!made) return last.current?.painted ?? null;
    const { A, B, step, split, means } = made;
    const squares = known && extremesOf(module, known);
    const extremes = known && squares && { planes: squares, step: known.step, late: known.step < step };
    const drawn = extremes && wish === 'extremes' ? 'extremes' : 'means';
    const planes =
      extremes && wish === 'extremes'
        ? module.method
          ? { ...extremes.planes, A: means.A, B: means.B }
          : { ...extremes.planes, A: extremesIn(means.A, A, module.k), B: extremesIn(means.B, B, module.rank) }
        : means;
    const old = last.current;
    const before = old?.module === module && old.painted.drawn === drawn ? old.painted.scales : null;
    // The remainder of W₀ has W₀'s scale, so that its paling is visible.
    const base = drawn === 'means' ? module.basePlane.mean : planes.W0;
    const painted: PaintedStrip = {
      planes,
      drawn,
      split,
      means,
      extremes,
      scales: scalesOf(planes, base, module.rank, scaling, before, pictured),
      scaling,
    };
    last.current = { module, painted };
    return painted;
  }, [module, made, known, wish, scaling, pictured]);
}

function useInSight(element: RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(true);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver((entries) => setSeen(entries.at(-1)?.isIntersecting ?? true));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return seen;
}

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
