import { type Matrix64, multiply, scale, subtract, transpose, zeros } from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';

interface Setting {
  readonly s: number;
  readonly rate: number;
  /** Factor on the initial A; default 1. */
  readonly longer?: number;
  /** Adam's ε; default 10⁻⁸. */
  readonly epsilon?: number;
}

const [D, K, R] = [7, 6, 3];

/** ΔW = s·B·A after some steps from B = 0 towards a random target: an independent loop in float64. */
export function firstSteps(
  opt: 'sgd' | 'adam',
  { s, rate, longer = 1, epsilon = 1e-8 }: Setting,
  steps: number,
): Matrix64 {
  const target = scale(gaussian(D, K, stream(1, 'target')), 0.3);
  const factors = { A: scale(gaussian(R, K, stream(1, 'A')), 0.2 * longer), B: zeros(D, R) };
  const moments = { A: adam(factors.A, epsilon), B: adam(factors.B, epsilon) };
  for (let t = 1; t <= steps; t++) {
    const E = subtract(scale(multiply(factors.B, factors.A), s), target);
    const gradients = {
      A: scale(multiply(transpose(factors.B), E), s),
      B: scale(multiply(E, transpose(factors.A)), s),
    };
    for (const of of ['A', 'B'] as const) {
      const step = opt === 'sgd' ? gradients[of] : moments[of](gradients[of], t);
      factors[of] = subtract(factors[of], scale(step, rate));
    }
  }
  return scale(multiply(factors.B, factors.A), s);
}

/** Adam's direction, after PyTorch; 0/0 counts as 0. */
function adam({ rows, cols }: Matrix64, epsilon: number) {
  const [m, v] = [zeros(rows, cols).data, zeros(rows, cols).data];
  return ({ data }: Matrix64, t: number): Matrix64 => {
    const out = zeros(rows, cols);
    data.forEach((g, i) => {
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      const under = Math.sqrt(v[i] / (1 - 0.999 ** t)) + epsilon;
      out.data[i] = under === 0 ? 0 : m[i] / (1 - 0.9 ** t) / under;
    });
    return out;
  };
}
