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
