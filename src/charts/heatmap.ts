/** Red, green, blue, 0 … 255. */
export type Rgb = readonly [number, number, number];

/** Zero is paper; a matrix has a hue for positive entries and its opponent for negative ones. E has ink for both. */
export interface Colours {
  readonly paper: Rgb;
  readonly positive: Rgb;
  readonly negative: Rgb;
}

/** Small entries stay a little more visible than in proportion. */
const EXPONENT = 0.85;
const STEPS = 256;

/**
 * Paints a row-major matrix, one pixel an entry, opaque, into 4·rows·cols bytes: strength (|v|/scale)^0.85 towards the
 * hue of its sign, zero exactly paper. Returns how many entries are above the scale (or not a number) and so are shown
 * at full strength.
 */
export function paint(
  values: ArrayLike<number>,
  rows: number,
  cols: number,
  scale: number,
  colours: Colours,
  into: Uint8ClampedArray,
): number {
  const positive = ramp(colours.paper, colours.positive);
  const negative = ramp(colours.paper, colours.negative);
  const factor = scale > 0 ? (STEPS - 1) / scale : 0;
  const last = STEPS - 1;
  let clipped = 0;
  for (let i = 0, p = 0; i < rows * cols; i++, p += 4) {
    const v = values[i];
    const size = Math.abs(v) * factor;
    // Not a number compares false and is clipped; the half rounds to the nearest step.
    const within = size <= last * 1.000001;
    if (!within) clipped++;
    const step = within ? (size + 0.5) | 0 : last;
    const table = v < 0 ? negative : positive;
    into[p] = table[3 * step];
    into[p + 1] = table[3 * step + 1];
    into[p + 2] = table[3 * step + 2];
    into[p + 3] = 255;
  }
  return clipped;
}

function ramp(paper: Rgb, hue: Rgb): Uint8ClampedArray {
  const table = new Uint8ClampedArray(3 * STEPS);
  for (let step = 0; step < STEPS; step++) {
    const strength = (step / (STEPS - 1)) ** EXPONENT;
    for (let c = 0; c < 3; c++) table[3 * step + c] = paper[c] + (hue[c] - paper[c]) * strength;
  }
  return table;
}

/** The 99th percentile of |v|, exactly: the smallest value that at least 99 % of the entries do not exceed. */
export function percentile99(values: ArrayLike<number>): number {
  const n = values.length;
  if (n === 0) return 0;
  const sizes = new Float64Array(n);
  for (let i = 0; i < n; i++) sizes[i] = Number.isFinite(values[i]) ? Math.abs(values[i]) : Number.MAX_VALUE;
  return nth(sizes, Math.ceil(0.99 * n) - 1);
}

/** The value at place `n` if the list were sorted; reorders the list. Hoare's selection, the middle as the pivot. */
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
