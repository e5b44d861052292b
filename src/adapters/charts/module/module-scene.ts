import { scaleLinear } from 'd3-scale';
import { logHeight } from '../../../charts/sweep/marks.ts';
import { count, number, plural } from '../../../experiment/numbers.ts';
import { fitTicks, hoverLine, type Scale, ticksAt } from '../../../kit/chart/axes.ts';
import type { AxisPlaces, Plot, ReadableChart, Size, Table } from '../../../kit/chart/chart.ts';
import { dot, type Mark, type Point, polyline } from '../../../kit/chart/marks.ts';
import { drawing, endName, picture, sentence } from '../../../kit/chart/picture.ts';
import { median } from '../../../math/median.ts';
import type { DifferenceSpectrum } from '../../file/checkpoints/difference-figures.ts';
import type { Figures } from '../../file/model.ts';

export type FileSpectra = Pick<ModuleScene, 'median' | 'range'>;

/** The axis ends at most at this share of the largest singular value: below lie dead directions. */
const DEEPEST = 1e-4;
/** And at least at this one. */
const LEAST = 1 / 30;
/** The share of a file's values that lies below the axis. */
const BELOW = 0.02;

/**
 * The median at each index over the modules with that many values, and an axis that holds nearly all values. `partial`:
 * more modules are being read, and the median waits for them.
 */
export function fileSpectra(figures: readonly (Figures | null)[], partial = false): FileSpectra {
  const spectra = figures.flatMap((of) => (of && of.sigma.length > 0 && of.sigma[0] > 0 ? [of.sigma] : []));
  const longest = spectra.reduce((max, { length }) => Math.max(max, length), 0);
  const medians = Array.from({ length: partial ? 0 : longest }, (_, i) =>
    median(spectra.filter(({ length }) => length > i).map((sigma) => sigma[i])),
  );
  const largest = spectra.reduce((max, sigma) => Math.max(max, sigma[0]), 0);
  const positive = Float64Array.from(spectra.flatMap((sigma) => [...sigma]).filter((value) => value > 0)).sort();
  const low = positive.length > 0 ? positive[Math.floor(BELOW * positive.length)] : 1;
  return {
    median: spectra.length > 1 ? medians : [],
    range: largest > 0 ? [Math.min(largest * LEAST, Math.max(low, largest * DEEPEST)), largest] : [0.1, 1],
  };
}

export interface ModuleScene {
  readonly sigma: ArrayLike<number>;
  /** The median at each index over the modules of the file with that many values; empty for a single module. */
  readonly median: ArrayLike<number>;
  /** Smallest and largest value of the axis: the file's, so that modules can be compared. */
  readonly range: readonly [low: number, high: number];
  /** α is unknown: values are those of B·A. */
  readonly unscaled: boolean;
  readonly pointed: number | null;
  /** Of a spectrum whose leading values alone are known: Σσ² beyond them; absent: nothing is beyond. */
  readonly beyond?: number;
  /** What each σ is at most; absent: they are exact. */
  readonly upper?: ArrayLike<number>;
}

/** Of a spectrum by itself, on an axis of its own; null: all σ are 0. */
export function spectrumScene({ sigma, bounds }: DifferenceSpectrum, norm: number): ModuleScene | null {
  if (!(sigma[0] > 0)) return null;
  const held = sigma.reduce((sum, value) => sum + value ** 2, 0);
  const last = sigma.findLast((value) => value > 0) ?? sigma[0];
  return {
    ...{ sigma, median: [], unscaled: false, pointed: null },
    range: [Math.max(Math.min(last, sigma[0] * LEAST), sigma[0] * DEEPEST), bounds?.upper[0] ?? sigma[0]],
    ...(bounds && { beyond: Math.max(0, norm ** 2 - held), upper: bounds.upper }),
  };
}

/** Up to this many directions have a dot each. */
export const MAX_DOTS = 16;

export interface ModuleChart extends ReadableChart<ModuleScene> {
  readonly short: string;
  readonly table: (scene: ModuleScene) => Table;
}

export const axisPlaces = (first: number, { sigma, pointed }: ModuleScene): AxisPlaces => ({
  ...{ first, last: sigma.length, start: first, at: pointed },
});

export const modulePlot = ({ width, height }: Size, left: number, right: number, below: number): Plot => ({
  left,
  right: Math.max(left + 20, width - right),
  top: 10,
  bottom: Math.max(30, height - below),
});

/** The nearest whole number at x px of an evenly spaced axis; null outside it. */
export function nearestIndex(
  { left, right }: Plot,
  [first, last]: readonly [number, number],
  px: number,
): number | null {
  if (px < left - 14 || px > right + 14) return null;
  const share = right > left ? (px - left) / (right - left) : 0;
  return Math.max(first, Math.min(last, Math.round(first + share * (last - first))));
}

/** Multiples of a power of two from `first` to `last`, about `max` of them, preceded by both ends. */
export function roundTicks(first: number, last: number, max = 8): number[] {
  const step = Math.max(1, 2 ** Math.ceil(Math.log2(Math.max(1, last - first) / max)));
  const ticks = [last, first];
  for (let value = step === 1 ? first : step; value < last; value += step) ticks.push(value);
  return [...new Set(ticks)];
}

