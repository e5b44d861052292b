import { isAtFloor } from '../../experiment/layer/floor.ts';
import { count, number, percent, trimmed } from '../../experiment/numbers.ts';
import { countsOf } from '../../experiment/settings/counts.ts';
import type { Size } from '../../kit/chart/chart.ts';
import {
  isAhead,
  liveLook,
  namedWith,
  type OtherRun,
  ofRun,
  otherLook,
  otherNameLook,
  type Scene,
  shownStep,
  valuesOf,
} from '../chart.ts';
import { fitting, heightScale, ROW, type Scale, type Tick, tickRow, upright, verticalAxis } from '../drawing/axes.ts';
import { rankColumn, spaced } from '../drawing/columns.ts';
import { around, type Label, type LabelPlace, LEADING, placeLabels } from '../drawing/labels.ts';
import { dot, hatch, type Mark, marked, type Point, polyline } from '../drawing/marks.ts';
import { dotRadius, isLarge, type Plot } from '../drawing/plot.ts';
import { sentence } from '../drawing/sentence.ts';

/** The top of the error axis: a little more than 1, where a run that has learned nothing stands. */
export const TOP = 1.04;

/** Rank above which LoRA trains more numbers than full fine-tuning: dk/(d + k), or where a factor is frozen d or k. */
export const breakEven = (scene: Pick<Scene, 'd' | 'k' | 'rank' | 'frozenFactor'>) => countsOf(scene).breakEven;

/** The relative error at the step on show; null before there is one. */
export function errorOf(scene: Scene): number | null {
  const value = scene.curves.relativeError[shownStep(scene)];
  return scene.curves.length > 0 && value !== undefined && !Number.isNaN(value) ? value : null;
}

/** The relative error at the end of another run; undefined where there is none. */
export const lastError = ({ curves: { length, relativeError } }: OtherRun): number | undefined =>
  length > 0 ? relativeError[length - 1] : undefined;

/** Relative error that the best matrix of rank i has; null where ΔW*, or enough of its singular values, is not known. */
export function floorAt({ target }: Pick<Scene, 'target'>, i: number): number | null {
  if (!target) return null;
  return target.floor[i] ?? (target.how === 'leading' ? null : 0);
}

/** The floor that holds for the run. */
export const floorOf = ({ ownFloor }: Pick<Scene, 'ownFloor'>) => ownFloor.value;

/** By how much the floor at rank i may lie too high. */
export const openAt = ({ target }: Pick<Scene, 'target'>, i: number): number => target?.open?.[i] ?? 0;

/** By how much the floor that holds for the run may lie too high. */
export function openOf({ target, ownFloor, rank }: Pick<Scene, 'target' | 'ownFloor' | 'rank'>): number {
  return ownFloor.by === 'rank' ? openAt({ target }, rank) : (ownFloor.open ?? 0);
}

/** "0.978", or "0.978, at most 4·10⁻³ too high" where what is open shows in the printed digits. */
export function floorWords(floor: number, open: number): string {
  const shows = open > 0 && number(floor) !== number(Math.max(0, floor - open));
  return shows ? `${number(floor)} (at most ${number(open, 1)} too high)` : number(floor);
}

/** Where the floor that holds is not that of the rank of the run: what decides it, in words; else null. */
export function ownFloorWords({ ownFloor }: Pick<Scene, 'ownFloor'>): string | null {
  switch (ownFloor.by) {
    case 'rank':
      return null;
    case 'moved':
      return ownFloor.of ?? 'this initialisation';
    case 'frozen':
      return 'a frozen factor';
  }
}

/** The short line across the rule of the run, at the height of a floor that is not that of its rank, in px along the axis. */
function ownFloorReach({ ownFloor: { value, by }, rank }: Scene, x: Scale) {
  return value === null || by === 'rank' ? null : { value, from: x(rank) - 12, to: x(rank) + 12 };
}

