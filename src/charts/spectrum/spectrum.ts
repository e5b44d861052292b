import { range } from 'd3-array';
import { scaleLog } from 'd3-scale';
import { count, number } from '../../experiment/numbers.ts';
import type { Size, Table } from '../../kit/chart/chart.ts';
import {
  hasMoved,
  heightsOf,
  isAhead,
  liveLook,
  measuredStep,
  type OtherRun,
  ofRun,
  otherLook,
  otherNameLook,
  type RunChart,
  type Scene,
  shownStep,
  updateName,
  valuesOf,
} from '../chart.ts';
import { decades, type Scale, upright, verticalAxis } from '../drawing/axes.ts';
import { rankColumn, readRanks, spaced } from '../drawing/columns.ts';
import { heightAt, type Label, type LabelPlace, placeLabels } from '../drawing/labels.ts';
import { dot, hatch, type Mark, marked, type Point, polyline } from '../drawing/marks.ts';
import { dotRadius, isLarge, type Plot } from '../drawing/plot.ts';
import { render } from '../drawing/render.ts';
import { sentence } from '../drawing/sentence.ts';
import { textWidth } from '../drawing/text-width.ts';
import { knownSentence, knownShort, pinnedWords, runState } from '../drawing/words.ts';

/** The axis reaches from a little above σ₁ of ΔW* down to 1/500 of it; what is smaller runs out at the lower edge. */
const HEADROOM = 1.6;
const DEPTH = 500;
/** ΔW* has its dots where they do not run together. */
const TARGET_DOTS = 16;

export function spectrumPicture(scene: Scene, size: Size): Mark[] {
  const { plot, x, axis, hover } = rankColumn(scene, size, 'index i');
  if (scene.empty !== null) return [...axis, ...sentence(scene.empty, plot, size.font)];
  const height = heightOf(heightsOf(scene), plot);
  const n = valuesOf(scene);
  const { rank } = scene;
  const radius = dotRadius(size);
  const target = scene.target ? falling(scene.target.values, n, x, height, plot) : [];
  const update = scene.spectrum ? falling(scene.spectrum, rank, x, height, plot) : [];
  const others = scene.others.map(({ sampled, rank: own, pin }) =>
    falling(sampled.spectra.at(-1) ?? [], pin?.directions ?? own, x, height, plot),
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
    ...others.flatMap((line, i) => {
      const other = scene.others[i];
      return marked([polyline(`other ${i}`, `pin ${otherLook('dw', other, scene)}`, line)], ofRun(other));
    }),
    // Before the first step: the shape to come, the largest directions of ΔW*.
    ...(isAhead(scene) ? [polyline('ahead', 'main dw faint', target.slice(0, countTo(target, x(rank))))] : []),
    polyline('target', 'ref dwt dashed', target),
    ...dots('target', 'dwt', scene.target?.values ?? [], Math.min(n, TARGET_DOTS), x, height, radius * 0.55),
    polyline('update', `main ${liveLook('dw', scene)}`, update),
    ...dots('update', liveLook('dw', scene), scene.spectrum ?? [], rank, x, height, radius * 1.1),
    ...hover,
    ...placeLabels(spectrumLabels(scene, size, { plot, x, target, update, others }, height), room),
  ];
}

/** How many points of a line do not lie beyond a place. */
const countTo = (line: SpectrumLine, end: number) => line.filter(([at]) => at <= end + 0.5).length;

/** px of a value, and the values at the edges of the plot. */
interface SpectrumHeight {
  readonly low: number;
  readonly high: number;
  readonly y: Scale;
}

function heightOf(scene: Scene, plot: Plot): SpectrumHeight {
  const largest = scene.target?.values[0] || scene.spectrum?.[0] || 1;
  const [low, high] = [largest / DEPTH, largest * HEADROOM];
  return { low, high, y: scaleLog([low, high], [plot.bottom, plot.top]) };
}

/** The line through singular values; it leaves the plot at the lower edge towards the first value that is below it. */
function falling(
  values: ArrayLike<number>,
  most: number,
  x: Scale,
  { low, high, y }: SpectrumHeight,
  plot: Plot,
): Point[] {
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
  { low, high, y }: SpectrumHeight,
  radius: number,
): Mark[] {
  const marks: Mark[] = [];
  for (let i = 0; i < Math.min(values.length, most) && values[i] >= low; i++)
    marks.push(dot(`${key} ${i + 1}`, look, [x(i + 1), y(Math.min(high, values[i]))], radius));
  return marks;
}

type SpectrumLine = readonly Point[];

/** The lines of the chart in px. */
interface SpectrumPlot {
  readonly plot: Plot;
  readonly x: Scale;
  readonly target: SpectrumLine;
  readonly update: SpectrumLine;
  readonly others: readonly SpectrumLine[];
}

