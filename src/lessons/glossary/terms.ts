import type { Level } from '../../state/lessons/progress.ts';

/** A term at three levels: for a reader new to linear algebra, at home in it, at home with LoRA. */
export interface Meaning extends Readonly<Record<Level, string>> {
  /** Other words for it, which a search finds too. */
  readonly also?: readonly string[];
  /** The lesson that is about it. */
  readonly lesson?: string;
}

/** The words of the lessons, in the order of the alphabet. */
export const TERMS = {
  rank: {
    also: ['r'],
    lesson: 'rank',
    plain: 'How many simple patterns a matrix is the sum of. In LoRA: the number of columns of B and of rows of A.',
    algebra: 'The dimension of the column space. B·A has rank at most r, the number of columns of B.',
    lora: 'r, the inner dimension of B·A: the most directions that ΔW can have, and r(d + k) numbers to train.',
  },
  'singular value': {
    also: ['σ', 'singular values'],
    lesson: 'rank',
    plain:
      'How strongly a matrix stretches its i-th direction, largest first. A direction with σ = 0 is not used at all.',
    algebra: 'The square roots of the eigenvalues of MᵀM, in falling order; M = Σ σᵢuᵢvᵢᵀ.',
    lora: 'The σᵢ of ΔW = s·B·A. At most r of them are not zero; the charts show them on a log scale.',
  },
} satisfies Readonly<Record<string, Meaning>>;

export type TermName = keyof typeof TERMS;

export const meaningOf = (name: TermName): Meaning => TERMS[name];
