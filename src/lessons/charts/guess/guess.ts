/** A curve drawn over a few places on an axis: its heights, PER of them between places; null where nothing is drawn. */
export type DrawnGuess = readonly (number | null)[];

/** Samples from one place to the next: fine enough for a line drawn by hand. */
const PER = 12;

export const blankGuess = (places: number): DrawnGuess => Array<null>((places - 1) * PER + 1).fill(null);

/** The height at a place, 0 … places − 1; null if nothing is drawn there. */
export const guessAt = (guess: DrawnGuess, place: number): number | null => guess[place * PER] ?? null;

/** The drawn points in order; `place` may be fractional. */
export function drawnPoints(guess: DrawnGuess): (readonly [place: number, height: number])[] {
  return guess.flatMap((height, i) => (height === null ? [] : [[i / PER, height] as const]));
}

/** Pen position; `place` may be fractional. */
export interface Pen {
  readonly place: number;
  readonly height: number;
}

/** The guess after a straight stroke; gaps between drawn parts are joined. */
export function strokeGuess(guess: DrawnGuess, from: Pen, to: Pen): DrawnGuess {
  const [left, right] = from.place <= to.place ? [from, to] : [to, from];
  const next = [...guess];
  const clamp = (i: number) => Math.max(0, Math.min(guess.length - 1, i));
  const [first, last] = [clamp(Math.round(left.place * PER)), clamp(Math.round(right.place * PER))];
  const span = (right.place - left.place) * PER;
  for (let i = first; i <= last; i++) {
    const share = span > 0 ? Math.max(0, Math.min(1, (i - left.place * PER) / span)) : 1;
    next[i] = span > 0 ? left.height + share * (right.height - left.height) : to.height;
  }
  return joined(next);
}

/** The guess once the pen is lifted: a line within half a place of an end of the axis is extended to it, level. */
export function liftPen(guess: DrawnGuess): DrawnGuess {
  const [first, last] = [guess.findIndex((v) => v !== null), guess.findLastIndex((v) => v !== null)];
  if (first < 0) return guess;
  const [left, right] = [first < PER / 2 ? 0 : first, guess.length - 1 - last < PER / 2 ? guess.length - 1 : last];
  return guess.map((v, i) =>
    i >= left && i < first ? (guess[first] ?? null) : i > last && i <= right ? (guess[last] ?? null) : v,
  );
}

/** The guess with another height at a place, joined to drawn neighbours by straight lines. */
export function moveGuess(guess: DrawnGuess, place: number, height: number): DrawnGuess {
  const next = [...guess];
  next[place * PER] = height;
  for (const side of [-1, 1]) {
    const end = (place + side) * PER;
    const other = guess[end];
    for (let i = 1; i < PER && end >= 0 && end < guess.length; i++)
      next[place * PER + side * i] = other === null ? null : height + (i / PER) * (other - height);
  }
  return joined(next);
}

function joined(heights: readonly (number | null)[]): DrawnGuess {
  const next = [...heights];
  let last = -1;
  for (let i = 0; i < next.length; i++) {
    const height = next[i];
    if (height === null) continue;
    const before = last >= 0 ? (next[last] ?? height) : height;
    for (let j = last + 1; last >= 0 && j < i; j++) next[j] = before + ((j - last) / (i - last)) * (height - before);
    last = i;
  }
  return next;
}

/** Where a guess is furthest from the result; null without a guess or a result. */
export function largestMiss(guess: DrawnGuess, truth: readonly (number | null)[]) {
  let worst: { readonly place: number; readonly drawn: number; readonly truth: number } | null = null;
  for (const [place, value] of truth.entries()) {
    const drawn = guessAt(guess, place);
    if (drawn === null || value === null) continue;
    if (worst === null || Math.abs(drawn - value) > Math.abs(worst.drawn - worst.truth))
      worst = { place, drawn, truth: value };
  }
  return worst;
}
