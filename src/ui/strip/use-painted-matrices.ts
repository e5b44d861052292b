import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { extremesIn, productCells, reduce } from '../../charts/matrices/plane.ts';
import { cached } from '../../experiment/layer/cached.ts';
import { extremesAt } from '../../state/run/history.ts';
import { type ReadyModule, shownModule } from '../../state/run/run.ts';
import { shownFrame } from '../../state/select.ts';
import type { State } from '../../state/state.ts';
import { shownScaling } from '../lab-scene.ts';
import { useLab, useLabObject } from '../page.tsx';
import type { BlockContent } from './captions.ts';
import { ownFactors } from './own-factors.ts';
import {
  extremesOf,
  ownPlanes,
  type PicturedModule,
  type Planes,
  planesOf,
  type Scales,
  type Split,
  type Squares,
  scalesOf,
} from './planes.ts';
import { portraitOf } from './portrait.ts';

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