/** Σσ² of the directions after the first i, over the whole, for i from 0 on; `beyond`: Σσ² of those that are not known. */
export function remainingEnergy({ sigma, beyond = 0 }: Pick<ModuleScene, 'sigma' | 'beyond'>): Float64Array {
  const rest = new Float64Array(sigma.length + 1);
  const largest = sigma.length > 0 ? sigma[0] : 0;
  if (!(largest > 0)) return rest;
  // From the smallest up, so that nothing small is lost.
  rest[sigma.length] = beyond / largest ** 2;
  for (let i = sigma.length - 1; i >= 0; i--) rest[i] = rest[i + 1] + (sigma[i] / largest) ** 2;
  const whole = rest[0];
  return rest.map((value) => value / whole);
}

export const moduleSpectrum: ModuleChart = {
  name: 'moduleSpectrum',
  title: 'Singular values σᵢ of ΔW',
  short: 'Spectrum',
  help: ({ median, unscaled, upper }) =>
    [
      'log scale',
      ...(median.length > 0 ? ['thin: median'] : []),
      ...(upper ? ['dashed: at most'] : []),
      ...(unscaled ? ['× s'] : []),
    ].join('; '),
  draw: drawing(moduleSpectrumPicture),
  locate: ({ sigma }, size, x) => (sigma.length === 0 ? null : nearestIndex(placed(size), [1, sigma.length], x)),
  places: (scene) => axisPlaces(1, scene),
  readout: ({ sigma, median, upper }, i) => {
    const among = i <= median.length ? `, median ${number(median[i - 1])}` : '';
    const most = upper ? `, at most ${number(upper[i - 1] ?? 0)}` : '';
    return `direction ${count(i)}: ${number(sigma[i - 1] ?? 0)}${most}${among}`;
  },
  describe: ({ sigma, median, upper }) => {
    if (!(sigma[0] > 0)) return NOTHING;
    const ends = sigma.length > 1 ? ` falling to ${number(sigma[sigma.length - 1])}` : '';
    const among = median.length > 0 ? ` The median of the file has σ₁ = ${number(median[0])}.` : '';
    return `${upper ? 'The leading ' : ''}${plural(sigma.length, 'singular value')}, σ₁ = ${number(sigma[0])}${ends}.${among}`;
  },
  table: ({ sigma, median, upper }) => ({
    columns: ['direction', 'singular value', 'median of the file', ...(upper ? ['at most'] : [])],
    rows: Array.from(sigma, (value, i) => [
      ...[i + 1, value, i < median.length ? median[i] : null],
      ...(upper ? [upper[i]] : []),
    ]),
  }),
};

const NOTHING = 'ΔW = 0: no directions.';

const placed = (size: Size): Plot => {
  const plot = modulePlot(size, 3.2 * size.font, 4.9 * size.font, (size.short ? 1.85 : 3.2) * size.font);
  return { ...plot, left: plot.left + 8 };
};

export function moduleSpectrumPicture({ sigma, median, range, pointed, upper }: ModuleScene, size: Size): Mark[] {
  const inner = placed(size);
  const plot = { ...inner, left: inner.left - 8 };
  if (!(sigma[0] > 0)) return sentence(NOTHING, plot, size.font);
  const n = Math.max(sigma.length, median.length);
  const x = scaleLinear([1, Math.max(2, sigma.length)], [inner.left, inner.right]);
  const y = logHeight([...range], { ...plot, top: plot.top + 2 });
  const line = points(sigma, sigma.length, x, y.scale);
  const behind = points(median, Math.min(median.length, sigma.length), x, y.scale);
  return picture({
    size,
    plot,
    x: { name: 'i', scale: x, ticks: fitTicks(ticksAt(roundTicks(1, sigma.length), count), x, size.font) },
    y,
    marks: [
      hoverLine(pointed, [1, n], x, plot),
      behind.length > 0 && polyline('median', 'pin ink-3', behind),
      upper && polyline('at most', 'pin dw dashed', points(upper, sigma.length, x, y.scale)),
      polyline('spectrum', 'main dw', line),
      sigma.length <= MAX_DOTS &&
        line.map((at, i) => dot(`dot ${i + 1}`, lost(sigma[i], range) ? 'open dw' : 'dw', at, 4)),
    ],
    names: [
      endName(line, { key: 'this label', className: 'dw strong', texts: ['this one'] }),
      endName(behind, { key: 'median label', className: 'ink-2', texts: ['median'] }),
    ],
  });
}

/** Values below the axis are drawn at its lower end, open. */
const lost = (value: number, [low]: ModuleScene['range']) => !(value >= low / 1.25);

const points = (values: ArrayLike<number>, length: number, x: Scale, y: Scale): Point[] =>
  Array.from({ length }, (_, i) => [x(i + 1), y(Math.max(values[i], Number.MIN_VALUE))] as const);
