import { range } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import { number, superscript } from '../../../experiment/numbers.ts';
import { fitTicks, hatchFrom, hline, type Scale, type Tick, ticksAt } from '../../../kit/chart/axes.ts';
import type { Plot, Size } from '../../../kit/chart/chart.ts';
import {
  box,
  dot,
  flatten,
  type Mark,
  type Nested,
  type Point,
  polyline,
  segment,
  words,
} from '../../../kit/chart/marks.ts';
import { drawing } from '../../../kit/chart/picture.ts';
import { shortened } from '../../../kit/chart/text-width.ts';

export interface CutScene {
  readonly title: string;
  readonly sigma: ArrayLike<number>;
  readonly rank: number;
  readonly kept: number;
  /** ‖lost‖/‖ΔW‖ of the module. */
  readonly error: number;
  readonly heights: CutHeights;
  /** Whether the vertical axis has its numbers at its left, and the horizontal one below it. */
  readonly left: boolean;
  readonly below: boolean;
}

export interface CutHeights {
  readonly low: number;
  readonly high: number;
}

/** Decades below the largest value that an axis shows: directions further down are as good as dead. */
const DECADES = 4;

export function cutHeights(spectra: readonly (ArrayLike<number> | null)[]): CutHeights {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const sigma of spectra) {
    if (!sigma) continue;
    for (let i = 0; i < sigma.length; i++) {
      if (!(sigma[i] > 0)) continue;
      low = Math.min(low, sigma[i]);
      high = Math.max(high, sigma[i]);
    }
  }
  if (!(high > 0)) return { low: 0.1, high: 1 };
  return { low: Math.max(low / 1.6, high * 10 ** -DECADES), high: high * 1.4 };
}

/** A relative error as a table lists it: "0.165"; in powers of ten if these decimals would all be 0. */
export function errorText(error: number, decimals = 3): string {
  if (error === 0) return '0';
  return error < 0.5 * 10 ** -decimals ? number(error, 2) : error.toFixed(decimals);
}

/** The spectrum of a module with its cut: kept directions filled, dropped ones as rings on hatch. */
export const cutSpectrum = {
  name: 'cutSpectrum',
  draw: drawing(cutPicture),
  keptAt: ({ rank }: CutScene, size: Size, x: number) =>
    Math.max(1, Math.min(rank, Math.round(across(rank, plotIn(size, true)).invert(x) - 0.5))),
  describe: ({ title, rank, kept, error }: CutScene) =>
    `${title}: ${kept} of ${rank} directions kept, error ${errorText(error)}`,
};

const LEFT = 2.5;
/** In px; closer directions have no separate marks. */
const CLOSE = 5;

function plotIn({ width, height, font }: Size, below: boolean): Plot {
  return { left: LEFT * font, right: width - 4, top: 1.75 * font, bottom: height - (below ? 1.5 * font : 4) };
}

const across = (rank: number, { left, right }: Plot) => scaleLinear([0.5, rank + 0.5], [left, right]);

export function cutPicture(scene: CutScene, size: Size): Mark[] {
  const { sigma, rank, kept, heights } = scene;
  const plot = plotIn(size, scene.below);
  const x = across(rank, plot);
  const y = scaleLog([heights.low, heights.high], [plot.bottom, plot.top]).clamp(true);
  const points = Array.from(sigma, (value, i): Point => [x(i + 1), value > 0 ? y(value) : plot.bottom]);
  const cut = x(kept + 0.5);
  const apart = x(2) - x(1) >= CLOSE;
  return flatten([
    kept < rank && hatchFrom('dropped area', cut, plot),
    verticals(scene, y, plot, size),
    hline('axis', 'hair axis', plot.bottom, plot),
    scene.below && directions(scene, x, plot, size),
    kept < points.length && polyline('dropped', 'pin pale dw', points.slice(Math.max(0, kept - 1))),
    polyline('kept', 'main dw', points.slice(0, kept)),
    apart && points.slice(kept).map((at, i) => dot(`ring ${kept + i}`, 'open pale dw', at, 2.6)),
    apart && points.slice(0, kept).map((at, i) => dot(`dot ${i}`, 'dw', at, 3.5)),
    segment('cut', 'hair ink', [cut, plot.top - 3], [cut, plot.bottom]),
    box('handle', 'ink knob', cut - 3.5, plot.top - 5, 7, 12, 1.5),
    heading(scene, plot, size),
  ]);
}

function verticals({ left, heights }: CutScene, y: Scale, plot: Plot, { font }: Size): Nested<Mark> {
  return heightTicks(heights, (plot.bottom - plot.top) / (2 * font)).map(({ value, text }) => [
    hline(`grid ${value}`, 'hair rule', y(value), plot),
    left && words(`y ${value}`, 'tick', [plot.left - font / 2, y(value) + 0.35 * font], 'end', text),
  ]);
}

/** Powers of ten; of fewer than two, more per decade; at most `max`. */
export function heightTicks({ low, high }: CutHeights, max: number): Tick[] {
  const exponents = range(Math.floor(Math.log10(low)), Math.log10(high) + 1e-12);
  const within = (steps: readonly number[]) =>
    exponents
      .flatMap((e) => steps.map((step) => Number((step * 10 ** e).toPrecision(2))))
      .filter((value) => value > low * 1.02 && value < high);
  const ticks =
    [[1], [1, 3], [1, 2, 5]].map(within).find(({ length }) => length >= 2) ?? within([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const every = Math.max(1, Math.ceil(ticks.length / Math.max(1, max)));
  return ticksAt(
    ticks.filter((_, i) => (ticks.length - 1 - i) % every === 0),
    plain,
  );
}

function plain(value: number): string {
  if (value >= 0.01 && value < 1000) return String(value);
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  return Math.abs(value / 10 ** exponent - 1) < 1e-6 ? `10${superscript(exponent)}` : number(value, 1);
}

function directions({ rank, kept }: CutScene, x: Scale, plot: Plot, { font }: Size): Mark[] {
  const all = range(1, rank + 1);
  const round = [rank, 1, ...all.filter((value) => value % 8 === 0), ...all.filter((value) => value % 4 === 0), ...all];
  const some = rank > 64 ? round.slice(0, 2 + rank / 8) : round;
  const ticks = fitTicks(ticksAt([kept, ...some], String, kept), x, font);
  return ticks.map(({ value, text, strong }) =>
    words(`x ${value}`, strong ? 'tick ink strong' : 'tick', [x(value), plot.bottom + 1.1 * font], 'middle', text),
  );
}

/** Name, ranks and error in one row; if space is short, without the word "error" and the end of the name. */
function heading({ title, rank, kept, error }: CutScene, plot: Plot, { font, width }: Size): Nested<Mark> {
  const y = 0.78 * font;
  const said = `${width < 16 * font ? '' : 'error '}${errorText(error, 2)}`;
  const ranks = `${rank} → ${kept}`;
  const before = (text: string) => (0.58 * text.length + 0.4) * font;
  const end = plot.right - before(said);
  // A little left of the plot, where the axis has no numbers.
  const left = plot.left - font;
  const room = end - before(ranks) - left;
  return [
    room > 2 * font && words('title', 'ink strong', [left, y], 'start', shortened(title, room, font, true)),
    words('ranks', 'ink', [end, y], 'end', ranks),
    words('error', 'ink-2', [plot.right, y], 'end', said),
  ];
}
