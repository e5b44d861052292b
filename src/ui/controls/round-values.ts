// Values that people call round, for ticks and steps of a slider.

/** Exact where the value is a power of the base. */
export function logarithm(value: number, base: number): number {
  const log = Math.log(value) / Math.log(base);
  return Math.abs(log - Math.round(log)) < 1e-9 ? Math.round(log) : log;
}

/** base^n, exact for powers of ten. */
export function powerOf(base: number, n: number): number {
  return base === 10 ? Number(`1e${n}`) : base ** n;
}

/** The powers of the base between two values, and these. */
export function powers(from: number, to: number, base: number): number[] {
  const first = Math.ceil(logarithm(from, base));
  const last = Math.floor(logarithm(to, base));
  const inside = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => powerOf(base, first + i));
  return [...new Set([from, ...inside, to])];
}

/** Round values at even distances between two values, about five of them, and these. */
export function even(from: number, to: number): number[] {
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
export function nextInSeries(value: number, direction: 1 | -1): number {
  const exponent = Math.floor(Math.log10(value) + 1e-12);
  const around = [exponent - 1, exponent, exponent + 1].flatMap((n) =>
    SERIES.slice(0, -1).map((m) => Number(`${m}e${n}`)),
  );
  const beyond = around.filter((v) => (direction > 0 ? v > value * 1.0001 : v < value * 0.9999));
  return (direction > 0 ? beyond[0] : beyond[beyond.length - 1]) ?? value;
}
