import { range, ticks as roundTicks } from 'd3-array';
import { scaleLinear, scaleLog } from 'd3-scale';
import { count, display, tickText } from '../../experiment/numbers.ts';
import { decades, fitTicks, type Scale, type Tick, ticksAt, vline } from '../../kit/chart/axes.ts';
import { dotRadius, isLarge, type Plot, plotOf, type Size } from '../../kit/chart/chart.ts';
import { box, dot, type Mark, type Nested, type Point, pieces, polylines, words } from '../../kit/chart/marks.ts';
import { endName, LINE_HEIGHT, type MarginLabel, picture, sentence } from '../../kit/chart/picture.ts';
import { shortened, widest, wrapText } from '../../kit/chart/text-width.ts';
import type { CaseChart, CaseLook } from '../cases/case.ts';

interface CaseAxis {
  readonly scale: Scale;
  readonly ticks: readonly Tick[];
}

type ScaleKind = CaseChart['x']['scale'];

const isShown = (kind: ScaleKind, value: number) => Number.isFinite(value) && (kind === 'linear' || value > 0);

/** All finite values of lines or bars; above 0 if the axis is logarithmic. */
function valuesOf({ lines, bars = [], y }: CaseChart): readonly number[] {
  const all = [...lines.flatMap(({ points }) => points.map(([, value]) => value)), ...bars.map(({ value }) => value)];
  return all.filter((value) => isShown(y.scale, value));
}

/** Places on the horizontal axis at which a line has a value, ascending. */
export function placesOf({ lines, x }: Pick<CaseChart, 'lines' | 'x'>): readonly number[] {
  const all = new Set(lines.flatMap(({ points }) => points.map(([at]) => at)));
  return [...all].filter((at) => isShown(x.scale, at)).sort((a, b) => a - b);
}

/** The least and the largest value on the vertical axis. A logarithmic one spans at least a factor of two. */
export function heightsOf(chart: CaseChart): readonly [low: number, high: number] {
  const { y, bars } = chart;
  const values = valuesOf(chart);
  const [least, most] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [1, 1];
  if (y.scale === 'log') {
    const low = y.low ?? least / 1.12;
    return [low, y.high ?? Math.max(most * 1.05, 2 * low)];
  }
  const room = 0.05 * (most - Math.min(0, least) || 1);
  const low = y.low ?? (bars || least >= 0 ? 0 : least - room);
  return [low, y.high ?? (most > low ? most + room : low + 1)];
}

/** Between these numbers of font sizes a tick has room. */
const APART = 1.5;

/** The vertical axis. A logarithmic one counts 1, 2, 5 where decades alone would be few. */
function verticalCaseAxis(chart: CaseChart, plot: Plot, { font }: Pick<Size, 'font'>): CaseAxis {
  const [low, high] = heightsOf(chart);
  const rows = Math.max(2, Math.floor((plot.bottom - plot.top) / (APART * font)));
  if (chart.y.scale === 'log') {
    const scale = scaleLog([low, high], [plot.bottom, plot.top]).clamp(true);
    return { scale, ticks: logTicks(low, high, rows) };
  }
  const scale = scaleLinear([low, high], [plot.bottom, plot.top]).clamp(true);
  const ticks = ticksAt(roundTicks(low, high, Math.min(5, rows - 1)), display);
  return { scale, ticks };
}

