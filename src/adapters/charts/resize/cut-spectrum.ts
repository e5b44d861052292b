import { scaleLinear, scaleLog } from 'd3-scale';
import { number, superscript } from '../../../experiment/numbers.ts';
import { fitTicks, type Scale, type Tick } from '../../../kit/chart/axes.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { box, dot, hatch, type Mark, type Point, polyline, segment, words } from '../../../kit/chart/marks.ts';
import type { Plot } from '../../../kit/chart/plot.ts';
import { render } from '../../../kit/chart/render.ts';
import { shortened } from '../../../kit/chart/text-width.ts';
import type { CutHeights, CutScene } from './cut-scene.ts';

/** A relative error as a table lists it: "0.165"; in powers of ten if these decimals would all be 0. */
export function errorText(error: number, decimals = 3): string {
  if (error === 0) return '0';
  return error < 0.5 * 10 ** -decimals ? number(error, 2) : error.toFixed(decimals);
}

/** The spectrum of a module with its cut: kept directions filled, dropped ones as rings on hatch. */
export const cutSpectrum = {
  name: 'cutSpectrum',
  draw: (svg: SVGSVGElement, scene: CutScene, size: Size) => render(svg, size, cutPicture(scene, size)),
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

const across = (rank: number, { left, right }: Plot) =>
  scaleLinear()
    .domain([0.5, rank + 0.5])
    .range([left, right]);

export function cutPicture(scene: CutScene, size: Size): Mark[] {
  const { sigma, rank, kept, heights } = scene;
  const plot = plotIn(size, scene.below);
  const x = across(rank, plot);
  const y = scaleLog().domain([heights.low, heights.high]).range([plot.bottom, plot.top]).clamp(true);
  const points = Array.from(
    { length: sigma.length },
    (_, i): Point => [x(i + 1), sigma[i] > 0 ? y(sigma[i]) : plot.bottom],
  );
  const cut = x(kept + 0.5);
  const apart = x(2) - x(1);
  const dropped = points.slice(kept);
  return [
    ...(kept < rank
      ? [
          hatch(
            'dropped area',
            [
              [cut, plot.top],
              [plot.right, plot.top],
            ],
            plot.bottom,
          ),
        ]
      : []),
    ...verticals(scene, heights, y, plot, size),
    segment('axis', 'hair axis', [plot.left, plot.bottom], [plot.right, plot.bottom]),
    ...(scene.below ? directions(scene, x, plot, size) : []),
    ...(dropped.length > 0 ? [polyline('dropped', 'pin pale dw', points.slice(Math.max(0, kept - 1)))] : []),
    polyline('kept', 'main dw', points.slice(0, kept)),
    ...(apart >= CLOSE ? dropped.map((at, i) => dot(`ring ${kept + i}`, 'open pale dw', at, 2.6)) : []),
    ...(apart >= CLOSE ? points.slice(0, kept).map((at, i) => dot(`dot ${i}`, 'dw', at, 3.5)) : []),
    segment('cut', 'hair ink', [cut, plot.top - 3], [cut, plot.bottom]),
    box('handle', 'ink', cut - 3.5, plot.top - 5, 7, 12, 1.5),
    ...heading(scene, plot, size),
  ];
}

function verticals({ left }: CutScene, heights: CutHeights, y: Scale, plot: Plot, { font }: Size): Mark[] {
  return heightTicks(heights, (plot.bottom - plot.top) / (2 * font)).flatMap(({ value, text }) => [
    segment(`grid ${value}`, 'hair rule', [plot.left, y(value)], [plot.right, y(value)]),
    ...(left ? [words(`y ${value}`, '', [plot.left - font / 2, y(value) + 0.35 * font], 'end', text)] : []),
  ]);
}

/** Powers of ten; of fewer than two, more per decade; at most `max`. */
export function heightTicks({ low, high }: CutHeights, max: number): Tick[] {
  const within = (steps: readonly number[]) => {
    const found: Tick[] = [];
    for (let e = Math.floor(Math.log10(low)); e <= Math.log10(high); e++)
      for (const step of steps) {
        const value = Number((step * 10 ** e).toPrecision(2));
        if (value > low * 1.02 && value < high) found.push({ value, text: plain(value) });
      }
    return found;
  };
  const ticks =
    [[1], [1, 3], [1, 2, 5]].map(within).find(({ length }) => length >= 2) ?? within([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const every = Math.max(1, Math.ceil(ticks.length / Math.max(1, max)));
  return ticks.filter((_, i) => (ticks.length - 1 - i) % every === 0);
}

function plain(value: number): string {
  if (value >= 0.01 && value < 1000) return String(value);
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  return Math.abs(value / 10 ** exponent - 1) < 1e-6 ? `10${superscript(exponent)}` : number(value, 1);
}

function directions({ rank, kept }: CutScene, x: Scale, plot: Plot, { font }: Size): Mark[] {
  const at = (value: number): Tick => ({ value, text: String(value), strong: value === kept });
  const all = Array.from({ length: rank }, (_, i) => i + 1);
  const round = [rank, 1, ...all.filter((value) => value % 8 === 0), ...all.filter((value) => value % 4 === 0), ...all];
  const ticks = fitTicks([at(kept), ...(rank > 64 ? round.slice(0, 2 + rank / 8) : round).map(at)], x, font, font / 2);
  return ticks.map(({ value, text, strong }) =>
    words(`x ${value}`, strong ? 'ink strong' : '', [x(value), plot.bottom + 1.1 * font], 'middle', text),
  );
}

/** Name, ranks and error in one row; if space is short, without the word "error" and the end of the name. */
function heading({ title, rank, kept, error }: CutScene, plot: Plot, { font, width }: Size): Mark[] {
  const y = 0.78 * font;
  const said = `${width < 16 * font ? '' : 'error '}${errorText(error, 2)}`;
  const ranks = `${rank} → ${kept}`;
  const before = (text: string) => (0.58 * text.length + 0.4) * font;
  const end = plot.right - before(said);
  // A little left of the plot, where the axis has no numbers.
  const left = plot.left - font;
  const room = end - before(ranks) - left;
  return [
    ...(room > 2 * font ? [words('title', 'ink strong', [left, y], 'start', shortened(title, room, font, true))] : []),
    words('ranks', 'ink', [end, y], 'end', ranks),
    words('error', 'ink-2', [plot.right, y], 'end', said),
  ];
}
