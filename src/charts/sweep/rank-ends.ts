import { scaleLog } from 'd3-scale';
import { number } from '../../experiment/numbers.ts';
import { fitTicks, type Scale, type Tick, ticksAt } from '../../kit/chart/axes.ts';
import type { Size } from '../../kit/chart/chart.ts';
import { hatch, type Mark, type Nested, type Point, polyline, words } from '../../kit/chart/marks.ts';
import { picture, sentence } from '../../kit/chart/picture.ts';
import { dotRadius, type Plot, plotOf } from '../../kit/chart/plot.ts';
import { drawing } from '../../kit/chart/render.ts';
import { tableOf } from '../drawing/columns.ts';
import { type SweepChart, type SweepScene, summaryOf } from './cells.ts';
import { dashPattern, logHeight, shape } from './marks.ts';

/** The ends of the runs of one series, by rank. */
interface SeriesEnds {
  readonly name: string;
  readonly points: readonly { readonly rank: number; readonly error: number; readonly n: number }[];
}

/** The axis of the ranks, the one that separates series, and those over which the best is taken. */
function parts({ axes }: SweepScene): {
  readonly rank: number;
  readonly series: number;
  readonly best: readonly number[];
} {
  const rank = axes.findIndex(({ key }) => key === 'rank');
  const rest = axes.map((_, i) => i).filter((i) => i !== rank);
  // The best rate is what one would choose; of the other axes the panels separate series.
  const rate = rest.filter((i) => axes[i]?.key === 'lr');
  const others = rest.filter((i) => !rate.includes(i));
  const series = others.at(-1) ?? -1;
  return { rank, series, best: [...rate, ...others.filter((i) => i !== series)] };
}

/** Whether a sweep has end points by rank. */
export const hasRanks = ({ axes }: SweepScene) => (axes.find(({ key }) => key === 'rank')?.numbers?.length ?? 0) > 1;

function endsOf(scene: SweepScene): readonly SeriesEnds[] {
  const { rank, series } = parts(scene);
  const ranks = scene.axes[rank]?.numbers ?? [];
  const own = scene.axes[series];
  return Array.from({ length: own?.texts.length ?? 1 }, (_, s): SeriesEnds => {
    const points = ranks.flatMap((r, i) => {
      const cells = scene.cells.filter(({ at }) => at[rank] === i && (series < 0 || at[series] === s));
      const summaries = cells
        .map((cell) => summaryOf(cell, 'error'))
        .filter(({ median }) => Number.isFinite(median ?? Number.NaN));
      const [min] = [...summaries].sort((a, b) => (a.median ?? 0) - (b.median ?? 0));
      return min?.median === null || min === undefined ? [] : [{ rank: r, error: min.median ?? 0, n: min.n }];
    });
    return {
      name: own ? `${own.before}${own.texts[s]}` : 'error',
      points: [...points].sort((a, b) => a.rank - b.rank),
    };
  });
}

/** The ends of a sweep over ranks, each series at its best, with the floor. */
export const rankEnds: SweepChart = {
  name: 'sweepEnds',
  title: (scene) => {
    const best = parts(scene).best.map((i) => scene.axes[i]?.name ?? '');
    return best.length === 0 ? 'Error against rank' : `Error against rank, each at its best ${best.join(' and ')}`;
  },
  help: ({ seeds }) => `end points of the sweep, ${seeds === 1 ? 'one seed' : `median of ${seeds} seeds`}; log scale`,
  draw: drawing(rankEndsPicture),
  describe: (scene) => {
    const series = endsOf(scene).filter(({ points }) => points.length > 0);
    if (series.length === 0) return 'Nothing has run yet.';
    return `${series
      .map(
        ({ name, points }) =>
          `${name}: ${points.map(({ rank, error }) => `${number(error)} at rank ${rank}`).join(', ')}`,
      )
      .join('; ')}.`;
  },
  table: (scene) => {
    const series = endsOf(scene);
    return tableOf(ranksOf(scene), [
      ['rank', (rank) => rank],
      ...series.map(({ name, points }) => {
        return [`error, ${name}`, (rank: number) => points.find((one) => one.rank === rank)?.error ?? null] as const;
      }),
      ['floor', (rank) => scene.floors?.[rank] ?? null],
    ]);
  },
};

