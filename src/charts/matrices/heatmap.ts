/** 0 … 255. */
export type RgbTriple = readonly [number, number, number];

/** Zero is paper; a matrix has one hue for positive entries and the opposite for negative ones. E has ink for both. */
export interface Colours {
  readonly paper: RgbTriple;
  readonly positive: RgbTriple;
  readonly negative: RgbTriple;
}

/** Small entries stay a little more visible than in proportion. */
const EXPONENT = 0.85;
const STEPS = 256;

/**
 * Paints a row-major matrix, one pixel per entry, opaque, into 4·rows·cols bytes: strength (|v|/scale)^0.85 towards the
 * hue of its sign, zero exactly paper, and full strength above the scale.
 */
export function paint(
  values: ArrayLike<number>,
  rows: number,
  cols: number,
  scale: number,
  colours: Colours,
  into: Uint8ClampedArray,
): void {
  const positive = ramp(colours.paper, colours.positive);
  const negative = ramp(colours.paper, colours.negative);
  const last = STEPS - 1;
  const factor = scale > 0 ? last / scale : 0;
  // One 32-bit write per pixel; the tables are built byte by byte, so the byte order is the machine's.
  const pixels = new Uint32Array(into.buffer, into.byteOffset, rows * cols);
  for (let i = 0; i < pixels.length; i++) {
    const v = values[i];
    const size = Math.abs(v) * factor;
    // NaN compares false and has full strength; the half rounds to the nearest step.
    pixels[i] = (v < 0 ? negative : positive)[size < last ? (size + 0.5) | 0 : last];
  }
}

/** The ends of a picture's scale, in every theme: a picture is never inverted. */
export interface Tones {
  readonly light: RgbTriple;
  readonly dark: RgbTriple;
}

/** The lighter of paper and a hue, and the darker. */
export function tonesOf(paper: RgbTriple, hue: RgbTriple): Tones {
  const sum = ([r, g, b]: RgbTriple) => r + g + b;
  return sum(paper) > sum(hue) ? { light: paper, dark: hue } : { light: hue, dark: paper };
}

/**
 * Paints a row-major matrix that is a picture, as `paint` does: the lowest value of the range is light, the highest
 * dark, linear in sRGB between; values outside are clamped.
 */
export function paintPicture(
  values: ArrayLike<number>,
  rows: number,
  cols: number,
  [low, high]: readonly [number, number],
  { light, dark }: Tones,
  into: Uint8ClampedArray,
): void {
  const tones = ramp(light, dark, 1);
  const factor = high > low ? (STEPS - 1) / (high - low) : 0;
  const pixels = new Uint32Array(into.buffer, into.byteOffset, rows * cols);
  for (let i = 0; i < pixels.length; i++) {
    const t = (values[i] - low) * factor;
    // NaN compares false: dark.
    pixels[i] = tones[t < STEPS - 1 ? Math.max(0, (t + 0.5) | 0) : STEPS - 1];
  }
}

const ramps = new Map<string, Uint32Array>();

/** Opaque pixels from paper to a hue in 256 steps; cached per pair. */
function ramp(paper: RgbTriple, hue: RgbTriple, exponent = EXPONENT): Uint32Array {
  const key = `${paper} ${hue} ${exponent}`;
  const known = ramps.get(key);
  if (known) return known;
  const bytes = new Uint8ClampedArray(4 * STEPS).fill(255);
  for (let step = 0; step < STEPS; step++) {
    const t = (step / (STEPS - 1)) ** exponent;
    for (const i of [0, 1, 2]) bytes[4 * step + i] = paper[i] * (1 - t) + hue[i] * t;
  }
  const table = new Uint32Array(bytes.buffer);
  ramps.set(key, table);
  return table;
}

/** The 99th percentile of |v|, exactly: the smallest value that at least 99% of the entries do not exceed. */
export function percentile99(values: ArrayLike<number>): number {
  const n = values.length;
  if (n === 0) return 0;
  const sizes = new Float64Array(n);
  for (let i = 0; i < n; i++) sizes[i] = Number.isFinite(values[i]) ? Math.abs(values[i]) : Number.MAX_VALUE;
  return nth(sizes, Math.ceil(0.99 * n) - 1);
}

/**
 * The value at index `n` of the sorted list; reorders the list. Hoare's selection with the middle as the pivot: twice
 * as fast as d3-array's quickselect, which compares through a function, and every frame's matrices pass through it.
 */
function nth(list: Float64Array, n: number): number {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const pivot = list[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (list[i] < pivot) i++;
      while (list[j] > pivot) j--;
      if (i > j) break;
      const swap = list[i];
      list[i++] = list[j];
      list[j--] = swap;
    }
    if (n <= j) high = j;
    else if (n >= i) low = i;
    else break;
  }
  return list[n];
}
