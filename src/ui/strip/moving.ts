import { useLayoutEffect, useRef, useState } from 'react';
import { useMedia } from '../../kit/media.tsx';

/** --settle: how long a layout takes to become the next one. */
const SETTLE = 240;

/** Every number in a value so far on its way to that of another of the same shape; what has no counterpart is the other's. */
export function mixed<T>(from: unknown, to: T, part: number): T {
  if (typeof to === 'number') return (typeof from === 'number' ? from + part * (to - from) : to) as T;
  if (typeof to !== 'object' || to === null || typeof from !== 'object' || from === null) return to;
  if (Array.isArray(to)) return to.map((item, i) => mixed((from as unknown[])[i], item, part)) as T;
  return Object.fromEntries(
    Object.entries(to).map(([key, item]) => [key, mixed((from as Record<string, unknown>)[key], item, part)]),
  ) as T;
}

/** Fast at first, then slower. */
const eased = (part: number) => 1 - (1 - part) ** 3;

/**
 * A layout on its way: where `cause` has changed with it, it settles within 240 ms; anything else (a window) takes it at
 * once, and so does a person who wants no motion.
 */
export function useMoving<T>(layout: T, cause: unknown): T {
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const [now, tick] = useState(0);
  const way = useRef({ layout, cause, from: layout, began: Number.NEGATIVE_INFINITY });
  const shownAt = (time: number) => {
    const { from, layout: to, began } = way.current;
    const part = (time - began) / SETTLE;
    return part >= 1 ? to : mixed(from, to, eased(Math.max(0, part)));
  };
  if (way.current.layout !== layout) {
    const time = performance.now();
    const moves = !still && layout !== null && way.current.layout !== null && way.current.cause !== cause;
    way.current = {
      layout,
      cause,
      from: moves ? shownAt(time) : layout,
      began: moves ? time : Number.NEGATIVE_INFINITY,
    };
  }
  const { began } = way.current;
  useLayoutEffect(() => {
    if (began === Number.NEGATIVE_INFINITY) return;
    let frame = requestAnimationFrame(function next(time) {
      tick(time);
      if (time - began < SETTLE) frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [began]);
  return shownAt(Math.max(now, began));
}
