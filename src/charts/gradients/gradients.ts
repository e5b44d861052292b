import { scaleLog } from 'd3-scale';
import { count, number, plural } from '../../experiment/numbers.ts';
import { decades, positiveRange, type Scale, type Tick, verticalAxis, vline } from '../../kit/chart/axes.ts';
import type { Size, Table } from '../../kit/chart/chart.ts';
import { type MarginLabel, marginLabels } from '../../kit/chart/labels.ts';
import {
  dot,
  type Mark,
  type Point,
  polyline,
  polylines,
  segment,
  square,
  withAttributes,
  words,
} from '../../kit/chart/marks.ts';
import { dotRadius, isLarge, type Plot } from '../../kit/chart/plot.ts';
import { render } from '../../kit/chart/render.ts';
import {
  type Curves,
  heightsOf,
  lastStep,
  lastStepOf,
  liveRunClass,
  nameTexts,
  newestStep,
  type OtherRun,
  otherNameClass,
  otherRunClass,
  type RunChart,
  runData,
  type Scene,
  shownStep,
} from '../chart.ts';
import { stepColumn, stepReading } from '../drawing/columns.ts';
import { seedMarks } from '../drawing/seeds.ts';
import { sentence } from '../drawing/sentence.ts';
import { trace } from '../drawing/trace.ts';
import { pinnedWords, runState } from '../drawing/words.ts';
import type { StepCurve } from '../sweep/bands.ts';

type FactorName = 'a' | 'b';
const FACTORS: readonly FactorName[] = ['b', 'a'];
const normsOf = (curves: Curves, factor: FactorName) => (factor === 'a' ? curves.gradNormA : curves.gradNormB);

interface FactorLine {
  readonly factor: FactorName;
  /** px of its row of zeros. */
  readonly row: number;
  /** First step with a nonzero value; if none, null. */
  readonly start: number | null;
  readonly before: readonly Point[];
  readonly after: readonly Point[];
  readonly head: Point;
  readonly headIsZero: boolean;
}

export function gradientsPicture(scene: Scene, size: Size): Mark[] {
  const { plot, x, axis, hover } = stepColumn(scene, size);
  const { curves } = scene;
  if (scene.empty !== null || curves.length === 0) return [...axis, ...sentence(scene.empty ?? '', plot, size.font)];
  const height = gradientHeight(scene, plot, size);
  const shown = shownStep(scene);
  const radius = dotRadius(size);
  const runs = factorsOf(scene).map((factor) => factorLine(scene, factor, x, height, size));
  return [
    ...verticalAxis(height.ticks, height.y, plot, size),
    ...zeroRow(height.zero, plot, size),
    ...axis,
    ...factorsOf(scene).flatMap((factor) =>
      seedMarks(`seeds ${factor}`, factor, seedNorms(scene, factor), lastStep(scene), x, height.y),
    ),
    ...othersOf(scene).flatMap((other, i) =>
      factorsOf(scene).flatMap((factor) => otherMarks(`other ${i} ${factor}`, other, factor, scene, x, height, size)),
    ),
    ...runs.flatMap((run) => lineMarks(run, scene, x, height)),
    ...runs.filter((run) => run.start !== 0).map((run) => marker('zero', run.factor, [x(0), run.row], radius, true)),
    vline('cursor', 'hair ink-3', x(shown), plot),
    ...hover,
    ...runs.map((run) => marker('head', run.factor, run.head, radius, run.headIsZero)),
    ...zeroNote(scene, size, x, plot, height),
    ...marginLabels(labels(scene, size, runs, height), plot, size),
  ];
}

/** The norms of the other seeds; an exact 0 has no place on the axis. */
function seedNorms({ seeds }: Scene, factor: FactorName): readonly StepCurve[] {
  const curves = (factor === 'a' ? seeds?.gradNormA : seeds?.gradNormB) ?? [];
  return curves.map((curve) => ({ ...curve, values: curve.values.map((v) => (v > 0 ? v : Number.NaN)) }));
}

