export type SmallPicture =
  | { readonly kind: 'matrices'; readonly items: readonly (SmallMatrix & { readonly label: string })[] }
  | {
      readonly kind: 'floor';
      readonly at: readonly number[];
      readonly floor: readonly number[];
      readonly runs: readonly PicturePoint[];
      readonly label: string;
    }
  | {
      readonly kind: 'lines';
      readonly axis: string;
      /** The highest value on the vertical axis; `low` above 0: a logarithmic axis from there. */
      readonly high: number;
      readonly low?: number;
      readonly lines: readonly SmallLine[];
      readonly level?: { readonly value: number; readonly label: string; readonly look: 'dwt' | 'ink' };
    }
  | { readonly kind: 'bars'; readonly bars: readonly { readonly label: string; readonly share: number }[] }
  | {
      readonly kind: 'marks';
      /** The label counts those below the threshold. */
      readonly values: readonly number[];
      readonly threshold: number;
      readonly label: string;
      readonly axis: string;
    }
  | {
      readonly kind: 'grid';
      readonly axis: string;
      readonly rows?: readonly string[];
      readonly panels: readonly {
        readonly label: string;
        /** Error over floor, a list per row; null if the run has diverged. */
        readonly cells: readonly (readonly (number | null)[])[];
      }[];
    };

type PicturePoint = readonly [x: number, y: number];

export interface SmallLine {
  readonly label: string;
  readonly look: 'dw' | 'dwt' | 'ink' | 'ink-3' | 'a' | 'b' | 'w0';
  readonly points: readonly PicturePoint[];
}

/** A matrix in 63 shades, one character per cell, row by row. */
export interface SmallMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly cells: string;
  /** `dw`: signed, around paper in the hue of ΔW; `w`: greys of a picture. */
  readonly look: 'dw' | 'w';
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-';
const HALF = 31;
export const MAX_SIDE = 64;

/** A matrix with low … high mapped to the shades, clamped at both ends. */
export function smallMatrix(
  values: ArrayLike<number>,
  rows: number,
  cols: number,
  [low, high]: readonly [low: number, high: number],
  look: SmallMatrix['look'],
): SmallMatrix {
  let cells = '';
  for (let i = 0; i < rows * cols; i++) {
    const t = high > low ? (values[i] - low) / (high - low) : 0.5;
    cells += DIGITS[Math.min(2 * HALF, Math.max(0, Math.round(2 * HALF * t)))];
  }
  return { rows, cols, cells, look };
}

export function shadesOf({ cells }: SmallMatrix): Float32Array {
  return Float32Array.from(cells, (cell) => (DIGITS.indexOf(cell) - HALF) / HALF);
}

export function isSmallMatrix(value: unknown): value is SmallMatrix {
  if (typeof value !== 'object' || value === null) return false;
  const { rows, cols, cells, look } = value as Record<string, unknown>;
  const isSide = (n: unknown): n is number => Number.isInteger(n) && (n as number) >= 1 && (n as number) <= MAX_SIDE;
  if (!isSide(rows) || !isSide(cols) || typeof cells !== 'string' || (look !== 'dw' && look !== 'w')) return false;
  return cells.length === rows * cols && [...cells].every((cell) => DIGITS.includes(cell));
}