const ranksOf = (scene: SweepScene) => [...(scene.axes[parts(scene).rank]?.numbers ?? [])].sort((a, b) => a - b);

export function rankEndsPicture(scene: SweepScene, size: Size): Mark[] {
  const second = !size.short;
  const plot = plotOf(size, second ? 14 : 0);
  const series = endsOf(scene).map((one, i) => ({ ...one, i }));
  const shown = series.filter(({ points }) => points.length > 0);
  if (shown.length === 0) return sentence('Nothing has run yet.', plot, size.font);
  const ranks = ranksOf(scene);
  const [from, to] = [ranks[0] ?? 1, ranks.at(-1) ?? 2];
  const x = scaleLog([from, to], [plot.left + 8, plot.right - 10]);
  const errors = shown.flatMap(({ points }) => points.map(({ error }) => error));
  // At full rank the floor falls to zero and leaves the picture.
  const floors = floorsUpTo(scene, from, to).filter(([, value]) => value > Math.min(...errors) / 20);
  const y = logHeight([...errors, ...floors.map(([, value]) => value)], plot, 1);
  const floor = floors.map(([rank, value]): Point => [x(rank), y.scale(value)]);
  const ticks = fitTicks(ticksAt([from, to, ...ranks]), x, size.font);
  const lines = shown.map(({ i, name, points }) => ({
    i,
    name,
    ranks: points.map(({ rank }) => rank),
    points: points.map(({ rank, error }): Point => [x(rank), y.scale(error)]),
  }));
  return picture({
    size,
    plot,
    behind: hatch('unreachable', floor, plot.bottom),
    x: { name: 'rank r', scale: x, ticks },
    y,
    marks: [
      second && shares(scene, ticks, x, plot, size),
      floor.length > 1 && polyline('floor', 'line dwt dashed', floor),
      lines.map(({ i, points }) => polyline(`line ${i}`, `pin pale dw${dashPattern(i)}`, points)),
      lines.map(({ i, points, ranks }) =>
        points.map((at, n) => shape(i, `end ${i} ${ranks[n]}`, 'dw', at, dotRadius(size) + 0.8)),
      ),
    ],
    names: [
      floor.length > 1 && {
        key: 'floor label',
        className: 'dwt strong',
        at: floor[floor.length - 1][1],
        texts: ['floor'],
      },
      series.length > 1 &&
        lines.map(({ i, name, points }) => {
          return {
            key: `label ${i}`,
            className: 'ink-2',
            at: points[points.length - 1][1],
            texts: [name],
            optional: true,
          };
        }),
    ],
  });
}

function floorsUpTo({ floors }: SweepScene, from: number, to: number): (readonly [number, number])[] {
  if (!floors) return [];
  const all: (readonly [number, number])[] = [];
  for (let rank = Math.ceil(from); rank <= to && rank < floors.length; rank++) {
    const value = floors[rank] ?? 0;
    if (value > 0) all.push([rank, value]);
  }
  return all;
}

function shares({ perRank }: SweepScene, ticks: readonly Tick[], x: Scale, plot: Plot, { font }: Size): Nested<Mark> {
  const y = plot.bottom + 4 + font * 2.2;
  const texts = ticks.map(({ value }): Tick => ({ value, text: `${Math.round(100 * value * perRank)}%` }));
  return [
    words('share name', 'small', [Math.min(plot.left - 10, x(texts[0]?.value ?? 1) - 18), y], 'end', '% of dk'),
    fitTicks(texts, x, font).map(({ value, text }) => words(`share ${value}`, 'small', [x(value), y], 'middle', text)),
  ];
}
