import { isAtFloor } from '../../experiment/layer/floor.ts';
import { count, number, percent, trim } from '../../experiment/numbers.ts';
import { countsOf, trainedPerRank } from '../../experiment/settings/counts.ts';
import { fitTicks, heightScale, type Scale, secondRow, type Tick, vline } from '../../kit/chart/axes.ts';
import { dotRadius, isLarge, type Plot, type Size } from '../../kit/chart/chart.ts';
import { dot, hatch, type Mark, type Nested, type Point, polyline, segment } from '../../kit/chart/marks.ts';
import { type AxisFrame, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import {
  endedPlace,
  isUntrained,
  liveRunClass,
  type OtherRun,
  rankPlace,
  type Scene,
  shownStep,
  valuesOf,
} from '../chart.ts';
import { rankColumn, spacedRanks } from '../drawing/columns.ts';
import { nameTexts, otherName, otherRuns } from '../drawing/seeds.ts';

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
    case 'method':
      return ownFloor.of ?? 'this method';
  }
}

/** `part`: the error of the leading layers of ΔW alone. */
export function errorPicture(
  scene: Scene,
  size: Size,
  part: { readonly layers: number; readonly error: number } | null = null,
): Mark[] {
  const second = !isLarge(size) && (!size.short || size.height >= 190);
  const rank = rankPlace(scene);
  const { hover, ...frame } = axisOf(scene, size, second ? 14 : 0);
  const { plot } = frame;
  const shares = second && shareRow(scene, frame);
  if (scene.empty !== null) return picture({ ...frame, marks: [shares, sentence(scene.empty, plot, size.font)] });
  const x = frame.x.scale;
  const y = heightScale(plot, AXIS_TOP);
  const n = valuesOf(scene);
  const floor = spacedRanks(n, x).flatMap((i): Point[] => {
    const value = floorAt(scene, i);
    return value === null ? [] : [[x(i), y(value)]];
  });
  const ground: ErrorPlot = { plot, x, y, floor };
  const error = errorOf(scene);
  const radius = dotRadius(size);
  const even = breakEven(scene);
  const ownFloor = scene.ownFloor.by === 'rank' ? null : scene.ownFloor.value;
  const { found } = scene.ownFloor;
  const own = liveRunClass('dw', scene);
  const ended = scene.ended.filter((one) => endedPlace(one, scene) <= n && one.error <= AXIS_TOP);
  const partAt: Point | null = part && [x(part.layers), y(Math.min(part.error, AXIS_TOP))];
  return picture({
    ...frame,
    behind: hatch('unreachable', floor, plot.bottom),
    y: { scale: y, ticks: [0, 0.5, 1] },
    marks: [
      shares,
      vline('rank', 'hair ink', x(rank), plot),
      even >= 1 && even <= n && vline('even', 'hair axis sparse', x(even), plot),
      polyline('floor', 'line dwt dashed', floor),
      ownFloor !== null && level('own floor', ownFloor, x(rank), y, OWN_REACH),
      found !== undefined && foundMark(x(rank), y(found)),
      ended.map((one, i) => dot(`ended ${i}`, 'open pale dw', [x(endedPlace(one, scene)), y(one.error)], radius)),
      otherRuns(scene, (other, i, className) => {
        const at = endOf(other, scene, ground);
        const floor = other.pin?.ownFloor;
        return (
          at && [
            floor && level(`other floor ${i}`, floor.value, at[0], y, 8),
            dot(`other ${i}`, `open ${className}`, at, radius + 1),
          ]
        );
      }),
      // Before the first step: where the run may end.
      isUntrained(scene) && dot('ahead', 'open faint dw', [x(rank), y(floorAt(scene, rank) ?? 1)], radius * 1.7),
      error !== null && [
        segment('run', `main ${own}`, [x(rank), y(1)], [x(rank), y(error)]),
        dot('here', own, [x(rank), y(error)], radius * 1.7),
      ],
      hover,
      partAt && dot('kept', 'open dw', partAt, radius * 1.6),
    ],
    names: [
      part &&
        partAt && {
          key: 'kept label',
          className: 'dw strong',
          at: partAt[1],
          from: partAt[0],
          texts: [`first ${part.layers}: ${number(part.error)}`],
        },
      names(scene, ground),
    ],
  });
}

/**
 * The axis: ranks; for a method beside LoRA, which may have none, the numbers that LoRA trains at each, and those that the
 * method trains.
 */
function axisOf(scene: Scene, size: Size, below: number): ReturnType<typeof rankColumn> {
  const { method } = scene;
  const place = rankPlace(scene);
  if (!method) return rankColumn(scene, size, 'rank i', below);
  const column = rankColumn({ ...scene, rank: Math.round(place) }, size, isLarge(size) ? '' : 'trained', below);
  const { scale, ticks } = column.x;
  const own: Tick = { value: place, text: count(method.trained), strong: true };
  const others = ticks.map(({ value }): Tick => ({ value, text: count(trainedAt(scene, value)), strong: false }));
  return { ...column, x: { ...column.x, ticks: fitTicks([own, ...others], scale, size.font) } };
}

/** The share of the numbers of W₀ that each rank trains. */
function shareRow(scene: Scene, { x: { scale, ticks }, plot, size }: AxisFrame): Mark[] {
  const percents = ticks.map((tick): Tick => {
    const trained = tick.value === rankPlace(scene) ? scene.method?.trained : undefined;
    const part = (trained ?? trainedAt(scene, tick.value)) / fullOf(scene);
    // As many digits as the share of a run has elsewhere on the page; there is no space for more than one below 1%.
    return { ...tick, text: part >= 0.01 ? `${trim(100 * part)}%` : percent(part) };
  });
  const byWeight = percents.sort((a, b) => Number(b.strong ?? false) - Number(a.strong ?? false));
  const kept = fitTicks(byWeight, scale, size.font, 0.6 * size.font);
  // To the left of the first number, the whole name would leave the chart.
  const wide = (kept[0]?.text.length ?? 0) > 3;
  return secondRow('share', size.short || wide ? '% dk' : '% of dk', kept, scale, plot, size, 1.1);
}

