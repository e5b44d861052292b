import { percent } from '../../../experiment/numbers.ts';
import { heightScale, hline, stepScale, stepTicks, ticksAt, vline } from '../../../kit/chart/axes.ts';
import type { Size } from '../../../kit/chart/chart.ts';
import { dot, type Mark, type Point, polyline, words } from '../../../kit/chart/marks.ts';
import { picture } from '../../../kit/chart/picture.ts';
import { dotRadius, plotOf } from '../../../kit/chart/plot.ts';
import { drawing } from '../../../kit/chart/render.ts';

/** Share of ΔW* in the plane of B, by step. */
export interface PlaneShare {
  readonly steps: readonly number[];
  readonly shares: readonly number[];
  /** The maximum over all planes, and its name. */
  readonly max: number;
  readonly name: readonly [string, string];
  readonly step: number;
}

export const drawPlaneShare = drawing(planeSharePicture);

export function planeSharePicture({ steps, shares, max, name, step }: PlaneShare, size: Size): Mark[] {
  const plot = plotOf(size);
  const last = steps.at(-1) ?? 1;
  const [x, y] = [stepScale(plot, last), heightScale(plot, 1)];
  const points = steps.map((at, i): Point => [x(at), y(shares[i] ?? 0)]);
  const now = points[steps.findLastIndex((at) => at <= step)];
  const edge = plot.right + 0.7 * size.font;
  return picture({
    size,
    plot,
    x: { name: 'step', scale: x, ticks: stepTicks(plot, last, size) },
    y: { scale: y, ticks: ticksAt([0, 0.5, 1], (value) => percent(value)) },
    marks: [
      hline('most', 'ref dwt dashed', y(max), plot),
      vline('step', 'hair ink', x(step), plot),
      polyline('share', 'main b', points),
      now && dot('now', 'b', now, dotRadius(size) * 1.5),
      words('name', 'dwt strong', [edge, y(max) + 0.35 * size.font], 'start', name[0]),
      words('name 2', 'dwt', [edge, y(max) + 1.55 * size.font], 'start', name[1]),
    ],
  });
}
