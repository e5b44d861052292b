import { scaleLog } from 'd3-scale';
import { number } from '../../experiment/numbers.ts';
import { fitTicks, horizontalAxis, type Tick, verticalAxis } from '../../kit/chart/axes.ts';
import type { Size } from '../../kit/chart/chart.ts';
import { type MarginLabel, marginLabels } from '../../kit/chart/labels.ts';
import { hatch, type Mark, type Point, polyline, words } from '../../kit/chart/marks.ts';
import { dotRadius, plotOf } from '../../kit/chart/plot.ts';
import { render } from '../../kit/chart/render.ts';
import { sentence } from '../drawing/sentence.ts';
import { type SweepAxis, type SweepChart, type SweepScene, summaryOf } from './cells.ts';
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
  draw: (svg, scene, size) => render(svg, size, rankEndsPicture(scene, size)),
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
    const ranks = [...(scene.axes[parts(scene).rank]?.numbers ?? [])].sort((a, b) => a - b);
    return {
      columns: ['rank', ...series.map(({ name }) => `error, ${name}`), 'floor'],
      rows: ranks.map((rank) => [
        rank,
        ...series.map(({ points }) => points.find((one) => one.rank === rank)?.error ?? null),
        scene.floors?.[rank] ?? null,
      ]),
    };
  },
};

export function rankEndsPicture(scene: SweepScene, size: Size): Mark[] {
  const second = !size.short;
  const plot = { ...plotOf(size, second ? 14 : 0) };
  const series = endsOf(scene).map((one, i) => ({ ...one, i }));
  const shown = series.filter(({ points }) => points.length > 0);
  if (shown.length === 0) return sentence('Nothing has run yet.', plot, size.font);
  const axis = scene.axes[parts(scene).rank] as SweepAxis;
  const ranks = [...(axis.numbers ?? [])].sort((a, b) => a - b);
  const [from, to] = [ranks[0] ?? 1, ranks.at(-1) ?? 2];
  const x = scaleLog()
    .domain([from, to])
    .range([plot.left + 8, plot.right - 10]);
  const floors = floorsUpTo(scene, from, to);
  const min = Math.min(...shown.flatMap(({ points }) => points.map(({ error }) => error)));
  // At full rank the floor falls to zero and leaves the picture.
  const drawn = floors.filter(([, value]) => value > min / 20);
  const values = [
    ...shown.flatMap(({ points }) => points.map(({ error }) => error)),
    ...drawn.map(([, value]) => value),
  ];
  const { y, ticks } = logHeight(values, plot, 1);
  const floor = drawn.map(([rank, value]): Point => [x(rank), y(value)]);
  const at = (rank: number): Tick => ({ value: rank, text: String(rank) });
  const rankTicks = fitTicks([at(from), at(to), ...ranks.map(at)], x, size.font);
  const radius = dotRadius(size) + 0.8;
  const labels = shown.map(({ name, points, i }): MarginLabel => {
    return { key: `label ${i}`, className: 'ink-2', at: y(points.at(-1)?.error ?? 1), texts: [name], optional: true };
  });
  const lowest = drawn.at(-1);
  return [
    hatch('unreachable', floor, plot.bottom),
    ...verticalAxis(ticks, y, plot, size),
    ...horizontalAxis('rank r', rankTicks, x, plot, size),
    ...(second ? shares(scene, rankTicks, x, plot.bottom, plot.left, size) : []),
    ...(floor.length > 1 ? [polyline('floor', 'line dwt dashed', floor)] : []),
    ...shown.map(({ points, i }) =>
      polyline(
        `line ${i}`,
        `pin pale dw${dashPattern(i)}`,
        points.map(({ rank, error }): Point => [x(rank), y(error)]),
      ),
    ),
    ...shown.flatMap(({ points, i }) =>
      points.map(({ rank, error }) => shape(i, `end ${i} ${rank}`, 'dw', [x(rank), y(error)], radius)),
    ),
    ...marginLabels(
      [
        ...(lowest && floor.length > 1
          ? [{ key: 'floor label', className: 'dwt strong', at: y(lowest[1]), texts: ['floor'] }]
          : []),
        ...(series.length > 1 ? labels : []),
      ],
      plot,
      size,
    ),
  ];
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

function shares(
  { perRank }: SweepScene,
  ticks: readonly Tick[],
  x: (v: number) => number,
  bottom: number,
  left: number,
  { font }: Size,
): Mark[] {
  const y = bottom + 4 + font * 2.2;
  const texts = ticks.map(({ value }) => ({ value, text: `${Math.round(100 * value * perRank)}%` }));
  return [
    words('share name', 'small', [Math.min(left - 10, x(texts[0]?.value ?? 1) - 18), y], 'end', '% of dk'),
    ...fitTicks(texts, x, font).map(({ value, text }) =>
      words(`share ${value}`, 'small', [x(value), y], 'middle', text),
    ),
  ];
}
