import type { Settings } from '../../src/engine/steppers/stepper.ts';
import type { OneStart } from '../../src/engine/testing/one-matrix.ts';
import { gaussian, stream } from '../../src/math/random.ts';

export interface Size {
  /** d = k. */
  readonly d: number;
  readonly rank: number;
}

/** Adam at a calm rate: the loss falls all the way and rounding is not amplified by a run that swings. */
export const SETTINGS: Settings = { scaling: 2, opt: 'adam', lr: 0.002, ratio: 1 };
const DIRECTIONS = 32;
const DECAY = 0.9;

/**
 * The same numbers in Node and in a page: ΔW* = Σ 0.9ⁱ·u_i·v_iᵀ over 32 random directions of about unit length, A with
 * variance 1/r, B = 0.
 */
export function startOf({ d, rank }: Size): OneStart {
  const target = new Float32Array(d * d);
  const U = gaussian(d, DIRECTIONS, stream(1, 'U')).data;
  const V = gaussian(DIRECTIONS, d, stream(1, 'V')).data;
  const row = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    row.fill(0);
    for (let p = 0; p < DIRECTIONS; p++) {
      const u = (U[i * DIRECTIONS + p] * DECAY ** p) / d;
      for (let j = 0; j < d; j++) row[j] += u * V[p * d + j];
    }
    target.set(row, i * d);
  }
  const A = Float32Array.from(gaussian(rank, d, stream(1, 'A')).data, (x) => x / Math.sqrt(rank));
  return { d, k: d, rank, target, A, B: new Float32Array(d * rank), settings: SETTINGS };
}

export const sizeWords = ({ d, rank }: Size) => `${d}, ${rank}`;
