import { range } from 'd3-array';
import { count, number, plural } from '../../experiment/numbers.ts';
import { heightScale, hline, hoverLine, type Scale, stepScale } from '../../kit/chart/axes.ts';
import { dotRadius, isLarge, type Plot, plotOf, type Size, type Table } from '../../kit/chart/chart.ts';
import {
  box,
  dot,
  flatten,
  type Mark,
  type Nested,
  type Point,
  polyline,
  segment,
  words,
} from '../../kit/chart/marks.ts';
import { drawing, type MarginLabel, marginLabels } from '../../kit/chart/picture.ts';
import {
  type Curves,
  lastIndexUpTo,
  lastStep,
  lastStepOf,
  liveRunClass,
  type NetworkFacts,
  newestStep,
  type OtherRun,
  type RunChart,
  type Scene,
  shownStep,
} from '../chart.ts';
import { entryOf, epochMarks, epochWords, hoveredStep, stepReading, tableOf } from '../drawing/columns.ts';
import { nameTexts, otherName, otherRuns, seedColumns, seedLabel, seedMarks, seedSentence } from '../drawing/seeds.ts';
import { trace } from '../drawing/trace.ts';
import { pinnedWords, runState } from '../drawing/words.ts';
import { accuracyAt } from '../network/shares.ts';
import { errorOf, floorOf } from './picture.ts';

export const timeline: RunChart = {
  name: 'timeline',
  title: 'Error over training',
  short: 'Timeline',
  whole: true,
  help: () => 'relative error at each step; drag to look back',
  ...stepReading,
  draw: drawing(timelinePicture),
  readout: ({ curves }, at) =>
    at < curves.relativeError.length ? `step ${count(at)}: relative error ${number(curves.relativeError[at])}` : '',
  ofPin: pinEnd,
  describe,
  table,
};

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const value = errorOf(scene);
  const shown = value === null ? '' : ` Relative error ${number(value)} at step ${count(shownStep(scene))}.`;
  const seeds = seedSentence(scene.seeds?.relativeError ?? [], 'relative error');
  return `${runState(scene)}${epochWords(scene)}${shown}${seeds}${pinnedWords(scene, pinEnd)}`;
}

function pinEnd({ curves: { relativeError, length } }: OtherRun): string | null {
  return length > 0 ? `${number(relativeError[length - 1])} after ${plural(length - 1, 'step')}` : null;
}

function table(scene: Scene): Table {
  const { curves, others } = scene;
  const floor = floorOf(scene);
  const error = ({ length, relativeError }: Curves) => entryOf(relativeError, length);
  return tableOf(range(Math.max(curves.length, ...others.map((other) => other.curves.length))), [
    ['step', (step) => step],
    ['relative error', error(curves)],
    ['floor', () => floor],
    ...seedColumns(scene.seeds?.relativeError ?? []),
    ...others.map((other) => [`relative error ${other.name}`, error(other.curves)] as const),
  ]);
}

/** The knob of the cursor, in px: wide enough to look like one, its target is the whole timeline. */
const KNOB = { width: 10, height: 16 };