/** At most `rows` ticks: 1, 2, 5 of each decade, else the decades; of less than one decade round numbers. */
function logTicks(low: number, high: number, rows: number): readonly Tick[] {
  const within = (digits: readonly number[]) =>
    range(Math.floor(Math.log10(low)), Math.ceil(Math.log10(high)) + 1)
      .flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`)))
      .filter((value) => value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9));
  const fine = within([1, 2, 5]);
  // The narrowest gap of 1, 2, 5 is a factor of two.
  const room = Math.log10(high / low) / rows < Math.log10(2);
  if (fine.length >= 2 && fine.length <= rows && room) return ticksAt(fine, tickText);
  const powers = decades(low, high, rows - 1);
  return powers.length >= 2 ? powers : ticksAt(roundTicks(low, high, Math.min(4, rows - 1)), display);
}

/** A line with few places has a tick at each. */
const FEW = 10;

function horizontalCaseAxis(chart: CaseChart, plot: Plot, size: Size): CaseAxis {
  const { x } = chart;
  const places = placesOf(chart);
  const marks = (x.marks ?? []).map(({ at }) => at).filter((at) => isShown(x.scale, at));
  const [first, last] = [Math.min(...places, ...marks), Math.max(...places, ...marks)];
  const few = places.length <= FEW;
  const inset = few || x.scale === 'log' ? 8 : 0;
  const ends = [plot.left + inset, plot.right - inset];
  const scale = (x.scale === 'log' ? scaleLog([first, last], ends) : scaleLinear([first, last], ends)).clamp(true);
  const text = (value: number) => (Number.isInteger(value) ? count(value) : tickText(value));
  const columns = Math.max(2, Math.floor((plot.right - plot.left) / (6 * size.font)));
  const round = x.scale === 'log' ? decades(first, last).map(({ value }) => value) : roundTicks(first, last, columns);
  const wanted = few ? [first, last, ...places] : [first, last, ...round];
  return { scale, ticks: fitTicks(ticksAt([...new Set(wanted)], text), scale, size.font, size.font) };
}

/** px left of the plot: the widest number of the vertical axis, or the name of the horizontal one. */
function leftMargin(chart: CaseChart, ticks: readonly Tick[], { font }: Pick<Size, 'font'>): number {
  const numbers = widest(
    ticks.map(({ text }) => text),
    font,
  );
  return Math.max(numbers + font, widest([chart.x.label], font) + 1.4 * font);
}

export interface CaseScene {
  readonly chart: CaseChart;
  /** The index of the place that is read, of `placesOf`; null: none. */
  readonly pointed: number | null;
}

export type CaseLine = CaseChart['lines'][number];

/** Classes of a line, of its name and of a bar; the heavier are drawn later. Weights tell looks apart without hue. */
export const CASE_LOOKS = {
  symptom: { line: 'main ink', name: 'ink strong', fill: 'ink', weight: 4 },
  cure: { line: 'main dw', name: 'dw strong', fill: 'dw', weight: 5 },
  reference: { line: 'ref ink-3', name: 'ink-2', fill: 'ink-3', weight: 0 },
  a: { line: 'line a', name: 'a strong', fill: 'a', weight: 2 },
  b: { line: 'line b', name: 'b strong', fill: 'b', weight: 3 },
  floor: { line: 'ref dwt dashed', name: 'dwt', fill: 'dwt', weight: 1 },
} as const satisfies Record<CaseLook, object>;

const weightOf = ({ look }: { readonly look: CaseLook }) => CASE_LOOKS[look].weight;

/** "rank 64: 0.781" as two lines. */
const halves = (label: string): readonly string[] => label.split(/(?<=:) /);

/** px for names right of the plot, at most a third of the picture: in one line each, or their figures below. */
function rightMargin(names: readonly string[], { width, font }: Size): number {
  if (names.length === 0) return font;
  const gap = 1.4 * font;
  const most = 0.36 * width;
  const whole = gap + widest(names, font, true);
  return whole <= most ? whole : Math.min(most, gap + widest(names.flatMap(halves), font, true));
}

/** Without lines of which nothing is known yet. */
const withKnown = (chart: CaseChart): CaseChart => ({
  ...chart,
  lines: chart.lines.filter(({ points }) => points.some(([, value]) => Number.isFinite(value))),
});

/** The plot of a chart of lines between its margins, and its axes. */
export function lineLayout(shown: CaseChart, size: Size) {
  const base = plotOf(size);
  const marked = (shown.x.marks ?? []).length > 0;
  const rows = { ...base, top: base.top + (marked ? LINE_HEIGHT * size.font : 0) };
  const least = leftMargin(shown, verticalCaseAxis(shown, rows, size).ticks, size);
  // Half of a wide first number is left of its place, and the name of the axis is left of that.
  const { scale, ticks } = horizontalCaseAxis(shown, { ...rows, left: least }, size);
  const half = ticks.length > 0 ? widest([ticks[0].text], size.font) / 2 - (scale(ticks[0].value) - least) : 0;
  const left = Math.max(least, widest([shown.x.label], size.font) + 0.6 * size.font + half);
  const labels = shown.lines.map(({ label }) => label);
  const plot: Plot = { ...rows, left, right: Math.max(left + 20, size.width - rightMargin(labels, size)) };
  return { plot, x: horizontalCaseAxis(shown, plot, size), y: verticalCaseAxis(shown, plot, size) };
}

/** Lines or bars of a complaint: pure, of a chart and a size. */
export function casePicture({ chart, pointed }: CaseScene, size: Size): Mark[] {
  if (chart.bars) return barPicture(chart, chart.bars, pointed, size);
  const shown = withKnown(chart);
  const { lines } = shown;
  if (lines.length === 0) return sentence('Training …', plotOf(size), size.font);
  const { plot, x, y } = lineLayout(shown, size);
  const place = ([at, value]: CaseLine['points'][number]): Point => [x.scale(at), y.scale(value)];
  const isDrawn = ([, value]: readonly [number, number]) =>
    Number.isFinite(value) && (chart.y.scale === 'linear' || value > 0);
  const order = lines.toSorted((a, b) => weightOf(a) - weightOf(b));
  const at = pointed === null ? undefined : placesOf(shown)[pointed];
  return picture({
    size,
    plot,
    x: { ...x, name: chart.x.label },
    y,
    marks: [
      markedPlaces(chart, x.scale, plot, size),
      at !== undefined && vline('read', 'hair ink dotted', x.scale(at), plot),
      order.map(({ label, look, points, dots }) => [
        polylines(`line ${label}`, CASE_LOOKS[look].line, pieces(points.map((p) => (isDrawn(p) ? place(p) : null)))),
        dots === true &&
          points
            .filter(isDrawn)
            .map((p) => dot(`dot ${label} ${p[0]}`, CASE_LOOKS[look].fill, place(p), dotRadius(size))),
        at !== undefined &&
          points
            .filter((p) => p[0] === at && isDrawn(p))
            .map((p) => dot(`read ${label}`, `${CASE_LOOKS[look].fill} open`, place(p), dotRadius(size))),
      ]),
    ],
    names: lines
      .toSorted((a, b) => weightOf(b) - weightOf(a))
      .flatMap(({ label, look, points }) => endName(points.filter(isDrawn).map(place), nameOf(label, look))),
  });
}

function nameOf(label: string, look: CaseLook): Omit<MarginLabel, 'at' | 'from'> {
  const [name] = halves(label);
  const { name: className } = CASE_LOOKS[look];
  const split = halves(label);
  const texts = [label, ...(split.length > 1 ? [split] : []), name.replace(/:$/, '')];
  return { key: `name ${label}`, className, texts, optional: look === 'reference' };
}

/** Vertical lines with their words above the plot, as far as these have room. */
function markedPlaces({ x: { marks = [] } }: CaseChart, x: (at: number) => number, plot: Plot, { font }: Size) {
  const named = fitTicks(
    // Of several at one place the last is named: epochs come first.
    marks.map(({ at, label }) => ({ value: at, text: label })).reverse(),
    x,
    font,
  );
  return [
    marks.map(({ at }) => vline(`mark ${at}`, 'hair axis dotted', x(at), plot)),
    named.map(({ value, text }) => {
      const half = widest([text], font) / 2;
      const middle = Math.max(plot.left + half, Math.min(plot.right - half, x(value)));
      return words(`mark name ${value}`, 'ink-2', [middle, plot.top - 0.35 * font], 'middle', text);
    }),
  ];
}

/** Rows of words below a bar. */
const MOST_ROWS = 3;

/** px left of the bars, and of a bar with its gap. */
export function barLayout(chart: CaseChart, bars: number, size: Size) {
  const { ticks } = verticalCaseAxis(chart, plotOf(size), size);
  const margin = leftMargin({ ...chart, x: { ...chart.x, label: '' } }, ticks, size);
  return { margin, slot: (size.width - margin - size.font) / Math.max(1, bars) };
}

function barPicture(
  chart: CaseChart,
  bars: NonNullable<CaseChart['bars']>,
  pointed: number | null,
  size: Size,
): Mark[] {
  const { font } = size;
  const base = plotOf(size);
  if (bars.length === 0) return sentence('Training …', base, font);
  const { margin, slot } = barLayout(chart, bars.length, size);
  const wrapped = bars.map(({ label }) =>
    wrapText(label.split(' '), ' ', slot - 0.5 * font, font, true)
      .slice(0, MOST_ROWS)
      .map((line) => shortened(line, slot - 0.5 * font, font, true)),
  );
  const below = Math.max(...wrapped.map(({ length }) => length)) * LINE_HEIGHT * font;
  const plot: Plot = {
    left: margin,
    right: size.width - font,
    top: base.top + LINE_HEIGHT * font,
    bottom: Math.max(base.top + 30, size.height - below - 0.6 * font),
  };
  const { scale: y, ticks } = verticalCaseAxis(chart, plot, size);
  const width = Math.min(0.6 * slot, isLarge(size) ? 170 : 96);
  const ground = y(Math.max(0, chart.y.low ?? 0));
  const marks = bars.map(({ label, look, value, text }, i): Nested<Mark> => {
    const middle = margin + (i + 0.5) * slot;
    const top = Number.isFinite(value) ? y(value) : ground;
    const { fill, name } = CASE_LOOKS[look];
    return [
      box(`bar ${label}`, fill, middle - width / 2, Math.min(top, ground), width, Math.abs(ground - top)),
      words(
        `value ${label}`,
        `${i === pointed ? 'ink strong' : name} halo`,
        [middle, top - 0.4 * font],
        'middle',
        shortened(text, slot - 0.3 * font, font, true),
      ),
      wrapped[i].map((line, row) =>
        words(`name ${label} ${row}`, name, [middle, plot.bottom + (row + 1) * LINE_HEIGHT * font], 'middle', line),
      ),
    ];
  });
  return picture({ size, plot, x: { scale: () => plot.left, ticks: ticksAt([]) }, y: { scale: y, ticks }, marks });
}
