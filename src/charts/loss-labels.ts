import { LEADING } from './boxes.ts';
import type { Size } from './chart.ts';
import { shownStep } from './columns.ts';
import { number } from './format.ts';
import { type Label, placeLabels, type Spot } from './labels.ts';
import { floorLabels, floorsOf, type LossGround } from './loss-floor-labels.ts';
import { lossesShown } from './loss-values.ts';
import type { Mark, Point } from './marks.ts';
import { isLarge } from './plot.ts';
import type { Scene } from './scene.ts';
import { spread } from './spread.ts';

/** The values at the heads of the lines, which are the live read-out, the names of the floors, and last the batch. */
export function lossLabels(scene: Scene, size: Size, ground: LossGround): Mark[] {
  const { plot, lines, hairs, height } = ground;
  const bounds = { left: plot.left, right: size.width, top: 0, bottom: plot.bottom - 1 };
  const rules = floorsOf(scene, height).map(({ y }): Point[] => [
    [plot.left, y],
    [plot.right, y],
  ]);
  const [heads, floors] = [headLabels(scene, size, ground), floorLabels(scene, size, ground)];
  const labels = [...heads.slice(0, 2), ...floors, ...heads.slice(2)];
  return placeLabels(labels, { font: size.font, bounds, lines: [...lines, ...rules], hairs });
}

function headLabels(scene: Scene, size: Size, { x, height, plot }: LossGround): Label[] {
  const now = lossesShown(scene);
  if (!now || !scene.samples) return [];
  const { font } = size;
  const gap = isLarge(size) ? 14 : 8;
  const at = x(shownStep(scene));
  const all = [
    { key: 'training label', name: 'training', value: now.training, look: 'dw strong halo' },
    { key: 'held-out label', name: 'held-out', value: now.heldOut, look: 'ink strong halo' },
    { key: 'batch label', name: 'batch', value: now.batch, look: 'ink-2 halo' },
  ];
  // Where every step looks at all samples, the batch is the training set.
  const heads = scene.samples.batch < scene.samples.count ? all : all.slice(0, 2);
  const wanted = heads.map(({ value }) => height.y(value));
  // Values above a floor are written above its line.
  const below = floorsOf(scene, height).find((floor) => at + gap < plot.right && floor.y > Math.max(...wanted));
  const heights = spread(
    wanted.map((y) => y + font * 0.35),
    LEADING * font,
    plot.top + font * 0.35,
    below ? below.y - font * 0.3 : plot.bottom - font * 0.4,
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
