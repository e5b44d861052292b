import { mean, range } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import { number, plural } from '../../experiment/numbers.ts';
import type { CellRun, Measure } from '../../experiment/run-file/run-record.ts';
import { axisNameBelow, fitTicks, type Scale, type Tick, vline } from '../../kit/chart/axes.ts';
import { dotRadius, type Plot, plotOf, type Size } from '../../kit/chart/chart.ts';
import {
  dot,
  type Mark,
  type Nested,
  type Point,
  polyline,
  square,
  withAttributes,
  words,
} from '../../kit/chart/marks.ts';
import { clampedText, drawing, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import {
  figureOf,
  isShare,
  MEASURES,
  medianFloor,
  type SweepCell,
  type SweepChart,
  type SweepScene,
  summaryOf,
} from './cells.ts';
import { bandMark, heightOf, quantileAt, shareHeight } from './marks.ts';
import { rankEndsHelp, rankEndsPicture } from './rank-ends.ts';
import { measureText, sweepSentence, sweepTable } from './sentence.ts';

/** Fewer seeds have no median and no band, only their lines. */
export const MIN_SEEDS_FOR_BAND = 4;

/** One setting: its values along the axis, every run, and over four seeds and more their median and middle half. */
export const sweepLines: SweepChart = {
  name: 'sweepLines',
  title: ({ measure, axes }) => `${MEASURES[measure]} against ${axes[0]?.name ?? 'nothing'}`,
  help: linesHelp,
  draw: drawing(linesPicture),
  describe: (scene) =>
    `${MEASURES[scene.measure]} against ${scene.axes[0]?.name ?? 'nothing'}, ${linesHelp(scene)}. ${sweepSentence(scene)}`,
  table: sweepTable,
};

/** Between two ranks there is no run, and a line could pass below the floor. */
const isByRank = ({ axes: [axis], measure }: SweepScene) => axis?.key === 'rank' && measure === 'error';

function linesHelp(scene: SweepScene): string {
  const { seeds, samples, network, measure } = scene;
  if (isByRank(scene)) return rankEndsHelp(scene);
  const both = samples && !network && measure === 'heldOut' ? 'held-out and training, ' : '';
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

const MEASURE_NAMES: Readonly<Record<Measure, string>> = {
  error: 'error',
  ratio: 'error ÷ floor',
  steps: 'steps',
  heldOut: 'error',
  accuracy: 'new task',
  oldAccuracy: 'old task',
};

function seriesOf({ measure, samples, network }: SweepScene): readonly RankLine[] {
  const both = samples && !network && measure === 'heldOut';
  const training = (run: CellRun) => (run.status === 'diverged' ? Number.POSITIVE_INFINITY : run.training);
  return [
    {
      key: 'main',
      name: both ? 'held-out' : MEASURE_NAMES[measure],
      className: measure === 'heldOut' ? 'ink' : 'dw',
      of: (run) => figureOf(run, measure),
    },
    ...(both ? [{ key: 'training', name: 'training', className: 'dw', of: training }] : []),
  ];
}

/** The axis of a setting: numeric, or one place per value. */
function valueScale({ axes: [axis] }: SweepScene, plot: Plot): { readonly x: Scale; readonly ordinal: boolean } {
  const numbers = axis?.numbers;
  if (!numbers || numbers.length < 2) {
    const last = Math.max(0.5, (axis?.texts.length ?? 1) - 0.5);
    return { x: scaleLinear([-0.5, last], [plot.left, plot.right]), ordinal: true };
  }
  const scale = axis.scale === 'log' && numbers.every((v) => v > 0) ? scaleLog() : scaleLinear();
  const x = scale.domain([Math.min(...numbers), Math.max(...numbers)]).range([plot.left + 10, plot.right - 12]);
  return { x: (i) => x(numbers[i]), ordinal: false };
}

export function linesPicture(scene: SweepScene, size: Size): Mark[] {
  if (isByRank(scene)) return rankEndsPicture(scene, size);
  const plot = plotOf(size, 14);
  const { seeds, cells } = scene;
  const [axis] = scene.axes;
  const { x, ordinal } = valueScale(scene, plot);
  const order = range(cells.length).sort((a, b) => x(a) - x(b));
  const series = seriesOf(scene);
  const runs = cells.flatMap((cell) => cell.runs).filter((run) => run !== null);
  const known = runs.flatMap((run) => series.map(({ of }) => of(run))).filter(isKnown);
  if (!axis || known.length === 0) return sentence('Nothing has run yet.', plot, size.font);
  const floors = scene.measure === 'error' ? floorsOf(scene, order, Math.min(...known)) : [];
  const height = isShare(scene.measure)
    ? shareHeight(known, plot)
    : heightOf([...known, ...floors.map(({ floor }) => floor)], plot);
  const y = height.scale;
  const floor = ordinal || floors.length < 2 ? [] : floors.map((one): Point => [x(one.i), y(one.floor)]);
  const banded = seeds >= MIN_SEEDS_FOR_BAND;
  const lines = series.map((one) => ({ ...one, ...linesOf(scene, one, order, x, y) }));
  const best = bestOf(scene, order);
  const ticks = axis.texts.map((text, value): Tick => ({ value, text, strong: best?.i === value }));
  const byWeight = [...ticks].sort((a, b) => Number(b.strong) - Number(a.strong));
  const weight = seeds === 1 ? 'main' : 'thin faint';
  const radius = dotRadius(size);
  return picture({
    size,
    plot,
    x: { scale: x, ticks: fitTicks(byWeight, x, size.font) },
    y: height,
    marks: [
      axisNameBelow(axis.name, plot, size),
      impossible(scene, x, plot, size),
      floor.length > 0 && polyline('floor', 'line dwt dashed', floor),
      banded && lines.map(({ key, className, band }) => bandMark(`band ${key}`, className, band)),
      lines.map(({ key, className, runs }) =>
        runs.map((points, seed) => [
          !ordinal && polyline(`run ${key} ${seed}`, `${weight} ${className}`, points),
          (ordinal || !banded) &&
            points.map((at, i) =>
              dot(
                `dot ${key} ${seed} ${i}`,
                banded ? `faint ${className}` : className,
                at,
                radius * (seeds === 1 ? 1 : 0.7),
              ),
            ),
        ]),
      ),
      banded &&
        lines.map(({ key, className, medians }) => [
          !ordinal && polyline(`median ${key}`, `main ${className}`, medians),
          medians.map((at, i) => (className === 'ink' ? square : dot)(`median ${key} ${i}`, className, at, radius)),
        ]),
      best && bestMarks(scene, best, x, y, plot, size),
      diverged(scene, order, x, plot, size),
    ],
    names: [
      lines.map(({ key, className, name, medians, end }): MarginLabel | null => {
        const at = banded ? medians.at(-1)?.[1] : end;
        const first = banded ? `${name}, median` : `${name}, ${plural(seeds, 'seed')}`;
        const more = banded && key === 'main' ? [[first, 'band: middle half', `thin: the ${seeds} seeds`]] : [];
        const label = { key: `label ${key}`, className: `${className} strong`, texts: [...more, first, name] };
        return at === undefined ? null : { ...label, at };
      }),
      floor.slice(-1).map(([, at]) => ({
        key: 'floor label',
        className: 'dwt strong',
        at,
        texts: [seeds > 1 ? 'median floor' : 'floor', 'floor'],
      })),
    ],
  });
}

const isKnown = (v: number | null): v is number => v !== null && Number.isFinite(v);

/** The median floor of each value, since each seed has a target of its own; left out if negligible. */
function floorsOf(scene: SweepScene, order: readonly number[], min: number) {
  return order.flatMap((i) => {
    const floor = medianFloor(scene.cells[i].runs);
    return floor !== null && floor > min / 20 ? [{ i, floor }] : [];
  });
}

/** The lines of a series: one per seed, the medians, the band; values that are not finite are left out. */
function linesOf(scene: SweepScene, { of }: RankLine, order: readonly number[], x: Scale, y: Scale) {
  const columns = order.map((i) => ({ i, figures: scene.cells[i].runs.map((run) => run && of(run)) }));
  const through = (value: (figures: readonly (number | null)[]) => number | null) =>
    columns.flatMap(({ i, figures }): Point[] => {
      const v = value(figures);
      return isKnown(v) ? [[x(i), y(v)]] : [];
    });
  const runs = range(scene.seeds).map((seed) => through((figures) => figures[seed] ?? null));
  const quantile = (figures: readonly (number | null)[], p: number) =>
    quantileAt(
      figures.filter((v) => v !== null).sort((a, b) => a - b),
      p,
    );
  const band = columns.flatMap(({ i, figures }): [number, number, number][] => {
    const [low, high] = [quantile(figures, 0.25), quantile(figures, 0.75)];
    return isKnown(low) && isKnown(high) ? [[x(i), y(low), y(high)]] : [];
  });
  const ends = runs.flatMap((points) => points.slice(-1).map(([, height]) => height));
  return { runs, medians: through((figures) => quantile(figures, 0.5)), band, end: mean(ends) };
}

interface BestCell {
  readonly i: number;
  readonly value: number;
}

/** The value with the best median, the least figure, of at least four seeds. */
function bestOf({ seeds, cells, measure }: SweepScene, order: readonly number[]): BestCell | null {
  const medians = order.flatMap((i): BestCell[] => {
    const value = summaryOf(cells[i], measure).median;
    return isKnown(value) ? [{ i, value }] : [];
  });
  if (seeds < MIN_SEEDS_FOR_BAND || medians.length < 2) return null;
  return medians.reduce((a, b) => (b.value < a.value ? b : a));
}

function bestMarks(scene: SweepScene, { i, value }: BestCell, x: Scale, y: Scale, plot: Plot, { font }: Size): Mark[] {
  const text = `${isShare(scene.measure) ? 'highest' : 'lowest'}: ${measureText(value, scene.measure)}`;
  const [px, py] = [x(i), y(value)];
  const place: Point = [px + 10, Math.min(plot.bottom - 4, py + font * 1.7)];
  return [
    ...withAttributes(dot('best', '', [px, py], 8), { class: 'stroke ref ink' }),
    clampedText('best label', 'ink strong', text, place, 'start', plot, font),
  ];
}

const doneOf = ({ runs }: SweepCell) => runs.filter((run) => run !== null);

/** ▲ at the top of values with diverged runs, with their number if not all diverged and there is space. */
function diverged(scene: SweepScene, order: readonly number[], x: Scale, plot: Plot, { font }: Size): Mark[] {
  const marks = order.flatMap((value): Tick[] => {
    const runs = doneOf(scene.cells[value]);
    const n = runs.filter(({ status }) => status === 'diverged').length;
    return n === 0 ? [] : [{ value, text: n === runs.length ? '▲' : `▲ ${n}` }];
  });
  const roomy = fitTicks(marks, x, font).length === marks.length;
  const shown = fitTicks(roomy ? marks : marks.map((mark) => ({ ...mark, text: '▲' })), x, font, 0);
  return shown.map(({ value, text }) =>
    words(`diverged ${value}`, 'bad halo', [x(value), plot.top + font * 0.6], 'middle', text),
  );
}

function impossible({ cells }: SweepScene, x: Scale, plot: Plot, size: Size): Nested<Mark> {
  return cells.map(
    ({ why }, i) =>
      why !== null && [
        vline(`impossible ${i}`, 'hair axis dotted', x(i), plot),
        words(`impossible ${i} sign`, 'ink-3 halo', [x(i), plot.bottom - size.font * 0.5], 'middle', '∅'),
      ],
  );
}

export function seedRows(scene: SweepScene): readonly { readonly head: string; readonly texts: readonly string[] }[] {
  const columns = scene.cells.map((cell) => {
    const made = doneOf(cell);
    const values = made.map((run) => figureOf(run, scene.measure)).filter((v) => v !== null);
    // As in the map: a run that never got there has not diverged.
    const lost = scene.measure === 'steps' && made.every(({ status }) => status !== 'diverged') ? '–' : '▲';
    return { list: values.sort((a, b) => a - b), lost };
  });
  const write = (v: number | null | undefined, lost: string) => {
    if (v === null || v === undefined) return '–';
    if (!Number.isFinite(v)) return lost;
    return scene.measure === 'steps' || isShare(scene.measure) ? measureText(v, scene.measure) : number(v);
  };
  const between = (p: number, q: number) =>
    columns.map(({ list, lost }) => {
      const [low, high] = [p, q].map((at) => write(quantileAt(list, at), lost));
      // The least figure is the highest accuracy.
      if (isShare(scene.measure) && low !== '–') return `${high}–${low}`;
      if (high === '–') return low === '–' ? '–' : `from ${low}`;
      return `${low}–${high}`;
    });
  const median = { head: 'median', texts: columns.map(({ list, lost }) => write(quantileAt(list, 0.5), lost)) };
  const ends = { head: 'smallest–largest', texts: between(0, 1) };
  if (scene.seeds < MIN_SEEDS_FOR_BAND) return scene.seeds === 1 ? [{ head: 'one seed', texts: median.texts }] : [ends];
  return [median, { head: 'middle half', texts: between(0.25, 0.75) }, ends];
}

/** The value with the lowest median, printed bold in the table; −1 if none stands out. */
export const bestColumn = (scene: SweepScene): number => bestOf(scene, range(scene.cells.length))?.i ?? -1;