function labels(scene: Scene, size: Size, runs: readonly FactorLine[], { y }: GradientHeight): MarginLabel[] {
  const { curves } = scene;
  const others = othersOf(scene);
  const factors = factorsOf(scene);
  const shown = shownStep(scene);
  const value = (factor: FactorName) => number(normsOf(curves, factor)[shown], 2);
  const name = (factor: FactorName) =>
    factors.length === 1 ? 'this run' : size.short ? factor.toUpperCase() : `‖∂L/∂${factor.toUpperCase()}‖`;
  const heads = runs.map(
    ({ factor, head }): MarginLabel => ({
      key: `label ${factor}`,
      className: `${factor} strong`,
      at: head[1],
      texts: [`${name(factor)} ${value(factor)}`, value(factor)],
    }),
  );
  const names = others.flatMap((other, i) =>
    (other.curves.length > 0 ? factors : []).map((factor): MarginLabel => {
      const letter = factor.toUpperCase();
      const end = normsOf(other.curves, factor)[lastStepOf(other.curves, scene)];
      return {
        key: `other label ${i} ${factor}`,
        className: otherNameClass(other, scene),
        at: y(end),
        ...(factors.length === 1 ? nameTexts(other, number(end, 2)) : { texts: [`${letter} ${other.name}`, letter] }),
        optional: true,
        more: runData(other),
      };
    }),
  );
  return [...heads, ...names];
}

const factorsOf = ({ compared }: Scene): readonly FactorName[] =>
  compared === 'A' ? ['a'] : compared === 'B' ? ['b'] : FACTORS;
const othersOf = ({ compared, others }: Scene) => (compared === 'both' ? [] : others);

/** Gradients that are exactly 0 at step 0, and why: in the row of zeros, or above it if both lines begin there. */
function zeroNote(
  { zeroAtStart, curves }: Scene,
  size: Size,
  x: Scale,
  { bottom }: Plot,
  { zero }: GradientHeight,
): Mark[] {
  const still = { A: curves.gradNormA[0] === 0, B: curves.gradNormB[0] === 0 };
  if (!still.A && !still.B) return [];
  const both = still.A && still.B;
  const cause = zeroAtStart === 'A' || zeroAtStart === 'B' ? `${zeroAtStart} = 0` : null;
  const [long, short] = both
    ? zeroAtStart === 'both'
      ? ['both exactly 0: nothing can move', 'both 0: nothing moves']
      : ['both exactly 0', 'both 0']
    : [`exactly 0 at step 0${cause ? `, because ${cause}` : ''}`, `0 at step 0${cause ? `, since ${cause}` : ''}`];
  const at: Point = [x(0) + (isLarge(size) ? 16 : 10), both ? zero - 1.05 * size.font : bottom - 0.38 * size.font];
  const className = both ? 'ink' : still.A ? 'a' : 'b';
  return [words('zero note', `${className} halo`, at, 'start', size.short ? short : long)];
}

function factorLine(scene: Scene, factor: FactorName, x: Scale, { y, zero }: GradientHeight, size: Size): FactorLine {
  const norms = normsOf(scene.curves, factor);
  const newest = newestStep(scene);
  const shown = shownStep(scene);
  let first = 0;
  while (first <= newest && norms[first] === 0) first++;
  const start = first > newest ? null : first;
  // If both stay at 0, their lines are in the same row: slightly apart, so that both are visible.
  const both = scene.curves.gradNormA[0] === 0 && scene.curves.gradNormB[0] === 0;
  const row = both ? zero + (factor === 'a' ? -0.4 : 0.05) * size.font : zero;
  const headIsZero = norms[shown] === 0;
  return {
    factor,
    row,
    start,
    before: start === null || start > shown ? [] : trace(norms, start, shown, x, y),
    after: start === null || newest === shown ? [] : trace(norms, Math.max(start, shown), newest, x, y),
    head: [x(shown), headIsZero ? row : y(norms[shown])],
    headIsZero,
  };
}

