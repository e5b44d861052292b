import { scaleLinear } from 'd3-scale';
import { heightScale, vline } from '../../../kit/chart/axes.ts';
import { dotRadius, plotOf, type Size } from '../../../kit/chart/chart.ts';
import { dot, hatch, type Mark, type Point, polyline, segment, words } from '../../../kit/chart/marks.ts';
import { clampedText, drawing, endName, picture } from '../../../kit/chart/picture.ts';

/** A chart over a few places on an axis: first blank, to draw in; then with the results and the guess. */
export interface GuessScene {
  readonly places: readonly string[];
  readonly axis: string;
  readonly top: number;
  readonly ticks: readonly number[];
  readonly text: (value: number) => string;
  readonly guess: DrawnGuess;
  readonly name: string;
  readonly ask: string;
  /** The place that keys move, if any. */
  readonly at: number | null;
  /** The result at each place, null if not there yet; null while all are hidden. */
  readonly truth: readonly (number | null)[] | null;
  readonly hue: string;
  /** Lower bound of the results, from left to right; places may be fractional. Hidden with `truth`. */
  readonly floor: {
    readonly points: readonly (readonly [place: number, height: number])[];
    readonly name: readonly string[];
  } | null;
}

function groundOf({ places, top }: Pick<GuessScene, 'places' | 'top'>, size: Size) {
  const whole = plotOf(size);
  // A short chart leaves space for a word or two at its right.
  const plot = size.short ? { ...whole, right: size.width - 6.5 * size.font } : whole;
  const x = scaleLinear([0, places.length - 1], [plot.left + 10, plot.right - 12]);
  return { plot, x, y: heightScale(plot, top * 1.04) };
}

/** The chart coordinates of a point on screen; heights are clamped to the axis. */
export function penAt(scene: Pick<GuessScene, 'places' | 'top'>, size: Size, px: number, py: number): Pen {
  const { x, y } = groundOf(scene, size);
  const place = Math.max(0, Math.min(scene.places.length - 1, x.invert(px)));
  return { place, height: Math.max(0, Math.min(scene.top, y.invert(py))) };
}

/** px from the left of each place. */
export function placesAt(scene: Pick<GuessScene, 'places' | 'top'>, size: Size): readonly number[] {
  const { x } = groundOf(scene, size);
  return scene.places.map((_, i) => x(i));
}

export const drawGuess = drawing(guessPicture);

export function guessPicture(scene: GuessScene, size: Size): Mark[] {
  const { places, guess, truth, hue, text, at } = scene;
  const { plot, x, y } = groundOf(scene, size);
  const { font, short } = size;
  const radius = dotRadius(size);
  const px = ([place, height]: readonly [number, number]): Point => [x(place), y(height)];
  const drawn = drawnPoints(guess).map(px);
  const floor = truth && scene.floor ? scene.floor.points.map(px) : [];
  const results = (truth ?? []).flatMap((value, i) => (value === null ? [] : [{ i, value, at: px([i, value]) }]));
  const held = at === null ? null : guessAt(guess, at);
  const middle: Point = [(plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2];
  const bounds = { left: plot.left - 5, right: plot.right + 6 };
  const name = scene.floor?.name ?? [];
  return picture({
    size,
    plot,
    behind: floor.length > 1 && hatch('unreachable', floor, plot.bottom),
    x: { name: scene.axis, scale: x, ticks: places.map((text, value) => ({ value, text, strong: value === at })) },
    y: { scale: y, ticks: scene.ticks },
    marks: [
      drawn.length === 0 && truth === null && words('ask', 'ink-2 claim halo', middle, 'middle', scene.ask),
      at !== null && vline('at', 'hair ink dotted', x(at), plot),
      floor.length > 0 && polyline('floor', 'line dwt dashed', floor),
      results.map(({ i, at }) => {
        const height = guessAt(guess, i);
        return height !== null && segment(`gap ${i}`, 'hair ink-2 dotted', at, px([i, height]));
      }),
      drawn.length > 0 && polyline('guess', 'line ink', drawn),
      at !== null && held !== null && dot('held', 'ink', px([at, held]), radius * 1.8),
      results.map(({ i, at }) => dot(`truth ${i}`, hue, at, radius * 1.7)),
      results.map(({ i, value, at: [px, py] }) => {
        const place: Point = [px + (short ? 0.1 : 0.8) * font, py - 0.9 * font];
        return clampedText(`truth label ${i}`, `${hue} strong`, text(value), place, 'middle', bounds, font);
      }),
    ],
    names: [
      endName(drawn, { key: 'guess label', className: 'ink strong', texts: [scene.name] }),
      endName(floor, {
        ...{ key: 'floor label', className: 'dwt strong', secondClassName: 'dwt' },
        texts: [name, ...name],
      }),
    ],
  });
}

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
