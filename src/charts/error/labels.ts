import type { Size } from '../chart.ts';
import type { Scale } from '../drawing/axes.ts';
import { LEADING } from '../drawing/boxes.ts';
import type { Label, Line, Spot } from '../drawing/labels.ts';
import type { Point } from '../drawing/marks.ts';
import { isLarge, type Plot } from '../drawing/plot.ts';
import { count, number, trimmed } from '../format.ts';
import { beforeText } from '../ghost.ts';
import type { Scene } from '../scene.ts';
import { boundReach, boundWords, breakEven, errorOf, floorAt, TOP } from './values.ts';

interface Ground {
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
  /** The ring of the run before. */
  readonly ghost: Point | null;
}

/** The labels of the error chart, the most important first. */
export function errorLabels(scene: Scene, size: Size, ground: Ground): Label[] {
  const { x, y, ghost } = ground;
  const { font } = size;
  const list: Label[] = [];
  const error = errorOf(scene);
  if (error !== null) {
    const value = error > TOP ? `▲ ${number(error)}` : number(error);
    const at: Point = [x(scene.rank), y(Math.min(error, 1)) - 1];
    const [spots, fallback] = [`this run ${value}`, value].map((text) =>
      beside(at, [{ text, look: 'dw strong halo' }], isLarge(size) ? 16 : 9, font),
    );
    list.push({ key: 'run label', spots, fallback });
  }
  list.push(...boundLabel(scene, size, ground));
  if (scene.target) list.push(floorLabel(scene, scene.target, size, ground));
  list.push(evenLabel(scene, size, ground));
  if (ghost && scene.ghost) {
    const lines = [{ text: beforeText(scene.ghost, scene.rank), look: 'ink-2 halo' }];
    const spots = beside([ghost[0], ghost[1] - font * 0.6], lines, isLarge(size) ? 12 : 9, font);
    list.push({ key: 'ghost label', spots, optional: true });
  }
  return list;
}

/** Right of a point, else left of it, at its height or a line above or below. */
function beside([x, y]: Point, lines: readonly Line[], gap: number, font: number): Spot[] {
  return [0, -1, 1.3, -2, 2.5].flatMap((down): Spot[] => [
    { lines, x: x + gap, y: y + down * font, anchor: 'start' },
    { lines, x: x - gap, y: y + down * font, anchor: 'end' },
  ]);
}

/** Names the floor that holds where it is not that of the rank of the run. */
function boundLabel(scene: Scene, { font }: Size, { x, y }: Ground): Label[] {
  const reach = boundReach(scene, x);
  const words = boundWords(scene);
  if (!reach || words === null) return [];
  const at = y(reach.value);
  const name = `floor ${scene.bound.by === 'frozen' ? 'with' : 'at'} ${words}`;
  const spots = [`${name}: ${number(reach.value)}`, `floor ${number(reach.value)}`].map((text) =>
    [at + 0.35 * font, at + 1.6 * font, at - 0.8 * font].flatMap((height): Spot[] => [
      { lines: [{ text, look: 'dwt strong halo' }], x: reach.to + font / 2, y: height, anchor: 'start' },
      { lines: [{ text, look: 'dwt strong halo' }], x: reach.from - font / 2, y: height, anchor: 'end' },
    ]),
  );
  return [{ key: 'bound label', spots: spots[0], fallback: spots[1], optional: true }];
}

/** In the hatched corner, in two lines where the plot is high enough for them. */
function floorLabel(scene: Scene, target: NonNullable<Scene['target']>, { font }: Size, { plot, x, y }: Ground): Label {
  const { samples } = scene;
  const known = target.how === 'leading' ? count(target.values.length) : null;
  const name: Line = { text: `Eckart–Young floor${samples ? ', unweighted' : ''}`, look: 'dwt strong halo' };
  const two = [
    { ...name, text: `${name.text}:` },
    { text: known === null ? 'nothing of rank i is closer' : `from the leading ${known}`, look: 'dwt halo' },
  ];
  const one: Line = known === null ? name : { ...name, text: `floor, leading ${known}` };
  const short: Line = { ...name, text: samples ? 'floor, unweighted' : 'Eckart–Young' };
  const texts = [...(plot.bottom - plot.top > font * 6 ? [two] : []), [one], [short]];
  const spots = texts.flatMap((lines): Spot[] => {
    const up = font * (0.5 + (lines.length - 1) * LEADING);
    return [
      { lines, x: x(1) + font / 2, y: plot.bottom - up, anchor: 'start' },
      { lines, x: (x(1) + plot.right) / 2, y: plot.bottom - up, anchor: 'middle' },
      { lines, x: plot.right - font / 2, y: plot.bottom - up, anchor: 'end' },
      ...aboveFloor(lines, scene, font, { x, y }),
    ];
  });
  return { key: 'floor label', spots, optional: true };
}

/** Over the falling floor and right of it, from the middle of the axis outwards. */
function aboveFloor(lines: readonly Line[], scene: Scene, font: number, { x, y }: Pick<Ground, 'x' | 'y'>): Spot[] {
  const n = Math.min(scene.d, scene.k);
  return [0.6, 0.7, 0.5, 0.8, 0.4, 0.25, 0].flatMap((share): Spot[] => {
    const i = Math.round(n ** share);
    const value = floorAt(scene, i);
    if (value === null) return [];
    return [{ lines, x: x(i) + font / 2, y: y(value) - font * (0.7 + (lines.length - 1) * LEADING), anchor: 'start' }];
  });
}

function evenLabel(scene: Scene, size: Size, { x, y }: Ground): Label {
  const key = 'even label';
  const even = breakEven(scene);
  const value = trimmed(even);
  // Where a side is 1 there is no rank at which LoRA would train fewer numbers, and no place on the axis for r*.
  if (even < 1) {
    const lines = [{ text: `r* = ${value}: always more than dk`, look: 'ink-2 halo' }];
    const spots = [0.86, 0.65].map((v): Spot => ({ lines, x: x(1) + size.font * 2, y: y(v), anchor: 'start' }));
    return { key, spots, optional: true };
  }
  // A frozen factor can put r* at or beyond the last rank: nothing is beyond it.
  const last = Math.min(scene.d, scene.k);
  if (even > last) return { key, spots: [], optional: true };
  const long: Line = { text: `break-even r* = ${value}`, look: 'ink-2 halo' };
  const beyond: Line = { text: 'beyond: more than dk', look: 'ink-3 halo' };
  const medium: Line = { text: `break-even ${value}`, look: 'ink-2 halo' };
  const short: Line = { text: `r* = ${value}`, look: 'ink-2 halo' };
  const gap = isLarge(size) ? 10 : 5;
  const spots = (
    size.short ? [[medium], [short]] : [...(even < last ? [[long, beyond]] : []), [long], [medium], [short]]
  ).flatMap((lines) =>
    [0.86, 0.7, 0.5].flatMap((v): Spot[] => [
      { lines, x: x(even) - gap, y: y(v), anchor: 'end' },
      { lines, x: x(even) + gap, y: y(v), anchor: 'start' },
    ]),
  );
  return { key, spots, optional: true };
}
