import type { Scale } from './axes.ts';
import { LEADING } from './boxes.ts';
import type { Size } from './chart.ts';
import { shownStep } from './columns.ts';
import { count, number } from './format.ts';
import { type Label, placeLabels, type Spot } from './labels.ts';
import type { LossHeight } from './loss-height.ts';
import { lossesShown, plainFloor } from './loss-values.ts';
import type { Mark, Point } from './marks.ts';
import { isLarge, type Plot } from './plot.ts';
import type { Scene } from './scene.ts';
import { spread } from './spread.ts';

interface Ground {
  readonly plot: Plot;
  readonly x: Scale;
  readonly height: LossHeight;
  readonly lines: readonly (readonly Point[])[];
}

/** The values at the heads of the lines, which are the live read-out, and the names of the floors. */
export function lossLabels(scene: Scene, size: Size, ground: Ground): Mark[] {
  const { plot, lines, height } = ground;
  const bounds = { left: plot.left, right: size.width, top: 0, bottom: plot.bottom - 1 };
  const rules = floorsOf(scene, height).map(({ y }): Point[] => [
    [plot.left, y],
    [plot.right, y],
  ]);
  const labels = [...headLabels(scene, size, ground), ...floorLabels(scene, size, ground)];
  return placeLabels(labels, { font: size.font, bounds, lines: [...lines, ...rules] });
}

function headLabels(scene: Scene, size: Size, { x, height, plot }: Ground): Label[] {
  const now = lossesShown(scene);
  if (!now || !scene.samples) return [];
  const { font } = size;
  const gap = isLarge(size) ? 14 : 9;
  const at = x(shownStep(scene));
  const all = [
    { key: 'training label', name: 'training', value: now.training, look: 'dw strong halo' },
    { key: 'held-out label', name: 'held-out', value: now.heldOut, look: 'ink strong halo' },
    { key: 'batch label', name: 'batch', value: now.batch, look: 'ink-2 halo' },
  ];
  // Where every step looks at all samples, the batch is the training set.
  const heads = scene.samples.batch < scene.samples.count ? all : all.slice(0, 2);
  const heights = spread(
    heads.map(({ value }) => height.y(value) + font * 0.35),
    LEADING * font,
    plot.top + font * 0.35,
    plot.bottom - font * 0.4,
  );
  return heads.map(({ key, name, value, look }, i): Label => {
    const spotsOf = (text: string) =>
      [0, -1.2, 1.2, -2.4, 2.4].flatMap((down): Spot[] => [
        { lines: [{ text, look }], x: at + gap, y: heights[i] + down * font, anchor: 'start' },
        { lines: [{ text, look }], x: at - gap, y: heights[i] + down * font, anchor: 'end' },
      ]);
    const optional = key === 'batch label';
    const shorter = optional ? [] : spotsOf(number(value));
    return { key, spots: spotsOf(`${name} ${number(value)}`), fallback: shorter, optional };
  });
}

/** The floors that are known, the higher one first, at their heights; one below the axis at its foot. */
function floorsOf({ samples }: Scene, { y, foot, largest }: LossHeight) {
  if (!samples) return [];
  const { training, heldOut } = samples.floors;
  return [
    { key: 'held-out floor label', name: 'held-out floor', floor: heldOut },
    { key: 'training floor label', name: 'training floor', floor: training },
  ].flatMap(({ floor, ...names }) => {
    if (floor === null) return [];
    const value = plainFloor(floor, largest);
    return [{ ...names, value, y: y(value), below: value < foot }];
  });
}

function floorLabels(scene: Scene, size: Size, { plot, x, height }: Ground): Label[] {
  const { font } = size;
  const floors = floorsOf(scene, height).sort((a, b) => a.y - b.y);
  return floors.map(({ key, name, value, y, below }, i): Label => {
    const look = 'dwt halo';
    const mark = below ? ' ▼' : '';
    const texts = [
      `${name} at rank ${count(scene.rank)}: ${number(value)}${mark}`,
      `${name} at rank ${count(scene.rank)}${mark}`,
      `${name}${mark}`,
    ];
    // The higher one stands on its line, the lower one hangs below it, where there is room.
    const [over, under] = [y - font * 0.35, y + font * 1.05];
    const heights = i === 0 ? [over, under] : [under, over];
    const places = (size.short ? texts.slice(1) : texts).map((text) =>
      heights.flatMap((at): Spot[] => [
        { lines: [{ text, look }], x: plot.right, y: at, anchor: 'end' },
        { lines: [{ text, look }], x: x(0) + font, y: at, anchor: 'start' },
        { lines: [{ text, look }], x: (plot.left + plot.right) / 2, y: at, anchor: 'middle' },
      ]),
    );
    return { key, spots: places[0], fallback: places.slice(1).flat() };
  });
}
