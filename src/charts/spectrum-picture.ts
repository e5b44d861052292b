import { type Scale, type Tick, upright, uprightPoints, verticalAxis } from './axes.ts';
import type { Size } from './chart.ts';
import { rankColumn, shownStep, valuesOf } from './columns.ts';
import { count, number, powerOfTen } from './format.ts';
import { hatch } from './hatch.ts';
import { type Label, placeLabels, type Spot } from './labels.ts';
import { dot, type Mark, type Point, polyline } from './marks.ts';
import { dotRadius, isLarge, type Plot } from './plot.ts';
import type { Scene } from './scene.ts';
import { sentence } from './sentence.ts';

/** The axis reaches from a little above σ₁ of ΔW* down to 1/500 of it; what is smaller runs out at the lower edge. */
const HEADROOM = 1.6;
const DEPTH = 500;
/** ΔW* has its dots where they do not run together. */
const TARGET_DOTS = 16;

interface Height {
  readonly low: number;
  readonly high: number;
  readonly y: Scale;
}

export function spectrumPicture(scene: Scene, size: Size): Mark[] {
  const { plot, x, axis, hover } = rankColumn(scene, size, 'index i');
  if (scene.empty !== null) return [...axis, ...sentence(scene.empty, plot, size.font)];
  const height = heightOf(scene, plot);
  const n = valuesOf(scene);
  const { rank } = scene;
  const radius = dotRadius(size);
  const target = scene.target ? falling(scene.target.values, n, x, height, plot) : [];
  const update = scene.spectrum ? falling(scene.spectrum, rank, x, height, plot) : [];
  const before = scene.ghost?.sampled.spectra.at(-1);
  const ghost = before ? falling(before, scene.ghost?.rank ?? 0, x, height, plot) : [];
  const beyond = (x(rank) + x(Math.min(n, rank + 1))) / 2;
  const edge: Point[] = [
    [beyond, plot.top],
    [plot.right, plot.top],
  ];
  const room = {
    font: size.font,
    bounds: { left: plot.left, right: plot.right, top: 0, bottom: plot.bottom - 2 },
    lines: [target, update, ghost, uprightPoints(x(rank), plot)],
  };
  return [
    ...(rank < n ? [hatch('beyond', edge, plot.bottom)] : []),
    ...verticalAxis(decades(height), height.y, plot, size),
    ...axis,
    upright('rank', 'hair ink', x(rank), plot),
    polyline('ghost', 'pin dw pale', ghost),
    polyline('target', 'ref dwt dashed', target),
    ...dots('target', 'dwt', scene.target?.values ?? [], Math.min(n, TARGET_DOTS), x, height, radius * 0.55),
    polyline('update', 'main dw', update),
    ...dots('update', 'dw', scene.spectrum ?? [], rank, x, height, radius * 1.1),
    ...hover,
    ...placeLabels(labels(scene, size, plot, x, height), room),
  ];
}

function heightOf(scene: Scene, plot: Plot): Height {
  const largest = scene.target?.values[0] || scene.spectrum?.[0] || 1;
  const high = largest * HEADROOM;
  const low = largest / DEPTH;
  const y = (v: number) => plot.bottom - (Math.log(v / low) / Math.log(high / low)) * (plot.bottom - plot.top);
  return { low, high, y };
}

function decades({ low, high }: Height): Tick[] {
  const ticks: Tick[] = [];
  for (let e = Math.ceil(Math.log10(low)); e <= Math.log10(high); e++)
    ticks.push({ value: 10 ** e, text: powerOfTen(e) });
  return ticks;
}

