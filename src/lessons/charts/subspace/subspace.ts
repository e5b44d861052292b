import { range } from 'd3-array';
import { axisNameBelow, heightScale, stepScale, stepTicks, vline } from '../../../kit/chart/axes.ts';
import { plotOf, type Size } from '../../../kit/chart/chart.ts';
import { type Mark, type Point, polyline, words } from '../../../kit/chart/marks.ts';
import { drawing, picture } from '../../../kit/chart/picture.ts';

/** Errors against the dimension of a random subspace, a curve per draw, and the law that they follow. */
export interface SubspaceScene {
  /** A curve per draw, indexed by dimension from 0. */
  readonly draws: readonly ArrayLike<number>[];
  /** Equations m of the task: the law is √(1 − m/n) up to there, then 0. */
  readonly equations: number;
}

export const drawSubspaces = drawing(subspacePicture);

export function subspacePicture({ draws, equations }: SubspaceScene, size: Size): Mark[] {
  const plot = plotOf(size, 14);
  const last = (draws[0]?.length ?? 1) - 1;
  const [x, y] = [stepScale(plot, last), heightScale(plot, 1.04)];
  const points = (values: ArrayLike<number>): Point[] => Array.from(values, (value, m): Point => [x(m), y(value)]);
  const law = range(last + 1).map((m) => Math.sqrt(Math.max(0, 1 - m / equations)));
  // Where the names of the lines begin: all lines end at the same point.
  const [early, late] = [Math.round(equations / 3), Math.round((2 * equations) / 3)];
  const left = x(equations) > plot.left + 8 * size.font;
  const asked: Point = [x(equations) + (left ? -6 : 6), plot.top + size.font];
  const name = size.short ? 'dimension m: numbers trained' : 'dimension m of the subspace: numbers trained';
  return picture({
    size,
    plot,
    x: { scale: x, ticks: stepTicks(plot, last, size) },
    y: { scale: y, ticks: [0, 0.25, 0.5, 0.75, 1] },
    marks: [
      axisNameBelow(name, plot, size),
      vline('asked', 'hair axis dotted', x(equations), plot),
      words(
        'asked label',
        'ink-2 halo',
        asked,
        left ? 'end' : 'start',
        size.short ? `task: ${equations}` : `the task asks for ${equations}`,
      ),
      polyline('law', 'line dwt dashed', points(law)),
      draws.map((values, i) => polyline(`draw ${i}`, 'thin dw', points(values))),
    ],
    names: [
      {
        key: 'draws',
        className: 'dw strong',
        at: y(draws[0]?.[late] ?? 0),
        from: x(late),
        texts: [[`${draws.length} random`, 'subspaces'], `${draws.length} draws`],
      },
      {
        key: 'law label',
        className: 'dwt strong',
        at: y(law[early]),
        from: x(early),
        texts: [`√(1 − m/${equations})`],
      },
    ],
  });
}
