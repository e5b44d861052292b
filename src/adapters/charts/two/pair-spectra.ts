import { range } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { logHeight } from '../../../charts/sweep/marks.ts';
import { count, number, plural } from '../../../experiment/numbers.ts';
import { fitTicks, hatchFrom, heightScale, rightAxisName, ticksAt, vline } from '../../../kit/chart/axes.ts';
import { type Chart, plotOf, type Size } from '../../../kit/chart/chart.ts';
import { dot, hatch, type Mark, type Point, polyline, polylines } from '../../../kit/chart/marks.ts';
import { drawing, endName, type MarginLabel, picture, sentence } from '../../../kit/chart/picture.ts';

export interface PairSpectraScene {
  /** Of a, of b and of their weighted sum. */
  readonly sigma: readonly [ArrayLike<number>, ArrayLike<number>, ArrayLike<number>];
  /** Directions of the sum that stay; null: all. */
  readonly kept: number | null;
  readonly sum: string;
}

export const pairSpectra: Chart<PairSpectraScene> = {
  name: 'pairSpectra',
  title: 'Singular values',
  help: ({ kept }) =>
    `of a, of b, and of their sum; log scale${kept === null ? '' : `; hatched: dropped at rank ${kept}`}`,
  draw: drawing(pairSpectraPicture),
  describe: ({ sigma, sum }) =>
    `${sigma
      .map(
        (values, i) =>
          `${['a', 'b', sum][i]}: ${plural(values.length, 'value')}, the largest ${number(values[0] ?? 0)}`,
      )
      .join('; ')}.`,
};

export function pairSpectraPicture({ sigma, kept, sum }: PairSpectraScene, size: Size): Mark[] {
  const { font } = size;
  const base = plotOf(size);
  const plot = { ...base, left: 3.4 * font, right: Math.max(base.left + 30, size.width - 5.5 * font) };
  const all = sigma.flatMap((values) => Array.from(values)).filter((value) => value > 0);
  if (all.length === 0) return sentence('All singular values are 0.', plot, font);
  // Far below the largest there is rounding, which would take up the axis.
  const largest = Math.max(...all);
  const shown = all.filter((value) => value > 1e-7 * largest);
  const y = logHeight(shown, plot);
  const max = Math.max(...sigma.map(({ length }) => length), 2);
  const x = scaleLinear([1, max], [plot.left + 8, plot.right - 6]);
  const lines = sigma.map((values) =>
    Array.from(values).flatMap((value, i): Point[] => (value > 1e-7 * largest ? [[x(i + 1), y.scale(value)]] : [])),
  );
  const ranks = [kept ?? 1, 1, max, ...range(1, max + 1).filter((i) => max <= 16 || i % 8 === 0)];
  const cut = kept !== null && kept < max ? x(kept + 0.5) : null;
  const [a = [], b = [], both = []] = lines;
  const apart = x(2) - x(1) >= 6;
  return picture({
    size,
    plot,
    behind: cut !== null && [hatchFrom('dropped', cut, plot), vline('cut', 'hair ink', cut, plot)],
    x: { name: 'i', scale: x, ticks: fitTicks(ticksAt(ranks, count, kept), x, font) },
    y,
    marks: [
      polyline('both', 'line dwt dashed', both),
      both.map((point, i) => dot(`both ${i}`, 'dwt', point, apart ? 2.6 : 1.5)),
      polyline('a', 'main dw', a),
      polyline('b', 'pin dw', b),
      apart && a.map((point, i) => dot(`a ${i}`, 'dw', point, 4)),
      apart && b.map((point, i) => dot(`b ${i}`, 'dw open', point, 4)),
    ],
    names: [
      endName(both, { key: 'name 2', className: 'dwt strong', texts: [sum, 'sum'] }),
      endName(a, { key: 'name 0', className: 'dw strong', texts: ['a'] }),
      endName(b, { key: 'name 1', className: 'dw strong', texts: ['b'] }),
    ],
  });
}

interface MergeErrorScene {
  readonly curve: ArrayLike<number>;
  /** The chosen rank; the last one of the curve is exact. */
  readonly rank: number;
  /** Adding the factors instead; null if impossible, or exact. */
  readonly linear: { readonly rank: number; readonly error: number } | null;
}

