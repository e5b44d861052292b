import { heightScale, horizontalAxis, stepScale, stepTicks, verticalAxis, vline } from '../../../kit/chart/axes.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { marginLabels } from '../../../kit/chart/labels.ts';
import { type Mark, type Point, polyline, words } from '../../../kit/chart/marks.ts';
import { plotOf } from '../../../kit/chart/plot.ts';
import { render } from '../../../kit/chart/render.ts';

/** Errors against the dimension of a random subspace, a curve per draw, and the law that they follow. */
export interface SubspaceScene {
  /** A curve per draw, indexed by dimension from 0. */
  readonly draws: readonly ArrayLike<number>[];
  /** Equations m of the task: the law is √(1 − m/n) up to there, then 0. */
  readonly equations: number;
}

const TICKS = [0, 0.25, 0.5, 0.75, 1].map((value) => ({ value, text: String(value) }));

export const drawSubspaces = (svg: SVGSVGElement, scene: SubspaceScene, size: Size): void =>
  render(svg, size, subspacePicture(scene, size));

function subspacePicture({ draws, equations }: SubspaceScene, size: Size): Mark[] {
  const plot = plotOf(size, 14);
  const last = (draws[0]?.length ?? 1) - 1;
  const [x, y] = [stepScale(plot, last), heightScale(plot, 1.04)];
  const points = (values: ArrayLike<number>): Point[] => Array.from(values, (value, m): Point => [x(m), y(value)]);
  const law = Array.from({ length: last + 1 }, (_, m) => Math.sqrt(Math.max(0, 1 - m / equations)));
  const middle = Math.round(equations / 2);
  return [
    ...verticalAxis(TICKS, y, plot, size),
    ...horizontalAxis('', stepTicks(plot, last, size), x, plot, size),
    words(
      'axis name',
      '',
      [plot.left, plot.bottom + 4 + size.font * 2.2],
      'start',
      size.short ? 'dimension m: numbers trained' : 'dimension m of the subspace: numbers trained',
    ),
    vline('asked', 'hair axis dotted', x(equations), plot),
    words(
      'asked label',
      'ink-2 halo',
      [x(equations) - 6, plot.top + size.font],
      'end',
      `the task asks for ${equations}`,
    ),
    polyline('law', 'line dwt dashed', points(law)),
    ...draws.map((values, i) => polyline(`draw ${i}`, 'thin dw', points(values))),
    ...marginLabels(
      [
        {
          key: 'draws',
          className: 'dw strong',
          at: y(draws[0]?.[middle] ?? 0),
          texts: [[`${draws.length} random`, 'subspaces'], `${draws.length} draws`],
        },
        { key: 'law label', className: 'dwt strong', at: y(law[middle]), texts: [`√(1 − m/${equations})`] },
      ],
      plot,
      size,
    ),
  ];
}
