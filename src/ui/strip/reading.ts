import { number } from '../../charts/format.ts';
import type { Cell } from '../../state/state.ts';
import type { Clipped, Place, Values } from './captions.ts';
import type { Hit } from './hit.ts';
import { cellOf, type Planes } from './planes.ts';
import { clippedIn, type Scales } from './scales.ts';

/** The entries that the drawn cell under an entry stands for. */
export function placeOf({ dW }: Planes, { row, column }: Cell, d: number, k: number): Place {
  const span = (at: number, block: number, n: number): readonly [number, number] => {
    const first = Math.floor(at / block) * block;
    return [first, Math.min(n, first + block) - 1];
  };
  return { rows: span(row, dW.blockRows, d), columns: span(column, dW.blockCols, k) };
}

export function valuesAt(planes: Planes, { row, column }: Cell): Values {
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
export function factorWords(planes: Planes, factor: Hit['factor'], of: 'A' | 'B'): string | null {
  if (factor?.of !== of) return null;
  const { row, column } = factor;
  return `row ${row + 1}, column ${column + 1}: ${number(cellOf(planes[of], row, column))}`;
}
