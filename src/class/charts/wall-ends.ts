import { range } from 'd3-array';
import { scaleLog } from 'd3-scale';
import { logHeight } from '../../charts/sweep/marks.ts';
import { count, number, plural } from '../../experiment/numbers.ts';
import type { Goal } from '../../experiment/plan/goal.ts';
import { fitTicks, type Scale, secondRow, ticksAt } from '../../kit/chart/axes.ts';
import { type Chart, isLarge, type Plot, plotOf, type Size } from '../../kit/chart/chart.ts';
import {
  box,
  dot,
  hatch,
  type Mark,
  type Nested,
  type Point,
  polyline,
  segment,
  withAttributes,
  words,
} from '../../kit/chart/marks.ts';
import { drawing, endName, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import { spreadDots } from './spread-dots.ts';

export interface WallRun {
  readonly id: number;
  readonly name: string;
  readonly kind: 'reached' | 'missed' | 'diverged' | 'over';
  /** One of the first few that reached the goal: it is named. */
  readonly first: boolean;
  readonly rank: number;
  /** At its last step within the budget. */
  readonly error: number | null;
  /** First step at which the error is at most the goal; null if none. */
  readonly step: number | null;
  /** Per step, from 0 on. */
  readonly errors: ArrayLike<number>;
}

export interface WallScene {
  readonly runs: readonly WallRun[];
  /** Number of runs that are not trained yet. */
  readonly waiting: number;
  readonly goal: Goal | null;
  /** Least relative error by rank; null if unknown. */
  readonly floors: ArrayLike<number> | null;
  readonly perRank: number;
  readonly pointed: number | null;
}

/** In the place of the marks while there are none. */
export const noRuns = ({ waiting }: WallScene): string =>
  waiting === 0
    ? 'No run has been trained here yet.'
    : `${waiting === 1 ? 'A run is' : `${waiting} runs are`} being trained; each appears here when it ends.`;

export const goalLabel = (at: number, texts: MarginLabel['texts']): MarginLabel => ({
  ...{ key: 'goal label', className: 'ink strong', at, texts },
});

export const runLabel = ({ id, name }: WallRun, className: string, at: number, optional: boolean): MarginLabel => ({
  ...{ key: `name ${id}`, className, at, optional },
  texts: [name],
  more: { 'data-run': id },
});

/** A number of a goal or an axis: 0.05, not 0.0500. */
export const plainNumber = (value: number) => String(Number(value.toPrecision(3)));

export const wallEnds: Chart<WallScene> = {
  name: 'wallEnds',
  title: 'Error against rank',
  help: () => 'end point of each run, log scale; filled: goal reached, ring: not, grey: over the budget',
  draw: drawing(wallEndsPicture),
  describe: (scene) => {
    const { runs } = scene;
    const of = (kind: WallRun['kind']) => runs.filter((run) => run.kind === kind);
    const ranks = [...new Set(runs.map(({ rank }) => rank))].sort((a, b) => a - b);
    const min = (rank: number) =>
      Math.min(...runs.map((run) => (run.rank === rank && run.kind !== 'diverged' ? run.error : null) ?? 1 / 0));
    const ends = ranks.filter((rank) => Number.isFinite(min(rank))).map((rank) => `rank ${rank}: ${number(min(rank))}`);
    if (runs.length === 0) return noRuns(scene);
    const over = of('over').length;
    const said = ends.length > 0 ? ` Least error at ${ends.join(', ')}.` : '';
    return `${of('reached').length} of ${plural(runs.length, 'run')} reached the goal, ${over} ${over === 1 ? 'is' : 'are'} over the budget, ${of('diverged').length} diverged.${said}`;
  },
};

const ROOM = 1.15;

/** The rank whose adapter has exactly the allowed parameters; null if unlimited. */
const budgetRank = ({ goal, perRank }: WallScene) => (goal?.numbers != null ? goal.numbers / perRank : null);

function wallEndsPicture(scene: WallScene, size: Size): Mark[] {
  const plot = { ...plotOf(size, 14), top: isLarge(size) ? 16 : 10 };
  const ended = scene.runs.filter(
    (run): run is EndedRun => run.kind !== 'diverged' && run.error !== null && run.error > 0,
  );
  if (scene.runs.length === 0) return sentence(noRuns(scene), plot, size.font);
  const { goal } = scene;
  const budget = budgetRank(scene);
  const max = Math.max(2, budget ?? 0, ...scene.runs.map(({ rank }) => rank));
  const x = scaleLog([0.86, max * ROOM], [plot.left, plot.right]).clamp(true);
  const heights = [...ended.map(({ error }) => error), ...(goal ? [goal.error] : [])];
  const height = logHeight(heights, plot, 1);
  const y = height.scale;
  const lowest = Math.min(...heights) / 1.25;
  const line = floorOf(scene, max * ROOM, lowest).map(([rank, error]): Point => [x(rank), y(error)]);
  const floor = line.length > 1 ? line : [];
  const edge = budget === null ? plot.right : x(budget);
  const radius = 0.265 * size.font;
  const dots = placed(ended, x, y, edge, budget, radius);
  const top = goal ? y(goal.error) : plot.top;
  const ticks = rankTicks(scene, max, x, size);
  const numbers = ticksAt(
    ticks.map(({ value }) => value),
    (rank) => count(rank * scene.perRank),
  );
  return picture({
    size,
    plot,
    behind: [
      goal && box('goal area', 'goal-area', plot.left, top, edge - plot.left, plot.bottom - top),
      floor.length > 0 && hatch('unreachable', floor, plot.bottom),
    ],
    x: { name: 'rank', scale: x, ticks },
    y: height,
    marks: [
      secondRow('numbers', size.short ? '' : 'numbers', fitTicks(numbers, x, size.font), x, plot, size, 1.2),
      floor.length > 0 && polyline('floor', 'line dwt dashed', floor),
      goal && segment('goal error', 'ref ink', [plot.left, top], [edge, top]),
      goal && budget !== null && segment('goal numbers', 'ref ink', [edge, top], [edge, plot.bottom]),
      byWeight(dots, scene.pointed).map((one) => dotOf(one, scene.pointed, radius)),
      divergedNote(scene, x, plot, size),
    ],
    names: names(scene, dots, floor, edge, y),
  });
}

type EndedRun = WallRun & { readonly error: number };

interface RunDot {
  readonly run: EndedRun;
  readonly at: Point;
}

/** Dots of one rank spread sideways, at most half-way to the next rank and never past the line of the budget. */
function placed(
  runs: readonly EndedRun[],
  x: Scale,
  y: Scale,
  edge: number,
  budget: number | null,
  radius: number,
): RunDot[] {
  const dots = runs.map((run) => {
    const at = x(run.rank);
    const half = Math.min(x(run.rank + 0.5) - at, 12 * radius);
    const inside = budget !== null && run.rank <= budget;
    const right = inside ? Math.min(at + half, edge - radius - 1) : at + half;
    const left = budget !== null && !inside ? Math.max(at - half, edge + radius + 1) : at - half;
    return { x: at, y: y(run.error), left: Math.min(left, at), right: Math.max(right, at) };
  });
  const xs = spreadDots(dots, radius);
  return runs.map((run, i) => ({ run, at: [xs[i] ?? 0, dots[i]?.y ?? 0] }));
}

const byWeight = (dots: readonly RunDot[], pointed: number | null) =>
  [...dots].sort((a, b) => Number(a.run.id === pointed) - Number(b.run.id === pointed));

function dotOf({ run, at }: RunDot, pointed: number | null, radius: number): Mark[] {
  const raised = run.id === pointed;
  const hue = raised ? 'ink' : run.kind === 'over' ? 'ink-3' : 'dw';
  const className = run.kind === 'reached' ? hue : `open ${hue}`;
  return withAttributes(dot(`dot ${run.id}`, className, at, raised ? radius + 1.5 : radius), { 'data-run': run.id });
}

function floorOf({ floors }: WallScene, max: number, lowest: number): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  for (let rank = 1; floors && rank <= max && rank < floors.length; rank++) {
    const error = floors[rank] ?? 0;
    if (!(error > 0)) break;
    found.push([rank, Math.max(error, lowest)]);
    if (error <= lowest) break;
  }
  return found;
}

