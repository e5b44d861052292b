import { range } from 'd3-array';
import { scaleLog } from 'd3-scale';
import { count, number } from '../../experiment/numbers.ts';
import { hline, hoverLine, stepScale, stepTicks } from '../../kit/chart/axes.ts';
import { plotOf, type ReadableChart, type Size } from '../../kit/chart/chart.ts';
import { type Mark, polyline } from '../../kit/chart/marks.ts';
import { drawing, picture } from '../../kit/chart/picture.ts';
import { tableOf } from '../drawing/columns.ts';
import { trace } from '../drawing/trace.ts';
import { errorTicks } from './foretold-error.ts';

/** One run: its relative errors, and how it is drawn. */
export interface DialCurve {
  readonly name: string;
  /** `under`: wide and pale, for one that another is meant to hide; `thin` and `dashed`: beside the main one. */
  readonly look: 'under' | 'main' | 'thin' | 'dashed';
  readonly error: ArrayLike<number>;
}

export interface DialScene {
  /** From back to front. */
  readonly curves: readonly DialCurve[];
  /** The smallest error within reach. */
  readonly floor: number;
  readonly pointed: number | null;
}

const LOOKS = {
  under: 'under dw pale',
  main: 'line dw',
  thin: 'pin dw pale',
  dashed: 'line dw dashed',
} as const satisfies Record<DialCurve['look'], string>;

const lastOf = ({ curves }: DialScene) => Math.max(1, ...curves.map(({ error }) => error.length - 1));
const endOf = ({ error }: DialCurve) => error[error.length - 1];

function dialPicture(scene: DialScene, size: Size): Mark[] {
  const { curves, floor, pointed } = scene;
  const plot = plotOf(size);
  const last = lastOf(scene);
  const least = Math.min(floor, ...curves.flatMap(({ error }) => Array.from(error).filter((value) => value > 0)));
  const foot = 0.8 * Math.max(1e-4, least);
  const y = scaleLog([foot, 1.1], [plot.bottom, plot.top]).clamp(true);
  const x = stepScale(plot, last);
  const most = Math.max(2, Math.floor((plot.bottom - plot.top) / (1.7 * size.font)));
  return picture({
    ...{ size, plot, x: { name: 'step', scale: x, ticks: stepTicks(plot, last, size) } },
    y: { scale: y, ticks: errorTicks(foot, most) },
    marks: [
      hline('floor', 'ref dwt dashed', y(floor), plot),
      curves.map((curve, i) =>
        polyline(`curve ${i}`, LOOKS[curve.look], trace(curve.error, 0, curve.error.length - 1, x, y)),
      ),
      hoverLine(pointed, [0, last], x, plot),
    ],
    names: [
      curves.map((curve, i) => ({
        key: `curve ${i} label`,
        className: curve.look === 'main' ? 'dw strong' : 'dw',
        at: y(endOf(curve)),
        texts: [`${curve.name} ${number(endOf(curve))}`, curve.name],
      })),
      { key: 'floor label', className: 'dwt strong', at: y(floor), texts: [`floor ${number(floor)}`] },
    ],
  });
}

export const dialCurves: ReadableChart<DialScene> = {
  name: 'dialCurves',
  title: 'Error over training',
  help: () => 'relative error, log scale',
  draw: drawing(dialPicture),
  places: (scene) => ({ first: 0, last: lastOf(scene), start: lastOf(scene), at: scene.pointed }),
  locate: (scene, size, px) => {
    const plot = plotOf(size);
    const last = lastOf(scene);
    if (px < plot.left - 10 || px > plot.right + 10) return null;
    return Math.max(0, Math.min(last, Math.round(stepScale(plot, last).invert(px))));
  },
  readout: ({ curves }, at) =>
    `step ${count(at)}: ${curves.map((curve) => `${curve.name} ${number(curve.error[at])}`).join(', ')}`,
  describe: ({ curves, floor }) =>
    `Last errors: ${curves.map((curve) => `${curve.name} ${number(endOf(curve))}`).join(', ')}; floor ${number(floor)}.`,
  table: (scene) =>
    tableOf(range(lastOf(scene) + 1), [
      ['step', (step) => step],
      ...scene.curves.map(
        ({ name, error }) => [`relative error ${name}`, (step: number) => error[step] ?? null] as const,
      ),
    ]),
};
