import { frobenius, type Matrix64, multiply, subtract, transpose, zeros } from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';

/** What new rows of A hold; new columns of B are zero. */
export type Filling = 'zeros' | 'random';

export interface Widened {
  /** Relative error before each step, and at the end. */
  readonly errors: readonly number[];
  /** The last B, d × r. */
  readonly B: Matrix64;
}

/**
 * Gradient descent on ½‖B·A − target‖² from B = 0, in float64, which gets as many new directions after some steps as it has: a loop of
 * its own.
 */
export function widened(
  target: Matrix64,
  rank: number,
  filling: Filling,
  { at, steps, rate }: { readonly at: number; readonly steps: number; readonly rate: number },
): Widened {
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
      A = below(A, filling === 'zeros' ? zeros(rank, k) : drawn('more'));
      B = transpose(below(transpose(B), zeros(rank, d)));
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

/** One matrix over another. */
function below(upper: Matrix64, lower: Matrix64): Matrix64 {
  const out = zeros(upper.rows + lower.rows, upper.cols);
  out.data.set(upper.data);
  out.data.set(lower.data, upper.data.length);
  return out;
}
