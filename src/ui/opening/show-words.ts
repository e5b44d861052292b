import { number, rounded } from '../../experiment/numbers.ts';
import type { Show } from '../../state/view.ts';

/** A matrix that a caption names, as the strip's pictures call it. */
export type Named = 'W0' | 'B' | 'A' | 'dW' | 'W';

/** A piece of a caption: words, a matrix that a line leads to, or what the charts draw as the floor. */
export type Piece = string | { readonly matrix: Named } | { readonly floor: string };

export interface CaptionFacts {
  readonly caption: Show['caption'];
  /** What is painted on the owl; null where the run is about something else. */
  readonly subject: 'sunglasses' | 'hat' | 'confetti' | 'drawing' | null;
  readonly rank: number;
  /** True once the run has finished. */
  readonly ended: boolean;
  /** Relative error now, and the least that this rank allows; null where either is not known. */
  readonly error: number | null;
  readonly floor: number | null;
}

const [W0, B, A, dW, W]: readonly Piece[] = (['W0', 'B', 'A', 'dW', 'W'] as const).map((matrix) => ({ matrix }));

/** What is seen of an edit once its error is below this. */
const SEEN = 0.5;
/** An edit whose error is below this looks as it should. */
const GOOD = 0.15;

/** How an error lies to its floor, in words that the numbers bear out. */
export function nearness(error: number, floor: number): 'at' | 'near' | 'above' {
  const gap = error - floor;
  if (gap <= Math.max(0.02 * floor, 0.002)) return 'at';
  return gap <= Math.max(0.01, Math.min(0.35 * floor, 0.05)) ? 'near' : 'above';
}

/** The words of a moment of the show. They say nothing that its run does not show. */
export function captionOf(facts: CaptionFacts): readonly Piece[] {
  const { caption, subject, rank, error, ended } = facts;
  if (caption === 1)
    return [
      subject ? 'The owl ' : 'The matrix ',
      W0,
      ' stays frozen. ',
      B,
      ' starts at zero, so ',
      W,
      ' is the same',
      subject ? ' owl.' : ' matrix.',
    ];
  if (caption === 3 && !ended)
    return [rank === 1 ? 'Rank 1 is one column times one row.' : `Training at rank ${rank}.`];
  if (caption === 2) {
    const only = ['Only ', B, ' and ', A, ' are trained. Their product ', dW];
    if (!subject) return [...only, ' comes closer to the target.'];
    const words = [...only, ` draws ${SUBJECTS[subject].drawn}`];
    return error !== null && error < SEEN ? [...words, ', and ', W, ` ${SUBJECTS[subject].worn}.`] : [...words, '.'];
  }
  return outcome(facts);
}

const SUBJECTS = {
  sunglasses: { drawn: 'sunglasses', worn: 'wears them', good: 'good sunglasses', rough: 'rough sunglasses' },
  hat: { drawn: 'a hat', worn: 'wears it', good: 'a good hat', rough: 'a rough hat' },
  confetti: { drawn: 'confetti', worn: 'is covered in it', good: 'all the confetti', rough: 'a blur of confetti' },
  drawing: { drawn: 'your drawing', worn: 'wears it', good: 'your drawing', rough: 'a rough copy of your drawing' },
} as const;

/** What the run has made of the edit. */
function outcome(facts: CaptionFacts): Piece[] {
  const { subject, rank, error, floor } = facts;
  const lies = ['. The error ', ...floorWords(facts)];
  if (rank === 1) {
    const bar = subject === 'sunglasses' && error !== null && floor !== null && nearness(error, floor) === 'at';
    return ['Rank 1 is one column times one row', ...(bar ? [': a dark bar, and the eyes shine through.'] : lies)];
  }
  if (subject === null || error === null) return [`Training at rank ${rank} has finished`, ...lies];
  const { good, rough } = SUBJECTS[subject];
  return [error < GOOD ? `Rank ${rank} is enough for ${good}` : `Rank ${rank} makes ${rough}`, ...lies];
}

/** Where the error lies, as the end of a sentence for somebody who does not know what a floor is. */
function floorWords({ error, floor, rank }: CaptionFacts): Piece[] {
  if (error === null) return ['is not known.'];
  if (floor === null) return [`is ${number(error)}.`];
  if (floor < 0.001) return [`has fallen from 1 to ${rounded(error, 3)}.`];
  const near = nearness(error, floor);
  const allowed = `as low as rank ${rank} allows`;
  if (near === 'at') return ['is ', { floor: allowed }, '.'];
  return near === 'near'
    ? ['is nearly ', { floor: allowed }, '.']
    : [`is ${number(error)}; `, { floor: `the least possible at rank ${rank}` }, ` is ${number(floor)}.`];
}

const SYMBOLS: Readonly<Record<Named, string>> = { W0: 'W₀', B: 'B', A: 'A', dW: 'ΔW', W: 'W' };

export function symbolOf(name: Named): string {
  return SYMBOLS[name];
}

/** A caption as plain text, to be said. */
export function spoken(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : 'matrix' in piece ? SYMBOLS[piece.matrix] : piece.floor))
    .join('');
}
