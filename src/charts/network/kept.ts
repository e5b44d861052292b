import { scaleLinear } from 'd3-scale';
import { count, display } from '../../experiment/numbers.ts';
import type { HistoryLosses } from '../../experiment/run-file/run-record.ts';
import { axisNameBelow } from '../../kit/chart/axes.ts';
import { dotRadius, type Plot, type ReadableChart, type Size, type Table } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Nested, type Point, polyline, withAttributes } from '../../kit/chart/marks.ts';
import { type AxisFrame, drawing, endName, type MarginLabel, picture } from '../../kit/chart/picture.ts';
import { type Answers, type KeptPath, lastIndexUpTo, type MethodPath, type Scene, shownStep } from '../chart.ts';
import { tableOf } from '../drawing/columns.ts';
import { chartOfRun, plotOverRow, shareAxis, shareText, shareTicks } from './shares.ts';

export interface KeptScene {
  readonly paths: readonly KeptPath[];
  /** At step 0; null: not measured. */
  readonly before: Answers | null;
  /** This run. */
  readonly trail: HistoryLosses;
  readonly step: number;
  /** Of LoRA with both factors; null: another method. */
  readonly rank: number | null;
  readonly newName: string;
  readonly oldName: string;
  /** A dot of the paths, counted through all of them; without paths, of the trail. */
  readonly pointed: number | null;
}

interface KeptDot extends Answers {
  readonly text: string;
}

type Method = Pick<KeptPath, 'kind' | 'rank'>;
type OwnRun = Pick<KeptScene, 'rank'>;

export const byRate = <P>({ points }: MethodPath<P>) => [...points].sort((a, b) => a.rate - b.rate);

const isThisRank = ({ kind, rank }: Method, own: OwnRun) => kind === 'lora' && rank === own.rank;

/** This rank in front of all. */
export const ownLast = <Path extends Method>(paths: readonly Path[], own: OwnRun) =>
  [...paths].sort((a, b) => Number(isThisRank(a, own)) - Number(isThisRank(b, own)));

/** A line for each method through a dot for each rate. */
export function pathMarks<P>(
  paths: readonly MethodPath<P>[],
  run: OwnRun,
  at: (point: P) => Point,
  radius: (own: boolean) => number,
): Nested<Mark> {
  return paths.map((path) => {
    const points = byRate(path).map(at);
    const own = isThisRank(path, run);
    const [line, hue] = path.kind === 'full' ? ['line dashed', 'dwt'] : own ? ['line path', 'dw'] : ['pin', 'dw pale'];
    return [
      points.length > 1 && polyline(`path ${path.name}`, `${line} ${hue}`, points),
      points.map((point, i) => dot(`dot ${path.name} ${i}`, hue, point, radius(own))),
    ];
  });
}

/** The names of the methods beside the points that `at` picks; other ranks go first if there is no room. */
export function pathNames<P>(
  paths: readonly MethodPath<P>[],
  run: OwnRun,
  at: (path: MethodPath<P>) => readonly Point[],
): Nested<MarginLabel> {
  return [...paths].reverse().map((path) => {
    const own = isThisRank(path, run);
    const full = path.kind === 'full';
    return endName(at(path), {
      key: `label ${path.name}`,
      className: full ? 'dwt' : own ? 'dw strong' : 'ink-2',
      texts: full ? [path.name, 'full'] : [path.name],
      optional: !own && !full,
    });
  });
}

/** Pixels beyond the plot that still count as its edge. */
const REACH = 10;

/** The index of the dot nearest to the pointer; null beside the plot, or without dots. */
export function nearestDot(dots: readonly Point[], { left, right }: Plot, [px, py]: Point): number | null {
  if (px < left - REACH || px > right + REACH) return null;
  const away = dots.map(([x, y]) => Math.hypot(x - px, y - py));
  return away.length === 0 ? null : away.indexOf(Math.min(...away));
}

/** The scene of a run on a network. */
export function keptOf(scene: Scene): KeptScene | null {
  const { network } = scene;
  if (!network) return null;
  const { losses, paths, rank, newName, oldName } = network;
  const [accuracy, old] = [losses.accuracy?.[0] ?? Number.NaN, losses.oldAccuracy?.[0] ?? Number.NaN];
  return {
    ...{ paths, rank, newName, oldName, trail: losses, step: shownStep(scene), pointed: null },
    before: Number.isFinite(accuracy) && Number.isFinite(old) ? { accuracy, old } : null,
  };
}

/** This run at its measured steps up to the one shown. */
function trailOf({ trail: { steps, accuracy = [], oldAccuracy = [] }, step }: KeptScene) {
  const until = lastIndexUpTo(steps, step) + 1;
  return steps.slice(0, until).flatMap((at, i) => {
    const point = { step: at, accuracy: accuracy[i], old: oldAccuracy[i] };
    return Number.isFinite(point.accuracy) && Number.isFinite(point.old) ? [point] : [];
  });
}