export function errorPicture(scene: Scene, size: Size): Mark[] {
  const second = !isLarge(size) && (!size.short || size.height >= 190);
  const { plot, x, ticks, axis, hover } = rankColumn(scene, size, 'rank i', second ? 14 : 0);
  const percents = ticks.map((tick): Tick => {
    const part = tick.value / breakEven(scene);
    // With the digits that the share of a run has elsewhere on the page; there is no room for more than one below 1%.
    return { ...tick, text: part >= 0.01 ? `${trimmed(100 * part)}%` : percent(part) };
  });
  const share = fitting(
    [...percents].sort((a, b) => Number(b.strong ?? false) - Number(a.strong ?? false)),
    x,
    size.font,
    0.6 * size.font,
  );
  // Clear of the first number, the whole name would leave the chart.
  const wide = (share[0]?.text.length ?? 0) > 3;
  const rows = second
    ? [
        ...axis,
        ...tickRow('share', size.short || wide ? '% dk' : '% of dk', share, x, plot, size, {
          below: 4 + size.font * (ROW + 1.1),
          look: 'small',
          strong: 'small ink',
        }),
      ]
    : axis;
  if (scene.empty !== null) return [...rows, ...sentence(scene.empty, plot, size.font)];
  const y = heightScale(plot, TOP);
  const n = valuesOf(scene);
  const floor: Point[] = [];
  for (const i of spaced(n, x)) {
    const value = floorAt(scene, i);
    if (value !== null) floor.push([x(i), y(value)]);
  }
  const error = errorOf(scene);
  const radius = dotRadius(size);
  const even = breakEven(scene);
  const onAxis = even >= 1 && even <= n;
  const here = error === null ? null : y(error);
  const others = scene.others.map((other) => otherPoint(other, scene, x, y));
  const ended = scene.ended
    .filter(({ rank, error }) => rank <= n && error <= TOP)
    .map(({ rank, error }): Point => [x(rank), y(error)]);
  const ownFloor = ownFloorLine(scene, x, y);
  const run: Point[] = here === null ? [] : line(x(scene.rank), y(1), here);
  const room = {
    font: size.font,
    bounds: { left: plot.left, right: plot.right + size.font * 0.6, top: 0, bottom: plot.bottom - 1 },
    lines: [floor, ownFloor],
    dots: [...run.slice(1), ...others.filter((at) => at !== null), ...ended.slice(-KEPT_CLEAR)].map((at) =>
      around(at, radius * 1.3),
    ),
    uprights: [x(scene.rank), ...(onAxis ? [x(even)] : [])],
  };
  return [
    hatch('unreachable', floor, plot.bottom),
    ...verticalAxis(
      [0, 0.5, 1].map((value) => ({ value, text: trimmed(value) })),
      y,
      plot,
      size,
    ),
    ...rows,
    upright('rank', 'hair ink', x(scene.rank), plot),
    ...(onAxis ? [upright('even', 'hair axis sparse', x(even), plot)] : []),
    polyline('floor', 'line dwt dashed', floor),
    ...(ownFloor.length > 0 ? [polyline('own floor', 'ref dwt', ownFloor)] : []),
    ...ended.map((at, i) => dot(`ended ${i}`, 'open pale dw', at, radius)),
    ...others.flatMap((at, i) => (at ? otherMarks(i, at, scene, x, y, radius) : [])),
    // Before the first step: where the run may end.
    ...(isAhead(scene)
      ? [dot('ahead', 'open faint dw', [x(scene.rank), y(floorAt(scene, scene.rank) ?? 1)], radius * 1.7)]
      : []),
    ...(run.length > 0
      ? [
          polyline('run', `main ${liveLook('dw', scene)}`, run),
          dot('here', liveLook('dw', scene), run[1], radius * 1.7),
        ]
      : []),
    ...hover,
    ...placeLabels(errorLabels(scene, size, { plot, x, y, others }), room),
  ];
}

/** Labels keep clear of the last rings; of more there would be no place left. */
const KEPT_CLEAR = 8;

/** How far down a run can come, where another floor holds than that of its rank. */
function ownFloorLine(scene: Scene, x: Scale, y: Scale): Point[] {
  const reach = ownFloorReach(scene, x);
  if (!reach) return [];
  return [
    [reach.from, y(reach.value)],
    [reach.to, y(reach.value)],
  ];
}