/** Ranks that occur, then powers of two. */
function rankTicks({ runs }: WallScene, max: number, x: Scale, { font }: Size) {
  const ranks = [...new Set(runs.map(({ rank }) => rank))].sort((a, b) => a - b);
  const powers = range(13).map((e) => 2 ** e);
  return fitTicks(ticksAt([...ranks, ...powers.filter((rank) => rank <= max)], count), x, font);
}

function divergedNote({ runs }: WallScene, x: Scale, plot: Plot, { font }: Size): Mark | null {
  const ranks = runs.flatMap(({ kind, rank }) => (kind === 'diverged' ? [rank] : [])).sort((a, b) => a - b);
  if (ranks.length === 0) return null;
  const middle = ranks[Math.floor(ranks.length / 2)] ?? 1;
  const at = Math.min(Math.max(x(middle), plot.left + 5 * font), plot.right - 5 * font);
  return words('diverged', 'bad halo', [at, plot.top + font * 0.6], 'middle', `▲ ${ranks.length} diverged`);
}

/** The goal, the floor and, as space allows, runs: the pointed-at one, the first three, and those outside the goal. */
function names(
  { goal, pointed }: WallScene,
  dots: readonly RunDot[],
  floor: readonly Point[],
  edge: number,
  y: Scale,
): Nested<MarginLabel> {
  const weight = ({ run }: RunDot) => (run.id === pointed ? 0 : run.first ? 1 : run.kind === 'missed' ? 2 : 3);
  const named = dots
    .filter(({ run }) => run.id === pointed || run.first || run.kind !== 'reached')
    .sort((a, b) => weight(a) - weight(b));
  const goalTexts = ({ error, numbers }: NonNullable<WallScene['goal']>) => [
    [`goal: error ≤ ${plainNumber(error)}`, ...(numbers === null ? [] : [`≤ ${count(numbers)} numbers`])],
    `goal ${plainNumber(error)}`,
  ];
  return [
    goal && { ...goalLabel(y(goal.error), goalTexts(goal)), from: edge },
    endName(floor, { key: 'floor label', className: 'dwt strong', texts: [['Eckart–Young', 'floor'], 'floor'] }),
    named.map(({ run, at: [from, at] }) => {
      const raised = run.id === pointed;
      const hue = raised ? 'ink' : run.kind === 'over' ? 'ink-3' : 'ink-2';
      return { ...runLabel(run, raised || run.first ? `${hue} strong` : hue, at, !raised), from };
    }),
  ];
}
