import type { Level } from '../state/progress.ts';

/** A term at three levels: for readers new to linear algebra, familiar with it, familiar with LoRA. */
export interface Meaning extends Readonly<Record<Level, string>> {
  /** Synonyms, for the search. */
  readonly also?: readonly string[];
  /** The lesson about it, by its name in links. */
  readonly lesson?: string;
}

export type Meanings = Readonly<Record<string, Meaning>>;
