import { range } from 'd3-array';
import { scaleLog } from 'd3-scale';
import { count, number, plural } from '../../experiment/numbers.ts';
import { decades, hatchFrom, type Scale, vline } from '../../kit/chart/axes.ts';
import { dotRadius, type Plot, type Size, type Table } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Nested, type Point, polyline } from '../../kit/chart/marks.ts';
import { drawing, endName, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import {
  hasMovedPart,
  heightsOf,
  isUntrained,
  liveRunClass,
  measuredStep,
  type OtherRun,
  type RunChart,
  type Scene,
  shownStep,
  updateName,
  valuesOf,
} from '../chart.ts';
import { rankColumn, rankReading, spacedRanks, tableOf } from '../drawing/columns.ts';
import { otherName, otherRuns } from '../drawing/seeds.ts';
import { knowledgeSentence, knowledgeShort, pinnedWords, runState } from '../drawing/words.ts';

/** The axis spans from a little above σ₁ of ΔW* down to 1/500 of it; smaller values leave at the lower edge. */
const HEADROOM = 1.6;
const DEPTH = 500;
/** Up to this number of directions, ΔW* has a dot each. */
const TARGET_DOTS = 16;

export function spectrumPicture(scene: Scene, size: Size): Mark[] {
  const { hover, ...frame } = rankColumn(scene, size, 'index i');
  const { plot } = frame;
  if (scene.empty !== null) return picture({ ...frame, marks: sentence(scene.empty, plot, size.font) });
  const x = frame.x.scale;
  const height = heightOf(heightsOf(scene), plot);
  const n = valuesOf(scene);
  const { rank } = scene;
  const radius = dotRadius(size);
  const own = liveRunClass('dw', scene);
  const line = (values: ArrayLike<number> | null | undefined, max: number) =>
    falling(values ?? [], max, x, height, plot);
  const lines: SpectrumLines = {
    target: line(scene.target?.values, n),
    update: line(scene.spectrum, rank),
    others: scene.others.map((other) => line(other.sampled.spectra.at(-1), directionsOf(other))),
  };
  const beyond = (x(rank) + x(Math.min(n, rank + 1))) / 2;
  return picture({
    ...frame,
    behind: rank < n && hatchFrom('beyond', beyond, plot),
    y: { scale: height.y, ticks: decades(height.low, height.high) },
    marks: [
      vline('rank', 'hair ink', x(rank), plot),
      otherRuns(scene, (_, i, className) => polyline(`other ${i}`, `pin ${className}`, lines.others[i])),
      // Before the first step: the shape to come, the largest directions of ΔW*.
      isUntrained(scene) &&
        polyline(
          'ahead',
          'main dw faint',
          lines.target.filter(([at]) => at <= x(rank) + 0.5),
        ),
      polyline('target', 'ref dwt dashed', lines.target),
      dots('target', 'dwt', scene.target?.values ?? [], Math.min(n, TARGET_DOTS), x, height, radius * 0.55),
      polyline('update', `main ${own}`, lines.update),
      dots('update', own, scene.spectrum ?? [], rank, x, height, radius * 1.1),
      hover,
    ],
    names: names(scene, lines, plot, height.high, size.font),
  });
}

const directionsOf = ({ pin, rank }: OtherRun) => pin?.directions ?? rank;

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

interface SpectrumLines {
  readonly target: readonly Point[];
  readonly update: readonly Point[];
  readonly others: readonly (readonly Point[])[];
}

function names(
  scene: Scene,
  { target, update, others }: SpectrumLines,
  plot: Plot,
  high: number,
  font: number,
): Nested<MarginLabel> {
  const { rank, spectrum } = scene;
  const known = scene.target?.how === 'leading' ? `leading ${count(scene.target.values.length)}` : null;
  const own = { key: 'update label', className: 'dw strong' };
  const wanted = [`ΔW*, ${known ?? scene.target?.name ?? 'the target'}`, 'ΔW*'];
  const beyond = [['out of reach', `at rank ${count(rank)}`], `r = ${count(rank)}`];
  return [
    spectrum && endName(update, { ...own, texts: updateTexts(scene, spectrum[0], high) }),
    spectrum &&
      update.length === 0 && {
        ...own,
        at: 0.34 * plot.top + 0.66 * plot.bottom,
        texts: emptyTexts(scene, spectrum[0]),
      },
    endName(target, { key: 'target label', className: 'dwt strong', texts: wanted }),
    rank < valuesOf(scene) && { key: 'beyond label', className: 'ink', at: plot.top + 0.6 * font, texts: beyond },
    others.map((line, i) => endName(line, otherName(scene.others[i], scene, i))),
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
  draw: drawing(spectrumPicture),
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
  const directions = `${count(n)} of at most ${plural(rank, 'direction')} above a thousandth of the largest`;
  const step = measuredStep(scene) ?? shownStep(scene);
  const when = step < shownStep(scene) ? ` at step ${count(step)}, where it was last measured,` : '';
  return `${runState(scene)} ${updateName(scene)}${when} has ${directions}, σ₁ = ${number(values[0])}.${wanted} Beyond r = ${count(rank)} nothing can be learned.${pinnedWords(scene, largest)}`;
}

/** The largest singular value of a pinned run, and the number of directions. */
function largest(other: OtherRun): string | null {
  const values = other.sampled.spectra.at(-1);
  const many = `${plural(directionsOf(other), 'direction')}${directionsOf(other) > other.rank ? ', 2r' : ''}`;
  return values ? `${many}, σ₁ = ${number(values[0] ?? 0)}` : null;
}

function table(scene: Scene): Table {
  const { rank, target, spectrum: values, alignment, others } = scene;
  const known = target && knowledgeShort(target);
  const column = (head: string, list: ArrayLike<number> | null | undefined, max = Number.POSITIVE_INFINITY) =>
    [head, (i: number) => (list && i < max && Number.isFinite(list[i]) ? list[i] : null)] as const;
  return tableOf(range(valuesOf(scene)), [
    ['i', (i) => i + 1],
    column(known ? `σᵢ of ΔW* (${known})` : 'σᵢ of ΔW*', target?.values),
    column(`σᵢ of ${updateName(scene)} at step ${measuredStep(scene) ?? shownStep(scene)}`, values, rank),
    column(alignmentName(scene, 'left'), alignment?.left),
    column(alignmentName(scene, 'right'), alignment?.right),
    ...others.map((other) => column(`σᵢ ${other.name}`, other.sampled.spectra.at(-1), directionsOf(other))),
  ]);
}
