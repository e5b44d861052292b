import { number } from '../../experiment/numbers.ts';
import type { CellRun } from '../../experiment/run-file/run-record.ts';
import { horizontalAxis, stepScale, stepTicks, verticalAxis } from '../../kit/chart/axes.ts';
import type { Size } from '../../kit/chart/chart.ts';
import { type MarginLabel, marginLabels } from '../../kit/chart/labels.ts';
import { type Mark, polyline, segment, words } from '../../kit/chart/marks.ts';
import { plotOf } from '../../kit/chart/plot.ts';
import { render } from '../../kit/chart/render.ts';
import { sentence } from '../drawing/sentence.ts';
import { cellName, type SweepCell, type SweepChart, type SweepScene, summaryOf } from './cells.ts';
import { finiteParts, logHeight } from './marks.ts';

const firstOf = (cell: SweepCell): CellRun | null => cell.runs.find((run) => run !== null) ?? null;

/** Medians within this factor are not distinguished. */
const APART = 1.05;

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

function bestCell(scene: SweepScene): SweepCell | null {
  let best: SweepCell | null = null;
  let min = Number.POSITIVE_INFINITY;
  for (const cell of scene.cells) {
    const { median } = summaryOf(cell, scene.measure);
    if (median === null || median >= min) continue;
    best = cell;
    min = median;
  }
  return best;
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
    draw: (svg, scene, size) => render(svg, size, curvesPicture(scene, size, axis)),
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
  const columns = row.map((one) => {
    const curve = firstOf(one)?.curve;
    return new Map(curve?.steps.map((step, i) => [step, curve.values[i] ?? null]));
  });
  return {
    columns: ['step', ...row.map((one) => `${WHAT(scene)}, ${nameOf(scene, one, axis)}`)],
    rows: steps.map((step) => [step, ...columns.map((values) => values.get(step) ?? null)]),
  };
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
  const { y, ticks } = logHeight(
    [...ends, first, ...(sameFloor ? [sameFloor] : [])].filter((v) => v <= top),
    plot,
  );
  const diverged = drawn.filter(({ run }) => run.status === 'diverged');
  const kept = drawn.filter(({ run }) => run.status !== 'diverged');
  const raised = (one: SweepCell) => one === cell;
  const lines = [...kept].sort((a, b) => Number(raised(a.cell)) - Number(raised(b.cell)));
  const labels = kept.map(({ cell: one, run }): MarginLabel => {
    const name = nameOf(scene, one, axis);
    const end = run.curve.values.at(-1) ?? 1;
    return {
      key: `label ${one.at.join(' ')}`,
      className: raised(one) ? 'dw strong' : 'ink-2',
      at: y(end),
      texts: raised(one) ? [`${name}: ${number(end)}`, name] : [name],
      optional: !raised(one),
    };
  });
  const byWeight = [...labels].sort((a, b) => Number(a.optional) - Number(b.optional));
  return [
    ...verticalAxis(ticks, y, plot, size),
    ...horizontalAxis('step', stepTicks(plot, last, size), x, plot, size),
    ...diverged.map(({ cell: one, run }) =>
      polyline(
        `diverged ${one.at.join(' ')}`,
        `pin bad`,
        cut(run.curve.steps, run.curve.values, top).map(([step, value]) => [x(step), y(value)] as const),
      ),
    ),
    ...lines.flatMap(({ cell: one, run }) =>
      finiteParts(run.curve.steps, run.curve.values, x, y).map((points, i) =>
        polyline(`run ${one.at.join(' ')} ${i}`, raised(one) ? 'main dw' : 'pin pale dw', points),
      ),
    ),
    ...(sameFloor === null
      ? []
      : [segment('floor', 'ref dwt dashed', [plot.left, y(sameFloor)], [plot.right, y(sameFloor)])]),
    ...divergedNote(
      scene,
      diverged.map((one) => one.cell),
      axis,
      { x: x(0) + 8, y: plot.top + size.font * 0.8 },
    ),
    ...marginLabels(
      [
        ...(sameFloor === null
          ? []
          : [{ key: 'floor label', className: 'dwt strong', at: y(sameFloor), texts: [`floor ${number(sameFloor)}`] }]),
        ...byWeight,
      ],
      plot,
      size,
    ),
  ];
}

function cut(steps: readonly number[], values: readonly number[], top: number): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  for (const [i, step] of steps.entries()) {
    const value = values[i] ?? Number.NaN;
    out.push([step, Number.isFinite(value) ? Math.min(value, top) : top]);
    if (!(value <= top)) break;
  }
  return out;
}

/** "▲ rate 0.5 and above": the values that diverged. */
function divergedNote(
  scene: SweepScene,
  cells: readonly SweepCell[],
  axis: number,
  at: { readonly x: number; readonly y: number },
): Mark[] {
  const [first] = cells;
  const own = scene.axes[axis];
  if (!first || !own) return [];
  const places = cells.map((cell) => cell.at[axis] ?? 0);
  const toEnd =
    own.numbers &&
    places.length > 1 &&
    places.every((v, i) => v === (places[0] ?? 0) + i) &&
    places.at(-1) === own.texts.length - 1;
  const names = places.map((i) => own.texts[i]).join(', ');
  const text = toEnd ? `▲ ${nameOf(scene, first, axis)} and above` : `▲ ${own.before}${names}`;
  return [
    words(
      'diverged note',
      'bad halo',
      [at.x, at.y],
      'start',
      text.length > 40 ? `▲ ${places.length} of ${own.texts.length} diverged` : text,
    ),
  ];
}
