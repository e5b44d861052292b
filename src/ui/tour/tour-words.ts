import { count, number, round } from '../../experiment/numbers.ts';
import type { Tour } from '../../state/view.ts';

/** A matrix that a caption names, as the strip's pictures call it. */
export type CaptionMatrix = 'W0' | 'B' | 'A' | 'dW' | 'W';

/** A piece of a caption: words, a matrix that a line leads to, or what the charts draw as the floor. */
export type CaptionPiece = string | { readonly matrix: CaptionMatrix } | { readonly floor: string };

export interface TourFacts {
  readonly caption: Tour['caption'];
  /** What is painted on the owl. */
  readonly subject: 'sunglasses' | 'hat' | 'confetti' | 'drawing';
  readonly rank: number;
  /** How many numbers B and A hold, and how many W₀. */
  readonly trained: number;
  readonly full: number;
  /** At the end of its run; while it trains; at a step on the way, where it stands or is looked back at; or it has diverged. */
  readonly stands: 'ended' | 'training' | 'on-the-way' | 'diverged';
  /** The step on show, and the last one that is to be made. */
  readonly step: number;
  readonly steps: number;
  /** Relative error at that step, and the least that this rank allows; null where either is not known. */
  readonly error: number | null;
  readonly floor: number | null;
}

const [W0, B, A, dW, W]: readonly CaptionPiece[] = (['W0', 'B', 'A', 'dW', 'W'] as const).map((matrix) => ({ matrix }));

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
export function captionOf(facts: TourFacts): readonly CaptionPiece[] {
  const { caption, subject, error } = facts;
  if (caption === 1) return ['This owl, ', W0, ', is what the layer already knows. It stays frozen.'];
  if (caption === 3) return atEnd(facts);
  const words = ['Only ', B, ' and ', A, ' are trained. Their product ', dW, ` draws ${SUBJECTS[subject].drawn}`];
  return seen(error) ? [...words, ', and ', W, ` ${SUBJECTS[subject].worn}.`] : [...words, '.'];
}

const seen = (error: number | null) => error !== null && error < SEEN;

/** Whether the words of a caption are all there, so that they can be said once. */
export function isCaptionComplete({ caption, error, stands }: TourFacts): boolean {
  if (caption === 2) return seen(error);
  return caption === 1 || stands !== 'training';
}

const SUBJECTS = {
  sunglasses: {
    drawn: 'sunglasses',
    worn: 'wears them',
    good: 'good sunglasses',
    whole: 'The sunglasses are',
    rough: 'rough sunglasses',
  },
  hat: { drawn: 'a hat', worn: 'wears it', good: 'a good hat', whole: 'The hat is', rough: 'a rough hat' },
  confetti: {
    drawn: 'confetti',
    worn: 'is covered in it',
    good: 'good confetti',
    whole: 'The confetti is',
    rough: 'a blur of confetti',
  },
  drawing: {
    drawn: 'your drawing',
    worn: 'wears it',
    good: 'a good copy of your drawing',
    whole: 'The copy of your drawing is',
    rough: 'a rough copy of your drawing',
  },
} as const;

/** What stands beside the things to try: a sentence for the rank on screen. */
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

/** What the run has made of the edit, and what its rank costs. At rank 8, where the opening ends: what a rank is. */
function outcome(facts: TourFacts): readonly CaptionPiece[] {
  const { subject, rank, trained, full, error } = facts;
  const [own, all] = [count(trained), count(full)];
  const { whole, rough, good } = SUBJECTS[subject];
  if (rank === 8 && error !== null && error < GOOD && isAt(facts))
    return [
      'Rank 8 means 8 columns in ',
      B,
      ' and 8 rows in ',
      A,
      `: ${own} numbers, not ${all}, and already ${good}.`,
    ];
  const costs = [`Rank ${rank}: ${own} numbers, ${trained < full ? `not ${all}` : `more than the ${all} of W₀`}. `];
  if (error === null) return [...costs, 'The error is not known.'];
  if (error >= GOOD) return [...costs, `They make ${rough}: the error `, ...floorWords(facts)];
  return [...costs, `${whole} ${rank > 8 ? '' : 'already '}good, and the error `, ...floorWords(facts)];
}

/** Where the error lies, as the end of a sentence for somebody who does not know what a floor is. */
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

/** A caption as plain text, to be said. */
export function captionText(pieces: readonly CaptionPiece[]): string {
  return pieces
    .map((piece) => (typeof piece === 'string' ? piece : 'matrix' in piece ? SYMBOLS[piece.matrix] : piece.floor))
    .join('');
}
