import type { RunChart, Scene } from '../../../charts/chart.ts';
import { heightScale } from '../../../charts/drawing/axes.ts';
import { rankColumn } from '../../../charts/drawing/columns.ts';
import { type LabelBox, type LabelPlace, lineBox, placeLabels } from '../../../charts/drawing/labels.ts';
import { dot, type Mark, type Point, polyline } from '../../../charts/drawing/marks.ts';
import { dotRadius } from '../../../charts/drawing/plot.ts';
import { render } from '../../../charts/drawing/render.ts';
import { error } from '../../../charts/error/error.ts';
import { errorPicture, TOP } from '../../../charts/error/picture.ts';
import { spectrum, spectrumPicture } from '../../../charts/spectrum/spectrum.ts';
import { number } from '../../../experiment/numbers.ts';
import type { Size } from '../../../kit/chart/chart.ts';

/** So many layers of ΔW are kept; the others are pale. */
export interface Kept {
  readonly layers: number;
  /** Relative error of their sum; null where it is not known. */
  readonly error: number | null;
}

const layersWords = (layers: number) => (layers === 1 ? '1 layer kept' : `${layers} layers kept`);

/** The spectrum with the kept part of ΔW in its full hue. */
export function keptSpectrum(kept: Kept): RunChart {
  return {
    ...spectrum,
    draw: (svg, scene, size) => render(svg, size, keptSpectrumPicture(scene, size, kept)),
    describe: (scene) => `${spectrum.describe(scene)} ${layersWords(kept.layers)}.`,
  };
}

/** The error chart with the error of the kept part beside that of the run. */
export function keptError(kept: Kept): RunChart {
  const words = kept.error === null ? '' : ` The first ${kept.layers} of its layers alone: ${number(kept.error)}.`;
  return {
    ...error,
    draw: (svg, scene, size) => render(svg, size, keptErrorPicture(scene, size, kept)),
    describe: (scene) => `${error.describe(scene)}${words}`,
  };
}

function keptSpectrumPicture(scene: Scene, size: Size, { layers }: Kept): Mark[] {
  const marks = spectrumPicture(scene, size);
  if (scene.empty !== null || !scene.spectrum) return marks;
  const radius = dotRadius(size);
  const points = Array.from({ length: scene.rank }, (_, i): Point | null => {
    const at = marks.find(({ key }) => key === `update ${i + 1}`)?.attributes;
    return at ? [Number(at.cx), Number(at.cy)] : null;
  }).filter((point) => point !== null);
  if (points.length === 0) return marks;
  const first = points.slice(0, layers);
  const rest = marks.filter(({ key }) => !/^update( label| \d|$)/.test(key));
  const last = first[first.length - 1] ?? points[0];
  const label = layersWords(layers);
  const beside: LabelPlace[] = [
    { lines: [label], x: last[0] - size.font, y: last[1] + 1.7 * size.font, anchor: 'end' },
    { lines: [label], x: points[0][0], y: last[1] + 1.9 * size.font, anchor: 'start' },
    { lines: [label], x: last[0] + size.font, y: last[1] - size.font, anchor: 'start' },
    { lines: [label], x: points[0][0], y: last[1] + 3.4 * size.font, anchor: 'start' },
  ];
  return [
    ...rest,
    polyline('update', 'line pale dw', points),
    polyline('kept', 'main dw', first),
    ...points.map((at, i) => dot(`update ${i + 1}`, i < layers ? 'dw' : 'open dw', at, radius * 1.1)),
    ...placeLabels([{ key: 'kept label', look: 'dw strong', places: beside, required: true }], {
      font: size.font,
      bounds: boundsOf(size),
      lines: [points],
      dots: textsOf(rest, size),
    }),
  ];
}

function keptErrorPicture(scene: Scene, size: Size, { layers, error: value }: Kept): Mark[] {
  const marks = errorPicture(scene, size);
  if (scene.empty !== null || value === null || layers >= scene.rank) return marks;
  // As in the error chart, with its second row of ticks.
  const second = marks.some(({ key }) => key === 'share name');
  const { plot, x } = rankColumn(scene, size, 'rank i', second ? 14 : 0);
  const at: Point = [x(layers), heightScale(plot, TOP)(Math.min(value, TOP))];
  const text = `first ${layers}: ${number(value)}`;
  const gap = 0.9 * size.font;
  const places = [-0.8, 0.35, -1.6, 1.5].flatMap((down): LabelPlace[] => [
    { lines: [text], x: at[0] + gap, y: at[1] + down * size.font, anchor: 'start' },
    { lines: [text], x: at[0] - gap, y: at[1] + down * size.font, anchor: 'end' },
  ]);
  const label = { key: 'kept label', look: 'dw strong', places, required: true };
  const room = {
    font: size.font,
    bounds: boundsOf(size),
    lines: [],
    dots: textsOf(marks, size),
    uprights: [x(scene.rank)],
  };
  return [...marks, dot('kept', 'open dw', at, dotRadius(size) * 1.6), ...placeLabels([label], room)];
}

const boundsOf = ({ width, height }: Size): LabelBox => ({ left: 0, right: width, top: 0, bottom: height });

/** The boxes of all texts of a picture. */
function textsOf(marks: readonly Mark[], { font }: Size): LabelBox[] {
  return marks.flatMap(({ tag, attributes, text = '' }) => {
    if (tag !== 'text') return [];
    const strong = String(attributes.class).includes('strong');
    const anchor = attributes['text-anchor'];
    const side = anchor === 'end' || anchor === 'middle' ? anchor : 'start';
    return [lineBox(text, strong, Number(attributes.x), Number(attributes.y), side, font)];
  });
}
