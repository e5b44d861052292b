import { normalColumns, normalRows, uniformRows } from '../../experiment/targets/draws.ts';
import { multiply } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';

/** Rows and columns of the drawn products, and the standard deviation of A and B. */
export const SIDE = 8;
export const SIGMA = 0.5;
export const DRAWN_RANKS = [1, 2, 4, 8, 16, 32, 64] as const;
export const PRODUCTS = 40;

/** All entries of B·A over many draws of A and B, both N(0, σ²). */
export function productEntries(rank: number, seed: number): Float64Array {
  const all = new Float64Array(PRODUCTS * SIDE * SIDE);
  const [ofA, ofB] = [stream(seed, 'A'), stream(seed, 'B')];
  for (let i = 0; i < PRODUCTS; i++) {
    const A = normalRows(rank, SIDE, SIGMA, ofA);
    const B = normalColumns(SIDE, rank, SIGMA, ofB);
    all.set(multiply(B, A).data, i * SIDE * SIDE);
  }
  return all;
}

/** Equals the variance, since the mean is 0. */
export function meanSquare(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum / values.length;
}

/** Length of x. */
const INPUTS = 64;
/** Rows of A drawn per rank, over all draws together. */
const ROWS = 128;

export type InitDraw = 'gaussian' | 'kaiming';

/** ‖Ax‖²/‖x‖², averaged over draws of A and of inputs x. */
export function meanLength(start: InitDraw, rank: number, seed: number): number {
  const [ofA, ofX] = [stream(seed, 'A'), stream(seed, 'samples')];
  const draws = Math.ceil(ROWS / rank);
  let sum = 0;
  for (let i = 0; i < draws; i++) {
    const A =
      start === 'gaussian'
        ? normalRows(rank, INPUTS, 1 / Math.sqrt(rank), ofA)
        : uniformRows(rank, INPUTS, 1 / Math.sqrt(INPUTS), ofA);
    const x = normalRows(INPUTS, 1, 1, ofX);
    sum += (rank * meanSquare(multiply(A, x).data)) / (INPUTS * meanSquare(x.data));
  }
  return sum / draws;
}

/** r·σ² for entries of variance σ². */
export const expectedLength = (start: InitDraw, rank: number) => (start === 'gaussian' ? 1 : rank / (3 * INPUTS));
/** r·σ⁴. */
export const expectedVariance = (rank: number) => rank * SIGMA ** 4;

/** Histogram over equally wide bins from −end to end, as a density; values beyond are dropped. */
export function density(values: ArrayLike<number>, end: number, bins: number): readonly number[] {
  const counts = new Array<number>(bins).fill(0);
  const width = (2 * end) / bins;
  for (let i = 0; i < values.length; i++) {
    const bin = Math.floor((values[i] + end) / width);
    if (bin >= 0 && bin < bins) counts[bin] += 1;
  }
  return counts.map((n) => n / (values.length * width));
}
