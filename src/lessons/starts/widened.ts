import { thinQr } from '../../math/factor/qr.ts';
import { frobenius, type Matrix64, multiply, subtract, transpose, vstack, zeros } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';

/** The run of the lesson: the rank doubles at a step. */
export const WIDENING = { at: 150, steps: 400, rate: 0.3 } as const;

/** Singular values 1, 0.7, 0.49, … over random directions. */
export function decayingTarget(size: number): { readonly target: Matrix64; readonly floors: readonly number[] } {
  const [U, V] = ['left', 'right'].map((purpose) => thinQr(gaussian(size, size, stream(1, purpose))).Q);
  const values = Array.from({ length: size }, (_, i) => 0.7 ** i);
  const scaled = { ...U, data: U.data.map((v, i) => v * values[i % size]) };
  const energy = (from: number) => values.slice(from).reduce((sum, v) => sum + v * v, 0);
  return {
    target: multiply(scaled, transpose(V)),
    floors: values.map((_, rank) => Math.sqrt(energy(rank) / energy(0))),
  };
}

/** Content of new rows of A; new columns of B are zero. */
type RowFilling = 'zeros' | 'random';

interface WidenedRun {
  /** Before each step, and at the end. */
  readonly errors: readonly number[];
  /** The last B, d × r. */
  readonly B: Matrix64;
}

/** Gradient descent on ½‖B·A − target‖² from B = 0 in float64, an independent loop; the rank doubles on the way. */
export function trainWidened(
  target: Matrix64,
  rank: number,
  filling: RowFilling,
  { at, steps, rate }: { readonly at: number; readonly steps: number; readonly rate: number },
): WidenedRun {
  const { rows: d, cols: k } = target;
  const deviation = 1 / Math.sqrt(3 * k);
  const drawn = (purpose: string) => {
    const m = gaussian(rank, k, stream(1, purpose));
    return { ...m, data: m.data.map((v) => deviation * v) };
  };
  let [A, B]: Matrix64[] = [drawn('A'), zeros(d, rank)];
  const errors: number[] = [];
  for (let t = 0; t <= steps; t++) {
    if (t === at) {
      A = vstack(A, filling === 'zeros' ? zeros(rank, k) : drawn('more'));
      B = transpose(vstack(transpose(B), zeros(rank, d)));
    }
    const E = subtract(multiply(B, A), target);
    errors.push(frobenius(E) / frobenius(target));
    if (t === steps) break;
    const [gradA, gradB] = [multiply(transpose(B), E), multiply(E, transpose(A))];
    A = moved(A, gradA, rate);
    B = moved(B, gradB, rate);
  }
  return { errors, B };
}

const moved = (m: Matrix64, gradient: Matrix64, rate: number): Matrix64 => ({
  ...m,
  data: m.data.map((v, i) => v - rate * gradient.data[i]),
});