/** The line through singular values; it leaves the plot at the lower edge towards the first value that is below it. */
function falling(values: ArrayLike<number>, most: number, x: Scale, { low, high, y }: Height, plot: Plot): Point[] {
  const points: Point[] = [];
  for (let i = 0; i < Math.min(values.length, most); i++) {
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

function labels(scene: Scene, size: Size, plot: Plot, x: Scale, height: Height): Label[] {
  const { rank, target, spectrum } = scene;
  const n = valuesOf(scene);
  const { font } = size;
  const gap = isLarge(size) ? 12 : 8;
  const list: Label[] = [];
  const low = plot.bottom - font * 0.6;
  if (spectrum) {
    const drawn = spectrum[0] >= height.low;
    const text = drawn ? `ΔW at step ${count(shownStep(scene))}` : 'ΔW = 0: no directions yet';
    const lines = [{ text: !drawn && spectrum[0] > 0 ? 'ΔW: still too small to see' : text, look: 'dw strong halo' }];
    list.push({ key: 'update label', spots: drawn ? below(spectrum, lines) : nothingYet(lines) });
    if (spectrum[0] > height.high) {
      const clipped = [{ text: `▲ ${number(spectrum[0])}`, look: 'dw strong halo' }];
      list.push({
        key: 'clipped',
        spots: [{ lines: clipped, x: x(1) + gap, y: plot.top + font * 2, anchor: 'start' }],
      });
    }
  }
  if (target && target.values[0] > 0) {
    const lines = [{ text: size.short ? 'ΔW*' : 'ΔW*, wanted', look: 'dwt strong halo' }];
    list.push({ key: 'target label', spots: above(target.values, lines) });
  }
  if (rank < n) {
    const lines = [{ text: `nothing beyond r = ${count(rank)}`, look: 'ink halo' }];
    const short = [{ text: `r = ${count(rank)}`, look: 'ink halo' }];
    const at = (y: number): Spot[] => [
      { lines, x: x(rank) + gap, y, anchor: 'start' },
      { lines, x: x(rank) - gap, y, anchor: 'end' },
    ];
    const spots = [...at(plot.top + font * 1.1), ...at(plot.top + font * 2.6), ...at(low)];
    list.push({
      key: 'beyond label',
      spots: [...spots, ...spots.map((s) => ({ ...s, lines: short }))],
      optional: true,
    });
  }
  if (scene.ghost) {
    const last = scene.ghost.sampled.spectra.at(-1);
    const lines = [
      { text: scene.ghost.rank === rank ? 'before' : `before, r = ${scene.ghost.rank}`, look: 'ink-2 halo' },
    ];
    if (last && last[0] >= height.low) list.push({ key: 'ghost label', spots: below(last, lines), optional: true });
  }
  return list;

  /** Left of and under a falling line, from its end towards its start. */
  function below(values: ArrayLike<number>, lines: Spot['lines']): Spot[] {
    let end = 0;
    while (end < Math.min(values.length, n) && values[end] >= height.low) end++;
    const spots: Spot[] = [];
    for (let i = end - 1; i >= 0; i--) {
      const y = height.y(Math.min(height.high, values[i])) + font * 0.4;
      spots.push({ lines, x: x(i + 1) - gap, y, anchor: 'end' });
    }
    const y = height.y(Math.min(height.high, values[end - 1]));
    const beside: Spot = { lines, x: x(rank) + gap, y: y + font * 1.9, anchor: 'start' };
    return [
      ...spots,
      beside,
      { ...beside, y: low },
      { ...beside, y: y - font },
      { lines, x: x(rank) - gap, y: low, anchor: 'end' },
    ];
  }

  /** Right of and over a falling line, from its middle outwards. */
  function above(values: ArrayLike<number>, lines: Spot['lines']): Spot[] {
    const order = [0.6, 0.5, 0.7, 0.4, 0.8, 0.3, 0.9, 0.2, 0].map((share) => Math.round(n ** share));
    const spots = order
      .filter((i) => values[i - 1] >= height.low)
      .map((i): Spot => ({ lines, x: x(i) + gap, y: height.y(values[i - 1]) - font * 0.7, anchor: 'start' }));
    return [...spots, ...spots.map((s) => ({ ...s, y: s.y + font * 2.2 }))];
  }

  function nothingYet(lines: Spot['lines']): Spot[] {
    const y = height.y(height.high / 80);
    const left: Spot = { lines, x: x(rank) - gap, y, anchor: 'end' };
    const right: Spot = { lines, x: x(rank) + gap, y, anchor: 'start' };
    return [left, right, { ...left, y: low }, { ...right, y: low }];
  }
}
