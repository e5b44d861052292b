import { scaleLinear, scaleLog } from 'd3-scale';
import { number, plural } from '../../experiment/numbers.ts';
import type { CellRun } from '../../experiment/run-file/run-record.ts';
import { fitTicks, horizontalAxis, type Scale, type Tick, verticalAxis } from '../../kit/chart/axes.ts';
import type { Size } from '../../kit/chart/chart.ts';
import { clampedText, type MarginLabel, marginLabels } from '../../kit/chart/labels.ts';
import { dot, type Mark, type Point, polyline, segment, square, words } from '../../kit/chart/marks.ts';
import { dotRadius, type Plot, plotOf } from '../../kit/chart/plot.ts';
import { render } from '../../kit/chart/render.ts';
import { sentence } from '../drawing/sentence.ts';
import { quantileAt } from './bands.ts';
import { figureOf, MEASURES, type SweepChart, type SweepScene } from './cells.ts';
import { bandMark, heightOf } from './marks.ts';
import { measureText, sweepSentence, sweepTable } from './sentence.ts';

/** Fewer seeds have no median and no band, only their lines. */
export const MIN_SEEDS_FOR_BAND = 4;

/** One setting: its values along the axis, every run, and over four seeds and more their median and middle half. */
export const sweepLines: SweepChart = {
  name: 'sweepLines',
  title: ({ measure, axes }) => `${MEASURES[measure]} against ${axes[0]?.name ?? 'nothing'}`,
  help: (scene) => linesHelp(scene),
  draw: (svg, scene, size) => render(svg, size, linesPicture(scene, size)),
  describe: (scene) =>
    `${MEASURES[scene.measure]} against ${scene.axes[0]?.name ?? 'nothing'}, ${linesHelp(scene)}. ${sweepSentence(scene)}`,
  table: sweepTable,
};

function linesHelp({ seeds, samples, measure }: SweepScene): string {
  const both = samples && measure === 'heldOut' ? 'held-out and training, ' : '';
  if (seeds === 1) return `${both}one seed`;
  if (seeds < MIN_SEEDS_FOR_BAND) return `${both}${seeds} seeds, each a line: too few for a band`;
  return `${both}n = ${seeds} seeds: median, band from the 1st to the 3rd quartile`;
}

/** The measure drawn for every value: one line, or held-out and training. */
interface RankLine {
  readonly key: string;
  readonly name: string;
  readonly className: string;
  readonly of: (run: CellRun) => number | null;
}

function seriesOf({ measure, samples }: SweepScene): readonly RankLine[] {
  const main: RankLine = {
    key: 'main',
    name:
      samples && measure === 'heldOut'
        ? 'held-out'
        : measure === 'steps'
          ? 'steps'
          : measure === 'ratio'
            ? 'error ÷ floor'
            : 'error',
    className: measure === 'heldOut' ? 'ink' : 'dw',
    of: (run) => figureOf(run, measure),
  };
  if (!samples || measure !== 'heldOut') return [main];
  const training = (run: CellRun) => (run.status === 'diverged' ? Number.POSITIVE_INFINITY : run.training);
  return [main, { key: 'training', name: 'training', className: 'dw', of: training }];
}

/** The axis of a setting: numeric, or one place per value. */
function valueScale({ axes: [axis] }: SweepScene, plot: Plot): { readonly x: Scale; readonly ordinal: boolean } {
  const numbers = axis?.numbers;
  const [left, right] = [plot.left + 10, plot.right - 12];
  const positive = numbers?.every((v) => v > 0) ?? false;
  if (!numbers || numbers.length < 2) {
    const place = scaleLinear()
      .domain([-0.5, Math.max(0.5, (axis?.texts.length ?? 1) - 0.5)])
      .range([plot.left, plot.right]);
    return { x: place, ordinal: true };
  }
  const ends = [Math.min(...numbers), Math.max(...numbers)];
  const scale = axis.scale === 'log' && positive ? scaleLog() : scaleLinear();
  const x = scale.domain(ends).range([left, right]);
  return { x: (i) => x(numbers[i] ?? 0), ordinal: false };
}

