import { type KeyboardEvent, useEffect, useRef } from 'react';

/** `take` gets every key without Ctrl, Alt and ⌘, and returns false to ignore it; the others do not propagate. */
export function arrowKeys<E extends Element>(take: (event: KeyboardEvent<E>) => false | undefined) {
  return (event: KeyboardEvent<E>) => {
    if (event.ctrlKey || event.altKey || event.metaKey || take(event) === false) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

interface WindowKeys {
  /** Whether the listener is active. */
  readonly on?: boolean;
  /** Before the element that has the focus. */
  readonly capture?: boolean;
}

/** Keys pressed anywhere in the window. */
export function useWindowKeys(
  press: (event: globalThis.KeyboardEvent) => void,
  { on = true, capture = false }: WindowKeys = {},
): void {
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    if (!on) return;
    const call = (event: globalThis.KeyboardEvent) => latest.current(event);
    window.addEventListener('keydown', call, capture);
    return () => window.removeEventListener('keydown', call, capture);
  }, [on, capture]);
}

/** Columns and rows of 1 that an arrow key leads to; null for any other key. */
export function arrowOf(key: string): readonly [x: number, y: number] | null {
  const arrows: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
  };
  return Object.hasOwn(arrows, key) ? arrows[key] : null;
}

interface CellGrid {
  readonly rows: number;
  readonly columns: number;
  /** Cells per step: 1, or a block. */
  readonly by?: readonly [rows: number, columns: number];
  /** Rows per page; all of them unless given. */
  readonly page?: number;
}

/** The cell of a grid that a key leads to; null for a key without a target. */
export function cellAfter(
  key: string,
  [row, column]: readonly [row: number, column: number],
  { rows, columns, by: [down, across] = [1, 1], page = rows }: CellGrid,
): readonly [row: number, column: number] | null {
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [-down, 0],
    ArrowDown: [down, 0],
    ArrowLeft: [0, -across],
    ArrowRight: [0, across],
    Home: [0, -columns],
    End: [0, columns],
    PageUp: [-page, 0],
    PageDown: [page, 0],
  };
  if (!Object.hasOwn(steps, key)) return null;
  const inside = (v: number, n: number) => Math.min(n - 1, Math.max(0, v));
  return [inside(row + steps[key][0], rows), inside(column + steps[key][1], columns)];
}

interface ArrowRange {
  readonly first: number;
  readonly last: number;
  /** Start of an arrow key if there is no value yet. */
  readonly start: number;
  readonly by?: number;
}

/** The value of an axis that a key leads to: null after Escape; undefined for a key without a target. */
export function valueAfter(
  key: string,
  at: number | null,
  { first, last, start, by = 1 }: ArrowRange,
): number | null | undefined {
  const places: Readonly<Record<string, number | null>> = {
    ArrowLeft: at === null ? start : at - by,
    ArrowRight: at === null ? start : at + by,
    Home: first,
    End: last,
    Escape: null,
  };
  const place = Object.hasOwn(places, key) ? places[key] : undefined;
  if (typeof place !== 'number') return at === null ? undefined : place;
  return Math.min(last, Math.max(first, place));
}
