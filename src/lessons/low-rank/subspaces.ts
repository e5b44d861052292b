import { gaussian, stream } from '../../math/random.ts';

/** A layer of SIDE × SIDE numbers. */
export const SIDE = 12;
export const NUMBERS = SIDE * SIDE;
/** Inputs of the task that asks for few numbers: each fixes SIDE outputs. */
export const INPUTS = 3;
export const SEEDS = [1, 2, 3, 4, 5] as const;

export type Task = 'matrix' | 'few';

/** How many equations a task asks the layer to meet. */
export const EQUATIONS: Readonly<Record<Task, number>> = { matrix: NUMBERS, few: INPUTS * SIDE };

/** What is to be met: the matrix itself, row by row, or its outputs for the inputs. */
function wantedOf(task: Task, change: Float64Array, inputs: Float64Array): Float64Array {
  if (task === 'matrix') return change;
  const out = new Float64Array(EQUATIONS.few);
  for (let i = 0; i < SIDE; i++)
    for (let n = 0; n < INPUTS; n++)
      for (let j = 0; j < SIDE; j++) out[i * INPUTS + n] += change[i * SIDE + j] * inputs[j * INPUTS + n];
  return out;
}

/**
 * θ = θ₀ + P·z: the layer's numbers θ move in a random subspace of dimension m. The least relative error that any z leaves,
 * for m = 0, 1, …, dk: the target is projected onto what the columns of P reach, one more at a time (Gram–Schmidt, twice).
 */
export function errorsInSubspace(task: Task, seed: number): Float64Array {
  const purpose = (name: string) => stream(seed, `subspace ${name}`);
  const inputs = gaussian(SIDE, INPUTS, purpose('inputs')).data;
  const left = Float64Array.from(wantedOf(task, gaussian(SIDE, SIDE, purpose('target')).data, inputs));
  const P = gaussian(NUMBERS, NUMBERS, purpose('P')).data;
  const whole = norm(left);
  const errors = new Float64Array(NUMBERS + 1).fill(1);
  const basis: Float64Array[] = [];
  for (let m = 1; m <= NUMBERS; m++) {
    const reached = Float64Array.from(wantedOf(task, P.subarray((m - 1) * NUMBERS, m * NUMBERS), inputs));
    const length = norm(reached);
    for (let twice = 0; twice < 2; twice++) for (const one of basis) subtract(reached, one, dot(reached, one));
    const rest = norm(reached);
    // Within what was reached before: nothing new.
    if (rest > 1e-10 * length) {
      for (let i = 0; i < reached.length; i++) reached[i] /= rest;
      basis.push(reached);
      subtract(left, reached, dot(left, reached));
    }
    errors[m] = basis.length === left.length ? 0 : norm(left) / whole;
  }
  return errors;
}

function subtract(from: Float64Array, direction: Float64Array, by: number): void {
  for (let i = 0; i < from.length; i++) from[i] -= by * direction[i];
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const norm = (values: Float64Array) => Math.sqrt(dot(values, values));

/** The first dimension from which on the error is at most so much; the intrinsic dimension at that threshold. */
export const dimensionFor = (errors: Float64Array, most: number): number => errors.findIndex((error) => error <= most);
