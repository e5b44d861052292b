import { count, number, percent, trimmed } from '../../charts/format.ts';
import { shareOf } from '../words/parameters.ts';
import { namesOf, type Shown } from './names.ts';

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
  /** The least relative error within reach; null where it is not known. */
  readonly floor: number | null;
  /** The rank that decides it; null: the frozen factor does. */
  readonly floorRank: number | null;
  /** Entries a drawn cell stands for, down and across. */
  readonly blocks: { readonly rows: number; readonly columns: number };
  readonly drawn: Drawn;
  readonly shown: Shown;
  /** ‖s₀·B₀·A₀‖_F/‖W₀‖_F where a start has moved that out of W₀; null where it is not known. */
  readonly moved: number | null;
  /** The factor that does not train. */
  readonly frozenFactor: 'A' | 'B' | null;
}

/** What stands below each matrix while no cell is pointed at. `short`: one line, for a phone; `narrow`: fewer words. */
export function captions(facts: CaptionFacts, short: boolean, narrow = false): Readonly<Record<SquareName, Caption>> {
  const { d, k, shown } = facts;
  const size = `${count(d)} × ${count(k)}`;
  const trained = trainedIn(facts);
  const share = facts.moved === null ? null : percent(facts.moved);
  if (short) {
    return {
      W: { first: size, second: '' },
      W0: { first: shown === 'frozen' && share ? `${share} of ‖W₀‖ moved` : `${count(d * k)} numbers`, second: '' },
      dW: { first: `${trained.count} numbers, ${trained.share}`, second: '' },
      target: { first: facts.about.length > 12 ? facts.about : `${size}, ${facts.about}`, second: '' },
      E: { ...missing(facts, 'error '), second: '' },
    };
  }
  return {
    W: { first: `${size}, not stored:`, second: `only ${shown === 'plain' ? 'W₀' : 'what is frozen'}, B and A are` },
    W0: {
      plain: { first: `${size} = ${count(d * k)} numbers,`, second: 'none of them trained' },
      frozen: { first: 'W₀ less what B and A took:', second: share ? `‖s₀·B₀·A₀‖ = ${share} of ‖W₀‖` : 's₀·B₀·A₀' },
      update: { first: `${size}, as it was`, second: 'before B and A took a part' },
    }[shown],
    dW:
      shown === 'frozen'
        ? { first: `${trained.count} numbers, ${trained.share} of W₀’s`, second: 'ΔW is this − s₀·B₀·A₀' }
        : { first: `${trained.sum} = ${trained.count} numbers,`, second: `${trained.share} of those in W₀` },
    target: { first: `${size}, ${facts.about}`, second: averaged(facts) ?? scaled(facts.sigma1) },
    E: {
      ...missing(facts, 'relative error '),
      second: bestWords(facts, narrow),
    },
  };
}

function bestWords({ floor, floorRank, frozenFactor }: CaptionFacts, narrow: boolean): string {
  if (floor === null) return '';
  const by = floorRank === null ? `with this ${frozenFactor}` : `at rank ${floorRank}`;
  return `${narrow ? 'best' : 'best possible'} ${by}: ${number(floor)}`;
}

/** r·(d + k), or what is left of it where a factor is frozen. */
function trainedIn(facts: CaptionFacts) {
  const { d, k, rank, frozenFactor } = facts;
  const r = count(rank);
  if (frozenFactor === null)
    return { sum: `${r}·(${count(d)} + ${count(k)})`, count: count(rank * (d + k)), share: shareOf(facts) };
  const side = frozenFactor === 'B' ? k : d;
  return { sum: `${r}·${count(side)}`, count: count(rank * side), share: percent((rank * side) / (d * k)) };
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
