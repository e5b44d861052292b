import { scaleLog } from 'd3-scale';
import { number, trim } from '../../experiment/numbers.ts';
import { fitTicks, heightScale, ticksAt, vline } from '../../kit/chart/axes.ts';
import type { Drawing, Size } from '../../kit/chart/chart.ts';
import type { MarginLabel } from '../../kit/chart/labels.ts';
import { dot, type Mark, type Point, polyline, segment, words } from '../../kit/chart/marks.ts';
import { picture, sentence } from '../../kit/chart/picture.ts';
import { dotRadius, plotOf } from '../../kit/chart/plot.ts';
import { drawing } from '../../kit/chart/render.ts';

/** Of the errors of several seeds, infinite where a run diverged. */
export interface ErrorRange {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

interface FightCurve {
  readonly name: string;
  /** Drawn strong: the chosen one, and the best of all. */
  readonly strong: boolean;
  /** By rate; null: it has not run. */
  readonly points: readonly { readonly at: number; readonly end: ErrorRange | null }[];
}

export interface FightScene {
  readonly curves: readonly FightCurve[];
  /** The rate of the Lab. */
  readonly rate: number;
}

/** Larger errors are drawn at the edge: such a rate is too large. */
const HIGHEST = 1.05;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Error against learning rate, a line of medians a method; ring: its best rate, with the range of its seeds. */
export const fairFight: Drawing<FightScene> & { readonly name: string } = {
  name: 'fairFight',
  draw: drawing(fightPicture),
  describe: ({ curves }) => {
    const ends = curves.flatMap(({ name, points }) => {
      const best = bestOf(points);
      return best ? [`${name}: ${number(best.end.median, 2)} at rate ${trim(best.at)}`] : [];
    });
    return ends.length === 0 ? 'Nothing has run yet.' : `Least error of each and its rate. ${ends.join('; ')}.`;
  },
};

interface KnownEnd {
  readonly at: number;
  readonly end: ErrorRange;
}

const knownOf = (points: FightCurve['points']): readonly KnownEnd[] =>
  points.flatMap(({ at, end }) => (end === null ? [] : [{ at, end }]));

function bestOf(points: FightCurve['points']): KnownEnd | null {
  const finite = knownOf(points).filter(({ end }) => Number.isFinite(end.median));
  return finite.toSorted((a, b) => a.end.median - b.end.median).at(0) ?? null;
}

export function fightPicture({ curves, rate }: FightScene, size: Size): Mark[] {
  const plot = plotOf(size);
  const drawn = curves.flatMap((curve) => {
    const best = bestOf(curve.points);
    return best ? [{ ...curve, best, known: knownOf(curve.points) }] : [];
  });
  const rates = curves.flatMap(({ points }) => points.map((point) => point.at));
  if (drawn.length === 0) return sentence('Nothing has run yet.', plot, size.font);
  const x = scaleLog([Math.min(...rates), Math.max(...rates)], [plot.left + 8, plot.right - 8]);
  const y = heightScale(plot, HIGHEST);
  const place = (rateOf: number, error: number): Point => [x(rateOf), y(Math.min(error, HIGHEST))];
  const at = (point: KnownEnd): Point => place(point.at, point.end.median);
  const order = drawn.toSorted((a, b) => Number(a.strong) - Number(b.strong));
  const ticks = ticksAt([0.001, 0.01, 0.1, 1]);
  return picture({
    size,
    plot,
    x: { name: 'rate', scale: x, ticks: fitTicks(ticks, x, size.font) },
    y: { scale: y, ticks: TICKS },
    marks: [
      vline('yours', 'ink', x(rate), plot),
      words('yours label', 'ink', [x(rate) - 4, plot.bottom - size.font * 0.6], 'end', `your rate ${trim(rate)}`),
      order.map(({ name, strong, known }) =>
        polyline(`line ${name}`, strong ? 'main dw' : 'pin pale dw', known.map(at)),
      ),
      order.map(({ name, best }) =>
        segment(`range ${name}`, 'ref dw', place(best.at, best.end.low), place(best.at, best.end.high)),
      ),
      order.map(({ name, best }) => dot(`best ${name}`, 'open dw', at(best), dotRadius(size) + 1)),
    ],
    names: drawn
      .toSorted((a, b) => Number(b.strong) - Number(a.strong))
      .map(({ name, strong, best, known }): MarginLabel => {
        const last = known.at(-1) ?? best;
        return {
          key: `label ${name}`,
          className: strong ? 'dw strong' : 'ink-2',
          at: y(Math.min(last.end.median, HIGHEST)),
          texts: [`${name} ${number(best.end.median, 2)}`, name],
          optional: !strong,
        };
      }),
  });
}
