import { scaleLinear } from 'd3-scale';
import { number, percent } from '../../experiment/numbers.ts';
import { fitTicks, horizontalAxis, ticksAt } from '../../kit/chart/axes.ts';
import { type Chart, dotRadius, plotOf, type Size } from '../../kit/chart/chart.ts';
import {
  dot,
  flatten,
  type Mark,
  type Point,
  polyline,
  segment,
  withAttributes,
  words,
} from '../../kit/chart/marks.ts';
import { drawing, endName, picture } from '../../kit/chart/picture.ts';
import { widest } from '../../kit/chart/text-width.ts';
import { classShare, LOST, lostIn, type WeightedRow } from '../model/class-hands.ts';
import { weightText } from '../model/hand-words.ts';
import { spreadDots } from './spread-dots.ts';

/** A row of dots, one a hand. */
export interface HandDots {
  readonly name: string;
  /** The pretrained network. */
  readonly plain: boolean;
  readonly shares: readonly number[];
}

export interface HandsScene {
  readonly ways: readonly HandDots[];
  /** The ids of the hands, by column. */
  readonly ids: readonly number[];
  readonly pointed: number | null;
}

/** Every hand under each way of merging. */
export const handDots: Chart<HandsScene> = {
  name: 'handDots',
  title: 'Every hand, by how they are merged',
  help: ({ ids }) => `a dot a hand; bar: mean of the ${ids.length}`,
  draw: drawing(dotsPicture),
  describe: ({ ways }) =>
    `${ways.map((way) => `${way.name}: ${number(classShare(way))}, ${lostIn(way)} below ${LOST}`).join('; ')}.`,
};

const SHARES = [0, 0.25, 0.5, 0.75, 1];

function dotsPicture({ ways, ids, pointed }: HandsScene, size: Size): Mark[] {
  const { font } = size;
  const plot = {
    left:
      widest(
        ways.map(({ name }) => name),
        font,
        true,
      ) + 10,
    right: size.width - 3.6 * font,
    ...{ top: 2, bottom: size.height - 2 * font },
  };
  const x = scaleLinear([0, 1], [plot.left, plot.right]);
  const height = (plot.bottom - plot.top - 0.6 * font) / Math.max(1, ways.length);
  const radius = Math.min(dotRadius(size), height / 6);
  const edge = x(LOST);
  return flatten([
    SHARES.map((share) => segment(`grid ${share}`, 'hair rule', [x(share), plot.top], [x(share), plot.bottom])),
    segment('lost', 'hair bad dashed', [edge, plot.top], [edge, plot.bottom]),
    words('lost text', 'bad halo', [edge - 5, plot.bottom - 4], 'end', `lost: below ${LOST}`),
    horizontalAxis('', fitTicks(ticksAt(SHARES), x, font), x, plot, size),
    ways.map((way, i) => {
      const { name, shares, plain } = way;
      const y = plot.top + (i + 0.5) * height;
      const half = height / 2 - radius;
      const spread = spreadDots(
        shares.map((share) => ({ x: y, y: x(share), left: y - half, right: y + half })),
        radius,
      );
      const mean = classShare(way);
      return [
        words(`name ${i}`, 'ink', [plot.left - 8, y + font / 3], 'end', name),
        shares.map((share, column) => {
          const raised = ids[column] === pointed;
          const at: Point = [x(share), spread[column]];
          const one = dot(`${i} ${ids[column]}`, raised ? 'ink' : plain ? 'w0' : 'dw', at, radius + (raised ? 1.5 : 0));
          return withAttributes(one, { 'data-run': ids[column] });
        }),
        segment(`mean ${i}`, 'line ink', [x(mean), y - height * 0.36], [x(mean), y + height * 0.36]),
        words(`share ${i}`, 'ink strong', [size.width, y + font / 3], 'end', mean.toFixed(3)),
      ];
    }),
  ]);
}

export interface WeightScene {
  readonly sums: readonly WeightedRow[];
  readonly weight: number;
}

/** What the class and everybody else is read of, against the weight of the sum. */
export const handWeights: Chart<WeightScene> = {
  name: 'handWeights',
  title: 'How strongly to add them',
  help: () => 'share of the class read, against the weight of the sum; drag it',
  draw: drawing(weightsPicture),
  describe: ({ sums }) =>
    `${sums
      .map(
        ({ weight, row }) =>
          `weight ${weightText(weight)}: class ${percent(classShare(row))}, others ${percent(row.others)}`,
      )
      .join('; ')}.`,
};

function weightsPicture({ sums, weight }: WeightScene, size: Size): Mark[] {
  const plot = plotOf(size);
  const x = scaleLinear([0, 1], [plot.left, plot.right]);
  const y = scaleLinear([0, 1], [plot.bottom, plot.top]);
  const lineOf = (share: (one: WeightedRow) => number) => sums.map((one): Point => [x(one.weight), y(share(one))]);
  const [mine, others] = [lineOf(({ row }) => classShare(row)), lineOf(({ row }) => row.others)];
  const ticks = [weight, 1, 0, 1 / 2, 1 / 3, 1 / 6, 1 / sums.length].filter((one) =>
    sums.some((sum) => sum.weight === one),
  );
  const at = mine[sums.findIndex((one) => one.weight === weight)];
  return picture({
    size,
    plot,
    x: {
      scale: x,
      ticks: fitTicks(
        ticksAt(ticks, (tick) => (tick === 1 ? '1 = sum' : weightText(tick)), weight),
        x,
        size.font,
      ),
    },
    y: { scale: y, ticks: [0, 0.5, 1] },
    marks: [
      at && segment('weight', 'hair ink', [at[0], plot.top], [at[0], plot.bottom]),
      polyline('others', 'line w0', others),
      polyline('class', 'main dw', mine),
      at && dot('best', 'dw', at, dotRadius(size) + 2),
    ],
    names: [
      endName(mine, { key: 'class name', className: 'dw strong', texts: ['the class'] }),
      endName(others, { key: 'others name', className: 'w0 strong', texts: ['everybody else', 'others'] }),
    ],
  });
}
