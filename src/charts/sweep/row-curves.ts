import { least } from 'd3-array';
import { number } from '../../experiment/numbers.ts';
import type { CellRun } from '../../experiment/run-file/run-record.ts';
import { hline, type Scale, stepScale, stepTicks } from '../../kit/chart/axes.ts';
import { plotOf, type Size } from '../../kit/chart/chart.ts';
import { type Mark, type Point, polyline, words } from '../../kit/chart/marks.ts';
import { drawing, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import { tableOf } from '../drawing/columns.ts';
import { APART, cellName, type Summary, type SweepCell, type SweepChart, type SweepScene, summaryOf } from './cells.ts';
import { finiteParts, logHeight } from './marks.ts';

const firstOf = (cell: SweepCell): CellRun | null => cell.runs.find((run) => run !== null) ?? null;

/** The cell under the pointer, otherwise the best of all, unless its row shows no difference. */
function shownCell(scene: SweepScene, axis: 0 | 1): SweepCell | null {
  if (scene.pointed) return scene.pointed;
  const best = bestCell(scene);
  return best && spreadOf(scene, along(scene, best, axis)) <= APART ? (widestCell(scene, axis) ?? best) : best;
}

/** The ratio of the largest to the smallest median of some cells; diverged ones are left out. */
function spreadOf({ measure }: SweepScene, cells: readonly SweepCell[]): number {
  const medians = cells.flatMap((cell) => {
    const { median } = summaryOf(cell, measure);
    return median !== null && Number.isFinite(median) ? [Math.max(median, 1e-9)] : [];
  });
  return medians.length > 1 ? Math.max(...medians) / Math.min(...medians) : 1;
}

/** The first cell of the row with the largest spread of medians; null if no row shows a difference. */
function widestCell(scene: SweepScene, axis: 0 | 1): SweepCell | null {
  let widest: SweepCell | null = null;
  let max = APART;
  for (const cell of scene.cells.filter(({ at }) => at[axis] === 0)) {
    const row = along(scene, cell, axis);
    const spread = spreadOf(scene, row);
    if (spread <= max) continue;
    widest = bestCell({ ...scene, cells: row });
    max = spread;
  }
  return widest;
}

function bestCell({ cells, measure }: SweepScene): SweepCell | null {
  const value = ({ median }: Summary) => (Number.isFinite(median) ? median : Number.NaN);
  return least(cells, (cell) => value(summaryOf(cell, measure))) ?? null;
}

/** All cells that differ from one only along an axis. */
function along(scene: SweepScene, cell: SweepCell, axis: number): readonly SweepCell[] {
  return scene.cells.filter(({ at }) => at.every((v, i) => i === axis || v === cell.at[i]));
}

const WHAT = ({ samples }: SweepScene) => (samples ? 'held-out loss' : 'relative error');

/** The runs of one row of the map over training (axis 0), or of one column (axis 1). */
export function axisCurves(axis: 0 | 1): SweepChart {
  return {
    name: axis === 0 ? 'sweepRow' : 'sweepColumn',
    title: (scene) => {
      const cell = shownCell(scene, axis);
      const others = scene.axes.filter((_, i) => i !== axis);
      const place =
        cell && others.length > 0
          ? cellName(
              { ...scene, axes: others },
              cell.at.filter((_, i) => i !== axis),
            )
          : '';
      return place === ''
        ? `Every ${scene.axes[axis]?.name ?? 'run'}`
        : `The ${axis === 0 ? 'row' : 'column'} ${whichWords(scene, cell)}: ${place}`;
    },
    help: (scene) => `${WHAT(scene)} over training, log scale, first seed`,
    draw: drawing((scene, size) => curvesPicture(scene, size, axis)),
    describe: (scene) => describe(scene, axis),
    table: (scene) => table(scene, axis),
  };
}

function whichWords(scene: SweepScene, cell: SweepCell | null): string {
  if (scene.pointed) return 'of this cell';
  return cell === bestCell(scene) ? 'of the best cell' : 'with the widest spread';
}

function describe(scene: SweepScene, axis: 0 | 1): string {
  const cell = shownCell(scene, axis);
  if (!cell) return 'Nothing has run yet.';
  const ends = along(scene, cell, axis).map((one) => {
    const run = firstOf(one);
    const name = nameOf(scene, one, axis);
    if (!run) return `${name}: ${one.why === null ? 'not run' : 'impossible'}`;
    // Curves are lost on a reload; the figures are kept.
    const end = run.curve.values.at(-1) ?? (scene.samples ? run.heldOut : run.error);
    return `${name}: ${run.status === 'diverged' ? 'diverged' : end === null ? 'not known' : number(end)}`;
  });
  return `${WHAT(scene)} at the end, first seed. ${ends.join('; ')}.`;
}

const nameOf = ({ axes }: SweepScene, { at }: SweepCell, axis: number) =>
  `${axes[axis]?.before ?? ''}${axes[axis]?.texts[at[axis] ?? 0] ?? ''}`;

function table(scene: SweepScene, axis: 0 | 1) {
  const cell = shownCell(scene, axis);
  const row = cell ? along(scene, cell, axis) : [];
  const steps = [...new Set(row.flatMap((one) => firstOf(one)?.curve.steps ?? []))].sort((a, b) => a - b);
  return tableOf(steps, [
    ['step', (step) => step],
    ...row.map((one) => {
      const curve = firstOf(one)?.curve;
      const values = new Map(curve?.steps.map((step, i) => [step, curve.values[i]]));
      return [`${WHAT(scene)}, ${nameOf(scene, one, axis)}`, (step: number) => values.get(step) ?? null] as const;
    }),
  ]);
}

/** Larger errors are off the picture: the run is about to diverge. */
const HIGHEST = 1.2;

export function curvesPicture(scene: SweepScene, size: Size, axis: 0 | 1): Mark[] {
  const plot = plotOf(size);
  const cell = shownCell(scene, axis);
  const row = (cell ? along(scene, cell, axis) : []).flatMap((one) => {
    const run = firstOf(one);
    return run ? [{ cell: one, run }] : [];
  });
  const drawn = row.filter(({ run }) => run.curve.steps.length > 1);
  if (!cell || row.length === 0) return sentence('Nothing has run yet.', plot, size.font);
  if (drawn.length === 0)
    return sentence('Curves are not kept over a reload: open a cell in the lab to see its run.', plot, size.font);
  const last = Math.max(...drawn.map(({ run }) => run.curve.steps.at(-1) ?? 1));
  const first = Math.max(...drawn.map(({ run }) => run.curve.values[0] ?? 1));
  const top = first * HIGHEST;
  const x = stepScale(plot, last);
  const floor = scene.samples ? null : (firstOf(cell)?.floor ?? null);
  const sameFloor = row.every(({ run }) => run.floor === floor) ? floor : null;
  const ends = drawn.flatMap(({ run }) => (run.status === 'diverged' ? [] : run.curve.values));
  const values = [...ends, first, ...(sameFloor ? [sameFloor] : [])];
  const height = logHeight(
    values.filter((v) => v <= top),
    plot,
  );
  const y = height.scale;
  const diverged = drawn.filter(({ run }) => run.status === 'diverged');
  const kept = drawn.filter(({ run }) => run.status !== 'diverged');
  const raised = (one: (typeof drawn)[number]) => one.cell === cell;
  const key = (one: (typeof drawn)[number]) => one.cell.at.join(' ');
  const lines = [...kept].sort((a, b) => Number(raised(a)) - Number(raised(b)));
  const names = [...kept].sort((a, b) => Number(raised(b)) - Number(raised(a)));
  return picture({
    size,
    plot,
    x: { name: 'step', scale: x, ticks: stepTicks(plot, last, size) },
    y: height,
    marks: [
      diverged.map((one) => polyline(`diverged ${key(one)}`, 'pin bad', cut(one.run, top, x, y))),
      lines.map((one) =>
        finiteParts(one.run.curve.steps, one.run.curve.values, x, y).map((points, i) =>
          polyline(`run ${key(one)} ${i}`, raised(one) ? 'main dw' : 'pin pale dw', points),
        ),
      ),
      sameFloor !== null && hline('floor', 'ref dwt dashed', y(sameFloor), plot),
      divergedNote(
        scene,
        diverged.map((one) => one.cell),
        axis,
        [x(0) + 8, plot.top + size.font * 0.8],
      ),
    ],
    names: [
      sameFloor !== null && {
        key: 'floor label',
        className: 'dwt strong',
        at: y(sameFloor),
        texts: [`floor ${number(sameFloor)}`],
      },
      names.map((one): MarginLabel => {
        const name = nameOf(scene, one.cell, axis);
        const end = one.run.curve.values.at(-1) ?? 1;
        const own = { key: `label ${key(one)}`, at: y(end) };
        return raised(one)
          ? { ...own, className: 'dw strong', texts: [`${name}: ${number(end)}`, name] }
          : { ...own, className: 'ink-2', texts: [name], optional: true };
      }),
    ],
  });
}

/** The line of a diverged run until it leaves the picture. */
function cut({ curve: { steps, values } }: CellRun, top: number, x: Scale, y: Scale): Point[] {
  const end = values.findIndex((value) => !(value <= top));
  return steps
    .slice(0, end < 0 ? steps.length : end + 1)
    .map((step, i) => [x(step), y(Number.isFinite(values[i]) ? Math.min(values[i], top) : top)]);
}

/** "▲ rate 0.5 and above": the values that diverged. */
function divergedNote(scene: SweepScene, cells: readonly SweepCell[], axis: number, at: Point): Mark | null {
  const [first] = cells;
  const own = scene.axes[axis];
  if (!first || !own) return null;
  const places = cells.map((cell) => cell.at[axis] ?? 0);
  const last = own.texts.length - 1;
  const toEnd = own.numbers && places.length > 1 && places.every((v, i) => v === last - places.length + 1 + i);
  const names = places.map((i) => own.texts[i]).join(', ');
  const text = toEnd ? `▲ ${nameOf(scene, first, axis)} and above` : `▲ ${own.before}${names}`;
  const short = text.length > 40 ? `▲ ${places.length} of ${own.texts.length} diverged` : text;
  return words('diverged note', 'bad halo', at, 'start', short);
}
