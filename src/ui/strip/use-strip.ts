import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { extremesIn } from '../../charts/plane.ts';
import { layoutStrip, type StripLayout, type StripMode } from '../../charts/strip.ts';
import { targets } from '../../experiment/targets/index.ts';
import { extremesAt } from '../../state/extremes.ts';
import { reachOf, shownFrame, shownStep } from '../../state/select.ts';
import type { Run } from '../../state/state.ts';
import { useBuilt } from '../built.ts';
import { useWidth } from '../media.ts';
import { useShown } from '../page.tsx';
import { scalingShown } from '../scene-of.ts';
import type { CaptionFacts, Drawn } from './captions.ts';
import { movedShare } from './moved.ts';
import { extremesOf, type Planes, planesOf, type Split, type Squares } from './planes.ts';
import { type Scales, scalesOf } from './scales.ts';

/** The matrices on show and the scales of their colours. */
export interface Painted {
  /** What is painted: `means`, or the planes of `extremes`. */
  readonly planes: Planes;
  readonly drawn: Drawn;
  readonly split: Split;
  readonly means: Planes;
  /** Of a layer in blocks, where they are known: W, ΔW and E at `step`, which may be before the one on show. */
  readonly extremes: { readonly planes: Squares; readonly step: number; readonly late: boolean } | null;
  readonly scales: Scales;
  readonly scaling: number;
}

/** What the captions speak of; of the settings alone until the matrices exist. */
export function useFacts(painted: Painted | null): CaptionFacts {
  const facts = useBuilt((state) => {
    const { run } = state;
    const { d, k, rank } = run.ready ?? state.experiment;
    const settings = run.ready ? run.experiment : state.experiment;
    const reach = reachOf(run);
    return {
      d,
      k,
      rank,
      about: targets.byName(settings.target).caption(settings),
      sigma1: run.ready?.targetSpectrum[0] ?? null,
      error: run.trace.relativeError[shownStep(state)] ?? null,
      floor: reach?.floor ?? null,
      floorRank: reach ? reach.rank : rank,
      moves: !!run.ready?.moved,
      moved: movedShare(run.ready),
      frozenFactor: run.ready?.frozenFactor ?? null,
    };
  });
  const { blockRows: rows = 1, blockCols: columns = 1 } = painted?.planes.dW ?? {};
  const drawn = painted?.drawn ?? 'means';
  const shown = facts.moves ? (painted?.split ?? 'frozen') : 'plain';
  return useMemo(() => ({ ...facts, blocks: { rows, columns }, drawn, shown }), [facts, rows, columns, drawn, shown]);
}

/** Planes and scales of the step on show. While the strip is out of sight they stay as they were: no work is done. */
export function usePainted(room: RefObject<HTMLElement | null>, wish: Drawn, wanted: Split): Painted | null {
  const ready = useShown((s) => s.run.ready);
  // The largest entries of blocks are known of ΔW, and not of s·B·A.
  const split = ready?.planes.base.extreme && wish === 'extremes' ? 'update' : wanted;
  const frame = useBuilt((s) => {
    const { A = null, B = null, step = 0 } = shownFrame(s) ?? {};
    return { A, B, step };
  });
  const known = useShown((s) => extremesAt(s.run.extremes, shownFrame(s)?.step ?? 0));
  const scaling = useShown(scalingShown);
  const seen = useInSight(room);
  const last = useRef<{ readonly ready: Run['ready']; readonly painted: Painted } | null>(null);
  // The means stay while extremes of their step come, or another picture is asked for.
  const made = useMemo(() => {
    const { A, B } = frame;
    if (!ready || !A || !B || (!seen && last.current)) return null;
    return { A, B, step: frame.step, split, means: planesOf(ready, A, B, scaling, split) };
  }, [ready, frame, scaling, split, seen]);
  return useMemo(() => {
    if (!ready) return null;
    if (!made) return last.current?.painted ?? null;
    const { A, B, step, split, means } = made;
    const squares = known && extremesOf(ready, known);
    const extremes = known && squares && { planes: squares, step: known.step, late: known.step < step };
    const drawn = extremes && wish === 'extremes' ? 'extremes' : 'means';
    const planes =
      extremes && wish === 'extremes'
        ? { ...extremes.planes, A: extremesIn(means.A, A, ready.k), B: extremesIn(means.B, B, ready.rank) }
        : means;
    const old = last.current;
    const before = old?.ready === ready && old.painted.drawn === drawn ? old.painted.scales : null;
    const painted: Painted = {
      planes,
      drawn,
      split,
      means,
      extremes,
      // W₀'s own scale for what is left of it too, so that it is seen to pale.
      scales: scalesOf(planes, drawn === 'means' ? ready.planes.base.mean : planes.W0, ready.rank, scaling, before),
      scaling,
    };
    last.current = { ready, painted };
    return painted;
  }, [ready, made, known, wish, scaling]);
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

/** Windows lower than this take from the strip before they take from the charts. */
const REST: Readonly<Record<StripMode, number>> = { desk: 554, lesson: 554, present: 706, tablet: 0, phone: 0 };
const LEAST = 130;
/** Size of the text that layoutStrip lays out for a projector. */
const PRESENT_FONT = 22;

/** Where everything in the strip stands at the present width; null before it is measured. */
export function useLayout(
  room: RefObject<HTMLElement | null>,
  { d, k, rank }: { readonly d: number; readonly k: number; readonly rank: number },
): StripLayout | null {
  const place = useWidth();
  const present = useShown((s) => s.experiment.view === 'present');
  const mode: StripMode = present && place === 'desk' ? 'present' : place;
  const [box, setBox] = useState<{ readonly width: number; readonly window: number; readonly font: number } | null>(
    null,
  );
  useLayoutEffect(() => {
    const element = room.current;
    if (!element) return;
    const measure = () => {
      const font = Number.parseFloat(getComputedStyle(element).fontSize);
      setBox({ width: element.clientWidth, window: window.innerHeight, font });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    window.addEventListener('resize', measure);
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', measure);
    };
    // `mode`: a projector's text is larger, which the observer does not see.
  }, [room, mode]);
  return useMemo(() => {
    if (!box || box.width === 0) return null;
    // On a small projector everything shrinks alike: laid out as on a large one, then scaled.
    const scale = mode === 'present' ? box.font / PRESENT_FONT : 1;
    const request = { width: box.width / scale, d, k, rank, mode };
    const full = layoutStrip(request);
    const tallest = Math.max(LEAST, box.window / scale - REST[mode]);
    const { A, DW } = full.matrices;
    const low = REST[mode] > 0 && DW.y + DW.height - A.y > tallest;
    return scaled(low ? layoutStrip({ ...request, tallest }) : full, scale);
  }, [box, d, k, rank, mode]);
}

/** Every length in a layout times a factor. */
function scaled<T>(value: T, factor: number): T {
  if (factor === 1) return value;
  if (typeof value === 'number') return (value * factor) as T;
  if (Array.isArray(value)) return value.map((item) => scaled(item, factor)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, scaled(item, factor)])) as T;
}
