import { capital, count, number, round } from '../../experiment/numbers.ts';
import type { Tour } from '../../state/view.ts';

export type CaptionMatrix = 'W0' | 'B' | 'A' | 'dW' | 'W';

/** A piece of a caption: text, a matrix with a line to it, or the term that the charts draw as the floor. */
export type CaptionPiece = string | { readonly matrix: CaptionMatrix } | { readonly floor: string };

export interface TourFacts {
  readonly caption: Tour['caption'];
  readonly subject: 'sunglasses' | 'hat' | 'confetti' | 'drawing';
  readonly rank: number;
  readonly trained: number;
  readonly full: number;
  /** At the end of its run; training; at a step on the way, paused or looked back at; or diverged. */
  readonly stands: 'ended' | 'training' | 'on-the-way' | 'diverged';
  readonly step: number;
  readonly steps: number;
  /** Relative error at that step, and the floor of this rank; null if unknown. */
  readonly error: number | null;
  readonly floor: number | null;
}

const [W0, B, A, dW, W]: readonly CaptionPiece[] = (['W0', 'B', 'A', 'dW', 'W'] as const).map((matrix) => ({ matrix }));

/** Below this error an edit is recognisable. */
const SEEN = 0.5;
/** Below this error an edit looks right. */
const GOOD = 0.15;

/** The error relative to its floor, in words that the numbers support. */
export function nearness(error: number, floor: number): 'at' | 'near' | 'above' {
  const gap = error - floor;
  if (gap <= Math.max(0.02 * floor, 0.002)) return 'at';
  return gap <= Math.max(0.01, Math.min(0.35 * floor, 0.05)) ? 'near' : 'above';
}

/** Text of a moment of the tour; it claims nothing that the run does not show. */
export function captionOf(facts: TourFacts): readonly CaptionPiece[] {
  const { caption, subject, error } = facts;
  if (caption === 1) return ['This owl, ', W0, ', is what the layer already knows. It stays frozen.'];
  if (caption === 3) return atEnd(facts);
  const words = ['Only ', B, ' and ', A, ' are trained. Their product ', dW, ` draws ${SUBJECTS[subject].drawn}`];
  return seen(error) ? [...words, ', and ', W, ` ${SUBJECTS[subject].worn}.`] : [...words, '.'];
}

const seen = (error: number | null) => error !== null && error < SEEN;

/** Whether a caption is complete, so that it can be announced once. */
export function isCaptionComplete({ caption, error, stands }: TourFacts): boolean {
  if (caption === 2) return seen(error);
  return caption === 1 || stands !== 'training';
}

const SUBJECTS = {
  sunglasses: {
    drawn: 'sunglasses',
    worn: 'wears them',
    right: 'the sunglasses already look right',
    rough: 'rough sunglasses',
  },
  hat: { drawn: 'a hat', worn: 'wears it', right: 'the hat already looks right', rough: 'a rough hat' },
  confetti: {
    drawn: 'confetti',
    worn: 'is covered in it',
    right: 'the confetti already looks right',
    rough: 'a blur of confetti',
  },
  drawing: {
    drawn: 'your drawing',
    worn: 'wears it',
    right: 'your drawing is already there',
    rough: 'a rough copy of your drawing',
  },
} as const;

function atEnd(facts: TourFacts): readonly CaptionPiece[] {
  const { rank, stands, step, steps, error } = facts;
  if (stands === 'diverged') return ['Training has diverged.'];
  if (stands === 'on-the-way' && step === 0) return [`Step 0 of ${count(steps)}: press Train.`];
  if (stands === 'on-the-way')
    return [`At step ${count(step)} of ${count(steps)} the error is ${error === null ? 'not known' : number(error)}.`];
  const one = rank === 1 ? 'Rank 1 is one column times one row' : null;
  if (stands === 'training') return [one ? `${one}.` : `Training at rank ${rank}.`];
  const bar = one && facts.subject === 'sunglasses' && error !== null && isAt(facts);
  if (bar) return [`${one}: a dark bar, and the eyes shine through.`];
  return one ? [`${one}. The error `, ...floorWords(facts)] : outcome(facts);
}

const isAt = ({ error, floor }: TourFacts) => error !== null && floor !== null && nearness(error, floor) === 'at';

/** Result for the edit, and cost of the rank. At rank 8, where the tour ends: what a rank is. */
function outcome(facts: TourFacts): readonly CaptionPiece[] {
  const { subject, rank, trained, full, error } = facts;
  const [own, all] = [count(trained), count(full)];
  const { right, rough } = SUBJECTS[subject];
  if (rank === 8 && error !== null && error < GOOD && isAt(facts))
    return [
      'Rank 8 means 8 columns in ',
      B,
      ' and 8 rows in ',
      A,
      `. With ${own} numbers instead of ${all}, ${right}.`,
    ];
  const costs = [`Rank ${rank}: ${own} numbers, ${trained < full ? `not ${all}` : `more than the ${all} of W₀`}. `];
  if (error === null) return [...costs, 'The error is not known.'];
  if (error >= GOOD) return [...costs, `They make ${rough}: the error `, ...floorWords(facts)];
  return [
    ...costs,
    `${capital(rank > 8 ? right.replace('already ', '') : right)}, and the error `,
    ...floorWords(facts),
  ];
}

/** The error relative to the floor, as the end of a sentence for readers new to the term. */
function floorWords({ error, floor, rank }: TourFacts): CaptionPiece[] {
  if (error === null) return ['is not known.'];
  if (floor === null) return [`is ${number(error)}.`];
  if (floor < 0.001) return [`has fallen from 1 to ${round(error, 3)}.`];
  const near = nearness(error, floor);
  const allowed = `as low as rank ${rank} allows`;
  const is = `is ${number(error)}, `;
  if (near === 'at') return [is, { floor: allowed }, '.'];
  return near === 'near'
    ? [`${is}nearly `, { floor: allowed }, '.']
    : [`is ${number(error)}; `, { floor: `the least possible at rank ${rank}` }, ` is ${number(floor)}.`];
}

const SYMBOLS: Readonly<Record<CaptionMatrix, string>> = { W0: 'W₀', B: 'B', A: 'A', dW: 'ΔW', W: 'W' };

export function captionSymbol(name: CaptionMatrix): string {
  return SYMBOLS[name];
}

export function captionText(pieces: readonly CaptionPiece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : 'matrix' in piece ? SYMBOLS[piece.matrix] : piece.floor))
    .join('');
}
