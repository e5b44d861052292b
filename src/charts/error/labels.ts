import { count, number, trimmed } from '../../experiment/numbers.ts';
import type { Size } from '../chart.ts';
import type { Scale } from '../drawing/axes.ts';
import { type Label, LEADING, type Place } from '../drawing/labels.ts';
import type { Point } from '../drawing/marks.ts';
import { isLarge, type Plot } from '../drawing/plot.ts';
import type { Scene } from '../scene.ts';
import { boundReach, boundWords, breakEven, errorOf, floorAt, TOP } from './values.ts';

interface Ground {
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
  /** The rings of the other runs; null for one that has none. */
  readonly others: readonly (Point | null)[];
}

/** The labels of the error chart, the most important first. */
export function errorLabels(scene: Scene, size: Size, ground: Ground): Label[] {
  const { x, y, others } = ground;
  const { font } = size;
  const list: Label[] = [];
  const error = errorOf(scene);
  if (error !== null) {
    const value = error > TOP ? `▲ ${number(error)}` : number(error);
    const at: Point = [x(scene.rank), y(Math.min(error, 1)) - 1];
    const places = [`this run ${value}`, value].flatMap((text) => beside(at, text, isLarge(size) ? 16 : 9, font));
    list.push({ key: 'run label', look: 'dw strong', places, required: true });
  }
  list.push(...boundLabel(scene, size, ground));
  if (scene.target) list.push(floorLabel(scene, scene.target, size, ground));
  list.push(...evenLabel(scene, size, ground));
  for (const [i, at] of others.entries()) {
    if (!at) continue;
    const places = beside([at[0], at[1] + font * 0.35], scene.others[i].name, isLarge(size) ? 12 : 9, font);
    list.push({ key: `other label ${i}`, look: 'ink-2', places });
  }
  return list;
}

/** Right of a point, else left of it, at its height or a line or two above or below. */
function beside([x, y]: Point, text: string, gap: number, font: number): Place[] {
  return [0, -1, 1.3, -2, 2.5].flatMap((down): Place[] => [
    { lines: [text], x: x + gap, y: y + down * font, anchor: 'start' },
    { lines: [text], x: x - gap, y: y + down * font, anchor: 'end' },
  ]);
}

/** Names the floor that holds where it is not that of the rank of the run. */
function boundLabel(scene: Scene, { font }: Size, { x, y }: Ground): Label[] {
  const reach = boundReach(scene, x);
  const words = boundWords(scene);
  if (!reach || words === null) return [];
  const at = y(reach.value);
  const name = `floor ${scene.bound.by === 'frozen' ? 'with' : 'at'} ${words}`;
  const places = [`${name}: ${number(reach.value)}`, `floor ${number(reach.value)}`].flatMap((text) =>
    [at + 0.35 * font, at + 1.6 * font, at - 0.8 * font].flatMap((height): Place[] => [
      { lines: [text], x: reach.to + font / 2, y: height, anchor: 'start' },
      { lines: [text], x: reach.from - font / 2, y: height, anchor: 'end' },
    ]),
  );
  return [{ key: 'bound label', look: 'dwt strong', places }];
}

/** In the hatched corner, in two lines where the plot is high enough for them; else over the falling floor. */
function floorLabel(scene: Scene, target: NonNullable<Scene['target']>, { font }: Size, { plot, x, y }: Ground): Label {
  const { samples, d, k } = scene;
  const known = target.how === 'leading' ? count(target.values.length) : null;
  const name = `Eckart–Young floor${samples ? ', unweighted' : ''}`;
  const two = [`${name}:`, known === null ? 'nothing of rank i is closer' : `from the leading ${known}`];
  const one = known === null ? name : `floor, leading ${known}`;
  const short = samples ? 'floor, unweighted' : 'Eckart–Young';
  // From the middle of the axis outwards.
  const indices = [0.6, 0.7, 0.5, 0.8, 0.4, 0.25, 0].map((share) => Math.round(Math.min(d, k) ** share));
  const places = [...(plot.bottom - plot.top > font * 6 ? [two] : []), [one], [short]].flatMap((lines): Place[] => {
    const up = font * (0.5 + (lines.length - 1) * LEADING);
    const low = plot.bottom - up;
    return [
      { lines, x: x(1) + font / 2, y: low, anchor: 'start' },
      ...indices.flatMap((i): Place[] => {
        const value = floorAt(scene, i);
        return value === null ? [] : [{ lines, x: x(i) + font / 2, y: y(value) - up - 0.2 * font, anchor: 'start' }];
      }),
      { lines, x: (x(1) + plot.right) / 2, y: low, anchor: 'middle' },
      { lines, x: plot.right - font / 2, y: low, anchor: 'end' },
    ];
  });
  return { key: 'floor label', look: 'dwt strong', secondLook: 'dwt', places };
}

/** Names the rank from which on LoRA trains more numbers than W₀ has. */
function evenLabel(scene: Scene, size: Size, { x, y }: Ground): Label[] {
  const even = breakEven(scene);
  const value = trimmed(even);
  const last = Math.min(scene.d, scene.k);
  // Where a side is 1 there is no rank at which LoRA would train fewer numbers, and no place on the axis for r*.
  if (even < 1) {
    const lines = [`r* = ${value}: always more than dk`];
    const places = [0.86, 0.65].map((v): Place => ({ lines, x: x(1) + size.font * 2, y: y(v), anchor: 'start' }));
    return [{ key: 'even label', look: 'ink-2', places }];
  }
  // A frozen factor can put r* at or beyond the last rank: nothing is beyond it.
  if (even > last) return [];
  const long = `break-even r* = ${value}`;
  const [medium, short] = [`break-even ${value}`, `r* = ${value}`];
  const texts = size.short
    ? [[medium], [short]]
    : [...(even < last ? [[long, 'beyond: more than dk']] : []), [long], [medium], [short]];
  const gap = isLarge(size) ? 10 : 5;
  const places = texts.flatMap((lines) =>
    [0.86, 0.7, 0.5].flatMap((v): Place[] => [
      { lines, x: x(even) - gap, y: y(v), anchor: 'end' },
      { lines, x: x(even) + gap, y: y(v), anchor: 'start' },
    ]),
  );
  return [{ key: 'even label', look: 'ink-2', secondLook: 'ink-3', places }];
}