/** An upright line from one height to another. */
const line = (x: number, from: number, to: number): Point[] => [
  [x, from],
  [x, to],
];

/** The ring of another run, and its own floor where that is not that of its rank. */
function otherMarks(i: number, at: Point, scene: Scene, x: Scale, y: Scale, radius: number): Mark[] {
  const other = scene.others[i];
  const floor = other.pin?.ownFloor;
  const [mid, height] = [x(other.rank), floor ? y(floor.value) : 0];
  const reach: Point[] = [
    [mid - 8, height],
    [mid + 8, height],
  ];
  return marked(
    [
      ...(floor ? [polyline(`other floor ${i}`, 'ref dwt', reach)] : []),
      dot(`other ${i}`, `open ${otherLook('dw', other, scene)}`, at, radius + 1),
    ],
    ofRun(other),
  );
}

/** The ring of another run; null where it has no place on the axis. */
function otherPoint(other: Scene['others'][number], scene: Scene, x: Scale, y: Scale): Point | null {
  const last = lastError(other);
  return last !== undefined && Number.isFinite(last) && other.rank <= valuesOf(scene) ? [x(other.rank), y(last)] : null;
}

interface ErrorPlot {
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
  /** The rings of the other runs; null for one that has none. */
  readonly others: readonly (Point | null)[];
}

/** The labels of the error chart, the most important first. */
function errorLabels(scene: Scene, size: Size, ground: ErrorPlot): Label[] {
  const { x, y, others } = ground;
  const { font } = size;
  const list: Label[] = [];
  const error = errorOf(scene);
  if (error !== null) {
    const value = error > TOP ? `▲ ${number(error)}` : number(error);
    const at: Point = [x(scene.rank), y(Math.min(error, 1)) - 1];
    const places = [`this run ${value}`, value].flatMap((text) => beside(at, text, isLarge(size) ? 18 : 15, font));
    list.push({ key: 'run label', look: 'dw strong', places, required: true });
  }
  list.push(...ownFloorLabel(scene, size, ground));
  const references = [
    ...(scene.target ? [floorLabel(scene, scene.target, size, ground)] : []),
    ...evenLabel(scene, size, ground),
  ];
  const [pins, runs]: readonly [Label[], Label[]] = [[], []];
  for (const [i, at] of others.entries()) {
    if (!at) continue;
    const other = scene.others[i];
    // Where the plot is low, pins have their names only.
    const high = ground.plot.bottom - ground.plot.top >= 76;
    const value = number(lastError(other) ?? Number.NaN);
    const texts = other.pin && high ? namesOf(other, value) : [other.name];
    const places = texts.flatMap((text) => beside([at[0], at[1] + font * 0.35], text, isLarge(size) ? 12 : 9, font));
    const label = { key: `other label ${i}`, look: otherNameLook(other, scene), places, more: ofRun(other) };
    (other.pin ? pins : runs).push(label);
  }
  // What a person has pinned keeps its name where a name of the floor has no place beside it.
  return [...list, ...pins, ...references, ...runs];
}

/** The name of a pin with its error, and whether that is at another floor than that of its rank. */
function namesOf(other: OtherRun, value: string): readonly string[] {
  const floor = other.pin?.ownFloor;
  const there = floor && isAtFloor(lastError(other) ?? Number.NaN, floor.value);
  const named = namedWith(other, value);
  return there ? [`${named[0]}, at a floor of its own`, ...named, other.name] : [...named, other.name];
}

/** Right of a point, else left of it, at its height or a line or two above or below. */
function beside([x, y]: Point, text: string, gap: number, font: number): LabelPlace[] {
  return [0, -1, 1.3, -2, 2.5].flatMap((down): LabelPlace[] => [
    { lines: [text], x: x + gap, y: y + down * font, anchor: 'start' },
    { lines: [text], x: x - gap, y: y + down * font, anchor: 'end' },
  ]);
}

