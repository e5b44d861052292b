import { ADAPTER_TERMS } from './adapter-terms.ts';
import { MATRIX_TERMS } from './matrix-terms.ts';
import type { Meaning, Meanings } from './meaning.ts';
import { TRAINING_TERMS } from './training-terms.ts';

const TERMS = {
  ...MATRIX_TERMS,
  ...TRAINING_TERMS,
  ...ADAPTER_TERMS,
} satisfies Meanings;

export type TermName = keyof typeof TERMS;

export const meaningOf = (name: TermName): Meaning => TERMS[name];

/** Alphabetical, ignoring case, Greek letters last. */
export const TERM_NAMES: readonly TermName[] = (Object.keys(TERMS) as TermName[]).toSorted((one, other) =>
  one.localeCompare(other, 'en', { sensitivity: 'base' }),
);

/** Capitalised; a name of mixed case is kept. */
export const termHeading = (name: string): string => {
  const word = /^\p{Ll}+\d*(?!\p{Lu})(?:[ -]|$)/u.test(name) && name.length > 1;
  return word ? name.slice(0, 1).toUpperCase() + name.slice(1) : name;
};
