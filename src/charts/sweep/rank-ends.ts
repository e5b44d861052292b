import { scaleLog } from 'd3-scale';
import { count, number } from '../../experiment/numbers.ts';
import { fitTicks, hline, type Scale, type Tick, ticksAt, vline } from '../../kit/chart/axes.ts';
import { dotRadius, type Plot, plotOf, type Size } from '../../kit/chart/chart.ts';
import { dot, hatch, type Mark, type Nested, type Point, polyline, segment, words } from '../../kit/chart/marks.ts';
import { clampedText, drawing, endName, picture, sentence } from '../../kit/chart/picture.ts';
import { tableOf } from '../drawing/columns.ts';
import {
  APART,
  isComplete,
  medianFloor,
  type SweepCell,
  type SweepChart,
  type SweepScene,
  summaryOf,
} from './cells.ts';
import { logHeight, seriesShape } from './marks.ts';

/** The runs of a rank at its best: their median error, and the error of each. */
interface RankEnd {
  readonly rank: number;
  readonly cell: SweepCell;
  readonly error: number;
  readonly errors: readonly number[];
}

/** The ends of the runs of one series, by rank. */
interface SeriesEnds {
  readonly name: string;
  readonly points: readonly RankEnd[];
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
    const points = ranks.flatMap((r, i): RankEnd[] => {
      const cells = scene.cells.filter(({ at }) => at[rank] === i && (series < 0 || at[series] === s));
      const ends = cells.flatMap((cell): RankEnd[] => {
        const { median, values } = summaryOf(cell, 'error');
        const errors = values.filter(Number.isFinite);
        return median !== null && Number.isFinite(median) ? [{ rank: r, cell, error: median, errors }] : [];
      });
      return ends.sort((a, b) => a.error - b.error).slice(0, 1);
    });
    return {
      name: own ? `${own.before}${own.texts[s]}` : 'error',
      points: [...points].sort((a, b) => a.rank - b.rank),
    };
  });
}

/** Whether an end is below the noise by its floor alone. */
const isNoise = ({ noise, floors }: SweepScene, rank: number) =>
  noise !== null && floors !== null && (floors[rank] ?? 1) < noise;

/** The first rank whose floor is below the noise of the target: higher ones gain only noise. */
const noiseRank = (scene: SweepScene) =>
  ranksOf(scene).find((rank) => isNoise(scene, rank)) ?? Number.POSITIVE_INFINITY;

export interface EnoughRank extends RankEnd {
  readonly why: 'noise' | 'gain';
  /** The largest rank of the sweep. */
  readonly last: number;
}

/**
 * The rank of a sweep over ranks, or ranks and rates, that is enough: the first that has learned all but the noise of
 * its target; if no noise is known, the first within 5% of the least error. Null until all runs have
 * ended, or if only the last rank is.
 */
export function enoughRank(scene: SweepScene): EnoughRank | null {
  const [{ points }, ...others] = endsOf(scene);
  const last = points.at(-1)?.rank ?? 0;
  if (!isComplete(scene) || others.length > 0 || points.length < 2) return null;
  const noisy = points.find(({ rank, error }) => isNoise(scene, rank) && error <= APART * (scene.noise ?? 0));
  if (noisy) return { ...noisy, why: 'noise', last };
  const least = Math.min(...points.map(({ error }) => error));
  const near = points.find(({ error }) => error <= APART * least);
  return near && near.rank < last ? { ...near, why: 'gain', last } : null;
}

/** dk/(d+k), if ranks of the sweep are above it: there LoRA trains more parameters than W₀ has. */
export function breakEvenRank(scene: SweepScene): number | null {
  const rank = 1 / scene.perRank;
  return (ranksOf(scene).at(-1) ?? 0) > rank ? rank : null;
}

