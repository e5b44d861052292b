import { tickText } from '../../experiment/numbers.ts';
import { isNumeric, param } from '../../experiment/settings/experiment.ts';
import type { Numeric } from '../../experiment/settings/kinds.ts';
import type { Experiment, ParamKey } from '../../experiment/settings/params.ts';
import { clampToTrack, linear, logarithmic, positionOf, type Track } from '../../kit/slider.tsx';

interface SliderRange {
  /** The usual range, if the table's bounds are far wider than needed. */
  readonly from?: number;
  readonly to?: number | ((e: Experiment) => number);
  readonly base?: 2 | 10;
}

/** Ranges of the sliders in view; the bounds are the table's, and a value outside widens the track. */
const VIEWS: { readonly [K in ParamKey]?: SliderRange } = {
  alpha: { from: 1, to: 128 },
  ratio: { from: 1, to: 64 },
  size: { from: 0.25, to: 4 },
  lr: { from: 1e-5, to: 1, base: 10 },
  sigma: { from: 1e-3, to: 1, base: 10 },
  steps: { from: 10, to: 10_000, base: 10 },
  warmup: { to: ({ steps }) => steps },
  epsilon: { from: 1e-12, to: 0.01, base: 10 },
  noise: { from: 0, to: 1 },
  lossscale: { from: 1, to: 65_536 },
  clip: { from: 0.01, to: 10, base: 10 },
  decayb: { from: 0, to: 1 },
};

const MOST_LABELS = 8;
/** Widths of a label's character and of the gap between labels, as fractions of the narrowest track. */
const CHARACTER = 0.034;
const GAP = 0.02;
/** Overhang of the last label beyond the end of the track: half a label of three digits. */
const OVERHANG = 0.055;

export function numericParam(key: ParamKey): Numeric<unknown> {
  const p = param(key);
  if (!isNumeric(p)) throw new Error(`${key} has no slider`);
  return p;
}

/** Track of a parameter, widened so that every value of `inView` lies on it. */
export function trackOf(key: ParamKey, e: Experiment, inView: readonly number[]): Track {
  const p = numericParam(key);
  const [min, max] = [p.min(e), p.max(e)];
  const view = VIEWS[key] ?? {};
  const base = view.base ?? 2;
  const wanted = inView.filter((v) => Number.isFinite(v) && v >= min && v <= max);
  const whole = p.kind === 'integer';
  const [first, last] = [view.from ?? min, (typeof view.to === 'function' ? view.to(e) : view.to) ?? max];
  if (p.scale === 'log') {
    const from = Math.max(min, widened(first, wanted, base, Math.min, Math.floor));
    const to = Math.min(max, widened(last, wanted, base, Math.max, Math.ceil));
    const track = { from, to, scale: logarithmic(from, to), ticks: powers(from, to, base), byTick: whole };
    return withLabels({ ...track, ...(whole ? wholeIn(track) : { rounded: twoDigits, smallStep: nextInSeries }) });
  }
  const from = Math.max(min, Math.min(first, ...wanted));
  const to = Math.min(max, Math.max(last, ...wanted));
  const track = { from, to, scale: linear(from, to), ticks: even(from, to) };
  const smallStep = (value: number, direction: 1 | -1) =>
    Number(clampToTrack(value + (direction * (to - from)) / 20, track).toPrecision(6));
  return withLabels({ ...track, ...(whole ? wholeIn(track) : { rounded: twoDigits, smallStep }) });
}

const twoDigits = (value: number) => Number(value.toPrecision(2));

const wholeIn = (track: Pick<Track, 'from' | 'to'>) => ({
  rounded: Math.round,
  smallStep: (value: number, direction: 1 | -1) => clampToTrack(value + direction, track),
});

type Pick2 = (...values: number[]) => number;

/** The bound of the usual range, or the power of the base beyond the outermost value outside it. */
function widened(usual: number, wanted: readonly number[], base: number, far: Pick2, round: Pick2): number {
  const farthest = far(usual, ...wanted);
  return farthest === usual ? usual : powerOf(base, round(logarithm(farthest, base)));
}

function withLabels(track: Omit<Track, 'textOf'>): Track {
  const last = track.ticks[track.ticks.length - 1];
  const every = Math.ceil(track.ticks.length / MOST_LABELS);
  const width = (value: number) => CHARACTER * tickText(value).length;
  const left = positionOf(last, track) - Math.max(width(last) / 2, width(last) - OVERHANG);
  const room = (tick: number) => left - positionOf(tick, track) - width(tick) / 2;
  const labelled = track.ticks.filter((t, i) => t === last || (i % every === 0 && room(t) > GAP));
  return { ...track, textOf: (tick) => (labelled.includes(tick) ? tickText(tick) : '') };
}

/** log_base(value), exact for powers of the base. */
function logarithm(value: number, base: number): number {
  const log = Math.log(value) / Math.log(base);
  return Math.abs(log - Math.round(log)) < 1e-9 ? Math.round(log) : log;
}

/** base^n, exact for powers of ten. */
function powerOf(base: number, n: number): number {
  return base === 10 ? Number(`1e${n}`) : base ** n;
}

/** `from`, `to`, and the powers of the base between them. */
function powers(from: number, to: number, base: number): number[] {
  const first = Math.ceil(logarithm(from, base));
  const last = Math.floor(logarithm(to, base));
  const inside = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => powerOf(base, first + i));
  return [...new Set([from, ...inside, to])];
}

/** `from`, `to`, and about five round values at equal distances between them. */
function even(from: number, to: number): number[] {
  const span = to - from;
  if (span <= 0) return [from];
  const unit = 10 ** Math.floor(Math.log10(span));
  const step = [0.2, 0.25, 0.5, 1].map((m) => m * unit).find((s) => span / s <= 5) ?? unit;
  const count = Math.floor(to / step + 1e-9) - Math.ceil(from / step - 1e-9) + 1;
  const first = Math.ceil(from / step - 1e-9);
  const inside = Array.from({ length: Math.max(0, count) }, (_, i) => Number(((first + i) * step).toPrecision(6)));
  return [...new Set([from, ...inside, to])];
}

const SERIES = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The next value of the series 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 in any decade. */
function nextInSeries(value: number, direction: 1 | -1): number {
  const exponent = Math.floor(Math.log10(value) + 1e-12);
  const around = [exponent - 1, exponent, exponent + 1].flatMap((n) =>
    SERIES.slice(0, -1).map((m) => Number(`${m}e${n}`)),
  );
  const beyond = around.filter((v) => (direction > 0 ? v > value * 1.0001 : v < value * 0.9999));
  return (direction > 0 ? beyond[0] : beyond[beyond.length - 1]) ?? value;
}

/** Short enough to be read aloud. */
const LARGEST = 9999;

/** A seed other than the present one, shown as a plain number. */
export function freshSeed(present: number): number {
  const drawn = 1 + Math.floor(Math.random() * (LARGEST - 1));
  return drawn === present ? LARGEST : drawn;
}