/** The dots that can be read. */
function dotsOf(scene: KeptScene): readonly KeptDot[] {
  const onPaths = scene.paths.flatMap((path) =>
    byRate(path).map(({ rate, ...point }) => ({ ...point, text: `${path.name}, rate ${display(rate)}` })),
  );
  return scene.paths.length > 0
    ? onPaths
    : trailOf(scene).map(({ step, ...at }) => ({ ...at, text: `step ${count(step)}` }));
}

/** A square of shares; one more row below for the name of the horizontal axis. */
function frameOf(
  size: Size,
): AxisFrame & { readonly y: ReturnType<typeof shareAxis>; readonly at: (answers: Answers) => Point } {
  const plot = plotOverRow(size);
  const scale = scaleLinear([0, 1], [plot.left, plot.right]).clamp(true);
  const y = shareAxis(plot, size);
  const ticks = shareTicks((plot.right - plot.left) / (2.6 * size.font));
  return { size, plot, x: { scale, ticks }, y, at: ({ accuracy, old }) => [scale(old), y.scale(accuracy)] };
}

export function keptPicture(scene: KeptScene, size: Size): Mark[] {
  const { at, ...frame } = frameOf(size);
  const radius = dotRadius(size);
  const trail = trailOf(scene).map(at);
  const pointed = dotsOf(scene)[scene.pointed ?? -1];
  const paths = ownLast(scene.paths, scene);
  return picture({
    ...frame,
    marks: [
      axisNameBelow(`of ${scene.oldName}, still right`, frame.plot, size),
      pathMarks(paths, scene, at, (own) => (own ? radius + 0.5 : radius - 0.5)),
      trail.length > 1 && polyline('trail', 'hair ink jump', trail),
      scene.before && dot('before', 'open w0', at(scene.before), radius + 1),
      trail.slice(-1).map((end) => [dot('now edge', 'ink', end, radius + 2.5), dot('now', 'dw', end, radius + 1)]),
      pointed && withAttributes(dot('pointed', '', at(pointed), radius + 4), { class: 'stroke ref ink' }),
    ],
    names: names(scene, paths, at),
  });
}

/** Each path is named at its slowest rate, where the methods are furthest apart. */
function names(scene: KeptScene, paths: readonly KeptPath[], at: (answers: Answers) => Point): Nested<MarginLabel> {
  const now = trailOf(scene).at(-1);
  return [
    now && endName([at(now)], { key: 'now label', className: 'ink strong', texts: ['this run, now', 'this run'] }),
    pathNames(paths, scene, (path) => byRate(path).slice(0, 1).map(at)),
    scene.before &&
      endName([at(scene.before)], { key: 'before label', className: 'ink-2', texts: ['before'], optional: true }),
  ];
}

/** Differences of shares up to this are not named: of 600 examples, one standard error is about as large. */
const SAME = 0.02;

/** The values at x of a line through points, from its first point on; none outside its ends. */
export const valuesAt = (points: readonly Point[], x: number): readonly number[] =>
  points.flatMap(([from, value], i) => {
    if (from === x) return [value];
    const [to, next] = points[i + 1] ?? [from, value];
    const share = (x - from) / (to - from);
    return share > 0 && share < 1 ? [value + share * (next - value)] : [];
  });

/**
 * The largest share of the old task that a method keeps at a share of the new one, or above it: its slowest rate may
 * learn more already. `run`: the one on screen, at another rate, if it is of this method.
 */
function keptFrom(path: KeptPath, accuracy: number, run: readonly Answers[] = []): number {
  const above = [...path.points, ...run].filter((point) => point.accuracy >= accuracy);
  const line = byRate(path).map((point): Point => [point.accuracy, point.old]);
  return Math.max(...above.map(({ old }) => old), ...valuesAt(line, accuracy));
}

const bestOf = ({ points }: KeptPath) => Math.max(...points.map(({ accuracy }) => accuracy));

/** What the paths show, and no more; empty without paths. */
export function keptSentence(scene: KeptScene): string {
  const { paths, rank } = scene;
  const full = paths.find(({ kind, points }) => kind === 'full' && points.length > 0);
  const own = paths.find((path) => isThisRank(path, { rank }) && path.points.length > 0);
  const both = full && own && rank !== null;
  return [ratesSentence(paths), both ? comparison(full, own, rank, scene) : '', both ? bestRates(full, own, rank) : '']
    .filter(Boolean)
    .join(' ');
}

function ratesSentence(paths: readonly KeptPath[]): string {
  const long = paths.map(byRate).filter(({ length }) => length > 1);
  if (long.length === 0) return '';
  const every = long.length > 1 ? ', with every method' : '';
  const slower = long.every((points) => points.every(({ old }, i) => i === 0 || old < points[i - 1].old));
  if (slower) return `Slower rates keep more${every}.`;
  const ends = long.every((points) => points[0].old - (points.at(-1)?.old ?? 1) > SAME);
  return ends ? `The slowest rate keeps more than the fastest${every}.` : '';
}

/** Rates of a method that are compared. */
const RATES = 3;

