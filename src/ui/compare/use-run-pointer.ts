import type { FocusEvent, PointerEvent } from 'react';
import type { PointedRun } from '../../state/compare/compare.ts';
import { useDispatch } from '../page.tsx';

function runOf(target: EventTarget | null): PointedRun | null {
  const of = target instanceof Element ? (target.closest('[data-run]')?.getAttribute('data-run') ?? null) : null;
  return of === null ? null : of === 'live' ? 'live' : Number(of);
}

/** Handlers for a list or table of runs: they raise the run that is pointed at or focused above the others. */
export function useRunPointer() {
  const dispatch = useDispatch();
  const point = (at: PointedRun | null) => dispatch({ type: 'compare', does: 'point', at });
  return {
    onPointerMove: (event: PointerEvent) => point(runOf(event.target)),
    onPointerLeave: () => point(null),
    onFocus: (event: FocusEvent) => point(runOf(event.target)),
    onBlur: () => point(null),
  };
}
