import type { Settings } from '../../src/engine/steppers/stepper.ts';
import type { OneStart } from '../../src/engine/testing/one-matrix.ts';
import { gaussian, stream } from '../../src/math/random.ts';

export interface Size {
  readonly d: number;
  /** Default: d. */
  readonly k?: number;
  readonly rank: number;
  /** Adam's learning rate; default: that of SETTINGS. */
  readonly lr?: number;
}

/** Adam at a low rate: the loss falls steadily, and no oscillation amplifies rounding. */
export const SETTINGS: Settings = { scaling: 2, opt: 'adam', lr: 0.002, ratio: 1 };
const DIRECTIONS = 32;
const DECAY = 0.9;

/**
 * The same numbers in Node and in a page: ΔW* = Σ 0.9ⁱ·u_i·v_iᵀ over 32 random directions of about unit length, A with
 * variance 1/r, B = 0.
 */
export function startOf({ d, k = d, rank, lr = SETTINGS.lr }: Size): OneStart {
  const A = Float32Array.from(gaussian(rank, k, stream(1, 'A')).data, (x) => x / Math.sqrt(rank));
  return { d, k, rank, target: targetOf(d, k), A, B: new Float32Array(d * rank), settings: { ...SETTINGS, lr } };
}

/** The last one: contestants and ranks of one size share it, and a large one takes seconds. */
let kept: { readonly size: string; readonly target: Float32Array } | null = null;

function targetOf(d: number, k: number): Float32Array {
  const size = `${d} × ${k}`;
  if (kept?.size === size) return kept.target;
  const target = new Float32Array(d * k);
  const U = gaussian(d, DIRECTIONS, stream(1, 'U')).data;
  const V = gaussian(DIRECTIONS, k, stream(1, 'V')).data;
  const row = new Float64Array(k);
  for (let i = 0; i < d; i++) {
    row.fill(0);
    for (let p = 0; p < DIRECTIONS; p++) {
      const u = (U[i * DIRECTIONS + p] * DECAY ** p) / Math.sqrt(d * k);
      for (let j = 0; j < k; j++) row[j] += u * V[p * k + j];
    }
    target.set(row, i * k);
  }
  kept = { size, target };
  return target;
}

export const sizeWords = ({ d, rank }: Size) => `${d}, ${rank}`;
