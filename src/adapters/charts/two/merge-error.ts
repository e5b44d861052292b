import { scaleLinear } from 'd3-scale';
import { number } from '../../../experiment/numbers.ts';
import {
  fitTicks,
  heightScale,
  horizontalAxis,
  ROW_HEIGHT,
  type Tick,
  verticalAxis,
  vline,
} from '../../../kit/chart/axes.ts';
import type { Chart, Size } from '../../../kit/chart/chart.ts';
import { type MarginLabel, marginLabels } from '../../../kit/chart/labels.ts';
import { dot, hatch, type Mark, type Point, polyline, polylines, words } from '../../../kit/chart/marks.ts';
import { plotOf } from '../../../kit/chart/plot.ts';
import { render } from '../../../kit/chart/render.ts';

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
  draw: (svg, scene, size) => render(svg, size, mergeErrorPicture(scene, size)),
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
  const x = scaleLinear()
    .domain([Math.min(1, exact - 0.5), exact])
    .range([plot.left + 10, plot.right]);
  const y = heightScale(plot, 1);
  const ranks = Array.from({ length: exact }, (_, i) => i + 1);
  const edge = ranks.map((r): Point => [x(r), y(curve[r] ?? 0)]);
  const at = (value: number): Tick => ({ value, text: String(value), strong: value === rank });
  const round = [1, 2, 4, 8, 16, 32, 64].flatMap((step) =>
    exact / step <= 16 ? ranks.filter((r) => r % step === 0) : [],
  );
  const ticks = fitTicks([at(rank), at(exact), at(1), ...round.map(at)], x, font);
  const shown = Math.min(rank, exact);
  const here: Point = [x(shown), y(curve[shown] ?? 0)];
  const last: Point = [x(exact), y(0)];
  const cross = linear && linear.rank <= exact ? ([x(linear.rank), y(Math.min(1, linear.error))] as const) : null;
  return [
    ...(edge.length > 1 ? [hatch('unreachable', edge, plot.bottom)] : []),
    ...verticalAxis(
      [0, 0.5, 1].map((value) => ({ value, text: String(value) })),
      y,
      plot,
      size,
    ),
    ...horizontalAxis('', ticks, x, plot, size).filter(({ key }) => key !== 'x name'),
    words('rank name', '', [size.width, plot.bottom + 4 + ROW_HEIGHT * font], 'end', 'rank r′'),
    polyline('floor', 'line dwt dashed', edge),
    ...(shown < exact ? [vline('set', 'hair ink', here[0], plot)] : []),
    ...(shown < exact ? [dot('cut', 'dw', here, 5)] : []),
    dot('exact', shown < exact ? 'dw open' : 'dw', last, 5),
    ...(cross ? [crossAt(cross)] : []),
    ...marginLabels(
      [
        ...(shown < exact
          ? [
              name('cut label', 'dw', here, [
                `SVD to rank ${shown}: ${errorWords(curve[shown] ?? 0)}`,
                [`SVD to rank ${shown}:`, errorWords(curve[shown] ?? 0)],
                errorWords(curve[shown] ?? 0),
              ]),
            ]
          : []),
        ...(linear && cross
          ? [
              name('linear label', 'bad', cross, [
                [`“linear”, rank ${linear.rank}:`, `${errorWords(linear.error)}, wrong`],
                '“linear”: wrong',
                'wrong',
              ]),
            ]
          : []),
        name('floor label', 'dwt', last, ['floor (Eckart–Young)', ['floor', '(Eckart–Young)'], 'floor']),
        name('exact label', 'dw', last, [
          `concatenation, rank ${exact}: exact`,
          ['concatenation,', `rank ${exact}: exact`],
          `rank ${exact}: exact`,
          'exact',
        ]),
      ],
      plot,
      size,
    ),
  ];
}

const name = (key: string, className: string, [from, at]: Point, texts: MarginLabel['texts']): MarginLabel => ({
  ...{ key, className: `${className} strong`, from, at, texts },
});

const crossAt = ([x, y]: Point): Mark =>
  polylines('linear', 'line bad', [
    [
      [x - ARM, y - ARM],
      [x + ARM, y + ARM],
    ],
    [
      [x - ARM, y + ARM],
      [x + ARM, y - ARM],
    ],
  ]);