/** The labels of the spectrum, the most important first: ΔW under its line, ΔW* over its line, the rule at r. */
function spectrumLabels(scene: Scene, size: Size, ground: SpectrumPlot, { high }: { readonly high: number }): Label[] {
  const { spectrum, target, rank } = scene;
  const { font } = size;
  const { plot, x } = ground;
  const gap = isLarge(size) ? 12 : 8;
  const list: Label[] = [];
  if (spectrum) list.push(updateLabel(scene, spectrum, size, ground));
  if (spectrum && spectrum[0] > high) {
    const places = [0.95 * font, plot.top + 2 * font, plot.top + 3.2 * font].map(
      (y): LabelPlace => ({ lines: [`▲ ${number(spectrum[0])}`], x: x(1) + gap, y, anchor: 'start' }),
    );
    list.push({ key: 'clipped', look: 'dw strong', places });
  }
  if (target && target.values[0] > 0) {
    const name = target.how === 'leading' ? `leading ${count(target.values.length)}` : (target.name ?? 'the target');
    const lines = [size.short ? 'ΔW*' : `ΔW*, ${name}`];
    list.push({ key: 'target label', look: 'dwt strong', places: over(lines, size, ground, target.values.length) });
  }
  if (rank < valuesOf(scene)) {
    const texts = [`out of reach at rank ${count(rank)}`, `r = ${count(rank)}`];
    const places = texts.flatMap((text) =>
      [plot.top + font * 1.1, plot.top + font * 2.6, plot.bottom - font * 0.6].flatMap((y): LabelPlace[] => [
        { lines: [text], x: x(rank) + gap, y, anchor: 'start' },
        { lines: [text], x: x(rank) - gap, y, anchor: 'end' },
      ]),
    );
    list.push({ key: 'beyond label', look: 'ink', places });
  }
  for (const [i, line] of ground.others.entries()) {
    if (line.length === 0) continue;
    const places = under([scene.others[i].name], size, [line, ground.update, ground.target], line, plot);
    const other = scene.others[i];
    list.push({ key: `other label ${i}`, look: otherNameLook(other, scene), places, more: ofRun(other) });
  }
  return list;
}

function updateLabel(scene: Scene, spectrum: ArrayLike<number>, size: Size, ground: SpectrumPlot): Label {
  const { plot, x, update, target } = ground;
  const { font } = size;
  const name = updateName(scene);
  const common = { key: 'update label', look: 'dw strong', required: true };
  if (update.length > 0) {
    const text = `${name} at step ${count(measuredStep(scene) ?? shownStep(scene))}`;
    return { ...common, places: under([text], size, [update, target], update, plot) };
  }
  const texts =
    spectrum[0] > 0
      ? [`${name}: too small to see yet`, `${name}: too small`]
      : [`${name} = 0: no directions yet`, `${name} = 0`];
  const gap = isLarge(size) ? 12 : 8;
  const heights = [plot.top + 0.66 * (plot.bottom - plot.top), plot.bottom - font * 0.6];
  const places = texts.flatMap((text) =>
    heights.flatMap((y): LabelPlace[] => [
      { lines: [text], x: x(scene.rank) - gap, y, anchor: 'end' },
      { lines: [text], x: x(scene.rank) + gap, y, anchor: 'start' },
    ]),
  );
  return { ...common, places };
}

/** Of a long line, about so many points are tried. */
const TRIED = 24;

/**
 * Under the end of a falling line and left of it, then further up along it; where there is no room left of it, right of
 * it: just as low as all lines let it there; else over the line.
 */
function under(
  text: readonly string[],
  size: Size,
  lines: readonly SpectrumLine[],
  line: SpectrumLine,
  plot: Plot,
): LabelPlace[] {
  const { font } = size;
  const gap = isLarge(size) ? 12 : 8;
  const width = textWidth(text[0], font, true);
  const below = (left: number, right: number) =>
    Math.max(...[left, right].flatMap((x) => lines.filter((l) => covers(l, x)).map((l) => heightAt(l, x)))) +
    1.15 * font;
  // From the last but one value: the label then hangs in the bend, at the line but not at its very end.
  const end = line.length - 1;
  const order = [end - 1, end, ...range(end - 2, -1, -Math.ceil(line.length / TRIED))];
  const left = order
    .filter((i) => i >= 0)
    .flatMap((i): LabelPlace[] => {
      const right = line[i][0] - gap;
      return [line[i][1] + 0.4 * font, below(right - width, right)].map((y) => ({
        lines: text,
        x: right,
        y,
        anchor: 'end',
      }));
    });
  const from = line[end][0] + gap;
  const beside = [below(from, from + width), plot.bottom - 0.6 * font, line[end][1] + 1.9 * font].map(
    (y): LabelPlace => {
      return { lines: text, x: from, y, anchor: 'start' };
    },
  );
  const above = line
    .slice(0, TRIED)
    .map(([x, y]): LabelPlace => ({ lines: text, x: x + gap, y: y - 0.7 * font, anchor: 'start' }));
  return [...left, ...beside, ...above];
}

const covers = (line: SpectrumLine, x: number) => line.length > 0 && line[0][0] <= x && x <= line[line.length - 1][0];