export function linesPicture(scene: SweepScene, size: Size): Mark[] {
  const plot = plotOf(size, 14);
  const [axis] = scene.axes;
  const { x, ordinal } = valueScale(scene, plot);
  const order = scene.cells.map((_, i) => i).sort((a, b) => x(a) - x(b));
  const series = seriesOf(scene);
  const all = scene.cells.flatMap(({ runs }) => runs.flatMap((run) => (run ? series.map(({ of }) => of(run)) : [])));
  const known = all.filter((v): v is number => v !== null && Number.isFinite(v));
  if (!axis || known.length === 0) return sentence('Nothing has run yet.', plot, size.font);
  const floors = scene.measure === 'error' ? floorsOf(scene, order, Math.min(...known)) : [];
  const { y, ticks } = heightOf([...known, ...floors.map(({ floor }) => floor)], plot);
  const banded = scene.seeds >= MIN_SEEDS_FOR_BAND;
  const drawn = series.map((one) => ({ one, ...linesOf(scene, one, order, x, y) }));
  const best = bestOf(scene, order);
  const texts = axis.texts.map((text, value): Tick => ({ value, text, strong: best?.i === value }));
  const inOrder = [...texts].sort((a, b) => Number(b.strong) - Number(a.strong));
  const labels = drawn.flatMap(({ one, medians, ends }): MarginLabel[] => {
    const end = banded ? medians.at(-1)?.[1] : ends;
    if (end === undefined) return [];
    const first = banded ? `${one.name}, median` : `${one.name}, ${plural(scene.seeds, 'seed')}`;
    const more = banded && one.key === 'main' ? [[first, 'band: middle half', `thin: the ${scene.seeds} seeds`]] : [];
    return [
      { key: `label ${one.key}`, className: `${one.className} strong`, at: end, texts: [...more, first, one.name] },
    ];
  });
  return [
    ...verticalAxis(ticks, y, plot, size),
    ...horizontalAxis('', fitTicks(inOrder, x, size.font), x, plot, size),
    words('axis name', '', [plot.left, plot.bottom + 4 + size.font * 2.2], 'start', axis.name),
    ...impossible(scene, x, plot, size),
    ...(floors.length > 1 && !ordinal
      ? [
          polyline(
            'floor',
            'line dwt dashed',
            floors.map(({ i, floor }): Point => [x(i), y(floor)]),
          ),
        ]
      : []),
    ...(banded ? drawn.map(({ one, band }) => bandMark(`band ${one.key}`, one.className, band)) : []),
    ...drawn.flatMap(({ one, runs }) =>
      runs.flatMap((points, seed) => [
        ...(ordinal
          ? []
          : [
              polyline(
                `run ${one.key} ${seed}`,
                `${scene.seeds === 1 ? 'main' : 'thin'} ${scene.seeds === 1 ? '' : 'faint '}${one.className}`,
                points,
              ),
            ]),
        ...(ordinal || !banded
          ? points.map((at, i) =>
              dot(
                `dot ${one.key} ${seed} ${i}`,
                banded ? `faint ${one.className}` : one.className,
                at,
                dotRadius(size) * (scene.seeds === 1 ? 1 : 0.7),
              ),
            )
          : []),
      ]),
    ),
    ...(banded
      ? drawn.flatMap(({ one, medians }) => [
          ...(ordinal ? [] : [polyline(`median ${one.key}`, `main ${one.className}`, medians)]),
          ...medians.map((at, i) =>
            (one.className === 'ink' ? square : dot)(`median ${one.key} ${i}`, one.className, at, dotRadius(size)),
          ),
        ])
      : []),
    ...(best ? bestMarks(scene, best, x, y, plot, size) : []),
    ...diverged(scene, order, x, plot, size),
    ...marginLabels([...labels, ...floorLabel(floors, ordinal, y)], plot, size),
  ];
}

/** The floor of each value, unless negligible relative to the smallest error. */
function floorsOf(scene: SweepScene, order: readonly number[], min: number) {
  return order.flatMap((i) => {
    const floor = scene.cells[i]?.runs.find((run) => run !== null)?.floor ?? null;
    return floor !== null && floor > min / 20 ? [{ i, floor }] : [];
  });
}

function floorLabel(floors: readonly { readonly floor: number }[], ordinal: boolean, y: Scale): MarginLabel[] {
  const last = floors.at(-1);
  return last === undefined || ordinal || floors.length < 2
    ? []
    : [{ key: 'floor label', className: 'dwt strong', at: y(last.floor), texts: ['floor'] }];
}

/** The lines of a series: one per seed, the medians, the band; values that are not finite are left out. */
function linesOf(scene: SweepScene, { of }: RankLine, order: readonly number[], x: Scale, y: Scale) {
  const value = (i: number, seed: number) => {
    const run = scene.cells[i]?.runs[seed];
    return run ? of(run) : null;
  };
  const finite = (v: number | null): v is number => v !== null && Number.isFinite(v);
  const runs = Array.from({ length: scene.seeds }, (_, seed) =>
    order.flatMap((i): Point[] => {
      const v = value(i, seed);
      return finite(v) ? [[x(i), y(v)]] : [];
    }),
  );
  const sorted = order.map((i) => {
    const values = Array.from({ length: scene.seeds }, (_, seed) => value(i, seed)).filter((v) => v !== null);
    return { i, values: values.sort((a, b) => a - b) };
  });
  const at = (p: number, values: readonly number[]) => quantileAt(values, p);
  const medians = sorted.flatMap(({ i, values }): Point[] => {
    const v = at(0.5, values);
    return finite(v) ? [[x(i), y(v)]] : [];
  });
  const band = sorted.flatMap(({ i, values }): [number, number, number][] => {
    const [low, high] = [at(0.25, values), at(0.75, values)];
    return finite(low) && finite(high) ? [[x(i), y(low), y(high)]] : [];
  });
  const lasts = runs.flatMap((points) => points.slice(-1).map(([, height]) => height));
  return { runs, medians, band, ends: lasts.length > 0 ? lasts.reduce((a, b) => a + b, 0) / lasts.length : undefined };
}

