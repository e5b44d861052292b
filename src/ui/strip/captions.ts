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

/** What a cell of a matrix that is drawn in blocks shows: the mean of its block, or the largest entry. */
export type Drawn = 'means' | 'extremes';

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
  readonly drawn: Drawn;
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

export function inBlocks({ blocks }: CaptionFacts): boolean {
  return blocks.rows > 1 || blocks.columns > 1;
}

function averaged(facts: CaptionFacts): string | null {
  if (!inBlocks(facts)) return null;
  const size = `${facts.blocks.rows} × ${facts.blocks.columns}`;
  return facts.drawn === 'means' ? `drawn as means of ${size} blocks` : `largest in each ${size} block`;
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
  largest: Largest | null = null,
): Readonly<Record<SquareName, Caption>> {
  const where = placeWords(place);
  const block = isBlock(place);
  const told = (value: number) => (block ? `mean ${number(value)}` : number(value));
  const full = (value: number) => {
    const text = `${where}: ${told(value)}`;
    return fits(text) ? text : `${shortPlace(place)}: ${told(value)}`;
  };
  // On a phone only W₀ has room to say where.
  const at = short ? told : full;
  if (block) return ofBlock(values, at, full, largest);
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

/** The same for those who hear it. */
export function valueWords({ dW, target, E }: Values, largest: Largest | null): string {
  const words = `ΔW ${number(dW)}, ΔW* ${number(target)}, still missing ${number(E)}`;
  if (!largest) return words;
  const each = (['dW', 'target', 'E'] as const).map((name) => number(largest.values[name]));
  return `means ${words}; largest entries${largest.step === null ? '' : ` at step ${largest.step}`} ${each.join(', ')}`;
}

export const isBlock = ({ rows, columns }: Place) => rows[0] < rows[1] || columns[0] < columns[1];

/** Below each matrix: the mean of the block, and the entry in it that is largest in size. */
function ofBlock(
  values: Values,
  at: (value: number) => string,
  full: (value: number) => string,
  largest: Largest | null,
): Readonly<Record<SquareName, Caption>> {
  const second = (name: SquareName) => (largest ? largestWords(name, largest) : '');
  return {
    W: { first: at(values.W), second: second('W') },
    W0: { first: full(values.W0), second: second('W0') },
    dW: { first: at(values.dW), second: second('dW') },
    target: { first: at(values.target), second: second('target') },
    E: { first: at(values.E), second: second('E') },
  };
}

/** "largest entry −0.21"; W₀ and ΔW* are the same at every step. */
function largestWords(name: SquareName, { values, step }: Largest): string {
  const late = step !== null && name !== 'W0' && name !== 'target';
  return `largest ${late ? `at step ${count(step)}` : 'entry'} ${number(values[name])}`;
}

/** How many cells are shown at full strength because they are beyond the end of the scale. */
function beyond(clipped: Readonly<Record<string, number>>): string {
  const counts = Object.entries(clipped).map(([name, n]) => `${name} ${count(n)}`);
  return `off the scale: ${counts.join(', ')}`;
}
