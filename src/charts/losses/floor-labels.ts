import type { Size } from '../chart.ts';
import type { Scale } from '../drawing/axes.ts';
import { LEADING } from '../drawing/boxes.ts';
import type { Label, Spot } from '../drawing/labels.ts';
import type { Point } from '../drawing/marks.ts';
import type { Plot } from '../drawing/plot.ts';
import { count, number } from '../format.ts';
import type { Scene } from '../scene.ts';
import type { LossHeight } from './height.ts';
import { plainFloor } from './height.ts';

/** What the labels of the losses are placed in. */
export interface LossGround {
  readonly plot: Plot;
  readonly x: Scale;
  readonly height: LossHeight;
  /** The losses up to the step on show, and the thin lines. */
  readonly lines: readonly (readonly Point[])[];
  readonly hairs: readonly (readonly Point[])[];
}

interface Floor {
  readonly name: 'held-out' | 'training';
  readonly value: string;
  /** px of its line; of one below the axis, of the foot. */
  readonly y: number;
  /** "▼" where it lies below the axis. */
  readonly mark: string;
}

/** The floors that are known, from the top. */
export function floorsOf({ samples }: Scene, { y, foot, largest }: LossHeight): Floor[] {
  if (!samples) return [];
  const { training, heldOut } = samples.floors;
  const floor = (name: Floor['name'], value: number | null): Floor[] => {
    if (value === null) return [];
    const plain = plainFloor(value, largest);
    return [{ name, value: number(plain), y: y(plain), mark: plain < foot ? ' ▼' : '' }];
  };
  return [...floor('held-out', heldOut), ...floor('training', training)].sort((a, b) => a.y - b.y);
}

/** Floors nearer than this, in font sizes, have no room for a name between them. */
const NEAR = 2.6;

/**
 * The names of the floors. No loss of all samples comes below the training floor, and the axis leaves room for a line
 * of text under it: there both are named where they are near, else the lower one.
 */
export function floorLabels(scene: Scene, { font, short }: Size, ground: LossGround): Label[] {
  const floors = floorsOf(scene, ground.height);
  const at = ` at rank ${count(scene.rank)}`;
  const [high, low] = floors;
  if (low && low.y - high.y < NEAR * font) {
    const values = floors.map(({ name, value }) => `${name} ${value}`).join(', ');
    const one = [`floors${at}: ${values}${low.mark}`, `floors: ${values}${low.mark}`].slice(short ? 1 : 0);
    const two = floors.map(({ name, value, mark }) => `${name} floor ${value}${mark}`);
    const [spots, ...rest] = [...one.map((text) => [text]), two].map((texts) => under(texts, low, font, ground));
    return [{ key: 'floors label', spots, fallback: rest.flat() }];
  }
  return floors.map((floor, i): Label => {
    const { name, value, mark } = floor;
    const texts = [`${name} floor${at}: ${value}${mark}`, `${name} floor ${value}${mark}`].slice(short ? 1 : 0);
    const own = (text: string) =>
      i === floors.length - 1
        ? [...under([text], floor, font, ground), ...over([text], floor, font, ground)]
        : [...over([text], floor, font, ground), ...under([text], floor, font, ground)];
    const margin = spot([name, `floor ${value}${mark}`], ground.plot.right + 8, floor.y - 0.25 * font, 'start');
    return {
      key: `${name} floor label`,
      spots: own(texts[0]),
      fallback: texts.slice(1).flatMap(own),
      margin: [margin],
    };
  });
}

const spot = (texts: readonly string[], x: number, y: number, anchor: Spot['anchor']): Spot => ({
  lines: texts.map((text) => ({ text, look: 'dwt halo' })),
  x,
  y,
  anchor,
});

/** Beside each other along the axis: where the curves end last, where they begin, between. */
function along(texts: readonly string[], y: number, font: number, { left, right }: Plot): Spot[] {
  return [
    spot(texts, right, y, 'end'),
    spot(texts, left + font, y, 'start'),
    spot(texts, (left + right) / 2, y, 'middle'),
  ];
}

function under(texts: readonly string[], { y }: Floor, font: number, { plot }: LossGround): Spot[] {
  const last = plot.bottom - 0.35 * font - (texts.length - 1) * LEADING * font;
  return along(texts, Math.min(y + 1.1 * font, last), font, plot);
}

function over(texts: readonly string[], { y }: Floor, font: number, { plot }: LossGround): Spot[] {
  return along(texts, y - (0.4 + (texts.length - 1) * LEADING) * font, font, plot);
}
