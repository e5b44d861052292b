import { solvePositive } from '../../../math/factor/cholesky.ts';
import { identity, type Matrix64, multiply, scale, subtract, transpose, zeros } from '../../../math/matrix.ts';
import { largestSingularValue } from '../../../math/spectral/singular-values.ts';
import type { PairRule } from '../../optimisers.ts';

export interface PairStart {
  A: Matrix64;
  B: Matrix64;
  readonly scaling: number;
  readonly rateA: number;
  readonly rateB: number;
  readonly frozen?: 'A' | 'B' | null;
}

type Gradients = (A: Matrix64, B: Matrix64) => { readonly gradA: Matrix64; readonly gradB: Matrix64 };

const plus = (X: Matrix64, Y: Matrix64) => subtract(X, scale(Y, -1));

/** G + 10⁻⁶·λmax·I. */
const damped = (G: Matrix64) => plus(G, scale(identity(G.rows), 1e-6 * largestSingularValue(G)));
const isZero = ({ data }: Matrix64) => data.every((x) => x === 0);
/** (G + …)⁻¹·Y, 0 if G is. */
const divided = (G: Matrix64, Y: Matrix64) => (isZero(G) ? scale(Y, 0) : solvePositive(damped(G), Y));
const dividedRight = (Y: Matrix64, G: Matrix64) => transpose(divided(G, transpose(Y)));

/** X with P·X + X·Q = C, as r² equations in r² unknowns. */
function solveSylvester(P: Matrix64, Q: Matrix64, C: Matrix64): Matrix64 {
  const n = P.rows;
  const K = zeros(n * n, n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      for (let p = 0; p < n; p++) {
        K.data[(i * n + j) * n * n + p * n + j] += P.data[i * n + p];
        K.data[(i * n + j) * n * n + i * n + p] += Q.data[p * n + j];
      }
  return { rows: n, cols: n, data: solvePositive(K, { rows: n * n, cols: 1, data: C.data }).data };
}

/** One step of ScaledGD or LoRA-Pro in float64, written as their formulas stand. Changes A and B of the start. */
export function pairReference(opt: PairRule, at: PairStart, gradients: Gradients): void {
  const { scaling: s, rateA, rateB, frozen } = at;
  const gramOfA = (A: Matrix64) => multiply(A, transpose(A));
  const gramOfB = (B: Matrix64) => multiply(transpose(B), B);
  if (opt === 'scaled') {
    if (frozen !== 'B') {
      const { gradB } = gradients(at.A, at.B);
      at.B = subtract(at.B, scale(dividedRight(gradB, scale(gramOfA(at.A), s * s)), rateB));
    }
    if (frozen !== 'A') {
      const { gradA } = gradients(at.A, at.B);
      at.A = subtract(at.A, scale(divided(scale(gramOfB(at.B), s * s), gradA), rateA));
    }
    return;
  }
  const { A, B } = at;
  const { gradA, gradB } = gradients(A, B);
  const [P, Q] = [gramOfB(B), gramOfA(A)];
  const left = scale(divided(P, gradA), 1 / (s * s));
  const right = scale(dividedRight(gradB, Q), 1 / (s * s));
  if (frozen === 'B') at.A = subtract(A, scale(left, rateA));
  else if (frozen === 'A') at.B = subtract(B, scale(right, rateB));
  else {
    const none = isZero(P) && isZero(Q);
    const X = none
      ? P
      : solveSylvester(isZero(P) ? P : damped(P), isZero(Q) ? Q : damped(Q), scale(multiply(left, transpose(A)), -1));
    const outside = subtract(right, multiply(B, divided(P, multiply(transpose(B), right))));
    at.A = subtract(A, scale(plus(left, multiply(X, A)), rateA));
    at.B = subtract(B, scale(subtract(outside, multiply(B, X)), rateB));
  }
}
