import { range } from 'd3-array';
import { scaleLog } from 'd3-scale';
import { count, number, trim } from '../../experiment/numbers.ts';
import { hline, ticksAt, vline } from '../../kit/chart/axes.ts';
import { dotRadius, type Size, type Table } from '../../kit/chart/chart.ts';
import { dot, hatch, type Mark, type Nested, polyline } from '../../kit/chart/marks.ts';
import { drawing, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import {
  heightsOf,
  lastIndexUpTo,
  lastStep,
  lastStepOf,
  liveRunClass,
  newestStep,
  type RunChart,
  type Scene,
  shownStep,
} from '../chart.ts';
import { entryOf, stepColumn, stepReading, tableOf } from '../drawing/columns.ts';
import { nameTexts, otherName, otherRuns } from '../drawing/seeds.ts';
import { measurementsOf, trace } from '../drawing/trace.ts';
import { pinnedWords, runState } from '../drawing/words.ts';
import { errorOf, floorOf, lastError } from './picture.ts';

/** The axis ends no lower: below it an error is rounding. */
const LOWEST = 1e-6;
/** Ticks of an axis over few decades, and of one over many. */
const SERIES = [1, 2, 5];

/** The lower end of the axis: a little below the floor and all that is drawn. */
function footOf(scene: Scene): number {
  const { foretold, curves, others } = heightsOf(scene);
  let least = floorOf(scene) ?? 1;
  const look = (values: ArrayLike<number>, length = values.length) => {
    for (let i = 0; i < length; i++) if (values[i] > 0) least = Math.min(least, values[i]);
  };
  if (foretold?.prediction) look(foretold.prediction.error);
  look(curves.relativeError, Math.min(curves.length, curves.relativeError.length));
  for (const other of others) look(other.curves.relativeError, lastStepOf(other.curves, scene) + 1);
  return Math.min(0.5, Math.max(LOWEST, 0.8 * least));
}

/** 1, 0.5, 0.2, 0.1 … over few decades, powers of ten over many. */
export function errorTicks(foot: number, most: number) {
  const decades = range(Math.floor(Math.log10(foot)), 1);
  const all = decades.flatMap((e) => SERIES.map((m) => Number(`${m}e${e}`))).filter((v) => v >= foot && v <= 1);
  const powers = all.filter((v) => Number.isInteger(Math.round(Math.log10(v) * 1e9) / 1e9));
  const list = all.length <= most ? all : powers;
  const stride = Math.ceil(list.length / most);
  return ticksAt(
    list.reverse().filter((_, i) => i % stride === 0),
    trim,
  );
}

export function foretoldErrorPicture(scene: Scene, size: Size): Mark[] {
  const { hover, ...frame } = stepColumn(scene, size);
  const { plot } = frame;
  if (scene.empty !== null) return picture({ ...frame, marks: sentence(scene.empty, plot, size.font) });
  const foot = footOf(scene);
  const y = scaleLog([foot, 1.1], [plot.bottom, plot.top]).clamp(true);
  const x = frame.x.scale;
  const shown = shownStep(scene);
  const { curves, foretold } = scene;
  const error = errorOf(scene);
  const floor = floorOf(scene);
  const line = (values: ArrayLike<number>, from: number, to: number) =>
    values.length > 0 ? trace(values, from, to, x, y) : [];
  const after = line(curves.relativeError, shown, newestStep(scene));
  const last = foretold?.until ?? lastStep(scene);
  const predicted = foretold?.prediction
    ? measurementsOf(foretold.prediction.steps, foretold.prediction.error, x, y).filter(({ step }) => step <= last)
    : [];
  return picture({
    ...frame,
    y: { scale: y, ticks: errorTicks(foot, Math.max(2, Math.floor((plot.bottom - plot.top) / (1.7 * size.font)))) },
    behind:
      floor !== null &&
      floor > foot &&
      hatch(
        'below floor',
        [
          [plot.left, y(floor)],
          [plot.right, y(floor)],
        ],
        plot.bottom,
      ),
    marks: [
      floor !== null && floor > foot && hline('floor', 'ref dwt dashed', y(floor), plot),
      otherRuns(scene, (other, i, className) =>
        polyline(
          `other ${i}`,
          `pin ${className}`,
          line(other.curves.relativeError, 0, lastStepOf(other.curves, scene)),
        ),
      ),
      after.length > 1 && polyline('after', 'pin dw pale', after),
      polyline('run', `line ${liveRunClass('dw', scene)}`, line(curves.relativeError, 0, shown)),
      predicted.length > 1 &&
        polyline(
          'predicted',
          'pin ink dashed',
          predicted.map(({ at }) => at),
        ),
      vline('cursor', 'hair ink-3', x(shown), plot),
      hover,
      error !== null && dot('head', 'dw', [x(shown), y(error)], dotRadius(size)),
    ],
    names: names(scene, y),
  });
}

function names(scene: Scene, y: (value: number) => number): Nested<MarginLabel> {
  const [error, floor] = [errorOf(scene), floorOf(scene)];
  const end = predictedAt(scene, lastStep(scene));
  return [
    error !== null && {
      key: 'error label',
      className: 'dw strong',
      at: y(error),
      texts: [`this run ${number(error)}`, number(error)],
    },
    end !== null && {
      key: 'predicted label',
      className: 'ink',
      at: y(end),
      texts: [`predicted ${number(end)}`, number(end)],
      optional: true,
    },
    floor !== null && { key: 'floor label', className: 'dwt strong', at: y(floor), texts: [`floor ${number(floor)}`] },
    scene.others.map((other, i) => {
      const value = other.curves.relativeError[lastStepOf(other.curves, scene)];
      return value > 0 && { ...otherName(other, scene, i), at: y(value), ...nameTexts(other, number(value)) };
    }),
  ];
}

/** The predicted error at the last of its steps up to one; null: none. */
function predictedAt({ foretold }: Scene, step: number): number | null {
  const prediction = foretold?.prediction;
  if (!prediction) return null;
  const at = lastIndexUpTo(prediction.steps, Math.min(step, foretold.until ?? step));
  return prediction.error[at] ?? null;
}

export const foretoldError: RunChart = {
  name: 'foretoldError',
  title: 'Error and prediction',
  short: 'Prediction',
  help: ({ foretold }) => `relative Frobenius error, log scale${foretold?.prediction ? '; dashed: predicted' : ''}`,
  ...stepReading,
  draw: drawing(foretoldErrorPicture),
  readout: (scene, at) => {
    const { relativeError, length } = scene.curves;
    if (at >= Math.min(length, relativeError.length)) return '';
    const predicted = at <= (scene.foretold?.until ?? at) ? predictedAt(scene, at) : null;
    const said = predicted === null ? '' : `, predicted ${number(predicted)}`;
    return `step ${count(at)}: error ${number(relativeError[at])}${said}`;
  },
  ofPin: (pin) => {
    const value = lastError(pin);
    return value === undefined ? null : number(value);
  },
  describe,
  table,
};

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const [value, predicted] = [errorOf(scene), predictedAt(scene, shownStep(scene))];
  const said = value === null ? '' : ` Relative error ${number(value)} at step ${count(shownStep(scene))}`;
  const beside = predicted === null ? '.' : `, predicted ${number(predicted)}.`;
  const pins = pinnedWords(scene, (pin) => {
    const end = lastError(pin);
    return end === undefined ? null : number(end);
  });
  return `${runState(scene)}${said}${said === '' ? '' : beside}${pins}`;
}

function table(scene: Scene): Table {
  const { curves, foretold, others } = scene;
  const floor = floorOf(scene);
  const predicted = new Map(
    foretold?.prediction?.steps.map((step, i) => [step, foretold.prediction?.error[i] ?? null]),
  );
  const last = Math.max(curves.length - 1, foretold?.prediction?.steps.at(-1) ?? 0);
  return tableOf(range(last + 1), [
    ['step', (step) => step],
    ['relative error', entryOf(curves.relativeError, curves.length)],
    ['predicted', (step) => predicted.get(step) ?? null],
    ['floor', () => floor],
    ...others.map(
      ({ name, curves: { relativeError, length } }) =>
        [`relative error ${name}`, entryOf(relativeError, length)] as const,
    ),
  ]);
}
