import { range } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { count, number } from '../../experiment/numbers.ts';
import { hline, type Scale } from '../../kit/chart/axes.ts';
import type { Plot, Size } from '../../kit/chart/chart.ts';
import { flatten, type Mark, type Nested, polyline, words } from '../../kit/chart/marks.ts';
import { drawing, sentence } from '../../kit/chart/picture.ts';
import { widest } from '../../kit/chart/text-width.ts';
import { tableOf } from '../drawing/columns.ts';
import type { SweepCell, SweepChart, SweepScene } from './cells.ts';
import { MIN_SEEDS_FOR_BAND } from './lines.ts';
import { bandMark, bandOf, finiteParts, linearHeight, type StepCurve } from './marks.ts';

/** One setting: a small chart over the steps for each of its values, all on the same axes. */
export const sweepSmallMultiples: SweepChart = {
  name: 'sweepSmalls',
  title: ({ samples }) => `${samples ? 'Held-out loss' : 'Relative error'} over training`,
  help: ({ axes, seeds }) =>
    `one small chart per ${axes[0]?.name ?? 'value'}${seeds < MIN_SEEDS_FOR_BAND ? '' : ', median at the end'}`,
  draw: drawing(smallMultiplesPicture),
  describe: (scene) => {
    const ends = scene.cells.map((cell, i) => `${nameOf(scene, i)}: ${endText(cell)}`);
    return `At the end of training, ${ends.join('; ')}.`;
  },
  table: (scene) => {
    const curves = scene.cells.map(curvesOf);
    const steps = stepsOf(curves.flat());
    return tableOf(range(steps.length), [
      ['step', (t) => steps[t]],
      ...curves.map((list, i) => {
        const { median } = bandOf(list, steps);
        return [`median, ${nameOf(scene, i)}`, (t: number) => (Number.isFinite(median[t]) ? median[t] : null)] as const;
      }),
    ]);
  },
};

const nameOf = ({ axes: [axis] }: SweepScene, i: number) => `${axis?.before ?? ''}${axis?.texts[i] ?? ''}`;

function curvesOf({ runs }: SweepCell): readonly StepCurve[] {
  return runs.flatMap((run) =>
    run && run.curve.steps.length > 1 ? [{ ...run.curve, diverged: run.status === 'diverged' }] : [],
  );
}

/** The steps at which curves are compared: those of the longest. */
function stepsOf(curves: readonly StepCurve[]): readonly number[] {
  const longest = curves.reduce<StepCurve | null>(
    (a, b) => (a && (a.steps.at(-1) ?? 0) >= (b.steps.at(-1) ?? 0) ? a : b),
    null,
  );
  return longest?.steps ?? [];
}

/** The median at the end of a cell's curves; infinite if it diverged, null if there are none. */
function endOf(cell: SweepCell): number | null {
  const curves = curvesOf(cell);
  if (curves.length === 0) return null;
  const last = Math.max(...curves.map(({ steps }) => steps.at(-1) ?? 0));
  const [end] = bandOf(curves, [last + 0.5]).median;
  return end !== undefined && Number.isFinite(end) ? end : Number.POSITIVE_INFINITY;
}

function endText(cell: SweepCell): string {
  const end = endOf(cell);
  if (end === null) return cell.why === null ? '' : 'impossible';
  return Number.isFinite(end) ? number(end) : '▲';
}

const LEAST = { width: 66, height: 52 };
const GAP = 10;

