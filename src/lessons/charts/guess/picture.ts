import { scaleLinear } from 'd3-scale';
import { heightScale, vline } from '../../../kit/chart/axes.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { clampedText, endName } from '../../../kit/chart/labels.ts';
import { dot, hatch, type Mark, type Point, polyline, segment, words } from '../../../kit/chart/marks.ts';
import { picture } from '../../../kit/chart/picture.ts';
import { dotRadius, plotOf } from '../../../kit/chart/plot.ts';
import { drawing } from '../../../kit/chart/render.ts';
import { type DrawnGuess, drawnPoints, guessAt, type Pen } from './guess.ts';

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