/** Names the floor that holds where it is not that of the rank of the run. */
function ownFloorLabel(scene: Scene, { font }: Size, { x, y }: ErrorPlot): Label[] {
  const reach = ownFloorReach(scene, x);
  const words = ownFloorWords(scene);
  if (!reach || words === null) return [];
  const at = y(reach.value);
  const name = `floor with ${words}`;
  const places = [`${name}: ${number(reach.value)}`, `floor ${number(reach.value)}`].flatMap((text) =>
    [at + 0.35 * font, at + 1.6 * font, at - 0.8 * font].flatMap((height): LabelPlace[] => [
      { lines: [text], x: reach.to + font / 2, y: height, anchor: 'start' },
      { lines: [text], x: reach.from - font / 2, y: height, anchor: 'end' },
    ]),
  );
  return [{ key: 'own floor label', look: 'dwt strong', places }];
}

/** In the hatched corner, in two lines where the plot is high enough for them; else over the falling floor. */
function floorLabel(
  scene: Scene,
  target: NonNullable<Scene['target']>,
  { font }: Size,
  { plot, x, y }: ErrorPlot,
): Label {
  const { samples, d, k } = scene;
  const known = target.how === 'leading' ? count(target.values.length) : null;
  const name = `Eckart–Young floor${samples ? ', unweighted' : ''}`;
  const two = [`${name}:`, known === null ? 'no rank-i matrix gets closer' : `from the leading ${known}`];
  const one = known === null ? name : `floor, leading ${known}`;
  const short = samples ? 'floor, unweighted' : 'Eckart–Young';
  // From the middle of the axis outwards.
  const indices = [0.6, 0.7, 0.5, 0.8, 0.4, 0.25, 0].map((share) => Math.round(Math.min(d, k) ** share));
  const places = [...(plot.bottom - plot.top > font * 7.5 ? [two] : []), [one], [short]].flatMap(
    (lines): LabelPlace[] => {
      const up = font * (0.5 + (lines.length - 1) * LEADING);
      const low = plot.bottom - up;
      return [
        { lines, x: x(1) + font / 2, y: low, anchor: 'start' },
        ...indices.flatMap((i): LabelPlace[] => {
          const value = floorAt(scene, i);
          return value === null ? [] : [{ lines, x: x(i) + font / 2, y: y(value) - up - 0.2 * font, anchor: 'start' }];
        }),
        { lines, x: (x(1) + plot.right) / 2, y: low, anchor: 'middle' },
        { lines, x: plot.right - font / 2, y: low, anchor: 'end' },
      ];
    },
  );
  return { key: 'floor label', look: 'dwt strong', secondLook: 'dwt', places };
}

/** Names the rank from which on LoRA trains more numbers than W₀ has. */
function evenLabel(scene: Scene, size: Size, { x, y }: ErrorPlot): Label[] {
  const even = breakEven(scene);
  const value = trimmed(even);
  const last = Math.min(scene.d, scene.k);
  // Where a side is 1 there is no rank at which LoRA would train fewer numbers, and no place on the axis for r*.
  if (even < 1) {
    const lines = [`r* = ${value}: always more than dk`];
    const places = [0.86, 0.65].map((v): LabelPlace => ({ lines, x: x(1) + size.font * 2, y: y(v), anchor: 'start' }));
    return [{ key: 'even label', look: 'ink-2', places }];
  }
  // A frozen factor can put r* at or beyond the last rank: nothing is beyond it.
  if (even > last) return [];
  const long = `break-even r* = ${value}`;
  const [medium, short] = [`break-even ${value}`, `r* = ${value}`];
  const texts = size.short
    ? [[medium], [short]]
    : [...(even < last ? [[long, 'above: more than dk']] : []), [long], [medium], [short]];
  const gap = isLarge(size) ? 10 : 5;
  const places = texts.flatMap((lines) =>
    [0.86, 0.7, 0.5].flatMap((v): LabelPlace[] => [
      { lines, x: x(even) - gap, y: y(v), anchor: 'end' },
      { lines, x: x(even) + gap, y: y(v), anchor: 'start' },
    ]),
  );
  return [{ key: 'even label', look: 'ink-2', secondLook: 'ink-3', places }];
}
