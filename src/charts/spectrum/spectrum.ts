import { scaleLog } from 'd3-scale';
import { count, number } from '../../experiment/numbers.ts';
import { decades, type Scale, verticalAxis, vline } from '../../kit/chart/axes.ts';
import type { Size, Table } from '../../kit/chart/chart.ts';
import { endName, type MarginLabel, marginLabels } from '../../kit/chart/labels.ts';
import { dot, hatch, type Mark, type Point, polyline, withAttributes } from '../../kit/chart/marks.ts';
import { dotRadius, type Plot } from '../../kit/chart/plot.ts';
import { render } from '../../kit/chart/render.ts';
import {
  hasMovedPart,
  heightsOf,
  isUntrained,
  liveRunClass,
  measuredStep,
  type OtherRun,
  otherNameClass,
  otherRunClass,
  type RunChart,
  runData,
  type Scene,
  shownStep,
  updateName,
  valuesOf,
} from '../chart.ts';
import { rankColumn, rankReading, spacedRanks } from '../drawing/columns.ts';
import { sentence } from '../drawing/sentence.ts';
import { knowledgeSentence, knowledgeShort, pinnedWords, runState } from '../drawing/words.ts';

/** The axis spans from a little above σ₁ of ΔW* down to 1/500 of it; smaller values leave at the lower edge. */
const HEADROOM = 1.6;
const DEPTH = 500;
/** Up to this number of directions, ΔW* has a dot each. */
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
  return [
    ...(rank < n ? [hatch('beyond', edge, plot.bottom)] : []),
    ...verticalAxis(decades(height.low, height.high), height.y, plot, size),
    ...axis,
    vline('rank', 'hair ink', x(rank), plot),
    ...others.flatMap((line, i) => {
      const other = scene.others[i];
      return withAttributes([polyline(`other ${i}`, `pin ${otherRunClass('dw', other, scene)}`, line)], runData(other));
    }),
    // Before the first step: the shape to come, the largest directions of ΔW*.
    ...(isUntrained(scene) ? [polyline('ahead', 'main dw faint', target.slice(0, countTo(target, x(rank))))] : []),
    polyline('target', 'ref dwt dashed', target),
    ...dots('target', 'dwt', scene.target?.values ?? [], Math.min(n, TARGET_DOTS), x, height, radius * 0.55),
    polyline('update', `main ${liveRunClass('dw', scene)}`, update),
    ...dots('update', liveRunClass('dw', scene), scene.spectrum ?? [], rank, x, height, radius * 1.1),
    ...hover,
    ...marginLabels(names(scene, { plot, target, update, others }, height.high, size.font), plot, size),
  ];
}

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

/** The line through singular values; it leaves the plot at the lower edge towards the first smaller value. */
function falling(
  values: ArrayLike<number>,
  max: number,
  x: Scale,
  { low, high, y }: SpectrumHeight,
  plot: Plot,
): Point[] {
  const points: Point[] = [];
  for (const at of spacedRanks(Math.min(values.length, max), x)) {
    const i = at - 1;
    if (values[i] >= low) {
      points.push([x(i + 1), y(Math.min(high, values[i]))]);
      continue;
    }
    const last = points.at(-1);
    if (!last) return [];
    const [x0, y0] = last;
    // Zero has no logarithm: a thousandth of the edge looks as steep.
    const depth = y(Math.max(values[i], low / 1000));
    points.push([x0 + ((plot.bottom - y0) / (depth - y0)) * (x(i + 1) - x0), plot.bottom]);
    break;
  }
  return points;
}

function dots(
  key: string,
  className: string,
  values: ArrayLike<number>,
  max: number,
  x: Scale,
  { low, high, y }: SpectrumHeight,
  radius: number,
): Mark[] {
  const marks: Mark[] = [];
  for (let i = 0; i < Math.min(values.length, max) && values[i] >= low; i++)
    marks.push(dot(`${key} ${i + 1}`, className, [x(i + 1), y(Math.min(high, values[i]))], radius));
  return marks;
}

type SpectrumLine = readonly Point[];

interface SpectrumLines {
  readonly plot: Plot;
  readonly target: SpectrumLine;
  readonly update: SpectrumLine;
  readonly others: readonly SpectrumLine[];
}

