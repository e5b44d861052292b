import { count, number, trimmed } from '../../experiment/numbers.ts';
import type { Caption, SquareName } from './captions.ts';
import { namesOf, type Shown } from './names.ts';

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

/** The same for a block, whose place is told above the strip: its mean, and the entry in it that is largest in size. */
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
  const words = `${namesOf(shown).update} ${number(dW)}, ΔW* ${number(target)}, still missing ${number(E)}`;
  if (!largest) return words;
  const each = (['dW', 'target', 'E'] as const).map((name) => number(largest.values[name]));
  return `means ${words}; largest entries${largest.step === null ? '' : ` at step ${largest.step}`} ${each.join(', ')}`;
}

/** How many cells are shown at full strength because they are beyond the end of the scale. */
function beyond(clipped: Readonly<Record<string, number>>): string {
  const counts = Object.entries(clipped).map(([name, n]) => `${name} ${count(n)}`);
  return `off the scale: ${counts.join(', ')}`;
}
