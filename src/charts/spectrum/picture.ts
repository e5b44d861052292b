import { scaleLog } from 'd3-scale';
import type { Size } from '../chart.ts';
import { decades, type Scale, upright, verticalAxis } from '../drawing/axes.ts';
import { rankColumn, spaced } from '../drawing/columns.ts';
import { hatch } from '../drawing/hatch.ts';
import { placeLabels } from '../drawing/labels.ts';
import { dot, type Mark, type Point, polyline } from '../drawing/marks.ts';
import { dotRadius, type Plot } from '../drawing/plot.ts';
import { sentence } from '../drawing/sentence.ts';
import { otherLook, type Scene, valuesOf } from '../scene.ts';
import { spectrumLabels } from './labels.ts';

/** The axis reaches from a little above σ₁ of ΔW* down to 1/500 of it; what is smaller runs out at the lower edge. */
const HEADROOM = 1.6;
const DEPTH = 500;
/** ΔW* has its dots where they do not run together. */
const TARGET_DOTS = 16;

export function spectrumPicture(scene: Scene, size: Size): Mark[] {
  const { plot, x, axis, hover } = rankColumn(scene, size, 'index i');
  if (scene.empty !== null) return [...axis, ...sentence(scene.empty, plot, size.font)];
  const height = heightOf(scene, plot);
  const n = valuesOf(scene);
  const { rank } = scene;
  const radius = dotRadius(size);
  const target = scene.target ? falling(scene.target.values, n, x, height, plot) : [];
  const update = scene.spectrum ? falling(scene.spectrum, rank, x, height, plot) : [];
  const others = scene.others.map(({ sampled, rank: most }) =>
    falling(sampled.spectra.at(-1) ?? [], most, x, height, plot),
  );
  const beyond = (x(rank) + x(Math.min(n, rank + 1))) / 2;
  const edge: Point[] = [
    [beyond, plot.top],
    [plot.right, plot.top],
  ];
  const room = {
    font: size.font,
    bounds: { left: plot.left, right: plot.right, top: 0, bottom: plot.bottom - 2 },
    lines: [target, update],
    uprights: [x(rank)],
  };
  return [
    ...(rank < n ? [hatch('beyond', edge, plot.bottom)] : []),
    ...verticalAxis(decades(height.low, height.high), height.y, plot, size),
    ...axis,
    upright('rank', 'hair ink', x(rank), plot),
    ...others.map((line, i) => polyline(`other ${i}`, `pin ${otherLook('dw', scene.others[i])}`, line)),
    polyline('target', 'ref dwt dashed', target),
    ...dots('target', 'dwt', scene.target?.values ?? [], Math.min(n, TARGET_DOTS), x, height, radius * 0.55),
    polyline('update', 'main dw', update),
    ...dots('update', 'dw', scene.spectrum ?? [], rank, x, height, radius * 1.1),
    ...hover,
    ...placeLabels(spectrumLabels(scene, size, { plot, x, target, update, others }, height), room),
  ];
}

/** px of a value, and the values at the edges of the plot. */
export interface Height {
  readonly low: number;
  readonly high: number;
  readonly y: Scale;
}

function heightOf(scene: Scene, plot: Plot): Height {
  const largest = scene.target?.values[0] || scene.spectrum?.[0] || 1;
  const [low, high] = [largest / DEPTH, largest * HEADROOM];
  return { low, high, y: scaleLog([low, high], [plot.bottom, plot.top]) };
}

/** The line through singular values; it leaves the plot at the lower edge towards the first value that is below it. */
function falling(values: ArrayLike<number>, most: number, x: Scale, { low, high, y }: Height, plot: Plot): Point[] {
  const points: Point[] = [];
  for (const at of spaced(Math.min(values.length, most), x)) {
    const i = at - 1;
    if (values[i] >= low) {
      points.push([x(i + 1), y(Math.min(high, values[i]))]);
      continue;
    }
    const last = points.at(-1);
    if (!last) return [];
    const [x0, y0] = last;
    // Zero has no logarithm: a value a thousandth of the edge falls as steeply to the eye.
    const depth = y(Math.max(values[i], low / 1000));
    points.push([x0 + ((plot.bottom - y0) / (depth - y0)) * (x(i + 1) - x0), plot.bottom]);
    break;
  }
  return points;
}

function dots(
  key: string,
  look: string,
  values: ArrayLike<number>,
  most: number,
  x: Scale,
  { low, high, y }: Height,
  radius: number,
): Mark[] {
  const marks: Mark[] = [];
  for (let i = 0; i < Math.min(values.length, most) && values[i] >= low; i++)
    marks.push(dot(`${key} ${i + 1}`, look, [x(i + 1), y(Math.min(high, values[i]))], radius));
  return marks;
}
