/** Four knobs that are two dials: α, the size of A at the start and the rates of A and B, in float32 on the page. */
import { crc32 } from '../../math/crc32.ts';
import { wholePower } from '../../math/elementary.ts';
import type { Matrix32 } from '../../math/matrix.ts';

export const DIAL_RULES = { adam: 'Adam', sgd: 'SGD' } as const;
export type DialRule = keyof typeof DIAL_RULES;

/** Each knob as a multiple of where it was; ε of Adam likewise, for each factor. */
export interface Knobs {
  readonly alpha: number;
  readonly size: number;
  readonly rateA: number;
  readonly rateB: number;
  readonly epsilonA: number;
  readonly epsilonB: number;
}

export const UNTURNED: Knobs = { alpha: 1, size: 1, rateA: 1, rateB: 1, epsilonA: 1, epsilonB: 1 };

/**
 * α → α/(pq) and A₀ → pA₀ leave ΔW = s·B·A as it is at every step, with B → qB, if a step of A becomes p times as long and
 * one of B q times. ∂L/∂A becomes 1/p of what it was and ∂L/∂B 1/q: under SGD the rates go with p² and q², under Adam
 * with p and q, and ε with 1/p and 1/q. Powers of two scale float32 exactly: to the bit.
 */
export function turned(rule: DialRule, p: number, q: number): Knobs {
  const [rateA, rateB] = rule === 'sgd' ? [p * p, q * q] : [p, q];
  return { alpha: 1 / (p * q), size: p, rateA, rateB, epsilonA: 1 / p, epsilonB: 1 / q };
}

/** Dials that do change the run: the first slope goes with B's rate, the time until A turns with 1 over A's. */
export const dialled = (slope: number, turning: number): Knobs => ({ ...UNTURNED, rateA: 1 / turning, rateB: slope });

export interface DialStart {
  /** ΔW*, d × k, and ‖ΔW*‖_F. */
  readonly target: Matrix32;
  readonly norm: number;
  /** r × k; B begins at zero. */
  readonly A: Matrix32;
  /** s = α/r, and the rate of both factors. */
  readonly scaling: number;
  readonly rate: number;
  readonly rule: DialRule;
  readonly steps: number;
}

export interface DialRun {
  /** ‖ΔW − ΔW*‖/‖ΔW*‖ at each step. */
  readonly error: Float64Array;
  /** ΔW at each step, one after the other. */
  readonly updates: Float32Array;
}

const EPSILON = 1e-8;

/** Trains with float32 factors, gradients and moments; sums in float64 before they are rounded. */
export function dialRun({ target, norm, A: start, scaling, rate, rule, steps }: DialStart, knobs: Knobs): DialRun {
  const { rows: d, cols: k } = target;
  const r = start.rows;
  const s = scaling * knobs.alpha;
  const A = start.data.map((x) => x * knobs.size);
  const B = new Float32Array(d * r);
  const E = new Float32Array(d * k);
  const [gA, gB] = [new Float32Array(r * k), new Float32Array(d * r)];
  const moveA = mover(rule, A, gA, rate * knobs.rateA, EPSILON * knobs.epsilonA);
  const moveB = mover(rule, B, gB, rate * knobs.rateB, EPSILON * knobs.epsilonB);
  const error = new Float64Array(steps + 1);
  const updates = new Float32Array((steps + 1) * d * k);
  for (let t = 0; t <= steps; t++) {
    let square = 0;
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < k; j++) {
        let sum = 0;
        for (let p = 0; p < r; p++) sum += B[i * r + p] * A[p * k + j];
        const at = i * k + j;
        updates[t * d * k + at] = s * sum;
        E[at] = updates[t * d * k + at] - target.data[at];
        square += E[at] * E[at];
      }
    }
    error[t] = Math.sqrt(square) / norm;
    if (t === steps) break;
    for (let p = 0; p < r; p++) {
      for (let i = 0; i < d; i++) {
        let sum = 0;
        for (let j = 0; j < k; j++) sum += E[i * k + j] * A[p * k + j];
        gB[i * r + p] = s * sum;
      }
      for (let j = 0; j < k; j++) {
        let sum = 0;
        for (let i = 0; i < d; i++) sum += B[i * r + p] * E[i * k + j];
        gA[p * k + j] = s * sum;
      }
    }
    moveA(t + 1);
    moveB(t + 1);
  }
  return { error, updates };
}

/** Moves a factor by its gradient, as PyTorch's SGD or Adam does. */
function mover(rule: DialRule, factor: Float32Array, gradient: Float32Array, rate: number, epsilon: number) {
  if (rule === 'sgd')
    return () => {
      for (let i = 0; i < factor.length; i++) factor[i] -= rate * gradient[i];
    };
  const [m, v] = [new Float32Array(factor.length), new Float32Array(factor.length)];
  return (t: number) => {
    const [left, right] = [1 - wholePower(0.9, t), 1 - wholePower(0.999, t)];
    for (let i = 0; i < factor.length; i++) {
      m[i] = 0.9 * m[i] + 0.1 * gradient[i];
      v[i] = 0.999 * v[i] + 0.001 * gradient[i] * gradient[i];
      factor[i] -= (rate * (m[i] / left)) / (Math.sqrt(v[i] / right) + epsilon);
    }
  };
}

export interface DialDifference {
  readonly entries: number;
  /** Entries of ΔW, over all steps, that are not the same number; and by how much they differ at most. */
  readonly differ: number;
  readonly largest: number;
}

export function differenceOf(one: DialRun, other: DialRun): DialDifference {
  let [differ, largest] = [0, 0];
  for (let i = 0; i < one.updates.length; i++) {
    if (one.updates[i] === other.updates[i]) continue;
    differ += 1;
    largest = Math.max(largest, Math.abs(one.updates[i] - other.updates[i]));
  }
  return { entries: one.updates.length, differ, largest };
}

/** CRC-32 of the bits of the last ΔW, in hexadecimal. */
export function checksumOf({ error, updates }: DialRun): string {
  const last = updates.slice(updates.length - updates.length / error.length);
  return crc32(new Uint8Array(last.buffer)).toString(16).padStart(8, '0');
}
