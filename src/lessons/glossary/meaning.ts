import type { Level } from '../state/progress.ts';

/** A term at three levels: for a reader new to linear algebra, at home in it, at home with LoRA. */
export interface Meaning extends Readonly<Record<Level, string>> {
  /** Other words for it, which a search finds too. */
  readonly also?: readonly string[];
  /** The lesson that is about it, as links call it. */
  readonly lesson?: string;
}

export type Meanings = Readonly<Record<string, Meaning>>;
