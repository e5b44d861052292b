import { scaleLog } from 'd3-scale';
import { number, trim } from '../../experiment/numbers.ts';
import { fitTicks, heightScale, ticksAt, vline } from '../../kit/chart/axes.ts';
import type { Drawing, Size } from '../../kit/chart/chart.ts';
import type { MarginLabel } from '../../kit/chart/labels.ts';
import { dot, type Mark, type Point, polyline, words } from '../../kit/chart/marks.ts';
import { picture, sentence } from '../../kit/chart/picture.ts';
import { dotRadius, plotOf } from '../../kit/chart/plot.ts';
import { drawing } from '../../kit/chart/render.ts';

interface FightCurve {
  readonly name: string;
  /** Drawn strong: the chosen one, and the best of all. */
  readonly strong: boolean;
  /** By rate; an error is infinite if the run diverged, null if it is unknown. */
  readonly points: readonly { readonly rate: number; readonly error: number | null }[];
}

export interface FightScene {
  readonly curves: readonly FightCurve[];
  /** The rate of the Lab. */
  readonly rate: number;
}

/** Larger errors are drawn at the edge: such a rate is too large. */
const HIGHEST = 1.05;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

/** Error against learning rate, a line a method; ring: its best rate. */
export const fairFight: Drawing<FightScene> & { readonly name: string } = {
  name: 'fairFight',
  draw: drawing(fightPicture),
  describe: ({ curves }) => {
    const ends = curves.flatMap(({ name, points }) => {
      const best = bestOf(points);
      return best ? [`${name}: ${number(best.error, 2)} at rate ${trim(best.rate)}`] : [];
    });
    return ends.length === 0 ? 'Nothing has run yet.' : `Least error of each and its rate. ${ends.join('; ')}.`;
  },
};

interface KnownEnd {
  readonly rate: number;
  readonly error: number;
}

const knownOf = (points: FightCurve['points']): readonly KnownEnd[] =>
  points.flatMap(({ rate, error }) => (error === null ? [] : [{ rate, error }]));

function bestOf(points: FightCurve['points']): KnownEnd | null {
  const finite = knownOf(points).filter(({ error }) => Number.isFinite(error));
  return finite.toSorted((a, b) => a.error - b.error).at(0) ?? null;
}

export function fightPicture({ curves, rate }: FightScene, size: Size): Mark[] {
  const plot = plotOf(size);
  const drawn = curves.flatMap((curve) => {
    const best = bestOf(curve.points);
    return best ? [{ ...curve, best, known: knownOf(curve.points) }] : [];
  });
  const rates = curves.flatMap(({ points }) => points.map((point) => point.rate));
  if (drawn.length === 0) return sentence('Nothing has run yet.', plot, size.font);
  const x = scaleLog([Math.min(...rates), Math.max(...rates)], [plot.left + 8, plot.right - 8]);
  const y = heightScale(plot, HIGHEST);
  const at = ({ rate: r, error }: KnownEnd): Point => [x(r), y(Math.min(error, HIGHEST))];
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
      order.map(({ name, best }) => dot(`best ${name}`, 'open dw', at(best), dotRadius(size) + 1)),
    ],
    names: drawn
      .toSorted((a, b) => Number(b.strong) - Number(a.strong))
      .map(({ name, strong, best, known }): MarginLabel => {
        const last = known.at(-1) ?? best;
        return {
          key: `label ${name}`,
          className: strong ? 'dw strong' : 'ink-2',
          at: y(Math.min(last.error, HIGHEST)),
          texts: [`${name} ${number(best.error, 2)}`, name],
          optional: !strong,
        };
      }),
  });
}