/** Zeros in their row, a dotted jump out of it, the line, and a pale part after the step shown. */
function lineMarks(
  { factor, row, start, before, after }: FactorLine,
  scene: Scene,
  x: Scale,
  { y }: GradientHeight,
): Mark[] {
  const shown = shownStep(scene);
  const norms = normsOf(scene.curves, factor);
  const lastZero = Math.min(shown, (start ?? shown + 1) - 1);
  const jumps = start !== null && start > 0 && start <= shown;
  return [
    ...(after.length > 1 ? [polyline(`${factor} after`, `pin ${factor} pale`, after)] : []),
    ...(lastZero > 0 ? [segment(`${factor} zero`, `line ${factor}`, [x(0), row], [x(lastZero), row])] : []),
    ...(jumps
      ? [segment(`${factor} jump`, `line ${factor} jump`, [x(start - 1), row], [x(start), y(norms[start])])]
      : []),
    ...(before.length > 1 ? [polyline(factor, `line ${liveRunClass(factor, scene)}`, before)] : []),
  ];
}

/** A ends in a dot, B in a square; open if the value is exactly 0. */
function marker(key: string, factor: FactorName, at: Point, radius: number, open: boolean): Mark {
  const className = open ? `open ${factor}` : factor;
  return factor === 'a'
    ? dot(`${key} a`, className, at, open ? radius + 1 : radius)
    : square(`${key} b`, className, at, radius);
}

/** The line of another run; NaN below the axis. */
function otherPoints(
  { curves }: OtherRun,
  factor: FactorName,
  scene: Scene,
  x: Scale,
  { y, edge }: Pick<GradientHeight, 'y' | 'edge'>,
): Point[] {
  const norms = normsOf(curves, factor);
  return trace(norms, norms[0] === 0 ? 1 : 0, lastStepOf(curves, scene), x, (v) => (v < edge ? Number.NaN : y(v)));
}

/** The line of another run; below the axis it ends at the lower edge with a mark, instead of appearing flat. */
function otherMarks(
  key: string,
  other: OtherRun,
  factor: FactorName,
  scene: Scene,
  x: Scale,
  { y, edge, zero }: GradientHeight,
  size: Size,
): Mark[] {
  const norms = normsOf(other.curves, factor);
  const end = lastStepOf(other.curves, scene);
  const className = otherRunClass(factor, other, scene);
  const points = otherPoints(other, factor, scene, x, { y, edge });
  const pieces: Point[][] = [[]];
  for (const point of points) {
    if (Number.isNaN(point[1])) pieces.push([]);
    else pieces[pieces.length - 1].push(point);
  }
  const drawn = pieces.filter((piece) => piece.length > 0);
  // Marks at the lower edge, at a visible distance.
  let last = Number.NEGATIVE_INFINITY;
  const leaves = drawn.flatMap((piece, i) => {
    const [at] = piece[piece.length - 1];
    const ends = piece[piece.length - 1] === points[points.length - 1];
    if (ends || (i < drawn.length - 1 && at - last < size.font)) return [];
    last = at;
    const arrow: Point[] = [
      [at - 3, zero - 4],
      [at, zero],
      [at + 3, zero - 4],
    ];
    return [polyline(`${key} below ${i}`, `pin ${className}`, arrow)];
  });
  const ring = other.pin && end < lastStep(scene) && norms[end] >= edge ? points.slice(-1) : [];
  return withAttributes(
    [
      polylines(key, `pin ${className}`, drawn),
      ...leaves,
      ...ring.map((at) => dot(`${key} end`, `open ${className}`, at, dotRadius(size))),
    ],
    runData(other),
  );
}

function zeroRow(zero: number, plot: Plot, size: Size): Mark[] {
  const [row, label] = verticalAxis([{ value: 0, text: '0' }], () => zero, plot, size);
  return [{ ...row, attributes: { ...row.attributes, class: 'stroke hair rule broken' } }, label];
}

/** The logarithmic part of the axis, and below it a row for exact zeros, which have no logarithm. */
interface GradientHeight {
  readonly y: Scale;
  readonly zero: number;
  /** The smallest value on the logarithmic part. */
  readonly edge: number;
  readonly ticks: readonly Tick[];
}

/** Bounds of the number of decades shown. */
const FEWEST = 3;
const MOST = 8;

/** The log axis runs from this fraction of its lowest power of ten to that of its highest. */
const BELOW = 0.8;
const ABOVE = 1.5;

