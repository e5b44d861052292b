import { logHeight } from '../../charts/sweep/marks.ts';
import { number, plural } from '../../experiment/numbers.ts';
import { hline, type Scale, stepScale, stepTicks } from '../../kit/chart/axes.ts';
import { type Chart, dotRadius, isLarge, plotOf, type Size } from '../../kit/chart/chart.ts';
import { dot, type Mark, type Nested, type Point, polyline, withAttributes } from '../../kit/chart/marks.ts';
import { drawing, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import { goalLabel, noRuns, plainNumber, runLabel, type WallRun, type WallScene } from './wall-ends.ts';

/** Error over steps of every run; the first three and the pointed-at one are named. */
export const wallCurves: Chart<WallScene> = {
  name: 'wallCurves',
  title: 'Error over training',
  help: ({ runs, pointed }) => {
    const raised = runs.find(({ id }) => id === pointed);
    const also = raised && !raised.first ? ` and ${raised.name}` : '';
    const some = runs.some(({ first }) => first) ? `; the first three${also} are named, a dot marks the goal` : '';
    return `all ${plural(runs.length, 'run')}, log scale${some}`;
  },
  draw: drawing(wallCurvesPicture),
  describe: (scene) => {
    const { runs } = scene;
    if (runs.length === 0) return noRuns(scene);
    const first = runs
      .filter((run) => run.first)
      .map(({ name, step, error }) => `${name}: goal at step ${step}, ${number(error ?? Number.NaN)} at the end`);
    return first.length > 0
      ? `The first${first.length === 1 ? '' : ` ${first.length}`}: ${first.join('; ')}.`
      : 'No run has reached a goal.';
  },
};

/** Errors beyond this multiple of the largest at step 0 are outside the picture: a run that diverges. */
const HIGHEST = 1.4;
/** Approximate number of points per curve. */
const POINTS = 300;

function wallCurvesPicture(scene: WallScene, size: Size): Mark[] {
  const plot = plotOf(size);
  const { runs, goal, pointed } = scene;
  if (runs.length === 0) return sentence(noRuns(scene), plot, size.font);
  const last = Math.max(1, ...runs.map(({ errors }) => errors.length - 1));
  const x = stepScale(plot, last);
  const first = Math.max(...runs.map(({ errors }) => errors[0] ?? 1));
  const top = first * HIGHEST;
  const ends = runs.flatMap(({ kind, errors }) => (kind === 'diverged' ? [] : [errors[errors.length - 1] ?? first]));
  const height = logHeight([...ends, top / 1.1, ...(goal ? [goal.error] : [])], plot);
  const y = height.scale;
  const raised = (run: WallRun) => run.id === pointed;
  const weight = (run: WallRun) => (raised(run) ? 3 : run.first ? 2 : run.kind === 'reached' ? 1 : 0);
  const order = [...runs].sort((a, b) => weight(a) - weight(b));
  const radius = dotRadius(size) + (isLarge(size) ? 0 : 0.5);
  return picture({
    size,
    plot,
    x: { name: 'step', scale: x, ticks: stepTicks(plot, last, size) },
    y: height,
    marks: [
      goal && hline('goal', 'ref ink', y(goal.error), plot),
      order.map((run) => withAttributes(curve(run, raised(run), x, y, top), { 'data-run': run.id })),
      order.map(
        (run) =>
          goal &&
          run.step !== null &&
          (run.first || raised(run)) &&
          dot(`goal ${run.id}`, raised(run) ? 'ink' : 'dw', [x(run.step), y(goal.error)], radius),
      ),
    ],
    names: names(scene, y),
  });
}

function curve(run: WallRun, raised: boolean, x: Scale, y: Scale, top: number): Mark {
  const className = raised
    ? 'main ink'
    : run.kind === 'diverged'
      ? 'pin bad'
      : run.first
        ? 'line dw'
        : run.kind === 'over'
          ? 'hair axis'
          : 'hair faint dw';
  return polyline(
    `run ${run.id}`,
    className,
    thinned(run.errors, top).map(([step, error]): Point => [x(step), y(error)]),
  );
}

/** Some steps of a curve, denser at its beginning, until it leaves the picture for good; clipped at the top. */
function thinned(errors: ArrayLike<number>, top: number): (readonly [number, number])[] {
  const last = errors.length - 1;
  const steps = new Set(
    Array.from({ length: POINTS + 1 }, (_, i) => Math.round(last * (i / POINTS) ** (last > POINTS ? 2 : 1))),
  );
  const points = [...steps].map((step) => ({ step, error: errors[step] ?? Number.NaN }));
  const inside = points.findLastIndex(({ error }) => error <= top);
  return points.slice(0, inside + 2).map(({ step, error }) => [step, error <= top ? error : top] as const);
}

/** Besides the goal, the first three and the raised one: runs that stayed far above the goal, as space allows. */
function names({ runs, goal, pointed }: WallScene, y: Scale): Nested<MarginLabel> {
  const end = ({ errors }: WallRun) => errors[errors.length - 1] ?? 1;
  const label = (run: WallRun, optional: boolean) =>
    runLabel(run, run.id === pointed ? 'ink strong' : optional ? 'ink-2' : 'dw strong', y(end(run)), optional);
  const first = runs.filter((run) => (run.id === pointed || run.first) && run.kind !== 'diverged');
  const far = runs.filter((run) => run.kind === 'missed' && !first.includes(run)).sort((a, b) => end(b) - end(a));
  return [
    goal && goalLabel(y(goal.error), [`goal ${plainNumber(goal.error)}`, 'goal']),
    first.map((run) => label(run, false)),
    far.slice(0, MOST_FAR).map((run) => label(run, true)),
  ];
}

const MOST_FAR = 4;
