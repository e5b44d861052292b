import type { RgbTriple } from '../../charts/matrices/heatmap.ts';
import type { Palette } from '../../charts/sweep/cells.ts';
import type { Pixels } from '../../kit/grids/heatmap.tsx';

/** "#1b1e22", or "#fff" as a minifier shortens it, as red, green and blue from 0 to 255. */
export function rgb(token: string): RgbTriple {
  const digits = token.trim().slice(1);
  const six = digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits;
  const hex = Number.parseInt(six, 16);
  return [(hex >> 16) & 255, (hex >> 8) & 255, hex & 255];
}

const known = new Map<string, RgbTriple>();

export function colour(token: string): RgbTriple {
  const root = document.documentElement;
  const key = `${root.dataset.theme} ${token}`;
  const found = known.get(key) ?? rgb(getComputedStyle(root).getPropertyValue(token));
  known.set(key, found);
  return found;
}

/** Entries of a matrix in row-major order, up to a factor. */
export interface Entries {
  readonly rows: number;
  readonly cols: number;
  readonly values: ArrayLike<number>;
  /** |value| at full strength; default: the 99th percentile of |values|. */
  readonly scale?: number;
}

/** Paints pixel i between two colours. */
export function mix(into: Uint8ClampedArray, i: number, from: RgbTriple, to: RgbTriple, share: number): void {
  for (let c = 0; c < 3; c++) into[4 * i + c] = from[c] + share * (to[c] - from[c]);
  into[4 * i + 3] = 255;
}

/** Greys 0 … 1 as a picture, in either theme: 0 is the lighter of paper and ink, 1 the darker. */
export function greyPixels({ rows, cols, values }: Entries): Pixels {
  const paint = (into: Uint8ClampedArray) => {
    const [paper, ink] = [colour('--paper'), colour('--ink')];
    const [light, dark] = paper[1] > ink[1] ? [paper, ink] : [ink, paper];
    for (let i = 0; i < values.length; i++) mix(into, i, light, dark, values[i]);
  };
  return { rows, cols, paint };
}

/** Zero is paper, positive the hue of the matrix, by default ΔW*, negative its opponent, strength (|v|/scale)^0.85. */
export function entryPixels(
  { rows, cols, values, ...given }: Entries,
  hues: readonly [positive: string, negative: string] = ['--dwt', '--neg-cool'],
): Pixels {
  const scale =
    (given.scale ?? Float32Array.from(values, Math.abs).sort()[Math.floor(0.99 * (values.length - 1))]) || 1;
  const paint = (into: Uint8ClampedArray) => {
    const [paper, positive, negative] = [colour('--paper'), colour(hues[0]), colour(hues[1])];
    for (let i = 0; i < values.length; i++) {
      const strength = Math.min(1, Math.abs(values[i]) / scale) ** 0.85;
      mix(into, i, paper, values[i] > 0 ? positive : negative, strength);
    }
  };
  return { rows, cols, paint };
}

export const currentPalette = (): Palette => ({ paper: colour('--paper'), ink: colour('--ink'), hue: colour('--dw') });