interface BestCell {
  readonly i: number;
  readonly value: number;
}

/** The value with the lowest median of at least four seeds. */
function bestOf(scene: SweepScene, order: readonly number[]): BestCell | null {
  if (scene.seeds < MIN_SEEDS_FOR_BAND) return null;
  const medians = order.flatMap((i): BestCell[] => {
    const values = (scene.cells[i]?.runs ?? [])
      .flatMap((run) => (run ? [figureOf(run, scene.measure)] : []))
      .filter((v) => v !== null);
    const value = quantileAt(
      values.sort((a, b) => a - b),
      0.5,
    );
    return value !== null && Number.isFinite(value) ? [{ i, value }] : [];
  });
  return medians.length > 1 ? medians.reduce((a, b) => (b.value < a.value ? b : a)) : null;
}

function bestMarks(scene: SweepScene, { i, value }: BestCell, x: Scale, y: Scale, plot: Plot, { font }: Size): Mark[] {
  const text = `lowest: ${measureText(value, scene.measure)}`;
  const [px, py] = [x(i), y(value)];
  const ring = dot('best', '', [px, py], 8);
  const place: Point = [px + 10, Math.min(plot.bottom - 4, py + font * 1.7)];
  return [
    { ...ring, attributes: { ...ring.attributes, class: 'stroke ref ink' } },
    clampedText('best label', 'ink strong', text, place, 'start', plot, font),
  ];
}

/** ▲ at the top of values with diverged runs, with their number if not all diverged and there is space. */
function diverged(scene: SweepScene, order: readonly number[], x: Scale, plot: Plot, { font }: Size): Mark[] {
  const marks = order.flatMap((value): Tick[] => {
    const runs = (scene.cells[value]?.runs ?? []).filter((run) => run !== null);
    const n = runs.filter(({ status }) => status === 'diverged').length;
    return n === 0 ? [] : [{ value, text: n === runs.length ? '▲' : `▲ ${n}` }];
  });
  const roomy = fitTicks(marks, x, font).length === marks.length;
  const shown = fitTicks(roomy ? marks : marks.map((mark) => ({ ...mark, text: '▲' })), x, font, 0);
  return shown.map(({ value, text }) =>
    words(`diverged ${value}`, 'bad halo', [x(value), plot.top + font * 0.6], 'middle', text),
  );
}

function impossible({ cells }: SweepScene, x: Scale, plot: Plot, size: Size): Mark[] {
  return cells.flatMap(({ why }, i) =>
    why === null
      ? []
      : [
          segment(`impossible ${i}`, 'hair axis dotted', [x(i), plot.top], [x(i), plot.bottom]),
          words(`impossible ${i} sign`, 'ink-3 halo', [x(i), plot.bottom - size.font * 0.5], 'middle', '∅'),
        ],
  );
}

export function seedRows(scene: SweepScene): readonly { readonly head: string; readonly texts: readonly string[] }[] {
  const columns = scene.cells.map(({ runs }) => {
    const made = runs.filter((run) => run !== null);
    const values = made.map((run) => figureOf(run, scene.measure)).filter((v) => v !== null);
    // As in the map: a run that never got there has not diverged.
    const lost = scene.measure === 'steps' && made.every(({ status }) => status !== 'diverged') ? '–' : '▲';
    return { list: values.sort((a, b) => a - b), lost };
  });
  const write = (v: number | null | undefined, lost: string) => {
    if (v === null || v === undefined) return '–';
    if (!Number.isFinite(v)) return lost;
    return scene.measure === 'steps' ? String(Math.round(v)) : number(v);
  };
  const between = (p: number, q: number) =>
    columns.map(({ list, lost }) => {
      const [low, high] = [p, q].map((at) => write(quantileAt(list, at), lost));
      if (high === '–') return low === '–' ? '–' : `from ${low}`;
      return `${low}–${high}`;
    });
  const median = { head: 'median', texts: columns.map(({ list, lost }) => write(quantileAt(list, 0.5), lost)) };
  const ends = { head: 'smallest–largest', texts: between(0, 1) };
  if (scene.seeds < MIN_SEEDS_FOR_BAND) return scene.seeds === 1 ? [{ head: 'one seed', texts: median.texts }] : [ends];
  return [median, { head: 'middle half', texts: between(0.25, 0.75) }, ends];
}

/** The value with the lowest median, printed bold in the table; −1 if none stands out. */
export function bestColumn(scene: SweepScene): number {
  return (
    bestOf(
      scene,
      scene.cells.map((_, i) => i),
    )?.i ?? -1
  );
}
