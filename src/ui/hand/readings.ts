import type { DigitSet } from '../../experiment/network/digits.ts';
import { countRight } from '../../experiment/network/forward.ts';
import { DIGITS, digitOf, isHeldOut, type Rounds, roundsDone } from '../../experiment/network/rounds.ts';

/** How a set was read, before and now. */
export interface Reading {
  readonly set: DigitSet;
  readonly before: Uint8Array;
  readonly now: Uint8Array;
}

const partsOf = ({ set, before, now }: Reading) => ({
  all: set.answers.length,
  before: countRight(set, before),
  now: countRight(set, now),
});

/** Shares of other people's digits: up to this loss they are kept, and from this one on forgotten. */
const [KEPT, FORGOTTEN] = [0.02, 0.05];

/** The claim that the numbers allow; null: none. It learns if it reads more test drawings, and at least three quarters. */
export function claimOf(mine: Reading, others: Reading): string | null {
  const [own, old] = [partsOf(mine), partsOf(others)];
  if (own.all === 0 || own.now <= own.before || own.now < 0.75 * own.all) return null;
  const lost = (old.before - old.now) / old.all;
  if (lost <= KEPT) return 'It learns you and keeps the others';
  return lost >= FORGOTTEN ? 'It learns you and forgets the others' : 'It learns you and loses some of the others';
}

/** "Of your 20 test drawings it read 11, now 19."; `after`: by what it reads others now. */
export function countsOf({ set, before, now }: Reading, whose: string, after = 'now'): string {
  const { all, ...parts } = partsOf({ set, before, now });
  return `Of ${whose.replace('#', String(all))} it read ${parts.before}, ${after} ${parts.now}.`;
}

/** Digits without any drawing to train on, once a round is done. */
export function neverDrawn(rounds: Rounds): readonly number[] {
  if (roundsDone(rounds) === 0) return [];
  const trained = rounds.drawings.flatMap((drawing, slot) =>
    drawing && (rounds.usesAll || !isHeldOut(slot)) ? [digitOf(slot)] : [],
  );
  return Array.from({ length: DIGITS }, (_, digit) => digit).filter((digit) => !trained.includes(digit));
}

/** "You never drew a 7 or an 8: it may no longer read your 7s or 8s." */
export function skippedText(digits: readonly number[]): string | null {
  if (digits.length === 0) return null;
  if (digits.length === DIGITS) return 'You skipped every digit: there is nothing to learn from.';
  const list = (words: readonly string[]) =>
    [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' or ');
  const drew = list(digits.map((digit) => `${digit === 8 ? 'an' : 'a'} ${digit}`));
  return `You never drew ${drew}: it may no longer read your ${list(digits.map((digit) => `${digit}s`))}.`;
}
