import type { Plane } from '../../charts/matrices/plane.ts';
import { number } from '../../experiment/numbers.ts';
import type { Cell } from '../../state/state.ts';
import type { Hit, Shape } from './hit.ts';
import { cellOf, type Planes, type Squares } from './planes.ts';
import { type Clipped, isBlock, type Largest, type Place, placeWords, type Values } from './read-out.ts';
import { clippedIn, type Scales } from './scales.ts';
import type { Painted } from './use-painted.ts';

/** The entries of a rows × columns matrix that the drawn cell under one of them stands for. */
export function placeOf(plane: Plane, { row, column }: Cell, rows: number, columns: number): Place {
  const span = (at: number, block: number, n: number): readonly [number, number] => {
    const first = Math.floor(at / block) * block;
    return [first, Math.min(n, first + block) - 1];
  };
  return { rows: span(row, plane.blockRows, rows), columns: span(column, plane.blockCols, columns) };
}

/** The largest entries of the block at a cell; null where nothing is drawn in blocks or they are not known. */
export function largestAt({ extremes }: Painted, cell: Cell): Largest | null {
  return extremes && { values: valuesAt(extremes.planes, cell), step: extremes.late ? extremes.step : null };
}

export function valuesAt(planes: Squares, { row, column }: Cell): Values {
  const at = (name: 'W' | 'W0' | 'dW' | 'target' | 'E') => cellOf(planes[name], row, column);
  return { W: at('W'), W0: at('W0'), dW: at('dW'), target: at('target'), E: at('E') };
}

export function clippedOf(planes: Planes, scales: Scales): Clipped {
  const { base, update, A, B } = scales;
  return {
    W: clippedIn(planes.W, base),
    W0: clippedIn(planes.W0, base),
    dW: clippedIn(planes.dW, update),
    target: clippedIn(planes.target, update),
    E: clippedIn(planes.E, update),
    A: clippedIn(planes.A, A),
    B: clippedIn(planes.B, B),
  };
}

/** "row 3, column 46: 0.0213" for an entry of A or B; null where the pointer is on neither. */
export function factorWords({ means }: Painted, { d, k, rank }: Shape, factor: Hit['factor'], of: 'A' | 'B') {
  if (factor?.of !== of) return null;
  const plane = means[of];
  const place = of === 'A' ? placeOf(plane, factor, rank, k) : placeOf(plane, factor, d, rank);
  const value = number(cellOf(plane, factor.row, factor.column));
  return `${placeWords(place)}: ${isBlock(place) ? 'mean ' : ''}${value}`;
}
