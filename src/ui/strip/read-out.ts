import type { Plane } from '../../charts/matrices/plane.ts';
import { count, number, trimmed } from '../../experiment/numbers.ts';
import type { Cell } from '../../state/state.ts';
import { type Caption, namesOf, type Shown, type SquareName } from './captions.ts';
import type { Hit, Shape } from './hit.ts';
import { cellOf, type Planes, type Squares } from './planes.ts';
import { clippedIn, type Scales } from './scales.ts';
import type { Painted } from './use-painted.ts';

/** A cell of the drawn matrices: one entry, or a block of entries where the matrix is large. From 0, ends included. */
export interface Place {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** The values at one place. */
export interface Values {
  readonly W: number;
  readonly W0: number;
  readonly dW: number;
  readonly target: number;
  readonly E: number;
}

/** The largest entry of the block at one place, as far as they are known; `step` where they are of an earlier one. */
export interface Largest {
  readonly values: Values;
  readonly step: number | null;
}

/** Entries beyond the end of their colour scale. */
export type Clipped = Readonly<Record<SquareName | 'A' | 'B', number>>;

const span = (name: string, [first, last]: readonly [number, number]) =>
  first === last ? `${name} ${count(first + 1)}` : `${name}s ${count(first + 1)}–${count(last + 1)}`;

/** "row 27, column 46", counted from 1. */
export function placeWords({ rows, columns }: Place): string {
  return `${span('row', rows)}, ${span('column', columns)}`;
}

/** What stands below each matrix while an entry is pointed at: its value, and how it comes by it. */
export function readOut(
  { rows, columns }: Place,
  values: Values,
  scaling: number,
  clipped: Clipped,
  short: boolean,
  shown: Shown,
  fits: (text: string) => boolean = () => true,
): Readonly<Record<SquareName, Caption>> {
  const full = (value: number) => {
    const text = `${placeWords({ rows, columns })}: ${number(value)}`;
    return fits(text) ? text : `${count(rows[0] + 1)}, ${count(columns[0] + 1)}: ${number(value)}`;
  };
  // On a phone only W₀ has room to say where.
  const at = short ? (value: number) => number(value) : full;
  const { base, update } = namesOf(shown);
  const product = `${trimmed(scaling)}·(B ${span('row', rows)} · A ${span('column', columns)})`;
  return {
    W: { first: at(values.W), second: `= ${base} + ${update}` },
    W0: { first: full(values.W0), second: beyond({ [base]: clipped.W0, W: clipped.W }) },
    dW: { first: at(values.dW), second: shown === 'update' ? `= ${product} − start` : `= ${product}` },
    target: { first: at(values.target), second: beyond({ [update]: clipped.dW, 'ΔW*': clipped.target }) },
    E: { first: at(values.E), second: clipped.E > 0 ? beyond({ E: clipped.E }) : '= ΔW − ΔW*' },
  };
}

export const isBlock = ({ rows, columns }: Place) => rows[0] < rows[1] || columns[0] < columns[1];

/** What stands below each matrix while a block is pointed at, whose place is told above the strip: its mean, and the entry in it that is largest in size. */
export function blockReadOut(values: Values, largest: Largest | null, short: boolean) {
  const caption = (name: SquareName): Caption => {
    const first = `mean ${number(values[name])}`;
    const second = largest ? largestWords(name, largest) : '';
    return short && largest ? { first: `${first}, ${second}`, second: '' } : { first, second };
  };
  const [W, W0, dW, target, E] = (['W', 'W0', 'dW', 'target', 'E'] as const).map(caption);
  return { W, W0, dW, target, E };
}

/** "largest −0.21"; W₀ and ΔW* are the same at every step. */
function largestWords(name: SquareName, { values, step }: Largest): string {
  const late = step !== null && name !== 'W0' && name !== 'target';
  return `largest ${late ? `at step ${count(step)} ` : ''}${number(values[name])}`;
}

/** A place's values for those who hear them. */
export function valueWords({ dW, target, E }: Values, largest: Largest | null, shown: Shown): string {
  const words = `${namesOf(shown).update} ${number(dW)}, ΔW* ${number(target)}, error ${number(E)}`;
  if (!largest) return words;
  const each = (['dW', 'target', 'E'] as const).map((name) => number(largest.values[name]));
  return `means ${words}; largest entries${largest.step === null ? '' : ` at step ${largest.step}`} ${each.join(', ')}`;
}

/** How many cells are shown at full strength because they are beyond the end of the scale. */
function beyond(clipped: Readonly<Record<string, number>>): string {
  const counts = Object.entries(clipped).map(([name, n]) => `${count(n)} in ${name}`);
  return `beyond the scale: ${counts.join(', ')}`;
}

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

/** "row 3, column 46: 0.0213" for an entry of A or B; null where the pointer is on neither, or was on one of a larger layer. */
export function factorWords({ means }: Painted, { d, k, rank }: Shape, factor: Hit['factor'], of: 'A' | 'B') {
  if (factor?.of !== of) return null;
  const [rows, columns] = of === 'A' ? [rank, k] : [d, rank];
  if (factor.row >= rows || factor.column >= columns) return null;
  const plane = means[of];
  const place = placeOf(plane, factor, rows, columns);
  const value = number(cellOf(plane, factor.row, factor.column));
  return `${placeWords(place)}: ${isBlock(place) ? 'mean ' : ''}${value}`;
}
