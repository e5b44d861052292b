import { scaleLinear } from 'd3-scale';
import { heightScale, horizontalAxis, upright, verticalAxis } from '../../../charts/drawing/axes.ts';
import { around, type Label, type LabelPlace, placeLabels } from '../../../charts/drawing/labels.ts';
import { dot, hatch, type Mark, type Point, polyline, segment, words } from '../../../charts/drawing/marks.ts';
import { dotRadius, plotOf } from '../../../charts/drawing/plot.ts';
import { render } from '../../../charts/drawing/render.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { type DrawnGuess, drawnPoints, guessAt, type Pen } from './guess.ts';

/** A chart over a few places on an axis: first blank, to be drawn in; then with what came out, and the guess beside it. */
export interface GuessScene {
  /** What stands at each place of the axis, and the name of the axis. */
  readonly places: readonly string[];
  readonly axis: string;
  /** The top of the vertical axis, its ticks, and how a value is written. */
  readonly top: number;
  readonly ticks: readonly number[];
  readonly text: (value: number) => string;
  readonly guess: DrawnGuess;
  /** What stands beside the line, and in the plot while there is none. */
  readonly name: string;
  readonly ask: string;
  /** The place that the keys move; null: none. */
  readonly at: number | null;
  /** What came out at each place, null where it is not there yet; null while it is hidden. */
  readonly truth: readonly (number | null)[] | null;
  /** The class of its hue. */
  readonly hue: string;
  /** A bound below which nothing comes, from left to right: places with fractions, and heights. Hidden with the truth. */
  readonly floor: {
    readonly points: readonly (readonly [place: number, height: number])[];
    readonly name: string;
  } | null;
}

function groundOf({ places, top }: Pick<GuessScene, 'places' | 'top'>, size: Size) {
  const plot = plotOf(size, 'rank');
  const x = scaleLinear([0, places.length - 1], [plot.left + 10, plot.right - 12]);
  return { plot, x, y: heightScale(plot, top * 1.04) };
}

/** Where in the chart a point of the screen is; heights stay within the axis. */
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

export function drawGuess(svg: SVGSVGElement, scene: GuessScene, size: Size): void {
  render(svg, size, guessPicture(scene, size));
}

export function guessPicture(scene: GuessScene, size: Size): Mark[] {
  const { places, guess, truth, hue, text, at } = scene;
  const { plot, x, y } = groundOf(scene, size);
  const radius = dotRadius(size);
  const px = ([place, height]: readonly [number, number]): Point => [x(place), y(height)];
  const drawn = drawnPoints(guess).map(px);
  const floor = truth && scene.floor ? scene.floor.points.map(px) : [];
  const out = (truth ?? []).flatMap((value, i) => (value === null ? [] : [{ i, value, at: px([i, value]) }]));
  const gaps = out.flatMap(({ i, at }) => {
    const height = guessAt(guess, i);
    return height === null ? [] : [segment(`gap ${i}`, 'hair ink-2 dotted', at, px([i, height]))];
  });
  const held = at === null ? null : guessAt(guess, at);
  const labels: Label[] = [
    ...out.map(
      ({ i, value, at }): Label => ({
        key: `truth label ${i}`,
        look: `${hue} strong`,
        places: beside(at, text(value), size),
        required: true,
      }),
    ),
    ...(drawn.length > 0 ? [guessLabel(scene, drawn, size)] : []),
    ...(floor.length > 0 && scene.floor ? [floorLabel(scene.floor.name, plot.left, plot.bottom, size)] : []),
  ];
  const lines = [drawn, floor].filter((line) => line.length > 1);
  const dots = out.map(({ at }) => around(at, radius * 1.9));
  const bounds = { left: plot.left, right: plot.right + size.font, top: 0, bottom: plot.bottom - 1 };
  return [
    ...(floor.length > 1 ? [hatch('unreachable', floor, plot.bottom)] : []),
    ...verticalAxis(
      scene.ticks.map((value) => ({ value, text: String(value) })),
      y,
      plot,
      size,
    ),
    ...horizontalAxis(
      scene.axis,
      places.map((text, value) => ({ value, text, strong: value === at })),
      x,
      plot,
      size,
    ),
    ...(drawn.length === 0 && truth === null ? ask(scene, size) : []),
    ...(at === null ? [] : [upright('at', 'hair ink dotted', x(at), plot)]),
    ...(floor.length > 0 ? [polyline('floor', 'line dwt dashed', floor)] : []),
    ...gaps,
    ...(drawn.length > 0 ? [polyline('guess', 'line ink', drawn)] : []),
    ...(at !== null && held !== null ? [dot('held', 'ink', px([at, held]), radius * 1.8)] : []),
    ...out.map(({ i, at }) => dot(`truth ${i}`, hue, at, radius * 1.7)),
    ...placeLabels(labels, { font: size.font, bounds, lines, dots }),
  ];
}

/** What is to be done, in the middle of the blank plot. */
function ask(scene: GuessScene, size: Size): Mark[] {
  const { plot } = groundOf(scene, size);
  const middle: Point = [(plot.left + plot.right) / 2, (plot.top + plot.bottom) / 2];
  return [words('ask', 'ink-2 claim halo', middle, 'middle', scene.ask)];
}

/** Right of a dot, else left of it, at its height or a line or two above or below; else over it. */
function beside([x, y]: Point, text: string, { font }: Size): LabelPlace[] {
  const gap = 0.9 * font;
  const sides = [0.9, -0.4, 1.6, -1.2, 2.4].flatMap((down): LabelPlace[] => [
    { lines: [text], x: x + gap, y: y + down * font, anchor: 'start' },
    { lines: [text], x: x - gap, y: y + down * font, anchor: 'end' },
  ]);
  const over = [-1, -2.2, -3.4].map(
    (up): LabelPlace => ({ lines: [text], x: x + gap, y: y + up * font, anchor: 'end' }),
  );
  return [...sides, ...over];
}

/** Over the line, from its middle outwards, else under it. */
function guessLabel({ name }: GuessScene, drawn: readonly Point[], { font }: Size): Label {
  const points = [0.5, 0.62, 0.38, 0.75, 0.25, 0.9, 0.1].map((share) => drawn[Math.round(share * (drawn.length - 1))]);
  const over = points.map(([x, y]): LabelPlace => ({ lines: [name], x: x + font, y: y - 0.9 * font, anchor: 'start' }));
  const under = points.map(
    ([x, y]): LabelPlace => ({ lines: [name], x: x + font, y: y + 1.8 * font, anchor: 'start' }),
  );
  return { key: 'guess label', look: 'ink strong', places: [...over, ...under] };
}

/** In the hatched corner. */
function floorLabel(name: string, left: number, bottom: number, { font }: Size): Label {
  const place = (lines: readonly string[], up: number): LabelPlace => ({
    lines,
    x: left + 10 + font / 2,
    y: bottom - up * font,
    anchor: 'start',
  });
  const short = name.split(':')[0] ?? name;
  return {
    key: 'floor label',
    look: 'dwt strong',
    places: [place([name], 0.7), place([short], 0.7), place([short], 2)],
  };
}