/** The error of the merged file against its rank: no other file of that rank is closer. */
export const mergeError: Chart<MergeErrorScene> = {
  name: 'mergeError',
  title: 'Error of the merged file',
  help: () => '‖merged − sum‖ / ‖sum‖ over all modules',
  draw: drawing(mergeErrorPicture),
  describe: ({ curve, rank, linear }) => {
    const exact = curve.length - 1;
    const set = rank < exact ? ` Cut to rank ${rank}, it is ${errorWords(curve[rank])} off.` : '';
    const wrong = linear ? ` Adding the factors at rank ${linear.rank} is ${errorWords(linear.error)} off.` : '';
    return `Concatenation is exact at rank ${exact}.${set}${wrong}`;
  },
};

const errorWords = (error: number) => {
  if (!Number.isFinite(error)) return 'endlessly';
  // Less than this is rounding.
  return error < 1e-12 ? '0' : number(error);
};
/** Half the width of the cross, in px. */
const ARM = 5;

export function mergeErrorPicture({ curve, rank, linear }: MergeErrorScene, size: Size): Mark[] {
  const { font } = size;
  const exact = Math.max(1, curve.length - 1);
  const plot = {
    ...plotOf(size),
    left: 3.2 * font,
    top: 0.9 * font,
    right: size.width - (size.short ? 9.2 : 14.5) * font,
  };
  const x = scaleLinear([Math.min(1, exact - 0.5), exact], [plot.left + 10, plot.right]);
  const y = heightScale(plot, 1);
  const ranks = range(1, exact + 1);
  const edge = ranks.map((r): Point => [x(r), y(curve[r] ?? 0)]);
  const round = [1, 2, 4, 8, 16, 32, 64].flatMap((step) =>
    exact / step <= 16 ? ranks.filter((r) => r % step === 0) : [],
  );
  const shown = Math.min(rank, exact);
  const isCut = shown < exact;
  const here: Point = [x(shown), y(curve[shown] ?? 0)];
  const last: Point = [x(exact), y(0)];
  const wrong: Point | null = linear && linear.rank <= exact ? [x(linear.rank), y(Math.min(1, linear.error))] : null;
  const cutError = errorWords(curve[shown] ?? 0);
  return picture({
    size,
    plot,
    behind: edge.length > 1 && hatch('unreachable', edge, plot.bottom),
    x: { scale: x, ticks: fitTicks(ticksAt([rank, exact, 1, ...round], String, rank), x, font) },
    y: { scale: y, ticks: [0, 0.5, 1] },
    marks: [
      rightAxisName('rank name', 'rank r′', plot, size),
      polyline('floor', 'line dwt dashed', edge),
      isCut && [vline('set', 'hair ink', here[0], plot), dot('cut', 'dw', here, 5)],
      dot('exact', isCut ? 'dw open' : 'dw', last, 5),
      wrong && cross('linear', 'line bad', wrong),
    ],
    names: [
      isCut &&
        name('cut label', 'dw', here, [
          `SVD to rank ${shown}: ${cutError}`,
          [`SVD to rank ${shown}:`, cutError],
          cutError,
        ]),
      linear &&
        wrong &&
        name('linear label', 'bad', wrong, [
          [`“linear”, rank ${linear.rank}:`, `${errorWords(linear.error)}, wrong`],
          '“linear”: wrong',
          'wrong',
        ]),
      name('floor label', 'dwt', last, ['floor (Eckart–Young)', ['floor', '(Eckart–Young)'], 'floor']),
      name('exact label', 'dw', last, [
        `concatenation, rank ${exact}: exact`,
        ['concatenation,', `rank ${exact}: exact`],
        `rank ${exact}: exact`,
        'exact',
      ]),
    ],
  });
}

const name = (key: string, className: string, [from, at]: Point, texts: MarginLabel['texts']): MarginLabel => ({
  ...{ key, className: `${className} strong`, from, at, texts },
});

const cross = (key: string, className: string, [x, y]: Point): Mark =>
  polylines(
    key,
    className,
    [ARM, -ARM].map((up): Point[] => [
      [x - ARM, y - up],
      [x + ARM, y + up],
    ]),
  );
