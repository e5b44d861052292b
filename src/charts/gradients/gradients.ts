import { range } from 'd3-array';
import { scaleLog } from 'd3-scale';
import { count, number, plural } from '../../experiment/numbers.ts';
import { decades, hline, positiveRange, type Scale, type Tick, vline } from '../../kit/chart/axes.ts';
import { dotRadius, isLarge, type Size, type Table } from '../../kit/chart/chart.ts';
import {
  dot,
  type Mark,
  type Nested,
  type Point,
  pieces,
  polyline,
  polylines,
  segment,
  square,
  words,
} from '../../kit/chart/marks.ts';
import { type AxisFrame, drawing, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import {
  type Curves,
  heightsOf,
  lastStep,
  lastStepOf,
  liveRunClass,
  newestStep,
  type OtherRun,
  type RunChart,
  type Scene,
  type SceneMethod,
  shownStep,
} from '../chart.ts';
import { entryOf, epochWords, stepColumn, stepReading, tableOf } from '../drawing/columns.ts';
import { nameTexts, otherName, otherRunClass, otherRuns, seedMarks } from '../drawing/seeds.ts';
import { trace } from '../drawing/trace.ts';
import { pinnedWords, runState } from '../drawing/words.ts';
import type { StepCurve } from '../sweep/marks.ts';

type FactorName = 'a' | 'b';
const normsOf = (curves: Curves, factor: FactorName) => (factor === 'a' ? curves.gradNormA : curves.gradNormB);
const factorsOf = ({ compared }: Scene): readonly FactorName[] =>
  compared === 'A' ? ['a'] : compared === 'B' ? ['b'] : ['b', 'a'];
type Streams = SceneMethod['streams'] | undefined;
const nameOf = (streams: Streams, factor: FactorName): string =>
  streams?.[factor === 'a' ? 'A' : 'B'] ?? factor.toUpperCase();
/** A method of one factor has its gradient in B. */
const hasFactor = (streams: Streams, factor: FactorName) => factor === 'b' || streams?.A !== null;
/** The factors of another run that the chart draws. */
const factorsOfOther = (scene: Scene, { streams }: OtherRun): readonly FactorName[] =>
  factorsOf(scene).filter((factor) => hasFactor(streams, factor));
/** "A 0.3, B 0.2", or the one that a method has. */
const normsAt = (streams: Streams, curves: Curves, at: number, of = ''): string =>
  (['a', 'b'] as const)
    .filter((factor) => hasFactor(streams, factor))
    .map((factor) => `${of}${nameOf(streams, factor)} ${number(normsOf(curves, factor)[at])}`)
    .join(', ');
/** The factor as the chart writes it: that of a method beside LoRA by its own name. */
const letterOf = ({ method }: Scene, factor: FactorName): string => nameOf(method?.streams, factor);
const othersOf = ({ compared, others }: Scene) => (compared === 'both' ? [] : others);

export function gradientsPicture(scene: Scene, size: Size): Mark[] {
  const { hover, ...frame } = stepColumn(scene, size);
  const { plot } = frame;
  if (scene.empty !== null || scene.curves.length === 0)
    return picture({ ...frame, marks: sentence(scene.empty ?? '', plot, size.font) });
  const ground = groundOf(scene, frame);
  const { x, y, zero, ticks } = ground;
  const factors = factorsOf(scene);
  const runs = factors.map((factor) => factorLine(scene, factor, ground));
  return picture({
    ...frame,
    y: { scale: y, ticks },
    marks: [
      hline('grid 0', 'hair rule broken', zero, plot),
      words('y 0', 'tick', [plot.left - size.font / 2, zero + 0.35 * size.font], 'end', '0'),
      factors.map((factor) => seedMarks(`seeds ${factor}`, factor, seedNorms(scene, factor), lastStep(scene), x, y)),
      otherRuns({ ...scene, others: othersOf(scene) }, (other, i) =>
        factorsOfOther(scene, other).map((factor) => otherMarks(`other ${i} ${factor}`, other, factor, scene, ground)),
      ),
      runs.map((run) => lineMarks(run, scene, ground)),
      runs.map(({ factor, start, row }) => start !== 0 && marker('zero', factor, [x(0), row], size, true)),
      vline('cursor', 'hair ink-3', x(shownStep(scene)), plot),
      hover,
      runs.map(({ factor, head, headIsZero }) => marker('head', factor, head, size, headIsZero)),
      zeroNote(scene, ground),
    ],
    names: names(scene, runs, ground),
  });
}

/** The norms of the other seeds; an exact 0 has no place on the axis. */
function seedNorms({ seeds }: Scene, factor: FactorName): readonly StepCurve[] {
  const curves = (factor === 'a' ? seeds?.gradNormA : seeds?.gradNormB) ?? [];
  return curves.map((curve) => ({ ...curve, values: curve.values.map((v) => (v > 0 ? v : Number.NaN)) }));
}

function names(scene: Scene, runs: readonly FactorLine[], { y, size }: GradientPlot): Nested<MarginLabel> {
  const single = runs.length === 1;
  return [
    runs.map(({ factor, head }) => {
      const letter = letterOf(scene, factor);
      const value = number(normsOf(scene.curves, factor)[shownStep(scene)], 2);
      const name =
        single && (!scene.method || scene.others.length > 0) ? 'this run' : size.short ? letter : `‖∂L/∂${letter}‖`;
      return { key: `label ${factor}`, className: `${factor} strong`, at: head[1], texts: [`${name} ${value}`, value] };
    }),
    othersOf(scene).map((other, i) =>
      factorsOfOther(scene, other).map((factor) => {
        if (other.curves.length === 0) return null;
        const letter = nameOf(other.streams, factor);
        const end = normsOf(other.curves, factor)[lastStepOf(other.curves, scene)];
        const texts = single ? nameTexts(other, number(end, 2)) : { texts: [`${letter} ${other.name}`, letter] };
        return { ...otherName(other, scene, `${i} ${factor}`), at: y(end), ...texts };
      }),
    ),
  ];
}

/** Gradients that are exactly 0 at step 0, and why: in the row of zeros, or above it if both lines begin there. */
function zeroNote(scene: Scene, { x, zero, plot, size }: GradientPlot): Mark | null {
  const { zeroAtStart, curves } = scene;
  const drawn = factorsOf(scene);
  const still = {
    A: drawn.includes('a') && curves.gradNormA[0] === 0,
    B: drawn.includes('b') && curves.gradNormB[0] === 0,
  };
  if (!still.A && !still.B) return null;
  const both = still.A && still.B;
  const cause = zeroAtStart === 'A' || zeroAtStart === 'B' ? `${zeroAtStart} = 0` : null;
  const [long, short] = both
    ? zeroAtStart === 'both'
      ? ['both exactly 0: nothing can move', 'both stay 0']
      : ['both exactly 0', 'both 0']
    : [`exactly 0 at step 0${cause ? `, because ${cause}` : ''}`, `0 at step 0${cause ? `: ${cause}` : ''}`];
  const at: Point = [x(0) + (isLarge(size) ? 16 : 10), both ? zero - 1.05 * size.font : plot.bottom - 0.38 * size.font];
  const className = both ? 'ink' : still.A ? 'a' : 'b';
  const width = (plot.right - plot.left) / size.font;
  const text = width < 13 && cause ? cause : size.short || width < 20 ? short : long;
  return words('zero note', `${className} halo`, at, 'start', text);
}

interface FactorLine {
  readonly factor: FactorName;
  /** px of its row of zeros. */
  readonly row: number;
  /** First step with a nonzero value; if none, null. */
  readonly start: number | null;
  readonly head: Point;
  readonly headIsZero: boolean;
}

function factorLine(scene: Scene, factor: FactorName, { x, y, zero, size }: GradientPlot): FactorLine {
  const norms = normsOf(scene.curves, factor);
  const newest = newestStep(scene);
  const shown = shownStep(scene);
  let first = 0;
  while (first <= newest && norms[first] === 0) first++;
  // If both stay at 0, their lines are in the same row: slightly apart, so that both are visible.
  const both = scene.curves.gradNormA[0] === 0 && scene.curves.gradNormB[0] === 0;
  const row = both ? zero + (factor === 'a' ? -0.4 : 0.05) * size.font : zero;
  const headIsZero = norms[shown] === 0;
  return {
    factor,
    row,
    start: first > newest ? null : first,
    head: [x(shown), headIsZero ? row : y(norms[shown])],
    headIsZero,
  };
}

/** Zeros in their row, a dotted jump out of it, the line, and a pale part after the step shown. */
function lineMarks({ factor, row, start }: FactorLine, scene: Scene, { x, y }: GradientPlot): Nested<Mark> {
  const shown = shownStep(scene);
  const newest = newestStep(scene);
  const norms = normsOf(scene.curves, factor);
  const lastZero = Math.min(shown, (start ?? shown + 1) - 1);
  const before = start === null || start > shown ? [] : trace(norms, start, shown, x, y);
  const after = start === null || newest === shown ? [] : trace(norms, Math.max(start, shown), newest, x, y);
  return [
    after.length > 1 && polyline(`${factor} after`, `pin ${factor} pale`, after),
    lastZero > 0 && segment(`${factor} zero`, `line ${factor}`, [x(0), row], [x(lastZero), row]),
    start !== null &&
      start > 0 &&
      start <= shown &&
      segment(`${factor} jump`, `line ${factor} jump`, [x(start - 1), row], [x(start), y(norms[start])]),
    before.length > 1 && polyline(factor, `line ${liveRunClass(factor, scene)}`, before),
  ];
}

/** A ends in a dot, B in a square; open if the value is exactly 0. */
function marker(key: string, factor: FactorName, at: Point, size: Size, open: boolean): Mark {
  const className = open ? `open ${factor}` : factor;
  const radius = dotRadius(size);
  return factor === 'a'
    ? dot(`${key} a`, className, at, open ? radius + 1 : radius)
    : square(`${key} b`, className, at, radius);
}

/** The line of another run; below the axis it ends at the lower edge with a mark, instead of appearing flat. */
function otherMarks(
  key: string,
  other: OtherRun,
  factor: FactorName,
  scene: Scene,
  { x, y, edge, zero, size }: GradientPlot,
): Nested<Mark> {
  const norms = normsOf(other.curves, factor);
  const end = lastStepOf(other.curves, scene);
  const className = otherRunClass(factor, other, scene);
  const points = trace(norms, norms[0] === 0 ? 1 : 0, end, x, (v) => (v < edge ? Number.NaN : y(v)));
  const drawn = pieces(points.map((point) => (Number.isNaN(point[1]) ? null : point)));
  // Marks at the lower edge, at a visible distance.
  let last = Number.NEGATIVE_INFINITY;
  const leaves = drawn.map((piece, i) => {
    const [at] = piece[piece.length - 1];
    const ends = piece[piece.length - 1] === points[points.length - 1];
    if (ends || (i < drawn.length - 1 && at - last < size.font)) return null;
    last = at;
    const arrow = [-3, 0, 3].map((side): Point => [at + side, side === 0 ? zero : zero - 4]);
    return polyline(`${key} below ${i}`, `pin ${className}`, arrow);
  });
  const early = other.pin && end < lastStep(scene) && norms[end] >= edge;
  return [
    polylines(key, `pin ${className}`, drawn),
    leaves,
    early && points.slice(-1).map((at) => dot(`${key} end`, `open ${className}`, at, dotRadius(size))),
  ];
}

/** The logarithmic part of the vertical axis, and below it a row for exact zeros, which have no logarithm. */
interface GradientPlot extends Pick<AxisFrame, 'plot' | 'size'> {
  readonly x: Scale;
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
function groundOf(scene: Scene, { plot, size, x }: AxisFrame): GradientPlot {
  const { low, high } = rangeOf(heightsOf(scene));
  const top = Math.ceil(Math.log10(high / ABOVE));
  const shown = Math.min(MOST, Math.max(FEWEST, top - Math.floor(Math.log10(low / BELOW))));
  const edge = BELOW * 10 ** (top - shown);
  const lowest = plot.bottom - size.font * 1.5;
  const zero = plot.bottom - size.font * (isLarge(size) ? 0.36 : 0.43);
  const log = scaleLog([edge, ABOVE * 10 ** top], [lowest, plot.top]).clamp(true);
  const max = Math.max(1, Math.floor((lowest - plot.top) / (1.1 * size.font)));
  const ticks = decades(edge, ABOVE * 10 ** top, max).filter(({ value }) => log(value) < zero - size.font * 0.95);
  return { plot, size, x: x.scale, y: (v) => (v === 0 ? zero : log(v)), zero, edge, ticks };
}

/** With the other runs, so that the axis is stable during a drag of the rank; of pins only the maximum. */
function rangeOf(scene: Scene) {
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
  draw: drawing(gradientsPicture),
  readout: ({ curves, method }, step) =>
    step < curves.length ? `step ${count(step)}: ${normsAt(method?.streams, curves, step)}` : '',
  ofPin: ends,
  describe,
  table,
};

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
  const { curves, method } = scene;
  const at = shownStep(scene);
  const values = `norm of the gradient ${normsAt(method?.streams, curves, at, 'of ')}`;
  return `${runState(scene)}${epochWords(scene)} At step ${count(at)}: ${values}.${start(scene)}${pinnedWords(scene, ends)}`;
}

function ends({ curves, streams }: OtherRun): string | null {
  return curves.length > 0 ? normsAt(streams, curves, curves.length - 1) : null;
}

function table({ curves, others, method }: Scene): Table {
  const runs = [{ name: '', curves, streams: method?.streams }, ...others];
  return tableOf(range(Math.max(...runs.map((run) => run.curves.length))), [
    ['step', (i) => i],
    ...runs.flatMap(({ name, curves, streams }) =>
      (['a', 'b'] as const)
        .filter((factor) => hasFactor(streams, factor))
        .map((factor) => {
          const head = `‖∂L/∂${nameOf(streams, factor)}‖ ${name}`.trim();
          return [head, entryOf(normsOf(curves, factor), curves.length)] as const;
        }),
    ),
  ]);
}