export function timelinePicture(scene: Scene, size: Size): Mark[] {
  const scale = isLarge(size) ? 2 : 1;
  const plot: Plot = { ...plotOf(size), top: 4 * scale, bottom: size.height - 8 * scale };
  const last = lastStep(scene);
  const [x, y] = [stepScale(plot, last), heightScale(plot, 1)];
  const shown = shownStep(scene);
  const { curves } = scene;
  const floor = floorOf(scene);
  const errorLine = ({ length, relativeError }: Curves, from: number, to: number) =>
    length > 0 ? trace(relativeError, from, to, x, y) : [];
  const after = errorLine(curves, shown, newestStep(scene));
  const accuracies = scene.network ? accuracyLines(scene.network, shown, x, y) : null;
  // Left of the knob at step 0.
  const left = plot.left - (KNOB.width * scale) / 2 - size.font / 3;
  return flatten([
    [0, 1].map((value) => words(`y ${value}`, 'tick', [left, y(value) + size.font * 0.35], 'end', String(value))),
    epochMarks(scene, x, plot),
    hline('axis', 'hair axis', plot.bottom, plot),
    accuracies,
    floor !== null && hline('floor', 'ref dwt dashed', y(floor), plot),
    seedMarks('seeds', 'dw', scene.seeds?.relativeError ?? [], last, x, y),
    otherRuns(scene, (other, i, className) => {
      const end = lastStepOf(other.curves, scene);
      const line = errorLine(other.curves, 0, end);
      const early = other.pin && end < last;
      return [
        polyline(`other ${i}`, `pin ${className}`, line),
        early && line.slice(-1).map((at) => dot(`other end ${i}`, `open ${className}`, at, dotRadius(size))),
      ];
    }),
    after.length > 1 && polyline('after', 'pin dw pale', after),
    polyline('run', `line ${liveRunClass('dw', scene)}`, errorLine(curves, 0, shown)),
    hoverLine(hoveredStep(scene), [0, last], x, plot),
    curves.length > 0 && cursor(x(shown), plot, size, scale),
    marginLabels(flatten(names(scene, y)), plot, size, { top: -2, bottom: size.height }),
  ]);
}

/** Of the new task and of the old one, up to the step shown and, pale, after it. */
function accuracyLines({ losses }: NetworkFacts, shown: number, x: Scale, y: Scale): Nested<Mark> {
  const lines = [
    ['new', 'dw', 'line', losses.accuracy],
    ['old', 'w0', 'pin', losses.oldAccuracy],
  ] as const;
  return lines.map(([name, hue, width, values = []]) => {
    const points = losses.steps.map((step, i): Point => [x(step), y(values[i])]);
    const now = lastIndexUpTo(losses.steps, shown) + 1;
    return [
      points.length > now && polyline(`${name} after`, `pin ${hue} pale`, points.slice(Math.max(0, now - 1))),
      now > 1 && polyline(name, `${width} ${hue}`, points.slice(0, now)),
    ];
  });
}

function cursor(x: number, plot: Plot, size: Size, scale: number): Mark[] {
  const [width, height] = [KNOB.width * scale, KNOB.height * scale];
  return [
    segment('cursor', 'hair ink-3', [x, 0], [x, size.height]),
    box('knob', 'ink knob', x - width / 2, plot.bottom - height / 2, width, height, 2 * scale),
  ];
}

function accuracyNames({ losses, newName, oldName }: NetworkFacts, shown: number, y: Scale): Nested<MarginLabel> {
  const [now, old] = [accuracyAt(losses, 'accuracy', shown), accuracyAt(losses, 'oldAccuracy', shown)];
  return [
    now !== null && { key: 'new label', className: 'dw strong', at: y(now), texts: [`${newName} ${number(now)}`] },
    old !== null && { key: 'old label', className: 'w0', at: y(old), texts: [`${oldName} ${number(old)}`] },
  ];
}

/** The error at the step shown, the floor, and the other runs at their ends. */
function names(scene: Scene, y: Scale): Nested<MarginLabel> {
  const [error, floor] = [errorOf(scene), floorOf(scene)];
  const own = (value: number) =>
    scene.others.some(({ pin }) => pin)
      ? [`this run ${number(value)}`]
      : [`relative error ${number(value)}`, `error ${number(value)}`];
  return [
    scene.network && accuracyNames(scene.network, shownStep(scene), y),
    error !== null && { key: 'error label', className: 'dw strong', at: y(error), texts: own(error) },
    floor !== null && { key: 'floor label', className: 'dwt strong', at: y(floor), texts: [`floor ${number(floor)}`] },
    seedLabel('error', scene.seeds?.relativeError ?? [], y, true),
    scene.others.map((other, i) => {
      const value = other.curves.relativeError[lastStepOf(other.curves, scene)];
      return (
        // A run of a network has no error.
        Number.isFinite(value) && {
          ...otherName(other, scene, i),
          at: y(value),
          ...nameTexts(other, number(value)),
        }
      );
    }),
  ];
}
