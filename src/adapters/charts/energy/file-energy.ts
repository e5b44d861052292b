import { range, tickStep } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { trace } from '../../../charts/drawing/trace.ts';
import { count } from '../../../experiment/numbers.ts';
import { fitTicks, heightScale, hoverLine, rightAxisName, ticksAt } from '../../../kit/chart/axes.ts';
import type { Plot, ReadableChart, Size } from '../../../kit/chart/chart.ts';
import { dot, type Mark, type Point, polyline, segment } from '../../../kit/chart/marks.ts';
import { drawing, picture, sentence } from '../../../kit/chart/picture.ts';
import { modulePlot, nearestIndex, roundTicks } from '../module/module-scene.ts';

/** Share of a file's Σσ² by number of directions, the largest of any module first. */
export interface EnergyScene {
  readonly directions: number;
  readonly share: ArrayLike<number>;
  /** Directions that hold 90, 95 and 99%; 0 if there is no energy, null if all these directions hold less. */
  readonly counts: readonly [number | null, number | null, number | null];
  readonly pointed: number | null;
}

const SHARES = [0.9, 0.95, 0.99] as const;
const NOTHING = 'Every ΔW is 0: there is no energy.';

export const fileEnergy: ReadableChart<EnergyScene> = {
  name: 'fileEnergy',
  title: 'Energy of the file',
  help: () => 'share of Σσ² kept, largest directions of any module first',
  draw: drawing(fileEnergyPicture),
  places: ({ directions, counts, pointed }) => ({
    first: 0,
    last: directions,
    start: counts[1] ?? directions,
    at: pointed,
  }),
  locate: ({ directions }, size, x) => nearestIndex(placed(size), [0, directions], x),
  readout: ({ directions, share }, at) =>
    `${count(at)} of ${count(directions)} directions: ${keptPercent(share[at] ?? 0)}`,
  describe: ({ directions, counts }) =>
    counts[0] === 0
      ? NOTHING
      : `Of ${count(directions)} directions ${headsOf(counts)
          .map(([at, share]) =>
            at === null ? `all hold less than ${100 * share}%` : `${count(at)} hold ${100 * share}%`,
          )
          .join(', ')} of the energy.`,
};

const headsOf = (counts: EnergyScene['counts']) => SHARES.map((share, i) => [counts[i], share] as const);

/** A share with enough digits that only the whole is 100%. */
export function keptPercent(share: number): string {
  const value = 100 * share;
  if (share >= 1 - 1e-12) return '100%';
  if (value >= 99.9) return '>99.9%';
  if (value >= 99 || (value < 10 && value > 0)) return value < 0.1 ? '<0.1%' : `${value.toFixed(1)}%`;
  return `${value.toFixed(0)}%`;
}

/** Few directions in powers of two, as ranks are; many in thousands. */
const ticksUpTo = (directions: number) =>
  directions <= 2048 ? roundTicks(0, directions, 4) : [directions, ...range(0, directions, tickStep(0, directions, 5))];

/** Right of the plot: the counts, and the unit of the axis. */
const placed = (size: Size): Plot => modulePlot(size, 3.67 * size.font, 7.6 * size.font, 1.85 * size.font);

export function fileEnergyPicture({ directions, share, counts, pointed }: EnergyScene, size: Size): Mark[] {
  const { font } = size;
  const plot = { ...placed(size), top: 8 };
  if (counts[0] === 0) return sentence(NOTHING, plot, font);
  const x = scaleLinear([0, directions], [plot.left, plot.right]);
  const y = heightScale(plot, 1);
  const known = headsOf(counts).flatMap(([at, part]) => (at === null ? [] : [{ at, part }]));
  const heads = known.map(({ at, part }): Point => [x(at), y(share[at] ?? part)]);
  return picture({
    size,
    plot,
    x: { scale: x, ticks: fitTicks(ticksAt(ticksUpTo(directions), count), x, font, font) },
    y: { scale: y, ticks: ticksAt([0, 0.5, 1], (value) => `${100 * value}%`) },
    marks: [
      rightAxisName('unit', 'directions', plot, size),
      heads.map((at, i) => segment(`share ${i}`, 'hair axis sparse', at, [at[0], plot.bottom])),
      hoverLine(pointed, [0, directions], x, plot),
      polyline('energy', 'main dw', trace(share, 0, directions, x, y)),
      heads.map((at, i) => dot(`head ${i}`, 'dw', at, 4)),
    ],
    names: heads.map(([from, at], i) => ({
      ...{ key: `label ${i}`, className: 'ink-2', at, from },
      texts: [`${100 * known[i].part}%: ${count(known[i].at)}`],
    })),
  });
}
