import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { layoutStrip, type StripLayout, type StripMode } from '../../charts/strip.ts';
import { targets } from '../../experiment/targets/index.ts';
import { floorsOf, shownFrame, shownStep } from '../../state/select.ts';
import type { Run } from '../../state/state.ts';
import { useBuilt } from '../built.ts';
import { useWidth } from '../media.ts';
import { useShown } from '../page.tsx';
import { scalingShown } from '../scene-of.ts';
import type { CaptionFacts } from './captions.ts';
import { type Planes, planesOf } from './planes.ts';
import { type Scales, scalesOf } from './scales.ts';

/** The matrices on show and the scales of their colours. */
export interface Painted {
  readonly planes: Planes;
  readonly scales: Scales;
  readonly scaling: number;
}

/** What the captions speak of; of the settings alone until the matrices exist. */
export function useFacts(planes: Planes | null): CaptionFacts {
  const facts = useBuilt((state) => {
    const { run } = state;
    const { d, k, rank } = run.ready ?? state.experiment;
    const settings = run.ready ? run.experiment : state.experiment;
    return {
      d,
      k,
      rank,
      about: targets.byName(settings.target).caption(settings),
      sigma1: run.ready?.targetSpectrum[0] ?? null,
      error: run.trace.relativeError[shownStep(state)] ?? null,
      floor: floorsOf(run)?.[rank] ?? null,
    };
  });
  const { blockRows = 1, blockCols = 1 } = planes?.dW ?? {};
  return useMemo(() => ({ ...facts, blocks: { rows: blockRows, columns: blockCols } }), [facts, blockRows, blockCols]);
}

/** Planes and scales of the step on show. While the strip is out of sight they stay as they were: no work is done. */
export function usePainted(room: RefObject<HTMLElement | null>): Painted | null {
  const ready = useShown((s) => s.run.ready);
  const A = useShown((s) => shownFrame(s)?.A ?? null);
  const B = useShown((s) => shownFrame(s)?.B ?? null);
  const scaling = useShown(scalingShown);
  const seen = useInSight(room);
  const last = useRef<{ readonly ready: Run['ready']; readonly painted: Painted } | null>(null);
  return useMemo(() => {
    if (!ready || !A || !B) return null;
    if (!seen && last.current) return last.current.painted;
    const planes = planesOf(ready, A, B, scaling);
    const before = last.current?.ready === ready ? last.current.painted.scales : null;
    const painted = { planes, scales: scalesOf(planes, ready.rank, scaling, before), scaling };
    last.current = { ready, painted };
    return painted;
  }, [ready, A, B, scaling, seen]);
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
