import { range } from 'd3-array';
import { type ScaleLogarithmic, scaleLog } from 'd3-scale';
import { count, number, powerOfTen, trim } from '../../experiment/numbers.ts';
import { decades, hline, positiveRange, type Scale, type Tick, vline } from '../../kit/chart/axes.ts';
import { dotRadius, type Plot, type Size, type Table } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Nested, polyline, square } from '../../kit/chart/marks.ts';
import { drawing, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import {
  heightsOf,
  type Losses,
  lastIndexUpTo,
  lastStep,
  newestStep,
  type OtherRun,
  type RunChart,
  type Scene,
  shownStep,
} from '../chart.ts';
import { entryOf, epochWords, stepColumn, stepReading, tableOf } from '../drawing/columns.ts';
import { otherName, otherRuns, seedMarks } from '../drawing/seeds.ts';
import { connect, cutLine, measurementMarks, measurementsOf, trace } from '../drawing/trace.ts';
import { pinnedWords, runState } from '../drawing/words.ts';

/** A logarithmic axis for losses and their floors. Lower values are drawn at its foot. */
interface LossHeight {
  readonly y: Scale;
  readonly ticks: readonly Tick[];
  readonly foot: number;
  readonly largest: number;
}

/** Bounds of the ratio that the axis spans. */
const NARROWEST = 6;
const WIDEST = 1e8;
/** A floor below this fraction of the largest loss does not stretch the axis. */
const FAR = 1e-4;

/** Between round numbers around everything drawn, so that the axis rarely moves during a run. */
export function lossHeight(scene: Scene, plot: Plot, size: Size): LossHeight {
  const { low, high } = drawn(heightsOf(scene));
  const top = roundUp(high * 1.02);
  const foot = roundDown(Math.max(top / WIDEST, Math.min(low / 1.05, top / NARROWEST)));
  const y = scaleLog([foot, top], [plot.bottom, plot.top]).clamp(true);
  return { y: (v) => y(Math.max(v, foot)), ticks: ticksOf(y, plot, size), foot, largest: high };
}

/** 1, 2 and 5 of every decade if they fit, otherwise powers of ten. */
function ticksOf(y: ScaleLogarithmic<number, number>, plot: Plot, size: Size): Tick[] {
  const [foot, top] = y.domain();
  const apart = 1.5 * size.font;
  if (y(1) - y(2) < apart) return decades(foot, top, Math.max(1, Math.floor((plot.bottom - plot.top) / apart)));
  return y
    .ticks()
    .filter((value) => [1, 2, 5].includes(Number(value.toExponential(0)[0])))
    .map((value) => ({ value, text: Math.log10(value) % 1 === 0 ? powerOfTen(Math.log10(value)) : trim(value) }));
}

/** The range of everything drawn, and of the floors close below it. */
function drawn({ curves, samples, others }: Scene): { low: number; high: number } {
  const lists = [samples?.losses, ...others.map(({ losses }) => losses)].flatMap((losses) =>
    losses ? [losses.training, losses.heldOut] : [],
  );
  const range = positiveRange([[curves.loss, curves.length], ...lists.map((list) => [list, list.length] as const)]);
  if (!range) return { low: 0.1, high: 1 };
  const { low, high } = range;
  const floors = [samples?.floors.training ?? 0, samples?.floors.heldOut ?? 0].filter((v) => v > FAR * high);
  return { low: Math.min(low, ...floors), high };
}

function roundUp(v: number): number {
  const power = 10 ** Math.floor(Math.log10(v));
  const leading = [1, 1.5, 2, 3, 5, 7, 10].find((l) => l * power >= v) ?? 10;
  return leading * power;
}

function roundDown(v: number): number {
  const power = 10 ** Math.floor(Math.log10(v));
  const leading = [7, 5, 3, 2, 1.5, 1].find((l) => l * power <= v) ?? 1;
  return leading * power;
}

function lossesAt({ steps, training, heldOut }: Losses, step: number) {
  const at = lastIndexUpTo(steps, step);
  return at < 0 ? null : { step: steps[at], training: training[at], heldOut: heldOut[at] };
}

export function shownLosses(scene: Scene) {
  const { samples, curves } = scene;
  const step = shownStep(scene);
  const full = samples && lossesAt(samples.losses, step);
  return full && { ...full, batch: curves.loss[step] };
}

/** Rounding leaves less than this fraction of the largest loss of a floor that is 0. */
const NOTHING = 1e-12;

/** A floor, or 0 if it is only rounding. */
export function clearFloor(floor: number, largest: number): number {
  return floor < NOTHING * largest ? 0 : floor;
}

const NO_SAMPLES = 'This target has no samples: its loss is ½‖ΔW − ΔW*‖².';

export function lossesPicture(scene: Scene, size: Size): Mark[] {
  const { hover, ...frame } = stepColumn(scene, size);
  const { plot } = frame;
  const { curves, samples, seeds } = scene;
  const empty = scene.empty ?? (samples ? null : NO_SAMPLES);
  if (empty !== null || !samples || curves.length === 0)
    return picture({ ...frame, marks: sentence(empty ?? '', plot, size.font) });
  const height = lossHeight(scene, plot, size);
  const [x, { y }] = [frame.x.scale, height];
  const shown = shownStep(scene);
  const now = shownLosses(scene);
  const last = lastStep(scene);
  const [training, heldOut] = KINDS.map((kind) => lineOf(samples.losses, kind, shown, x, y, size.font));
  return picture({
    ...frame,
    y: { scale: y, ticks: height.ticks },
    marks: [
      polyline('batch', 'pin dw faint', trace(curves.loss, 0, newestStep(scene), x, y)),
      seedMarks('seeds training', 'dw', seeds?.training ?? [], last, x, y),
      seedMarks('seeds held-out', 'ink', seeds?.heldOut ?? [], last, x, y),
      otherRuns(scene, (other, i, dw) =>
        KINDS.map((kind) => {
          const { steps = [], [kind]: values = [] } = other.losses ?? {};
          const list = measurementsOf(steps, values, x, y).filter(({ step }) => step <= last);
          const className = kind === 'training' ? dw : other.pale ? 'axis' : 'ink-3';
          return measurementMarks(`other ${i} ${kind}`, 'pin', className, connect(list, size.font), size);
        }),
      ),
      measurementMarks('training after', 'pin', 'dw', training.after, size),
      measurementMarks('held-out after', 'pin', 'ink-3', heldOut.after, size),
      measurementMarks('training', 'line', 'dw', training.until, size),
      measurementMarks('held-out', 'line', 'ink', heldOut.until, size),
      // In front: a run at its floor covers it otherwise.
      floorLine('training floor', 'dashed', samples.floors.training, height, plot),
      floorLine('held-out floor', 'broken', samples.floors.heldOut, height, plot),
      vline('cursor', 'hair ink-3', x(shown), plot),
      hover,
      now && [
        dot('training head', 'dw', [x(shown), y(now.training)], dotRadius(size)),
        square('held-out head', 'ink', [x(shown), y(now.heldOut)], dotRadius(size)),
      ],
    ],
    names: names(scene, height),
  });
}

/** A dashed floor; one below the axis is only named. */
function floorLine(key: string, className: string, floor: number | null, { y, foot, largest }: LossHeight, plot: Plot) {
  return floor !== null && clearFloor(floor, largest) >= foot && hline(key, `ref dwt ${className}`, y(floor), plot);
}

/** px of a plot in which the label of the batch has its own line. */
const LOWEST = 90;

/** The values at the heads of the lines, which are the live read-out, and the names of floors and other runs. */
function names(scene: Scene, { y, foot, largest }: LossHeight): Nested<MarginLabel> {
  const { samples, others } = scene;
  const now = shownLosses(scene);
  const head = (key: string, className: string, value: number): MarginLabel => {
    return { key: `${key} label`, className, at: y(value), texts: [`${key} ${number(value)}`, number(value)] };
  };
  const floor = (name: string, value: number | null | undefined): MarginLabel | null => {
    if (value === null || value === undefined) return null;
    const plain = clearFloor(value, largest);
    const words = `floor ${number(plain)}${plain < foot ? ' ▼' : ''}`;
    return { key: `${name} floor label`, className: 'dwt', at: y(plain), texts: [`${name} ${words}`, [name, words]] };
  };
  return [
    now && [head('training', 'dw strong', now.training), head('held-out', 'ink strong', now.heldOut)],
    floor('held-out', samples?.floors.heldOut),
    floor('training', samples?.floors.training),
    // With all samples per step there is no batch label. The batch loss jumps, so its label stays at the training loss.
    now && samples && samples.batch < samples.count && y(foot) - y(largest) > LOWEST
      ? {
          key: 'batch label',
          className: 'ink-2',
          at: y(now.training) + 0.1,
          texts: [`batch ${number(now.batch)}`],
          optional: true,
        }
      : null,
    others.map((other, i) =>
      KINDS.map((kind) => {
        const { name, losses } = other;
        const end = losses?.[kind][losses.steps.length - 1];
        if (end === undefined || !Number.isFinite(end)) return null;
        const texts = [`${kind === 'training' ? 'training' : 'held-out'} ${name}`, name];
        return { ...otherName(other, scene, `${i} ${kind}`), at: y(end), texts };
      }),
    ),
  ];
}

const KINDS = ['training', 'heldOut'] as const;
type LossKind = (typeof KINDS)[number];

/** A line cut at the shown step. */
function lineOf({ steps, ...losses }: Losses, kind: LossKind, shown: number, x: Scale, y: Scale, font: number) {
  return cutLine(measurementsOf(steps, losses[kind], x, y), shown, x, font);
}

export const losses: RunChart = {
  name: 'losses',
  title: 'Loss on samples',
  short: 'Loss',
  help,
  ...stepReading,
  draw: drawing(lossesPicture),
  readout,
  ofPin: ends,
  describe,
  table,
};

function help({ samples }: Scene): string {
  if (!samples) return '‖W·X − Y‖²/(2n), log scale';
  const { count: n, batch } = samples;
  const some = batch === 1 ? 'the one' : `the ${count(batch)}`;
  const thin = batch < n ? `; thin line: ${some} of each step` : ', all used in every step';
  return `log scale; ${count(n)} training samples${thin}`;
}

function readout({ samples, curves }: Scene, at: number): string {
  if (!samples || at >= curves.length) return '';
  const now = lossesAt(samples.losses, at);
  if (!now) return `step ${count(at)}: batch ${number(curves.loss[at])}`;
  const batch = samples.batch < samples.count ? `, batch ${number(curves.loss[now.step])}` : '';
  return `step ${count(now.step)}: training ${number(now.training)}, held-out ${number(now.heldOut)}${batch}`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const { samples } = scene;
  if (!samples) return `${runState(scene)} This target has no samples.`;
  const { training, heldOut } = samples.floors;
  const now = shownLosses(scene);
  const largest = now ? Math.max(now.training, now.heldOut) : 1;
  const floor = (value: number | null) =>
    value === null ? '' : `, floor ${placeOf(scene)} ${number(clearFloor(value, largest))}`;
  if (!now) return runState(scene);
  return `${runState(scene)}${epochWords(scene)} At step ${count(now.step)}: training loss ${number(now.training)}${floor(training)}; held-out loss ${number(now.heldOut)}${floor(heldOut)}.${pinnedWords(scene, ends)}`;
}

function ends({ losses }: OtherRun): string | null {
  const last = (losses?.steps.length ?? 0) - 1;
  return losses && last >= 0
    ? `training ${number(losses.training[last])}, held-out ${number(losses.heldOut[last])}`
    : null;
}

function table(scene: Scene): Table {
  const { curves, samples, others } = scene;
  const lossColumn = (losses: Losses | null, kind: LossKind) => {
    const places = new Map(losses?.steps.map((step, i) => [step, i]));
    return (step: number) => losses?.[kind][places.get(step) ?? -1] ?? null;
  };
  const floor = (name: string, value: number | null = null) =>
    [`${name} floor ${placeOf(scene)}`, () => value] as const;
  const last = Math.max(curves.length - 1, ...others.map(({ losses }) => losses?.steps.at(-1) ?? 0));
  return tableOf(range(last + 1), [
    ['step', (step) => step],
    ['loss of the batch', entryOf(curves.loss, curves.length)],
    ['training loss', lossColumn(samples?.losses ?? null, 'training')],
    ['held-out loss', lossColumn(samples?.losses ?? null, 'heldOut')],
    floor('training', samples?.floors.training),
    floor('held-out', samples?.floors.heldOut),
    ...others.flatMap(({ name, losses }) => [
      [`training loss ${name}`, lossColumn(losses, 'training')] as const,
      [`held-out loss ${name}`, lossColumn(losses, 'heldOut')] as const,
    ]),
  ]);
}

/** The cause of both floors: "at rank 8", or a factor that does not train. */
function placeOf({ rank, ownFloor }: Scene): string {
  if (ownFloor.by === 'method') return `with ${ownFloor.of}`;
  if (ownFloor.by === 'frozen') return 'with a frozen factor';
  return `at rank ${count(rank)}${ownFloor.of ? ` with ${ownFloor.of}` : ''}`;
}