export function smallMultiplesPicture(scene: SweepScene, size: Size): Mark[] {
  const { font } = size;
  const whole: Plot = { left: 0, right: size.width, top: 0, bottom: size.height };
  const all = scene.cells.map(curvesOf);
  const flat = all.flat();
  const lost = scene.cells.some(({ runs }) => runs.some((run) => run));
  if (flat.length === 0)
    return sentence(lost ? 'Curves are not kept over a reload.' : 'Nothing has run yet.', whole, font);
  const n = scene.cells.length;
  const names = scene.cells.map((_, i) => nameOf(scene, i));
  const across = widest(names, font, true) + widest(['0.000'], font) + 8;
  const min = Math.max(LEAST.width, Math.min(across, size.width));
  const max = Math.max(1, Math.floor((size.width + GAP) / (min + GAP)));
  // As square as the space allows.
  const rowsAt = (columns: number) => Math.ceil(n / columns);
  let columns = Math.min(max, n);
  while (
    columns > 1 &&
    rowsAt(columns - 1) * (LEAST.height + 2 * font + GAP) < size.height &&
    rowsAt(columns - 1) < columns
  )
    columns--;
  // One more column if that fills the rows: 5 + 5 rather than 4 + 4 + 2.
  const empty = (each: number) => rowsAt(each) * each - n;
  if (columns < max && empty(columns + 1) < empty(columns)) columns++;
  const rows = rowsAt(columns);
  const width = (size.width - GAP * (columns - 1)) / columns;
  const height = (size.height - font * 1.5 - GAP * (rows - 1)) / rows;
  const head = font * 1.5;
  const first: Plot = { left: 0, right: width, top: head + 4, bottom: Math.max(head + 14, height - 2) };
  const highest = Math.max(
    ...flat.map(({ values }) => values[0] ?? 0),
    ...flat.filter(({ diverged }) => !diverged).map(({ values }) => Math.max(...values)),
  );
  const values = flat.flatMap((curve) => curve.values.filter((v) => v <= highest));
  const last = Math.max(...flat.map(({ steps }) => steps.at(-1) ?? 1), 1);
  const top = linearHeight(values, first);
  const ends = scene.cells.map((cell) => endOf(cell) ?? Number.POSITIVE_INFINITY);
  const best = n > 1 ? ends.findIndex((end) => Number.isFinite(end) && end === Math.min(...ends)) : -1;
  return flatten(
    scene.cells.map((cell, i) => {
      const [dx, dy] = [(i % columns) * (width + GAP), Math.floor(i / columns) * (height + GAP)];
      const place: Plot = { left: dx, right: dx + width, top: first.top + dy, bottom: first.bottom + dy };
      const x = scaleLinear([0, last], [place.left, place.right]);
      const y: Scale = (value) => top.scale(value) + dy;
      const below = place.bottom + font * 1.2;
      return [
        words(`name ${i}`, 'ink-2', [dx, dy + font], 'start', nameOf(scene, i)),
        words(`end ${i}`, i === best ? 'ink strong' : 'ink', [dx + width, dy + font], 'end', endText(cell)),
        hline(`top ${i}`, 'hair rule', place.top, place),
        hline(`foot ${i}`, 'hair axis', place.bottom, place),
        curves(scene, all[i], i, x, y, highest),
        i + columns >= n &&
          i % columns === 0 && [
            words(`from ${i}`, '', [place.left, below], 'start', 'step 0'),
            words(`to ${i}`, '', [place.right, below], 'end', count(last)),
          ],
      ];
    }),
  );
}

function curves(
  scene: SweepScene,
  list: readonly StepCurve[],
  i: number,
  x: Scale,
  y: Scale,
  highest: number,
): Nested<Mark> {
  const hue = scene.samples ? 'ink' : 'dw';
  const top = highest * 1.02;
  const line = (key: string, className: string, steps: readonly number[], values: readonly number[]) => {
    const shown = values.map((v) => (v <= top ? v : Number.POSITIVE_INFINITY));
    return finiteParts(steps, shown, x, y).map((points, part) => polyline(`${key} ${part}`, className, points));
  };
  const band = scene.seeds >= MIN_SEEDS_FOR_BAND ? bandOf(list, stepsOf(list)) : null;
  const shape = (band?.steps ?? []).flatMap((step, t): [number, number, number][] =>
    band && band.high[t] <= top ? [[x(step), y(band.low[t]), y(band.high[t])]] : [],
  );
  const single = list.length === 1 && scene.seeds === 1;
  return [
    shape.length > 1 && bandMark(`band ${i}`, hue, shape),
    list.map((curve, seed) =>
      line(`run ${i} ${seed}`, single ? `line ${hue}` : `thin faint ${hue}`, curve.steps, curve.values),
    ),
    band && line(`median ${i}`, `line ${hue}`, band.steps, band.median),
  ];
}
