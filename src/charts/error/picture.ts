import { isAtFloor } from '../../experiment/layer/floor.ts';
import { count, number, percent, trim } from '../../experiment/numbers.ts';
import { countsOf, trainedPerRank } from '../../experiment/settings/counts.ts';
import {
  fitTicks,
  heightScale,
  ROW_HEIGHT,
  type Scale,
  type Tick,
  tickRow,
  verticalAxis,
  vline,
} from '../../kit/chart/axes.ts';
import type { Size } from '../../kit/chart/chart.ts';
import { type MarginLabel, marginLabels } from '../../kit/chart/labels.ts';
import { dot, hatch, type Mark, type Point, polyline, withAttributes } from '../../kit/chart/marks.ts';
import { dotRadius, isLarge, type Plot } from '../../kit/chart/plot.ts';
import {
  isUntrained,
  liveRunClass,
  nameTexts,
  type OtherRun,
  otherNameClass,
  otherRunClass,
  runData,
  type Scene,
  shownStep,
  valuesOf,
} from '../chart.ts';
import { rankColumn, spacedRanks } from '../drawing/columns.ts';
import { sentence } from '../drawing/sentence.ts';

/** The top of the error axis: a little above 1, the error of an untrained run. */
const AXIS_TOP = 1.04;

const sum = (scene: Scene, of: (matrix: Pick<Scene, 'd' | 'k'>) => number) =>
  (scene.matrices ?? [scene]).reduce((all, matrix) => all + of(matrix), 0);

/** Numbers that A and B train at rank i, at most at min(d, k), over all matrices. */
export const trainedAt = (scene: Scene, i: number) =>
  sum(scene, ({ d, k }) => Math.min(i, d, k) * trainedPerRank({ ...scene, d, k }));

/** dk, over all matrices. */
export const fullOf = (scene: Scene) => sum(scene, ({ d, k }) => d * k);

/** Rank above which LoRA trains more numbers than full fine-tuning: dk/(d + k), or d or k if a factor is frozen. */
export function breakEven(scene: Scene): number {
  if (!scene.matrices) return countsOf(scene).breakEven;
  const full = fullOf(scene);
  let above = 1;
  while (above < valuesOf(scene) && trainedAt(scene, above) < full) above++;
  // Between whole ranks the trained numbers grow evenly.
  const [low, high] = [trainedAt(scene, above - 1), trainedAt(scene, above)];
  return above - 1 + (full - low) / (high - low);
}

export function errorOf(scene: Scene): number | null {
  const value = scene.curves.relativeError[shownStep(scene)];
  return scene.curves.length > 0 && value !== undefined && !Number.isNaN(value) ? value : null;
}

export const lastError = ({ curves: { length, relativeError } }: OtherRun): number | undefined =>
  length > 0 ? relativeError[length - 1] : undefined;

/** Relative error of the best matrix of rank i; null if ΔW*, or enough of its singular values, is unknown. */
export function floorAt({ target }: Pick<Scene, 'target'>, i: number): number | null {
  if (!target) return null;
  return target.floor[i] ?? (target.how === 'leading' ? null : 0);
}

export const floorOf = ({ ownFloor }: Pick<Scene, 'ownFloor'>) => ownFloor.value;

/** The floor at rank i is at most this much too high. */
export const floorUncertaintyAt = ({ target }: Pick<Scene, 'target'>, i: number): number => target?.open?.[i] ?? 0;

export function floorUncertaintyOf({ target, ownFloor, rank }: Pick<Scene, 'target' | 'ownFloor' | 'rank'>): number {
  return ownFloor.by === 'rank' ? floorUncertaintyAt({ target }, rank) : (ownFloor.open ?? 0);
}

/** "0.978", or "0.978, at most 4·10⁻³ too high" if the printed digits are affected. */
export function floorWords(floor: number, open: number): string {
  const shows = open > 0 && number(floor) !== number(Math.max(0, floor - open));
  return shows ? `${number(floor)} (at most ${number(open, 1)} too high)` : number(floor);
}

/** The cause of a floor other than that of the run's rank, in words; otherwise null. */
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

