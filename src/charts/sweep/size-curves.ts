import { scaleLog } from 'd3-scale';
import { count, number } from '../../experiment/numbers.ts';
import { fitTicks, heightScale, type Scale, ticksAt } from '../../kit/chart/axes.ts';
import { type Drawing, dotRadius, plotOf, type Size } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Point, polyline, segment } from '../../kit/chart/marks.ts';
import { drawing, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import type { ErrorRange } from './fight-curves.ts';

interface SizeCurve {
  readonly name: string;
  /** Drawn strong: the chosen one, and the best of all. */
  readonly strong: boolean;
  /** Its floors are the lowest errors found: no bounds. */
  readonly isFound: boolean;
  /** By trained parameters. */
  readonly points: readonly SizePoint[];
}

interface SizePoint {
  readonly at: number;
  /** Null: unknown. */
  readonly floor: number | null;
  /** Of trained runs; null: none has ended. */
  readonly end: ErrorRange | null;
}

export interface SizeAxisScene {
  readonly curves: readonly SizeCurve[];
  /** Trained parameters that are marked on the axis. */
  readonly ticks: readonly number[];
  /** The one that is bold. */
  readonly budget: number;
}

const HIGHEST = 1.05;

/** The largest size of a method whose floor, or run, is known. */
const lastKnown = ({ points }: SizeCurve) => points.findLast(({ floor, end }) => floor !== null || end !== null);

const errorOf = ({ floor, end }: SizePoint) => end?.median ?? floor ?? 1;

/**
 * Error against trained parameters, a line a method: dashed its own floors, dotted the lowest errors found, which are no
 * bounds; rings: what training reached, with the range of its seeds.
 */
export const errorBySize: Drawing<SizeAxisScene> & { readonly name: string } = {
  name: 'errorBySize',
  draw: drawing(sizePicture),
  describe: ({ curves }) => {
    const parts = curves.flatMap((curve) => {
      const last = lastKnown(curve);
      if (!last) return [];
      const found = curve.isFound && last.end === null ? ', lowest found' : '';
      return [`${curve.name}: ${number(errorOf(last), 2)} with ${count(last.at)} parameters${found}`];
    });
    return parts.length === 0
      ? 'No error is known yet.'
      : `The least error of each at its largest size. ${parts.join('; ')}.`;
  },
};

export function sizePicture({ curves, ticks, budget }: SizeAxisScene, size: Size): Mark[] {
  const plot = plotOf(size);
  const known = curves.filter(lastKnown);
  const sizes = curves.flatMap(({ points }) => points.map(({ at }) => at));
  if (known.length === 0) return sentence('No error is known yet.', plot, size.font);
  const x = scaleLog([Math.min(...sizes, ...ticks), Math.max(...sizes, ...ticks)], [plot.left + 8, plot.right - 8]);
  const y = heightScale(plot, HIGHEST);
  const order = known.toSorted((a, b) => Number(a.strong) - Number(b.strong));
  return picture({
    size,
    plot,
    x: { name: 'trained', scale: x, ticks: fitTicks(ticksAt(ticks, count, budget), x, size.font) },
    y: { scale: y, ticks: [0, 0.25, 0.5, 0.75, 1] },
    marks: [order.map((curve) => floorsOf(curve, x, y)), order.map((curve) => runsOf(curve, x, y, dotRadius(size)))],
    names: known
      .toSorted((a, b) => Number(b.strong) - Number(a.strong))
      .map((curve): MarginLabel => {
        const last = lastKnown(curve) ?? curve.points[0];
        const star = curve.isFound && last.end === null ? '*' : '';
        return {
          key: `label ${curve.name}`,
          className: curve.strong ? 'dw strong' : 'ink-2',
          at: y(Math.min(errorOf(last), HIGHEST)),
          from: x(last.at),
          texts: [`${curve.name} ${number(errorOf(last), 2)}${star}`, curve.name],
          optional: !curve.strong,
        };
      }),
  });
}

/** The floors of a method: a dashed line, or a dotted one of what was found; a tick where there is one size alone. */
function floorsOf({ name, strong, isFound, points }: SizeCurve, x: Scale, y: Scale): Mark[] {
  const known = points.flatMap(({ at, floor }): Point[] => (floor === null ? [] : [[x(at), y(floor)]]));
  const look = `${strong ? 'line' : 'hair'} dwt ${isFound ? 'sparse' : 'dashed'}`;
  if (known.length !== 1) return [polyline(`floors ${name}`, look, known)];
  return known.map(([px, py]) =>
    segment(`floors ${name}`, `${strong ? 'line' : 'hair'} dwt`, [px - 7, py], [px + 7, py]),
  );
}

function runsOf({ name, strong, points }: SizeCurve, x: Scale, y: Scale, radius: number): Mark[] {
  const ended = points.flatMap(({ at, end }) => (end ? [{ at, end }] : []));
  const place = (at: number, error: number): Point => [x(at), y(Math.min(error, HIGHEST))];
  return ended.flatMap(({ at, end }) => [
    segment(`range ${name} ${at}`, strong ? 'ref dw' : 'hair dw', place(at, end.low), place(at, end.high)),
    dot(`run ${name} ${at}`, strong ? 'open dw' : 'open pale dw', place(at, end.median), strong ? radius + 1 : radius),
  ]);
}