/** Right of and over a falling line, from its middle outwards, else over whatever is there, else under it. */
function over(text: readonly string[], size: Size, { x, target, update }: SpectrumPlot, known: number): LabelPlace[] {
  const gap = isLarge(size) ? 12 : 8;
  const lines = [target, update];
  const heights = (at: number) => lines.filter((line) => covers(line, at)).map((line) => heightAt(line, at));
  const ends = [0.6, 0.5, 0.7, 0.4, 0.8, 0.3, 0.9, 0.2, 0]
    .map((share) => x(Math.round(known ** share)))
    .filter((at) => covers(target, at));
  const place = (at: number, y: number): LabelPlace => ({ lines: text, x: at + gap, y, anchor: 'start' });
  return [
    ...ends.flatMap((at) =>
      [heightAt(target, at), Math.min(...heights(at))].map((y) => place(at, y - 0.7 * size.font)),
    ),
    ...ends.map((at) => place(at, heightAt(target, at) + 1.5 * size.font)),
  ];
}

export const spectrum: RunChart = {
  name: 'spectrum',
  title: 'Singular values σᵢ of ΔW',
  short: 'Spectrum',
  help: () => 'strength of each direction, largest first (log scale)',
  ...readRanks,
  draw: (svg, scene, size) => render(svg, size, spectrumPicture(scene, size)),
  readout,
  ofPin: largest,
  describe,
  table,
};

function readout(scene: Scene, index: number): string {
  const parts: string[] = [];
  const name = updateName(scene);
  if (scene.spectrum)
    parts.push(index <= scene.rank ? `${name} ${number(scene.spectrum[index - 1] ?? 0)}` : `${name} –`);
  if (scene.target) {
    const unknown = scene.target.how === 'leading' && index > scene.target.values.length;
    parts.push(unknown ? 'ΔW* not known' : `ΔW* ${number(scene.target.values[index - 1] ?? 0)}`);
  }
  const left = scene.alignment?.left[index - 1];
  if (left !== undefined && Number.isFinite(left))
    parts.push(alignmentName(scene, 'left').replace(' (', ` ${number(left)} (`));
  return `direction ${count(index)}: ${parts.join(', ')}`;
}

/** Alignment is that of ΔW, which is not what has these singular values where an initialisation has moved a part of W₀. */
function alignmentName(scene: Scene, side: 'left' | 'right'): string {
  return `subspace match${hasMoved(scene) ? ' of ΔW' : ''} (${side} singular vectors)`;
}

/** How many directions of ΔW are not lost beside the largest. */
function alive(values: ArrayLike<number>): number {
  return Array.from(values).filter((v) => v > 0 && v >= values[0] * 1e-3).length;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const { rank, spectrum: values, target } = scene;
  const largestWanted = target ? ` The largest singular value of ΔW* is ${number(target.values[0])}.` : '';
  const wanted = `${largestWanted}${knownSentence(target)}`;
  if (!values) return `${runState(scene)}${wanted}`;
  if (!(values[0] > 0)) return `${runState(scene)} ${updateName(scene)} = 0: no directions yet.${wanted}`;
  const n = alive(values);
  const directions = `${count(n)} of at most ${count(rank)} direction${rank === 1 ? '' : 's'} above a thousandth of the largest`;
  const step = measuredStep(scene) ?? shownStep(scene);
  const when = step < shownStep(scene) ? ` at step ${count(step)}, where it was last measured,` : '';
  return `${runState(scene)} ${updateName(scene)}${when} has ${directions}, σ₁ = ${number(values[0])}.${wanted} Beyond r = ${count(rank)} nothing can be learned.${pinnedWords(scene, largest)}`;
}

/** The size of the strongest direction of a pinned run, and how many there are. */
function largest({ sampled, rank, pin }: OtherRun): string | null {
  const values = sampled.spectra.at(-1);
  const directions = pin?.directions ?? rank;
  const many = `${count(directions)} direction${directions === 1 ? '' : 's'}${directions > rank ? ', 2r' : ''}`;
  return values ? `${many}, σ₁ = ${number(values[0] ?? 0)}` : null;
}

function table(scene: Scene): Table {
  const { rank, target, spectrum: values, alignment, others } = scene;
  const known = target && knownShort(target);
  const at = (list: ArrayLike<number> | null | undefined, i: number, most = Number.POSITIVE_INFINITY) =>
    list && i < list.length && i < most && Number.isFinite(list[i]) ? list[i] : null;
  return {
    columns: [
      'i',
      known ? `σᵢ of ΔW* (${known})` : 'σᵢ of ΔW*',
      `σᵢ of ${updateName(scene)} at step ${measuredStep(scene) ?? shownStep(scene)}`,
      alignmentName(scene, 'left'),
      alignmentName(scene, 'right'),
      ...others.map(({ name }) => `σᵢ ${name}`),
    ],
    rows: Array.from({ length: valuesOf(scene) }, (_, i) => [
      i + 1,
      at(target?.values, i),
      at(values, i, rank),
      at(alignment?.left, i),
      at(alignment?.right, i),
      ...others.map((other) => at(other.sampled.spectra.at(-1), i, other.pin?.directions ?? other.rank)),
    ]),
  };
}
