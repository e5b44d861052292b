import type { FactorRule } from '../../experiment/optimisers.ts';
import { OPTIMISER_CODES, type StepSettings } from '../kernels/bindings.ts';
import { rowsOf, type Tiling, widthOf } from '../kernels/tiling.ts';
import { updates } from '../steppers/updates.ts';

export interface StepInput {
  readonly goal: Float32Array;
  readonly old: Float32Array;
  readonly moments: Float32Array;
  readonly gram: Float32Array;
}

export interface StepOutput {
  readonly next: Float32Array;
  readonly moments: Float32Array;
  /** Four per workgroup. */
  readonly sums: Float64Array;
  readonly nextGram: Float64Array;
}

/** The twin of step.ts: the same dispatch in plain loops, sums in float64. `t` is the update's number. */
export function referenceStep(tiling: Tiling, step: StepSettings, t: number, input: StepInput): StepOutput {
  const rows = rowsOf(tiling);
  const width = widthOf(tiling);
  const { paddedA, paddedB, scaling } = step;
  const groups = (paddedA + paddedB) / rows;
  const losses = tiling.form === 'algebraic' ? paddedB / rows : 0;
  const out: StepOutput = {
    next: input.old.slice(),
    moments: input.moments.slice(),
    sums: new Float64Array(4 * (groups + losses)),
    nextGram: new Float64Array(input.gram.length),
  };
  const vector = (row: number) => input.old.subarray(row * width, (row + 1) * width);
  /** The rows of the other factor, and ΔW* for this row and each of them. */
  const others = (row: number) => {
    const ofA = row < paddedA;
    const [count, stride] = ofA ? [step.d, paddedA] : [step.k, paddedB];
    const at = ofA ? row : paddedA * paddedB + row - paddedA;
    return Array.from({ length: count }, (_, j) => ({
      y: vector(ofA ? paddedA + j : j),
      target: input.goal[at + j * stride],
    }));
  };
  const residual = (x: Float32Array, { y, target }: { y: Float32Array; target: number }) =>
    scaling * dot(x, y) - target;

  for (let row = 0; row < paddedA + paddedB; row++) {
    const sums = out.sums.subarray(4 * Math.floor(row / rows));
    const x = vector(row);
    const g = new Float64Array(width);
    if (tiling.form === 'direct') {
      for (const other of others(row)) {
        const e = residual(x, other);
        sums[0] += e * e;
        for (let p = 0; p < width; p++) g[p] += e * other.y[p];
      }
    } else {
      const total = gramOf(tiling, input.gram, row < paddedA ? paddedA : 0, row < paddedA ? paddedB : paddedA);
      for (const { y, target } of others(row)) for (let p = 0; p < width; p++) g[p] -= target * y[p];
      sums[3] -= dot(x, g);
      for (let p = 0; p < width; p++) g[p] += scaling * dot(x, total.subarray(p * width, (p + 1) * width));
      sums[0] += dot(x, g);
    }
    for (let p = 0; p < width; p++) g[p] *= scaling;
    sums[1] += dot(g, g);
    sums[2] += learn(step, t, row, width, g, out);
  }
  for (let row = paddedA; row < paddedA + losses * rows; row++) {
    const at = 4 * (groups + Math.floor((row - paddedA) / rows));
    for (const other of others(row)) out.sums[at] += residual(vector(row), other) ** 2;
  }
  if (tiling.form === 'algebraic') for (let group = 0; group < groups; group++) addGram(tiling, group, out);
  return out;
}

/** Updates a row in place; returns ‖Δθ‖². */
function learn(step: StepSettings, t: number, row: number, width: number, g: Float64Array, out: StepOutput): number {
  const [lr, , , trains] = row < step.paddedA ? step.rateA : step.rateB;
  const opt = (Object.keys(OPTIMISER_CODES) as FactorRule[]).find((name) => OPTIMISER_CODES[name] === step.optimiser);
  if (!opt || !trains) return 0;
  const of = (data: Float32Array, at: number) => data.subarray(at + row * width, at + (row + 1) * width);
  return updates[opt](of(out.next, 0), g, [of(out.moments, 0), of(out.moments, out.next.length)], {
    ...{ rate: lr, t, columns: width, epsilon: step.epsilon },
  });
}

function gramOf(tiling: Tiling, gram: Float32Array, first: number, count: number): Float64Array {
  const size = widthOf(tiling) ** 2;
  const total = new Float64Array(size);
  const rows = rowsOf(tiling);
  for (let group = first / rows; group < (first + count) / rows; group++) {
    for (let i = 0; i < size; i++) total[i] += gram[group * size + i];
  }
  return total;
}

function addGram(tiling: Tiling, group: number, { next, nextGram }: StepOutput): void {
  const rows = rowsOf(tiling);
  const width = widthOf(tiling);
  for (let row = group * rows; row < (group + 1) * rows; row++) {
    for (let p = 0; p < width; p++) {
      for (let q = 0; q < width; q++) {
        nextGram[(group * width + p) * width + q] += next[row * width + p] * next[row * width + q];
      }
    }
  }
}

function dot(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}
