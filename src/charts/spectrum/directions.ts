import { range, ticks } from 'd3-array';
import { count, number, trim } from '../../experiment/numbers.ts';
import { ARRIVED } from '../../experiment/prediction/course.ts';
import { heightScale, hline, type Scale, ticksAt, vline } from '../../kit/chart/axes.ts';
import { dotRadius, isLarge, type Size, type Table } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Nested, polyline } from '../../kit/chart/marks.ts';
import { drawing, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import {
  type Foretold,
  lastIndexUpTo,
  lastStep,
  liveRunClass,
  type RunChart,
  type SampledSpectra,
  type Scene,
  shownStep,
} from '../chart.ts';
import { stepColumn, stepReading, tableOf } from '../drawing/columns.ts';
import { cutLine, measurementMarks, measurementsOf } from '../drawing/trace.ts';
import { runState } from '../drawing/words.ts';

/** More lines than these cannot be told apart. */
const MOST_LINES = 5;
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const sigma = (i: number) => `σ${[...String(i + 1)].map((digit) => SUBSCRIPTS[Number(digit)]).join('')}`;

/** One singular direction of ΔW*: what was predicted of it, and what the run did. */
interface FollowedDirection {
  readonly name: string;
  readonly value: number;
  /** At the steps of the prediction; null: nothing was predicted. */
  readonly predicted: ArrayLike<number> | null;
  /** The steps at which it had 90% of its value; null: not within what is known. */
  readonly foretold: number | null;
  readonly ran: DirectionArrival | null;
  /** At the steps that were measured. */
  readonly sizes: readonly number[];
}

interface DirectionArrival {
  readonly step: number;
  /** False if steps in between were not measured. */
  readonly exact: boolean;
}

const NOTHING: Foretold = { prediction: null, until: null, measured: { steps: [], spectra: [] } };

/** Singular values below this share of the first are none. */
const ROUNDING = 1e-6;

function directionsOf(scene: Scene): readonly FollowedDirection[] {
  const { target, rank } = scene;
  const { prediction, measured, until } = scene.foretold ?? NOTHING;
  const values = target?.values ?? [];
  // Directions of a low rank end there: the next value is rounding.
  const real = Array.from(values).filter((value) => value > ROUNDING * values[0]).length;
  const n = Math.min(MOST_LINES, rank, real);
  return range(n).map((i): FollowedDirection => {
    const value = target?.values[i] ?? 0;
    const foretold = prediction?.arrivals[i] ?? null;
    return {
      name: sigma(i),
      value,
      predicted: prediction?.directions[i] ?? null,
      foretold: prediction?.directions[i] && foretold !== null && foretold <= (until ?? foretold) ? foretold : null,
      ran: arrivalOf(measured, i, ARRIVED * value),
      sizes: measured.spectra.map((sizes) => sizes[i]),
    };
  });
}

/** The step at which a measured direction reaches a height; between two measurements on the straight line. */
function arrivalOf({ steps, spectra }: SampledSpectra, i: number, height: number): DirectionArrival | null {
  const at = spectra.findIndex((sizes) => height > 0 && sizes[i] >= height);
  if (at <= 0) return null;
  const [before, after] = [spectra[at - 1][i], spectra[at][i]];
  const gap = steps[at] - steps[at - 1];
  return { step: Math.ceil(steps[at - 1] + (gap * (height - before)) / (after - before)), exact: gap === 1 };
}

export function directionsPicture(scene: Scene, size: Size): Mark[] {
  const { hover, ...frame } = stepColumn(scene, size);
  const { plot } = frame;
  if (scene.empty !== null) return picture({ ...frame, marks: sentence(scene.empty, plot, size.font) });
  const all = directionsOf(scene);
  if (all.length === 0)
    return picture({ ...frame, marks: sentence('The directions of ΔW* are not known here.', plot, size.font) });
  const top = 1.06 * all[0].value;
  const [x, y] = [frame.x.scale, heightScale(plot, top)];
  const most = Math.max(1, Math.floor((plot.bottom - plot.top) / (size.font * (isLarge(size) ? 3.3 : 2.4))));
  const shown = shownStep(scene);
  const lines = all.map(({ sizes }) =>
    cutLine(measurementsOf(scene.foretold?.measured.steps ?? [], sizes, x, y), shown, x, size.font),
  );
  return picture({
    ...frame,
    y: { scale: y, ticks: ticksAt(ticks(0, all[0].value, most), trim) },
    marks: [
      all.map(({ name, value }) => hline(`goal ${name}`, 'ref dwt dotted', y(value), plot)),
      all.map(({ name }, i) => [
        lines[i].after.solid.length > 0 && measurementMarks(`${name} after`, 'pin', 'dw pale', lines[i].after, size),
        measurementMarks(name, 'line', liveRunClass('dw', scene), lines[i].until, size),
      ]),
      vline('cursor', 'hair ink-3', x(shown), plot),
      all.map((one) => predictedMarks(one, scene, x, y, size)),
      hover,
      all.map(({ name }, i) => {
        const head = lines[i].until.solid.at(-1)?.at(-1);
        return head && dot(`head ${name}`, 'dw', head, dotRadius(size));
      }),
    ],
    names: all.map(
      (one): MarginLabel => ({
        key: `${one.name} label`,
        className: 'ink',
        at: y(one.value),
        texts: namesOf(one),
        optional: one !== all[0],
      }),
    ),
  });
}

/** The dashes of a direction, up to a change on the way, and the ring at 90%. */
function predictedMarks(one: FollowedDirection, scene: Scene, x: Scale, y: Scale, size: Size): Nested<Mark> {
  const { prediction, until } = scene.foretold ?? NOTHING;
  const { name, predicted, foretold, value } = one;
  if (!prediction || !predicted) return null;
  const last = until ?? lastStep(scene);
  const points = measurementsOf(prediction.steps, predicted, x, y).filter(({ step }) => step <= last);
  return [
    polyline(
      `predicted ${name}`,
      'pin ink dashed',
      points.map(({ at }) => at),
    ),
    foretold !== null && dot(`ring ${name}`, 'open ink', [x(foretold), y(ARRIVED * value)], dotRadius(size)),
  ];
}

function namesOf({ name, value, foretold, ran }: FollowedDirection): readonly string[] {
  const step = foretold === null ? null : `step ${count(foretold)}`;
  const own = ran === null ? null : `ran ${ran.exact ? '' : '≈\u2009'}${count(ran.step)}`;
  const parts = [step, own].filter((part) => part !== null);
  const long = parts.length > 0 ? `${name} ${parts.join(' · ')}` : `${name} ${number(value)}`;
  return [long, `${name} ${parts[0] ?? ''}`.trim(), name];
}

export const directions: RunChart = {
  name: 'directions',
  title: 'Directions over training',
  short: 'Directions',
  help,
  ...stepReading,
  draw: drawing(directionsPicture),
  readout,
  describe,
  table,
};

function help({ foretold }: Scene): string {
  const prediction = foretold?.prediction;
  if (!prediction) return 'along each singular direction of ΔW*; dotted: its value there';
  if (prediction.directions.length === 0) return 'along each singular direction of ΔW*; predicted from rank 8 on';
  const band = prediction.band === null ? '' : `; from Kaiming ± ${prediction.band} σ₁`;
  return `along each singular direction of ΔW*; dashed and ring (90%): predicted${band}`;
}

function readout(scene: Scene, at: number): string {
  const { steps } = scene.foretold?.measured ?? NOTHING.measured;
  const place = lastIndexUpTo(steps, at);
  if (place < 0) return '';
  const sizes = directionsOf(scene).map(({ name, sizes: all }) => `${name} ${number(all[place], 2)}`);
  return `step ${count(steps[place])}: ${sizes.join(', ')}`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const all = directionsOf(scene);
  const arrived = (of: (one: FollowedDirection) => number | null) =>
    all.flatMap((one) => (of(one) === null ? [] : [`${one.name} at step ${count(of(one) ?? 0)}`]));
  const [foretold, ran] = [arrived((one) => one.foretold), arrived(({ ran: own }) => own?.step ?? null)];
  const say = (what: string, list: readonly string[]) => (list.length > 0 ? ` ${what}: ${list.join(', ')}.` : '');
  return `${runState(scene)}${say('90% of a direction predicted', foretold)}${say('Reached', ran)}`;
}

function table(scene: Scene): Table {
  const all = directionsOf(scene);
  const { prediction, measured } = scene.foretold ?? NOTHING;
  const steps = [...new Set([...measured.steps, ...(prediction?.steps ?? [])])].sort((a, b) => a - b);
  const [ofRun, ofLaw] = [measured.steps, prediction?.steps ?? []].map(
    (list) => new Map(list.map((step, i) => [step, i] as const)),
  );
  return tableOf(steps, [
    ['step', (step) => step],
    ...all.map(
      ({ name, sizes }) => [`${name} of the run`, (step: number) => sizes[ofRun.get(step) ?? -1] ?? null] as const,
    ),
    ...all.map(
      ({ name, predicted }) =>
        [`${name} predicted`, (step: number) => predicted?.[ofLaw.get(step) ?? -1] ?? null] as const,
    ),
  ]);
}