/** The rates at which both learn most, of those that were tried. */
function bestRates(full: KeptPath, own: KeptPath, rank: number): string {
  if (Math.min(full.points.length, own.points.length) < RATES) return '';
  const [best, lora] = [full, own].map(
    (path) => byRate(path).reduce((so, point) => (point.accuracy > so.accuracy ? point : so)).rate,
  );
  const ratio = lora / best;
  const times =
    ratio === 2 ? 'twice that' : ratio > 1 ? `${display(ratio)} times that` : `1/${display(1 / ratio)} of that`;
  return `Of the rates tried, full fine-tuning learns most at ${display(best)}, LoRA at rank ${count(rank)} at ${ratio === 1 ? 'the same one' : times}.`;
}

/** At the largest share of the new task that both reach. */
function comparison(full: KeptPath, own: KeptPath, rank: number, scene: KeptScene): string {
  const { oldName } = scene;
  const accuracy = Math.min(bestOf(full), bestOf(own));
  const [kept, lora] = [keptFrom(full, accuracy), keptFrom(own, accuracy, trailOf(scene).slice(-1))];
  const name = `LoRA at rank ${count(rank)}`;
  const same = `At a new accuracy of ${shareText(accuracy)} or more,`;
  const numbers = `${shareText(kept)} of ${oldName} against ${shareText(lora)}`;
  if (Math.abs(kept - lora) <= SAME) return `${same} full fine-tuning and ${name} keep about the same: ${numbers}.`;
  return kept > lora
    ? `${same} full fine-tuning keeps more than ${name}: ${numbers}.`
    : `${same} ${name} keeps more than full fine-tuning: ${shareText(lora)} of ${oldName} against ${shareText(kept)}.`;
}

const helpOf = (scene: KeptScene) => {
  const rates = scene.paths.flatMap(({ points }) => points.map(({ rate }) => rate));
  if (rates.length === 0) return `${scene.newName} ↑; dotted: this run`;
  const range = `${display(Math.min(...rates))} to ${display(Math.max(...rates))}`;
  return `${scene.newName} ↑; dots: learning rates ${range}`;
};

const wordsAt = ({ newName, oldName }: KeptScene, { accuracy, old }: Answers) =>
  `${newName} ${shareText(accuracy)}, ${oldName} ${shareText(old)}`;

export const kept: ReadableChart<KeptScene> & { readonly table: (scene: KeptScene) => Table } = {
  name: 'kept',
  title: 'Learned against kept',
  help: helpOf,
  places: (scene) => {
    const first = scene.paths.findIndex((path) => isThisRank(path, scene));
    const start = scene.paths.slice(0, Math.max(0, first)).reduce((sum, { points }) => sum + points.length, 0);
    return { first: 0, last: dotsOf(scene).length - 1, start, at: scene.pointed };
  },
  locate: (scene, size, px, py = 0) => {
    const { at, plot } = frameOf(size);
    return nearestDot(dotsOf(scene).map(at), plot, [px, py]);
  },
  readout: (scene, i) => {
    const one = dotsOf(scene)[i];
    return one ? `${one.text}: ${wordsAt(scene, one)}` : '';
  },
  draw: drawing(keptPicture),
  describe,
  table: (scene) => {
    const { newName, oldName, paths } = scene;
    const rows = paths.flatMap((path) => byRate(path).map((point) => ({ name: path.name, ...point })));
    const [learned, still] = [`right, ${newName}`, `right, ${oldName}`];
    if (rows.length === 0)
      return tableOf(trailOf(scene), [
        ['step', ({ step }) => step],
        [learned, ({ accuracy }) => accuracy],
        [still, ({ old }) => old],
      ]);
    return tableOf(rows, [
      ['method', ({ name }) => name],
      ['learning rate', ({ rate }) => rate],
      [learned, ({ accuracy }) => accuracy],
      [still, ({ old }) => old],
    ]);
  },
};

/** Of the run on screen, for its files and panels. */
export const keptChart = chartOfRun(kept, keptPicture, keptOf, { name: 'kept', short: 'Kept', axis: 'step' });

function describe(scene: KeptScene): string {
  const now = trailOf(scene).at(-1);
  return [
    now ? `This run at step ${count(now.step)}: ${wordsAt(scene, now)}.` : 'This run has not begun.',
    scene.before ? `Before: ${wordsAt(scene, scene.before)}.` : '',
    keptSentence(scene),
  ]
    .filter(Boolean)
    .join(' ');
}

/** "What am I looking at", in paragraphs. */
export function explainKept({ newName, oldName, paths, rank }: KeptScene): readonly string[] {
  return [
    `Up: the share of right answers to the new task (${newName}). To the right: the share of the old one (${oldName}) that is still right. The best corner is the upper right one.`,
    'The ring is the network before training. The dotted line is this run, step by step, and the dot is where it is now.',
    paths.length === 0
      ? 'Each method will be a line: its dots are runs with different learning rates, at their last step.'
      : `Each line is a method: its dots are runs with different learning rates, at their last step. ${rank === null ? '' : `The thick line is rank ${count(rank)}. `}The dashed line is full fine-tuning. Layers, batch, steps and seed are those of this run, the rest is the default: Adam, α = 2r.`,
    'Two methods are comparable at the same height: the one further to the right keeps more of the old task for the same gain.',
  ];
}