/** Whole decades around everything measured so far: they only grow in a run, so the picture does not jump. */
function gradientHeight(scene: Scene, plot: Plot, size: Size): GradientHeight {
  const { low, high } = range(heightsOf(scene));
  const top = Math.ceil(Math.log10(high / ABOVE));
  const shown = Math.min(MOST, Math.max(FEWEST, top - Math.floor(Math.log10(low / BELOW))));
  const edge = BELOW * 10 ** (top - shown);
  const lowest = plot.bottom - size.font * 1.5;
  const zero = plot.bottom - size.font * (isLarge(size) ? 0.36 : 0.43);
  const log = scaleLog([edge, ABOVE * 10 ** top], [lowest, plot.top]).clamp(true);
  const max = Math.max(1, Math.floor((lowest - plot.top) / (1.1 * size.font)));
  const ticks = decades(edge, ABOVE * 10 ** top, max).filter(({ value }) => log(value) < zero - size.font * 0.95);
  const y = (v: number) => (v === 0 ? zero : log(v));
  return { y, zero, edge, ticks };
}

/** With the other runs, so that the axis is stable during a drag of the rank; of pins only the maximum. */
function range(scene: Scene) {
  const factors = factorsOf(scene);
  const listsOf = (curves: Curves) => factors.map((factor) => [normsOf(curves, factor), curves.length] as const);
  const others = othersOf(scene).map((other) => other.curves);
  const all = positiveRange([scene.curves, ...others].flatMap(listsOf)) ?? { low: 1, high: 1 };
  const own = scene.compared && scene.curves.length > 1 ? positiveRange(listsOf(scene.curves)) : null;
  return own ? { low: own.low, high: all.high } : all;
}

export const gradients: RunChart = {
  name: 'gradients',
  title: 'Gradient norms',
  short: 'Gradients',
  help: ({ samples }) =>
    samples && samples.batch < samples.count
      ? `Frobenius norm over the ${plural(samples.batch, 'sample')} of each step (log scale)`
      : 'Frobenius norm before each update (log scale)',
  ...stepReading,
  draw: (svg, scene, size) => render(svg, size, gradientsPicture(scene, size)),
  readout,
  ofPin: ends,
  describe,
  table,
};

function readout({ curves }: Scene, step: number): string {
  if (step >= curves.length) return '';
  return `step ${count(step)}: A ${number(curves.gradNormA[step])}, B ${number(curves.gradNormB[step])}`;
}

/** Why a gradient was exactly 0 at the start; otherwise empty. */
function start({ curves, zeroAtStart }: Scene): string {
  const a = curves.gradNormA[0] === 0;
  const b = curves.gradNormB[0] === 0;
  if (a && b) return ` Both were exactly 0 at step 0${zeroAtStart === 'both' ? ', so nothing can move' : ''}.`;
  if (!a && !b) return '';
  const because = zeroAtStart === 'A' || zeroAtStart === 'B' ? `, because ${zeroAtStart} = 0` : '';
  return ` The gradient of ${a ? 'A' : 'B'} was exactly 0 at step 0${because}.`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  if (scene.curves.length === 0) return runState(scene);
  const { curves } = scene;
  const at = shownStep(scene);
  const values = `norm of the gradient of A ${number(curves.gradNormA[at])}, of B ${number(curves.gradNormB[at])}`;
  return `${runState(scene)} At step ${count(at)}: ${values}.${start(scene)}${pinnedWords(scene, ends)}`;
}

function ends({ curves: { gradNormA, gradNormB, length } }: OtherRun): string | null {
  return length > 0 ? `A ${number(gradNormA[length - 1])}, B ${number(gradNormB[length - 1])}` : null;
}

function table({ curves, others }: Scene): Table {
  const runs = [{ name: '', curves }, ...others];
  const steps = Math.max(...runs.map((run) => run.curves.length));
  const at = (list: ArrayLike<number>, length: number, i: number) => (i < length ? list[i] : null);
  return {
    columns: ['step', ...runs.flatMap(({ name }) => ['‖∂L/∂A‖', '‖∂L/∂B‖'].map((norm) => `${norm} ${name}`.trim()))],
    rows: Array.from({ length: steps }, (_, i) => [
      i,
      ...runs.flatMap((run) =>
        [run.curves.gradNormA, run.curves.gradNormB].map((list) => at(list, run.curves.length, i)),
      ),
    ]),
  };
}
