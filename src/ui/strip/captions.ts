import { count, number, trimmed } from '../../charts/format.ts';
import { shareOf } from '../words/parameters.ts';

/** The d × k matrices of the strip. A and B stand at the corner of ΔW. */
export type SquareName = 'W' | 'W0' | 'dW' | 'target' | 'E';

/** Two lines below a matrix; `strong` is set bold inside or as the whole first line. */
export interface Caption {
  readonly first: string;
  /** A number at the end of the first line, printed bold. */
  readonly value?: string;
  readonly second: string;
}

export interface CaptionFacts {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** A few words for ΔW*: "a picture". */
  readonly about: string;
  /** Largest singular value of ΔW*; null before it is known. */
  readonly sigma1: number | null;
  readonly error: number | null;
  readonly floor: number | null;
  /** Entries a drawn cell stands for, down and across. */
  readonly blocks: { readonly rows: number; readonly columns: number };
}

/** What stands below each matrix while no cell is pointed at. `short`: one line, for a phone; `narrow`: fewer words. */
export function captions(facts: CaptionFacts, short: boolean, narrow = false): Readonly<Record<SquareName, Caption>> {
  const { d, k, rank } = facts;
  const size = `${count(d)} × ${count(k)}`;
  const trained = count(rank * (d + k));
  if (short) {
    return {
      W: { first: size, second: '' },
      W0: { first: `${count(d * k)} numbers`, second: '' },
      dW: { first: `${trained} numbers, ${shareOf(facts)}`, second: '' },
      target: { first: `${size}, ${facts.about}`, second: '' },
      E: { ...missing(facts, 'error '), second: '' },
    };
  }
  return {
    W: { first: `${size}, not stored:`, second: 'only W₀, B and A are' },
    W0: { first: `${size} = ${count(d * k)} numbers,`, second: 'none of them trained' },
    dW: {
      first: `${count(rank)}·(${count(d)} + ${count(k)}) = ${trained} numbers,`,
      second: `${shareOf(facts)} of those in W₀`,
    },
    target: { first: `${size}, ${facts.about}`, second: averaged(facts) ?? scaled(facts.sigma1) },
    E: {
      ...missing(facts, 'relative error '),
      second:
        facts.floor === null ? '' : `${narrow ? 'best at' : 'best possible at'} rank ${rank}: ${number(facts.floor)}`,
    },
  };
}

function missing({ error, floor }: CaptionFacts, words: string): Pick<Caption, 'first' | 'value'> {
  if (error === null) return { first: '' };
  const short = words === 'error ' && floor !== null;
  return short ? { first: `error ${number(error)}, floor ${number(floor)}` } : { first: words, value: number(error) };
}

function averaged({ blocks }: CaptionFacts): string | null {
  if (blocks.rows === 1 && blocks.columns === 1) return null;
  return `drawn as means of ${blocks.rows} × ${blocks.columns} blocks`;
}

function scaled(sigma1: number | null): string {
  if (sigma1 === null) return '';
  return Math.abs(sigma1 - 1) < 1e-4 ? 'scaled to σ₁ = 1' : `σ₁ = ${trimmed(sigma1)}`;
}

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

/** Entries beyond the end of their colour scale. */
export type Clipped = Readonly<Record<SquareName | 'A' | 'B', number>>;

const span = (name: string, [first, last]: readonly [number, number]) =>
  first === last ? `${name} ${count(first + 1)}` : `${name}s ${count(first + 1)}–${count(last + 1)}`;

/** "row 27, column 46", counted from 1. */
export function placeWords({ rows, columns }: Place): string {
  return `${span('row', rows)}, ${span('column', columns)}`;
}

/** "305–308, 190–192": row and column where there is no room for the words. */
function shortPlace({ rows, columns }: Place): string {
  const ends = ([first, last]: readonly [number, number]) =>
    first === last ? count(first + 1) : `${count(first + 1)}–${count(last + 1)}`;
  return `${ends(rows)}, ${ends(columns)}`;
}

/** What stands below each matrix while a cell is pointed at: its value there, and how it comes by it. */
export function readOut(
  place: Place,
  values: Values,
  scaling: number,
  clipped: Clipped,
  short: boolean,
  fits: (text: string) => boolean = () => true,
): Readonly<Record<SquareName, Caption>> {
  const where = placeWords(place);
  const full = (value: number) => {
    const text = `${where}: ${number(value)}`;
    return fits(text) ? text : `${shortPlace(place)}: ${number(value)}`;
  };
  // On a phone only W₀ has room to say where.
  const at = short ? (value: number) => number(value) : full;
  return {
    W: { first: at(values.W), second: '= W₀ + ΔW' },
    W0: { first: full(values.W0), second: beyond({ 'W₀': clipped.W0, W: clipped.W }) },
    dW: {
      first: at(values.dW),
      second: `= ${trimmed(scaling)}·(B ${span('row', place.rows)} · A ${span('column', place.columns)})`,
    },
    target: { first: at(values.target), second: beyond({ ΔW: clipped.dW, 'ΔW*': clipped.target }) },
    E: { first: at(values.E), second: clipped.E > 0 ? beyond({ E: clipped.E }) : '= ΔW − ΔW*' },
  };
}

/** How many cells are shown at full strength because they are beyond the end of the scale. */
function beyond(clipped: Readonly<Record<string, number>>): string {
  const counts = Object.entries(clipped).map(([name, n]) => `${name} ${count(n)}`);
  return `off the scale: ${counts.join(', ')}`;
}
