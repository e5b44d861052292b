import { count, number, plural } from '../../experiment/numbers.ts';
import { heightScale, type Scale, stepScale } from '../../kit/chart/axes.ts';
import type { Size, Table } from '../../kit/chart/chart.ts';
import { type MarginLabel, marginLabels } from '../../kit/chart/labels.ts';
import { box, dot, type Mark, polyline, segment, withAttributes, words } from '../../kit/chart/marks.ts';
import { dotRadius, isLarge, type Plot, plotOf } from '../../kit/chart/plot.ts';
import { render } from '../../kit/chart/render.ts';
import {
  type Curves,
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
import { stepCursor, stepReading } from '../drawing/columns.ts';
import { seedColumns, seedLabels, seedMarks, seedSentence } from '../drawing/seeds.ts';
import { trace } from '../drawing/trace.ts';
import { pinnedWords, runState } from '../drawing/words.ts';
import { errorOf, floorOf } from '../error/picture.ts';

export const timeline: RunChart = {
  name: 'timeline',
  title: 'Error over training',
  short: 'Timeline',
  whole: true,
  help: () => 'relative error at each step; drag to look back',
  ...stepReading,
  draw: (svg, scene, size) => render(svg, size, timelinePicture(scene, size)),
  readout,
  ofPin: pinEnd,
  describe,
  table,
};

function readout({ curves }: Scene, at: number): string {
  if (at >= curves.length) return '';
  return `step ${count(at)}: relative error ${number(curves.relativeError[at])}`;
}

function describe(scene: Scene): string {
  if (scene.empty !== null) return scene.empty;
  const value = errorOf(scene);
  const shown = value === null ? '' : ` Relative error ${number(value)} at step ${count(shownStep(scene))}.`;
  const seeds = seedSentence(scene.seeds?.relativeError ?? [], 'relative error');
  return `${runState(scene)}${shown}${seeds}${pinnedWords(scene, pinEnd)}`;
}

function pinEnd({ curves: { relativeError, length } }: OtherRun): string | null {
  return length > 0 ? `${number(relativeError[length - 1])} after ${plural(length - 1, 'step')}` : null;
}

function table(scene: Scene): Table {
  const { curves, others } = scene;
  const floor = floorOf(scene);
  const seeds = seedColumns(scene.seeds?.relativeError ?? []);
  const at = ({ length, relativeError }: Curves, i: number) => (i < length ? relativeError[i] : null);
  return {
    columns: [
      'step',
      'relative error',
      'floor',
      ...seeds.columns,
      ...others.map(({ name }) => `relative error ${name}`),
    ],
    rows: Array.from({ length: Math.max(curves.length, ...others.map((other) => other.curves.length)) }, (_, i) => [
      i,
      at(curves, i),
      floor,
      ...seeds.at(i),
      ...others.map((other) => at(other.curves, i)),
    ]),
  };
}

/** The knob of the cursor, in px: wide enough to look like one, its target is the whole timeline. */
const KNOB = { width: 10, height: 16 };

export function timelinePicture(scene: Scene, size: Size): Mark[] {
  const scale = isLarge(size) ? 2 : 1;
  const plot: Plot = { ...plotOf(size), top: 4 * scale, bottom: size.height - 8 * scale };
  const x = stepScale(plot, lastStep(scene));
  const y = heightScale(plot, 1);
  const shown = shownStep(scene);
  const { curves, others } = scene;
  const floor = floorOf(scene);
  const errorLine = ({ length, relativeError }: Curves, from: number, to: number) =>
    length > 0 ? trace(relativeError, from, to, x, y) : [];
  const after = errorLine(curves, shown, newestStep(scene));
  const at = x(shown);
  return [
    // Left of the knob at step 0.
    ...[0, 1].map((value) =>
      words(
        `y ${value}`,
        '',
        [plot.left - (KNOB.width * scale) / 2 - size.font / 3, y(value) + size.font * 0.35],
        'end',
        String(value),
      ),
    ),
    segment('axis', 'hair axis', [plot.left, plot.bottom], [plot.right, plot.bottom]),
    ...(floor === null ? [] : [segment('floor', 'ref dwt dashed', [plot.left, y(floor)], [plot.right, y(floor)])]),
    ...seedMarks('seeds', 'dw', scene.seeds?.relativeError ?? [], lastStep(scene), x, y),
    ...others.flatMap((other, i) => {
      const end = lastStepOf(other.curves, scene);
      const line = errorLine(other.curves, 0, end);
      const className = otherRunClass('dw', other, scene);
      const ring = other.pin && end < lastStep(scene) ? line.slice(-1) : [];
      return withAttributes(
        [
          polyline(`other ${i}`, `pin ${className}`, line),
          ...ring.map((point) => dot(`other end ${i}`, `open ${className}`, point, dotRadius(size))),
        ],
        runData(other),
      );
    }),
    ...(after.length > 1 ? [polyline('after', 'pin dw pale', after)] : []),
    polyline('run', `line ${liveRunClass('dw', scene)}`, errorLine(curves, 0, shown)),
    ...stepCursor(scene, x, plot),
    ...(curves.length > 0 ? cursor(at, plot, size, scale) : []),
    ...marginLabels(labels(scene, y), plot, size, { top: -2, bottom: size.height }),
  ];
}

function cursor(x: number, plot: Plot, size: Size, scale: number): Mark[] {
  const width = KNOB.width * scale;
  const height = KNOB.height * scale;
  return [
    segment('cursor', 'hair ink-3', [x, 0], [x, size.height]),
    box('knob', 'ink', x - width / 2, plot.bottom - height / 2, width, height, 2 * scale),
  ];
}

/** The error at the step shown, the floor, and the other runs at their ends. */
function labels(scene: Scene, y: Scale): MarginLabel[] {
  const [error, floor] = [errorOf(scene), floorOf(scene)];
  const list: MarginLabel[] = [];
  if (error !== null) {
    const texts = scene.others.some(({ pin }) => pin)
      ? [`this run ${number(error)}`]
      : [`relative error ${number(error)}`, `error ${number(error)}`];
    list.push({ key: 'error label', className: 'dw strong', at: y(error), texts });
  }
  if (floor !== null)
    list.push({ key: 'floor label', className: 'dwt strong', at: y(floor), texts: [`floor ${number(floor)}`] });
  list.push(...seedLabels('error', 'ink-2', scene.seeds?.relativeError ?? [], y, true));
  for (const [i, other] of scene.others.entries()) {
    const { curves } = other;
    if (curves.length === 0) continue;
    const value = curves.relativeError[lastStepOf(curves, scene)];
    const className = otherNameClass(other, scene);
    list.push({
      key: `other label ${i}`,
      className,
      at: y(value),
      ...nameTexts(other, number(value)),
      optional: true,
      more: runData(other),
    });
  }
  return list;
}