/** The ends of a sweep over ranks, each series at its best, with the floor. */
export const rankEnds: SweepChart = {
  name: 'sweepEnds',
  title: (scene) => {
    const best = parts(scene).best.map((i) => scene.axes[i]?.name ?? '');
    return best.length === 0 ? 'Error against rank' : `Error against rank, each at its best ${best.join(' and ')}`;
  },
  help: rankEndsHelp,
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

export function rankEndsHelp(scene: SweepScene): string {
  const dots = scene.seeds === 1 ? 'one dot per run' : `${scene.seeds} seeds, a dot each, the median larger`;
  const rings = noiseRank(scene) < (ranksOf(scene).at(-1) ?? 0) ? '; rings: noise is what they gain' : '';
  return `${dots}, log scale; no line between runs${rings}`;
}

export function rankEndsPicture(scene: SweepScene, size: Size): Mark[] {
  const second = !size.short;
  const plot = plotOf(size, second ? 14 : 0);
  const series = endsOf(scene).map((one, i) => ({ ...one, i }));
  const shown = series.filter(({ points }) => points.length > 0);
  if (shown.length === 0) return sentence('Nothing has run yet.', plot, size.font);
  const { noise } = scene;
  const ranks = ranksOf(scene);
  const [from, to] = [ranks[0] ?? 1, ranks.at(-1) ?? 2];
  const x = scaleLog([from, to], [plot.left + 8, plot.right - 10]);
  const errors = shown.flatMap(({ points }) => points.flatMap((one) => one.errors));
  const low = Math.min(...errors, noise ?? Number.POSITIVE_INFINITY);
  const floors = floorsUpTo(scene, from, to);
  const inside = floors.filter(([, value]) => value > low / 1.5);
  const y = logHeight([...errors, ...inside.map(([, value]) => value), ...(noise === null ? [] : [noise])], plot, 1);
  // At full rank it falls to zero and leaves the picture.
  const floor = floors.slice(0, inside.length + 1).map(([rank, value]): Point => [x(rank), y.scale(value)]);
  const enough = enoughRank(scene);
  const ticks = fitTicks(
    ticksAt([...(enough ? [enough.rank] : []), from, to, ...ranks]).map((tick) => ({
      ...tick,
      strong: tick.value === enough?.rank,
    })),
    x,
    size.font,
  );
  const breakEven = breakEvenRank(scene);
  const noisy = noiseRank(scene);
  const radius = dotRadius(size);
  const single = shown.length === 1;
  // Seeds have targets of their own: the median floor of each rank alone is true, and no line between.
  const several = scene.seeds > 1;
  return picture({
    size,
    plot,
    behind: !several && hatch('unreachable', floor, plot.bottom),
    x: { name: 'rank r', scale: x, ticks },
    y,
    marks: [
      second && shares(scene, ticks, x, plot, size),
      breakEven !== null && breakEven > from && vline('break-even', 'hair axis sparse', x(breakEven), plot),
      noise !== null && hline('noise', 'ref ink dash-dot', y.scale(noise), plot),
      several
        ? inside.map(([rank, value]) => {
            const [at, height] = [x(rank), y.scale(value)];
            return segment(`floor ${rank}`, 'line dwt', [at - 7, height], [at + 7, height]);
          })
        : floor.length > 1 && polyline('floor', 'line dwt dashed', floor),
      scene.seeds > 1 &&
        shown.map(({ i, points }) =>
          points.map(({ rank, errors }) =>
            errors.map((error, n) => dot(`run ${i} ${rank} ${n}`, 'faint dw', [x(rank), y.scale(error)], radius * 0.7)),
          ),
        ),
      shown.map(({ i, points }) => {
        const { mark, hollow } = seriesShape(i);
        return points.map(({ rank, error }) =>
          mark(
            `end ${i} ${rank}`,
            rank > noisy || hollow ? 'open dw' : 'dw',
            [x(rank), y.scale(error)],
            radius + (single ? 2 : 1),
          ),
        );
      }),
      enough && callout(enough, [x(enough.rank), y.scale(enough.error)], plot, size),
    ],
    names: [
      noise !== null && {
        key: 'noise label',
        className: 'ink',
        at: y.scale(noise),
        texts: [['noise in the', `target: ${number(noise)}`], `noise ${number(noise)}`, 'noise'],
      },
      floor.length > 1 &&
        endName(floor, {
          key: 'floor label',
          className: 'dwt strong',
          texts: scene.seeds > 1 ? ['median floor', 'floor'] : ['floor'],
        }),
      !single &&
        shown.map(({ i, name, points }) => ({
          key: `label ${i}`,
          className: 'ink-2',
          at: y.scale(points[points.length - 1].error),
          texts: [`${seriesShape(i).sign} ${name}`],
          optional: true,
        })),
    ],
  });
}

/** "rank 8: 0.0436", above its dot. */
function callout({ rank, error }: RankEnd, [x, y]: Point, plot: Plot, { font }: Size): Nested<Mark> {
  const top = Math.max(plot.top + font, y - 3.5 * font);
  return [
    y - top > font && segment('enough', 'hair ink', [x, top + 0.4 * font], [x, y - 0.8 * font]),
    clampedText(
      'enough label',
      'ink strong',
      `rank ${count(rank)}: ${number(error)}`,
      [x + 7, top],
      'start',
      plot,
      font,
    ),
  ];
}

function floorsUpTo(scene: SweepScene, from: number, to: number): (readonly [number, number])[] {
  const { floors, seeds, cells } = scene;
  if (!floors) return [];
  // The link's target is that of the first seed alone.
  if (seeds > 1) {
    const axis = parts(scene).rank;
    const numbers = scene.axes[axis]?.numbers ?? [];
    return ranksOf(scene).flatMap((rank) => {
      const runs = cells.filter(({ at }) => numbers[at[axis] ?? 0] === rank).flatMap((cell) => cell.runs);
      const floor = medianFloor(runs);
      return floor === null ? [] : [[rank, floor] as const];
    });
  }
  const all: (readonly [number, number])[] = [];
  for (let rank = Math.ceil(from); rank <= to && rank < floors.length; rank++) {
    all.push([rank, floors[rank] ?? 0]);
  }
  return all;
}

function shares({ perRank }: SweepScene, ticks: readonly Tick[], x: Scale, plot: Plot, { font }: Size): Nested<Mark> {
  const y = plot.bottom + 4 + font * 2.2;
  const texts = ticks.map(({ value }): Tick => ({ value, text: `${Math.round(100 * value * perRank)}%` }));
  return [
    words('share name', '', [Math.min(plot.left - 10, x(texts[0]?.value ?? 1) - 18), y], 'end', '% of dk'),
    fitTicks(texts, x, font).map(({ value, text }) => words(`share ${value}`, 'tick', [x(value), y], 'middle', text)),
  ];
}