function names(
  scene: Scene,
  { plot, target, update, others }: SpectrumLines,
  high: number,
  font: number,
): MarginLabel[] {
  const { rank, spectrum } = scene;
  const known = scene.target?.how === 'leading' ? `leading ${count(scene.target.values.length)}` : null;
  const own = { key: 'update label', className: 'dw strong' };
  const wanted = [`ΔW*, ${known ?? scene.target?.name ?? 'the target'}`, 'ΔW*'];
  const beyond = [['out of reach', `at rank ${count(rank)}`], `r = ${count(rank)}`];
  return [
    ...(spectrum ? endName(update, { ...own, texts: updateTexts(scene, spectrum[0], high) }) : []),
    ...(spectrum && update.length === 0
      ? [{ ...own, at: 0.34 * plot.top + 0.66 * plot.bottom, texts: emptyTexts(scene, spectrum[0]) }]
      : []),
    ...endName(target, { key: 'target label', className: 'dwt strong', texts: wanted }),
    ...(rank < valuesOf(scene)
      ? [{ key: 'beyond label', className: 'ink', at: plot.top + 0.6 * font, texts: beyond }]
      : []),
    ...others.flatMap((line, i) => {
      const other = scene.others[i];
      const className = otherNameClass(other, scene);
      return endName(line, {
        key: `other label ${i}`,
        className,
        texts: [other.name],
        optional: true,
        more: runData(other),
      });
    }),
  ];
}

/** A note that ΔW is zero, or too small for the axis. */
function emptyTexts(scene: Scene, largest: number): MarginLabel['texts'] {
  const name = updateName(scene);
  return largest > 0
    ? [[`${name}: too small`, 'to see yet'], `${name}: too small`]
    : [[`${name} = 0:`, 'no directions yet'], `${name} = 0`];
}

/** ΔW and its step, or its largest value if that lies above the axis. */
function updateTexts(scene: Scene, largest: number, high: number): MarginLabel['texts'] {
  const name = updateName(scene);
  const step = `at step ${count(measuredStep(scene) ?? shownStep(scene))}`;
  const off = `▲ ${number(largest)}`;
  return largest > high ? [[`${name} ${off}`, step], [name, off], off] : [`${name} ${step}`, [name, step], name];
}

export const spectrum: RunChart = {
  name: 'spectrum',
  title: 'Singular values σᵢ of ΔW',
  short: 'Spectrum',
  help: () => 'strength of each direction, largest first (log scale)',
  ...rankReading,
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
  if (left !== undefined && Number.isFinite(left)) parts.push(alignmentName(scene, 'left', ` ${number(left)}`));
  return `direction ${count(index)}: ${parts.join(', ')}`;
}

/** Alignment is that of ΔW, whose singular values differ from these if an initialisation has moved a part of W₀. */
function alignmentName(scene: Scene, side: 'left' | 'right', value = ''): string {
  return `subspace match${hasMovedPart(scene) ? ' of ΔW' : ''}${value} (${side} singular vectors)`;
}

/** The number of directions of ΔW that are not negligible relative to the largest. */
function alive(values: ArrayLike<number>): number {
  return Array.from(values).filter((v) => v > 0 && v >= values[0] * 1e-3).length;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const { rank, spectrum: values, target } = scene;
  const largestWanted = target ? ` The largest singular value of ΔW* is ${number(target.values[0])}.` : '';
  const wanted = `${largestWanted}${knowledgeSentence(target)}`;
  if (!values) return `${runState(scene)}${wanted}`;
  if (!(values[0] > 0)) return `${runState(scene)} ${updateName(scene)} = 0: no directions yet.${wanted}`;
  const n = alive(values);
  const directions = `${count(n)} of at most ${count(rank)} direction${rank === 1 ? '' : 's'} above a thousandth of the largest`;
  const step = measuredStep(scene) ?? shownStep(scene);
  const when = step < shownStep(scene) ? ` at step ${count(step)}, where it was last measured,` : '';
  return `${runState(scene)} ${updateName(scene)}${when} has ${directions}, σ₁ = ${number(values[0])}.${wanted} Beyond r = ${count(rank)} nothing can be learned.${pinnedWords(scene, largest)}`;
}

/** The largest singular value of a pinned run, and the number of directions. */
function largest({ sampled, rank, pin }: OtherRun): string | null {
  const values = sampled.spectra.at(-1);
  const directions = pin?.directions ?? rank;
  const many = `${count(directions)} direction${directions === 1 ? '' : 's'}${directions > rank ? ', 2r' : ''}`;
  return values ? `${many}, σ₁ = ${number(values[0] ?? 0)}` : null;
}

function table(scene: Scene): Table {
  const { rank, target, spectrum: values, alignment, others } = scene;
  const known = target && knowledgeShort(target);
  const at = (list: ArrayLike<number> | null | undefined, i: number, max = Number.POSITIVE_INFINITY) =>
    list && i < list.length && i < max && Number.isFinite(list[i]) ? list[i] : null;
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