/** Half the width of the floor of the run, if it is not that of its rank, in px. */
const OWN_REACH = 12;

const level = (key: string, floor: number, x: number, y: Scale, reach: number) =>
  segment(key, 'ref dwt', [x - reach, y(floor)], [x + reach, y(floor)]);

/** The lowest error that was found: dotted, since it is no bound. */
const foundMark = (x: number, y: number) => segment('found', 'ref dwt sparse', [x - OWN_REACH, y], [x + OWN_REACH, y]);

interface ErrorPlot {
  readonly plot: Plot;
  readonly x: Scale;
  readonly y: Scale;
  readonly floor: readonly Point[];
}

/** The end of another run; null if it has no place in the plot. */
function endOf(other: OtherRun, scene: Scene, { x, y }: ErrorPlot): Point | null {
  const last = lastError(other);
  const place = Math.max(1, other.place ?? other.rank);
  return last !== undefined && Number.isFinite(last) && place <= valuesOf(scene) ? [x(place), y(last)] : null;
}

/** The names of the run, of floors, of the line at r* and of other runs, the most important first. */
function names(scene: Scene, ground: ErrorPlot): Nested<MarginLabel> {
  const { x, y } = ground;
  const error = errorOf(scene);
  const value = error === null ? '' : `${error > AXIS_TOP ? '▲ ' : ''}${number(error)}`;
  return [
    error !== null && {
      key: 'run label',
      className: 'dw strong',
      at: y(Math.min(error, 1)),
      from: x(rankPlace(scene)),
      texts: [`this run ${value}`, ['this run', value], value],
    },
    ownFloorName(scene, ground),
    scene.others.map((other, i) => {
      const end = endOf(other, scene, ground);
      return end && otherLabel(other, i, end, scene);
    }),
    floorName(scene, ground),
    evenName(scene, ground),
  ];
}

function otherLabel(other: OtherRun, i: number, [from, at]: Point, scene: Scene): MarginLabel {
  const last = lastError(other) ?? Number.NaN;
  const floor = other.pin?.ownFloor;
  const { texts, kept } = nameTexts(other, number(last));
  const there = floor && isAtFloor(last, floor.value);
  const long = there ? [[`${other.name}: ${number(last)}`, 'at a floor of its own']] : [];
  return { ...otherName(other, scene, i), at, from, texts: [...long, ...texts], kept };
}

function ownFloorName(scene: Scene, { x, y }: ErrorPlot): MarginLabel | null {
  const words = ownFloorWords(scene);
  const { value: floor, found } = scene.ownFloor;
  const from = x(rankPlace(scene)) + OWN_REACH;
  if (found !== undefined) {
    const texts = [`lowest found ${number(found)}*`, `${number(found)}*`];
    return { key: 'found label', className: 'dwt', at: y(found), from, texts };
  }
  if (floor === null || words === null) return null;
  const value = number(floor);
  const texts = [['floor with', `${words}: ${value}`], ['floor with', words], `floor ${value}`];
  return { key: 'own floor label', className: 'dwt strong', at: y(floor), from, texts };
}

const CUT = 'full, cut';

function floorName({ target, samples, method }: Scene, { floor, plot }: ErrorPlot): MarginLabel | null {
  if (!target) return null;
  const [from, at] = floor.at(-1) ?? [plot.right, plot.bottom];
  const label = { key: 'floor label', className: 'dwt strong', secondClassName: 'dwt', at, from };
  const known = target.how === 'leading' ? `leading ${count(target.values.length)}` : null;
  const more = [...(samples ? ['unweighted'] : []), ...(known === null ? [] : [known])];
  const why = more.length === 0 ? ['no rank-i matrix', 'gets closer'] : more;
  if (target.learned) return { ...label, texts: [[CUT, 'to rank i'], CUT] };
  if (method) return { ...label, texts: [['LoRA’s floor', 'at as many parameters'], 'LoRA’s floor', 'LoRA'] };
  const texts = [
    ['Eckart–Young floor', ...why],
    ['Eckart–Young', 'floor', ...more],
    ['Eckart–Young', 'floor'],
    'floor',
  ];
  return { ...label, texts };
}

/** The rank from which LoRA trains more numbers than W₀ has, at the top of its line. */
function evenName(scene: Scene, { plot, x }: ErrorPlot): MarginLabel | null {
  const even = breakEven(scene);
  const value = trim(even);
  const label = { key: 'even label', className: 'ink-2', secondClassName: 'ink-3', at: plot.top, optional: true };
  // If a side is 1, LoRA never trains fewer numbers, and r* has no place on the axis.
  if (even < 1) return { ...label, texts: [[`r* = ${value}:`, 'more than dk'], `r* = ${value}`] };
  const last = valuesOf(scene);
  if (scene.method) {
    const full = count(fullOf(scene));
    return even > last
      ? null
      : { ...label, from: x(even), texts: [[`above ${full}:`, 'more than W₀ has'], `dk = ${full}`] };
  }
  // A frozen factor can put r* at or beyond the last rank: nothing is beyond it.
  if (even > last) return null;
  const texts = [
    even < last ? [`above rank ${value}`, 'LoRA trains more', 'than W₀ has'] : `break-even r* = ${value}`,
    ['break-even', `r* = ${value}`],
    `break-even ${value}`,
    `r* = ${value}`,
  ];
  return { ...label, from: x(even), texts };
}
