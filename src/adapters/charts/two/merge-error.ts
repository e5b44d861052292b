import { range } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { number } from '../../../experiment/numbers.ts';
import { fitTicks, heightScale, rightAxisName, ticksAt, vline } from '../../../kit/chart/axes.ts';
import type { Chart, Size } from '../../../kit/chart/chart.ts';
import type { MarginLabel } from '../../../kit/chart/labels.ts';
import { dot, hatch, type Mark, type Point, polyline, polylines } from '../../../kit/chart/marks.ts';
import { drawing, picture } from '../../../kit/chart/picture.ts';
import { plotOf } from '../../../kit/chart/plot.ts';

export interface MergeErrorScene {
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
