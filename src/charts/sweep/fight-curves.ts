import { scaleLog } from 'd3-scale';
import { number, trim } from '../../experiment/numbers.ts';
import { fitTicks, heightScale, ticksAt, vline } from '../../kit/chart/axes.ts';
import { type Drawing, dotRadius, plotOf, type Size } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Point, polyline, segment, words } from '../../kit/chart/marks.ts';
import { drawing, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';

/** Of the errors of several seeds, infinite where a run diverged. */
export interface ErrorRange {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** The chosen one is drawn strong, the first of all in full hue, the others pale. */
export type FightLook = 'chosen' | 'first' | 'other';

interface FightCurve {
  readonly name: string;
  readonly look: FightLook;
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

interface KnownEnd<Range extends ErrorRange = ErrorRange> {
  readonly at: number;
  readonly end: Range;
}

const knownOf = <Range extends ErrorRange>(
  points: readonly { readonly at: number; readonly end: Range | null }[],
): readonly KnownEnd<Range>[] => points.flatMap(({ at, end }) => (end === null ? [] : [{ at, end }]));

/** As errors of runs are printed: what differs by less is the same. */
const PRINTED = 1e3;

/** The place with the least median. Where the error is flat, the first of those that print the same. */
export function bestEnd<Range extends ErrorRange>(
  points: readonly { readonly at: number; readonly end: Range | null }[],
): KnownEnd<Range> | null {
  const known = knownOf(points);
  const least = Math.round(PRINTED * Math.min(...known.map(({ end }) => end.median)));
  return known.find(({ end }) => Math.round(PRINTED * end.median) === least) ?? null;
}

/** None if it diverged at every rate. */
function bestOf(points: FightCurve['points']): KnownEnd | null {
  const best = bestEnd(points);
  return best && Number.isFinite(best.end.median) ? best : null;
}

const LOOKS = {
  chosen: { line: 'main dw', name: 'dw strong', weight: 2 },
  first: { line: 'line dw', name: 'dw', weight: 1 },
  other: { line: 'pin pale dw', name: 'ink-2', weight: 0 },
} as const satisfies Record<FightLook, object>;

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
  const order = drawn.toSorted((a, b) => LOOKS[a.look].weight - LOOKS[b.look].weight);
  const ticks = ticksAt([0.001, 0.01, 0.1, 1]);
  return picture({
    size,
    plot,
    x: { name: 'rate', scale: x, ticks: fitTicks(ticks, x, size.font) },
    y: { scale: y, ticks: TICKS },
    marks: [
      vline('yours', 'ink', x(rate), plot),
      words('yours label', 'ink', [x(rate) - 4, plot.bottom - size.font * 0.6], 'end', `your rate ${trim(rate)}`),
      order.map(({ name, look, known }) => polyline(`line ${name}`, LOOKS[look].line, known.map(at))),
      order.map(({ name, best }) =>
        segment(`range ${name}`, 'ref dw', place(best.at, best.end.low), place(best.at, best.end.high)),
      ),
      order.map(({ name, best }) => dot(`best ${name}`, 'open dw', at(best), dotRadius(size) + 1)),
    ],
    names: drawn
      .toSorted((a, b) => LOOKS[b.look].weight - LOOKS[a.look].weight)
      .map(({ name, look, best }): MarginLabel => {
        const [from, height] = at(best);
        return {
          key: `label ${name}`,
          className: LOOKS[look].name,
          at: height,
          from,
          texts: [`${name} ${number(best.end.median, 2)}`, name],
          optional: look === 'other',
        };
      }),
  });
}
