import { scaleLog } from 'd3-scale';
import { sentence } from '../../charts/drawing/sentence.ts';
import { logHeight } from '../../charts/sweep/marks.ts';
import { count, number, plural } from '../../experiment/numbers.ts';
import {
  fitTicks,
  horizontalAxis,
  ROW_HEIGHT,
  type Scale,
  type Tick,
  tickRow,
  verticalAxis,
} from '../../kit/chart/axes.ts';
import type { Chart, Size } from '../../kit/chart/chart.ts';
import { endName, type MarginLabel, marginLabels } from '../../kit/chart/labels.ts';
import {
  box,
  dot,
  hatch,
  type Mark,
  type Point,
  polyline,
  segment,
  withAttributes,
  words,
} from '../../kit/chart/marks.ts';
import { isLarge, type Plot, plotOf } from '../../kit/chart/plot.ts';
import { render } from '../../kit/chart/render.ts';
import { spreadDots } from './spread-dots.ts';
import { goalLabel, plainNumber, runLabel, type WallRun, type WallScene } from './wall-scene.ts';

export const wallEnds: Chart<WallScene> = {
  name: 'wallEnds',
  title: 'Error against rank',
  help: () => 'end point of each run, log scale; filled: goal reached, ring: not, grey: over the budget',
  draw: (svg, scene, size) => render(svg, size, wallEndsPicture(scene, size)),
  describe: ({ runs }) => {
    const of = (kind: WallRun['kind']) => runs.filter((run) => run.kind === kind);
    const ranks = [...new Set(runs.map(({ rank }) => rank))].sort((a, b) => a - b);
    const min = (rank: number) =>
      Math.min(...runs.map((run) => (run.rank === rank && run.kind !== 'diverged' ? run.error : null) ?? 1 / 0));
    const ends = ranks.filter((rank) => Number.isFinite(min(rank))).map((rank) => `rank ${rank}: ${number(min(rank))}`);
    if (runs.length === 0) return 'No runs yet.';
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
  if (scene.runs.length === 0) return sentence('No runs yet.', plot, size.font);
  const { goal } = scene;
  const budget = budgetRank(scene);
  const max = Math.max(2, budget ?? 0, ...scene.runs.map(({ rank }) => rank));
  const x = scaleLog()
    .domain([0.86, max * ROOM])
    .range([plot.left, plot.right])
    .clamp(true);
  const heights = [...ended.map(({ error }) => error), ...(goal ? [goal.error] : [])];
  const { y, ticks } = logHeight(heights, plot, 1);
  const lowest = Math.min(...heights) / 1.25;
  const floor = floorOf(scene, max * ROOM, lowest).map(([rank, error]): Point => [x(rank), y(error)]);
  const edge = budget === null ? plot.right : x(budget);
  const radius = 0.265 * size.font;
  const dots = placed(ended, x, y, edge, budget, radius);
  return [
    ...(goal
      ? [box('goal area', 'goal-area', plot.left, y(goal.error), edge - plot.left, plot.bottom - y(goal.error))]
      : []),
    ...(floor.length > 1 ? [hatch('unreachable', floor, plot.bottom)] : []),
    ...verticalAxis(ticks, y, plot, size),
    ...rankAxis(scene, max, x, plot, size),
    ...(floor.length > 1 ? [polyline('floor', 'line dwt dashed', floor)] : []),
    ...(goal ? [segment('goal error', 'ref ink', [plot.left, y(goal.error)], [edge, y(goal.error)])] : []),
    ...(goal && budget !== null
      ? [segment('goal numbers', 'ref ink', [edge, y(goal.error)], [edge, plot.bottom])]
      : []),
    ...byWeight(dots, scene.pointed).flatMap((one) => dotOf(one, scene.pointed, radius)),
    ...divergedNote(scene, x, plot, size),
    ...marginLabels(names(scene, dots, floor, edge, y), plot, size),
  ];
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
  return withAttributes([dot(`dot ${run.id}`, className, at, raised ? radius + 1.5 : radius)], { 'data-run': run.id });
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

/** Ranks that occur, then powers of two; below them the trained parameters. */
function rankAxis({ runs, perRank }: WallScene, max: number, x: Scale, plot: Plot, size: Size): Mark[] {
  const ranks = [...new Set(runs.map(({ rank }) => rank))].sort((a, b) => a - b);
  const powers = Array.from({ length: 13 }, (_, e) => 2 ** e).filter((rank) => rank <= max);
  const tick = (value: number, each = 1): Tick => ({ value, text: count(value * each) });
  const marked = [...ranks, ...powers].map((value) => tick(value));
  const ticks = fitTicks(marked, x, size.font);
  const all = ticks.map(({ value }) => tick(value, perRank));
  const numbers = fitTicks(all, x, size.font);
  const row = { below: 4 + ROW_HEIGHT * size.font + 1.2 * size.font, className: 'small', strong: 'small' };
  return [
    ...horizontalAxis('rank', ticks, x, plot, size),
    ...tickRow('numbers', size.short ? '' : 'numbers', numbers, x, plot, size, row),
  ];
}

function divergedNote({ runs }: WallScene, x: Scale, plot: Plot, { font }: Size): Mark[] {
  const diverged = runs.filter(({ kind }) => kind === 'diverged');
  if (diverged.length === 0) return [];
  const ranks = diverged.map(({ rank }) => rank).sort((a, b) => a - b);
  const middle = ranks[Math.floor(ranks.length / 2)] ?? 1;
  const at = Math.min(Math.max(x(middle), plot.left + 5 * font), plot.right - 5 * font);
  return [words('diverged', 'bad halo', [at, plot.top + font * 0.6], 'middle', `▲ ${diverged.length} diverged`)];
}

const FLOOR = { key: 'floor label', className: 'dwt strong', texts: [['Eckart–Young', 'floor'], 'floor'] };

/** The goal, the floor and, as space allows, runs: the pointed-at one, the first, and those outside the goal. */
function names(
  { runs, goal, pointed }: WallScene,
  dots: readonly RunDot[],
  floor: readonly Point[],
  edge: number,
  y: Scale,
): MarginLabel[] {
  const winner = runs.find(({ first }) => first);
  const weight = ({ run }: RunDot) => (run.id === pointed ? 0 : run === winner ? 1 : run.kind === 'missed' ? 2 : 3);
  const named = dots
    .filter(({ run }) => run.id === pointed || run === winner || run.kind !== 'reached')
    .sort((a, b) => weight(a) - weight(b));
  return [
    ...(goal
      ? [
          {
            ...goalLabel(y(goal.error), [
              [
                `goal: error ≤ ${plainNumber(goal.error)}`,
                ...(goal.numbers === null ? [] : [`≤ ${count(goal.numbers)} numbers`]),
              ],
              `goal ${plainNumber(goal.error)}`,
            ]),
            from: edge,
          },
        ]
      : []),
    ...endName(floor.length > 1 ? floor : [], FLOOR),
    ...named.map(({ run, at: [from, at] }): MarginLabel => {
      const raised = run.id === pointed;
      const hue = raised ? 'ink' : run.kind === 'over' ? 'ink-3' : 'ink-2';
      return { ...runLabel(run, raised || run.first ? `${hue} strong` : hue, at, !raised), from };
    }),
  ];
}
