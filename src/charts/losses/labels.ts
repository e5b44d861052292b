import type { Size } from '../chart.ts';
import { LEADING } from '../drawing/boxes.ts';
import { shownStep } from '../drawing/columns.ts';
import { type Label, placeLabels, type Spot } from '../drawing/labels.ts';
import type { Mark, Point } from '../drawing/marks.ts';
import { isLarge } from '../drawing/plot.ts';
import { spread } from '../drawing/spread.ts';
import { number } from '../format.ts';
import type { Scene } from '../scene.ts';
import { floorLabels, floorsOf, type LossGround } from './floor-labels.ts';
import { lossesShown } from './height.ts';

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
  const wanted = [now.training, now.heldOut].map(height.y);
  // Values above a floor are written above its line.
  const below = floorsOf(scene, height).find((floor) => at + gap < plot.right && floor.y > Math.max(...wanted));
  const heights = spread(
    wanted.map((y) => y + font * 0.35),
    LEADING * font,
    plot.top + font * 0.35,
    below ? below.y - font * 0.3 : plot.bottom - font * 0.4,
  );
  const beside = (text: string, look: string, y: number): Spot[] => [
    { lines: [{ text, look }], x: at + gap, y, anchor: 'start' },
    { lines: [{ text, look }], x: at - gap, y, anchor: 'end' },
  ];
  const head = (key: string, name: string, value: number, look: string, y: number): Label => {
    const [spots, fallback] = [`${name} ${number(value)}`, number(value)].map((text) =>
      [0, -1.2, 1.2, -2.4, 2.4].flatMap((down) => beside(text, look, y + down * font)),
    );
    return { key, spots, fallback };
  };
  const [high, low] = [Math.min(...heights), Math.max(...heights)];
  // The loss of a batch leaps from step to step: its label keeps to the others.
  const places = [low + 1.2 * font, low - 1.2 * font, high - 1.2 * font];
  const batch: Label = {
    key: 'batch label',
    spots: places.flatMap((y) => beside(`batch ${number(now.batch)}`, 'ink-2 halo', y)),
    optional: true,
  };
  return [
    head('training label', 'training', now.training, 'dw strong halo', heights[0]),
    head('held-out label', 'held-out', now.heldOut, 'ink strong halo', heights[1]),
    // Where every step looks at all samples, the batch is the training set.
    ...(scene.samples.batch < scene.samples.count ? [batch] : []),
  ];
}