/** `part`: the error of the leading layers of ΔW alone. */
export function errorPicture(
  scene: Scene,
  size: Size,
  part: { readonly layers: number; readonly error: number } | null = null,
): Mark[] {
  const second = !isLarge(size) && (!size.short || size.height >= 190);
  const { plot, x, ticks, axis, hover } = rankColumn(scene, size, 'rank i', second ? 14 : 0);
  const percents = ticks.map((tick): Tick => {
    const part = trainedAt(scene, tick.value) / fullOf(scene);
    // As many digits as the share of a run has elsewhere on the page; there is no space for more than one below 1%.
    return { ...tick, text: part >= 0.01 ? `${trim(100 * part)}%` : percent(part) };
  });
  const share = fitTicks(
    [...percents].sort((a, b) => Number(b.strong ?? false) - Number(a.strong ?? false)),
    x,
    size.font,
    0.6 * size.font,
  );
  // To the left of the first number, the whole name would leave the chart.
  const wide = (share[0]?.text.length ?? 0) > 3;
  const rows = second
    ? [
        ...axis,
        ...tickRow('share', size.short || wide ? '% dk' : '% of dk', share, x, plot, size, {
          below: 4 + size.font * (ROW_HEIGHT + 1.1),
          className: 'small',
          strong: 'small ink',
        }),
      ]
    : axis;
  if (scene.empty !== null) return [...rows, ...sentence(scene.empty, plot, size.font)];
  const y = heightScale(plot, AXIS_TOP);
  const n = valuesOf(scene);
  const floor: Point[] = [];
  for (const i of spacedRanks(n, x)) {
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
    .filter(({ rank, error }) => rank <= n && error <= AXIS_TOP)
    .map(({ rank, error }): Point => [x(rank), y(error)]);
  const ownFloor = ownFloorLine(scene, x, y);
  const run = here === null ? [] : [y(1), here].map((at): Point => [x(scene.rank), at]);
  const partAt: Point | null = part && [x(part.layers), y(Math.min(part.error, AXIS_TOP))];
  const partName = (part: { readonly layers: number; readonly error: number }, [from, at]: Point): MarginLabel => {
    return {
      key: 'kept label',
      className: 'dw strong',
      at,
      from,
      texts: [`first ${part.layers}: ${number(part.error)}`],
    };
  };
  return [
    hatch('unreachable', floor, plot.bottom),
    ...verticalAxis(
      [0, 0.5, 1].map((value) => ({ value, text: trim(value) })),
      y,
      plot,
      size,
    ),
    ...rows,
    vline('rank', 'hair ink', x(scene.rank), plot),
    ...(onAxis ? [vline('even', 'hair axis sparse', x(even), plot)] : []),
    polyline('floor', 'line dwt dashed', floor),
    ...(ownFloor.length > 0 ? [polyline('own floor', 'ref dwt', ownFloor)] : []),
    ...ended.map((at, i) => dot(`ended ${i}`, 'open pale dw', at, radius)),
    ...others.flatMap((at, i) => (at ? otherMarks(i, at, scene, x, y, radius) : [])),
    // Before the first step: where the run may end.
    ...(isUntrained(scene)
      ? [dot('ahead', 'open faint dw', [x(scene.rank), y(floorAt(scene, scene.rank) ?? 1)], radius * 1.7)]
      : []),
    ...(run.length > 0
      ? [
          polyline('run', `main ${liveRunClass('dw', scene)}`, run),
          dot('here', liveRunClass('dw', scene), run[1], radius * 1.7),
        ]
      : []),
    ...hover,
    ...(partAt ? [dot('kept', 'open dw', partAt, radius * 1.6)] : []),
    ...marginLabels(
      [...(part && partAt ? [partName(part, partAt)] : []), ...names(scene, { plot, x, y, floor, others })],
      plot,
      size,
    ),
  ];
}

/** The lowest reachable error of a run with a floor other than that of its rank, across its vertical line. */
function ownFloorLine({ ownFloor: { value, by }, rank }: Scene, x: Scale, y: Scale): Point[] {
  return value === null || by === 'rank' ? [] : [-12, 12].map((reach): Point => [x(rank) + reach, y(value)]);
}

/** The ring of another run, and its floor if that is not the one of its rank. */
function otherMarks(i: number, at: Point, scene: Scene, x: Scale, y: Scale, radius: number): Mark[] {
  const other = scene.others[i];
  const floor = other.pin?.ownFloor;
  const [mid, height] = [x(other.rank), floor ? y(floor.value) : 0];
  const reach = [-8, 8].map((by): Point => [mid + by, height]);
  return withAttributes(
    [
      ...(floor ? [polyline(`other floor ${i}`, 'ref dwt', reach)] : []),
      dot(`other ${i}`, `open ${otherRunClass('dw', other, scene)}`, at, radius + 1),
    ],
    runData(other),
  );
}

function otherPoint(other: Scene['others'][number], scene: Scene, x: Scale, y: Scale): Point | null {
  const last = lastError(other);
  return last !== undefined && Number.isFinite(last) && other.rank <= valuesOf(scene) ? [x(other.rank), y(last)] : null;
}

interface ErrorPlot {
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
  readonly floor: readonly Point[];
  readonly others: readonly (Point | null)[];
}

/** The names of the run, of floors, of the line at r* and of other runs, the most important first. */
function names(scene: Scene, ground: ErrorPlot): MarginLabel[] {
  const { x, y, others } = ground;
  const error = errorOf(scene);
  const value = error === null ? '' : `${error > AXIS_TOP ? '▲ ' : ''}${number(error)}`;
  return [
    ...(error === null
      ? []
      : [
          {
            key: 'run label',
            className: 'dw strong',
            at: y(Math.min(error, 1)),
            from: x(scene.rank),
            texts: [`this run ${value}`, ['this run', value], value],
          },
        ]),
    ...ownFloorName(scene, ground),
    ...others.flatMap((at, i) => (at ? [otherName(i, at, scene)] : [])),
    ...floorName(scene, ground),
    ...evenName(scene, ground),
  ];
}

function otherName(i: number, [from, at]: Point, scene: Scene): MarginLabel {
  const other = scene.others[i];
  const value = number(lastError(other) ?? Number.NaN);
  const floor = other.pin?.ownFloor;
  const there = floor && isAtFloor(lastError(other) ?? Number.NaN, floor.value);
  const { texts, kept } = nameTexts(other, value);
  return {
    key: `other label ${i}`,
    className: otherNameClass(other, scene),
    at,
    from,
    texts: there ? [[`${other.name}: ${value}`, 'at a floor of its own'], ...texts] : texts,
    kept,
    optional: true,
    more: runData(other),
  };
}

function ownFloorName(scene: Scene, { x, y }: ErrorPlot): MarginLabel[] {
  const words = ownFloorWords(scene);
  const [, end] = ownFloorLine(scene, x, y);
  if (!end || words === null) return [];
  const value = number(scene.ownFloor.value ?? 0);
  const texts = [['floor with', `${words}: ${value}`], ['floor with', words], `floor ${value}`];
  return [{ key: 'own floor label', className: 'dwt strong', at: end[1], from: end[0], texts }];
}

function floorName({ target, samples }: Scene, { floor, plot }: ErrorPlot): MarginLabel[] {
  if (!target) return [];
  const [from, at] = floor.at(-1) ?? [plot.right, plot.bottom];
  const known = target.how === 'leading' ? `leading ${count(target.values.length)}` : null;
  const more = [...(samples ? ['unweighted'] : []), ...(known === null ? [] : [known])];
  const why = more.length === 0 ? ['no rank-i matrix', 'gets closer'] : more;
  const texts = [
    ['Eckart–Young floor', ...why],
    ['Eckart–Young', 'floor', ...more],
    ['Eckart–Young', 'floor'],
    'floor',
  ];
  return [{ key: 'floor label', className: 'dwt strong', secondClassName: 'dwt', at, from, texts }];
}

/** The rank from which LoRA trains more numbers than W₀ has, at the top of its line. */
function evenName(scene: Scene, { plot, x }: ErrorPlot): MarginLabel[] {
  const even = breakEven(scene);
  const value = trim(even);
  const label = { key: 'even label', className: 'ink-2', secondClassName: 'ink-3', at: plot.top, optional: true };
  // If a side is 1, LoRA never trains fewer numbers, and r* has no place on the axis.
  if (even < 1) return [{ ...label, texts: [[`r* = ${value}:`, 'more than dk'], `r* = ${value}`] }];
  const last = valuesOf(scene);
  // A frozen factor can put r* at or beyond the last rank: nothing is beyond it.
  if (even > last) return [];
  const more = even < last ? ['above: more', 'than dk'] : [];
  const texts = [
    [`break-even r* = ${value}`, ...more],
    ['break-even', `r* = ${value}`],
    `break-even ${value}`,
    `r* = ${value}`,
  ];
  return [{ ...label, from: x(even), texts }];
}
