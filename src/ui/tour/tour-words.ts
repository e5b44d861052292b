import { count, percent } from '../../experiment/numbers.ts';

/** A piece of a sentence: text, or a matrix, which has its colour. */
export type SentencePiece = string | { readonly matrix: 'W₀' | 'B' | 'A' | 'ΔW' };

export interface TourFacts {
  readonly subject: keyof typeof SUBJECTS | 'own drawing' | 'drawing';
  readonly rank: number;
  readonly trained: number;
  readonly full: number;
  /** Before the first step; between it and the end; at the end; or diverged. */
  readonly stands: 'start' | 'on-the-way' | 'ended' | 'diverged';
  /** Relative error, and the floor of this rank; null if unknown. */
  readonly error: number | null;
  readonly floor: number | null;
}

const SUBJECTS = {
  sunglasses: { puts: 'sunglasses', look: 'the sunglasses look right', are: 'the sunglasses are', them: 'them' },
  hat: { puts: 'a hat', look: 'the hat looks right', are: 'the hat is', them: 'it' },
  confetti: { puts: 'confetti', look: 'the confetti looks right', are: 'the confetti is', them: 'it' },
} as const;

/** Below this error an edit looks right. */
const GOOD = 0.15;
/** Below this error nothing can be seen to be missing. */
const WHOLE = 0.005;

/** Whether an error is that of the best matrix of its rank, for all that is seen of it. */
export function isAtFloor({ error, floor }: Pick<TourFacts, 'error' | 'floor'>): boolean {
  return error !== null && floor !== null && error - floor <= Math.max(0.02 * floor, 0.002);
}

/** The sentence of a first visit; it claims nothing that the run does not show. `short`: for a phone. */
export function sentenceOf(facts: TourFacts, short: boolean): readonly SentencePiece[] {
  const { subject, stands, rank } = facts;
  if (stands === 'diverged') return ['Training has diverged.'];
  if (subject === 'own drawing' || subject === 'drawing') return [drawingWords(facts)];
  if (stands === 'ended')
    return [rank === 1 ? rankOneWords(facts, SUBJECTS[subject].are) : outcomeWords(facts, subject)];
  if (stands === 'on-the-way' && rank === 1) return [`${RANK_ONE}.`];
  const leaves = short ? 'LoRA keeps the large matrix ' : 'LoRA leaves the large matrix ';
  const trains = short ? ' and trains two thin ones, ' : ' as it is and trains two thin ones, ';
  const until = [', until their product ', { matrix: 'ΔW' }, ` puts ${SUBJECTS[subject].puts} on the owl.`] as const;
  return [leaves, { matrix: 'W₀' }, trains, { matrix: 'B' }, '\u00a0and\u00a0', { matrix: 'A' }, ...until];
}

const RANK_ONE = 'Rank 1 is one column times one row';

function rankOneWords(facts: TourFacts, are: string): string {
  const { subject, error } = facts;
  if (subject === 'sunglasses' && isAtFloor(facts)) return `${RANK_ONE}: only a dark bar, and the eyes shine through.`;
  return error === null ? `${RANK_ONE}.` : `${RANK_ONE}: ${percent(error)} of ${are} missing.`;
}

function drawingWords({ subject, rank, stands, error }: TourFacts): string {
  const drawing = `${subject === 'drawing' ? 'This' : 'Your'} drawing at rank ${rank}`;
  if (stands !== 'ended' || error === null) return `${drawing}.`;
  if (rank === 8) return `${drawing}. Move the rank and see what gets lost.`;
  return `${drawing}: ${error < WHOLE ? 'nothing' : percent(error)} of it is missing.`;
}

function outcomeWords({ trained, full, error }: TourFacts, subject: keyof typeof SUBJECTS): string {
  const { look, are, them } = SUBJECTS[subject];
  const all = `With ${count(trained)} numbers`;
  const cost =
    trained < full
      ? `${all} instead of ${count(full)}`
      : `${all}, ${trained === full ? 'as many as in W₀' : `more than the ${count(full)} of W₀`}`;
  if (error === null) return `${cost}. How few will do?`;
  if (error >= GOOD) return `${cost}, ${percent(error)} of ${are} missing.`;
  // Why a low rank can be enough; not said of a high one.
  const why = 2 * trained <= full ? `: a few patterns make most of ${them}` : '';
  return `${cost}, ${look}${why}. How few will do?`;
}

export function sentenceText(pieces: readonly SentencePiece[]): string {
  return pieces.map((piece) => (typeof piece === 'string' ? piece : piece.matrix)).join('');
}
