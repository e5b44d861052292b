import { range } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { logHeight } from '../../../charts/sweep/marks.ts';
import { count, number, plural } from '../../../experiment/numbers.ts';
import { fitTicks, hatchFrom, ticksAt, vline } from '../../../kit/chart/axes.ts';
import type { Chart, Size } from '../../../kit/chart/chart.ts';
import { endName } from '../../../kit/chart/labels.ts';
import { dot, type Mark, type Point, polyline } from '../../../kit/chart/marks.ts';
import { drawing, picture, sentence } from '../../../kit/chart/picture.ts';
import { plotOf } from '../../../kit/chart/plot.ts';

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
