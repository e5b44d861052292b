import type { PairRule } from '../../experiment/optimisers.ts';
import { solvePositive } from '../../math/factor/cholesky.ts';
import { allFinite, identity, type Matrix64, multiply, subtract, transpose, zeros } from '../../math/matrix.ts';
import { type SymmetricEigen, symmetricEigen, symmetricValues } from '../../math/spectral/symmetric.ts';
import { type FactorNumbers, move } from './move.ts';

/** A module as a rule sees it that takes both factors: A is rank × k and B is d × rank, row by row, as are gradients. */
export interface ModulePair extends Readonly<Record<'A' | 'B' | 'gradA' | 'gradB', FactorNumbers>> {
  readonly rank: number;
  readonly frozen: 'A' | 'B' | null;
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
  readonly rateA: number;
  readonly rateB: number;
}

/** Σ ΔA² and Σ ΔB². */
export type PairMoves = Readonly<Record<'A' | 'B', number>>;

type PairPart = (pair: ModulePair) => PairMoves;

/** The inverses are of G + 10⁻⁶·λmax·I. */
const DAMPING = 1e-6;

/** G + 10⁻⁶·λmax·I of a Gram matrix. */
function damped(G: Matrix64): Matrix64 {
  const least = DAMPING * symmetricValues(G).reduce((most, x) => Math.max(most, x), 0);
  return { ...G, data: G.data.map((x, i) => (i % (G.cols + 1) === 0 ? x + least : x)) };
}

/** The inverse of a damped Gram matrix; that of 0 is 0. Entries that are not finite give NaN. */
function inverse(G: Matrix64): Matrix64 {
  if (!allFinite(G)) return { ...G, data: G.data.map(() => Number.NaN) };
  return G.data[0] === 0 && G.data.every((x) => x === 0) ? G : solvePositive(G, identity(G.rows));
}

const rowsOfLength = (cols: number, data: FactorNumbers): Matrix64 => ({
  ...{ rows: data.length / cols, cols },
  data: Float64Array.from(data),
});

const matricesOf = ({ A, B, gradA, gradB, rank }: ModulePair) => ({
  A: rowsOfLength(A.length / rank, A),
  B: rowsOfLength(rank, B),
  gradA: rowsOfLength(A.length / rank, gradA),
  gradB: rowsOfLength(rank, gradB),
});

/** B ← B − η·g_B·(s²·AAᵀ)⁻¹: on a matrix E ← E·(I − η·P_A). */
const scaledB: PairPart = (pair) => {
  if (pair.frozen === 'B') return { A: 0, B: 0 };
  const { A, gradB } = matricesOf(pair);
  const step = multiply(gradB, inverse(damped(multiply(A, transpose(A)))));
  return { A: 0, B: move(pair.B, step.data, pair.rateB / (pair.scaling * pair.scaling)) };
};

/** A ← A − η·(s²·BᵀB)⁻¹·g_A: on a matrix E ← (I − η·P_B)·E. */
const scaledA: PairPart = (pair) => {
  if (pair.frozen === 'A') return { A: 0, B: 0 };
  const { B, gradA } = matricesOf(pair);
  const step = multiply(inverse(damped(multiply(transpose(B), B))), gradA);
  return { A: move(pair.A, step.data, pair.rateA / (pair.scaling * pair.scaling)), B: 0 };
};

/**
 * LoRA-Pro (arXiv 2407.18242): dA = s⁻²(BᵀB)⁻¹g_A + X·A and dB = s⁻²(I − P_B)·g_B·(AAᵀ)⁻¹ − B·X, with X from
 * BᵀB·X + X·AAᵀ = −s⁻²(BᵀB)⁻¹·g_A·Aᵀ. ΔW then moves by P_B·E + (I − P_B)·E·P_A, as near to full fine-tuning as A and B
 * can; X brings dA and dB near to the gradients. With B = 0: dA = 0 and dB = s⁻²·g_B·(AAᵀ)⁻¹, and likewise with A = 0.
 * A factor alone moves by its own part of E.
 */
const loraPro: PairPart = (pair) => {
  const { A, B, gradA, gradB } = matricesOf(pair);
  const share = 1 / (pair.scaling * pair.scaling);
  const [P, Q] = [damped(multiply(transpose(B), B)), damped(multiply(A, transpose(A)))];
  const inverseP = inverse(P);
  const dA = multiply(inverseP, gradA);
  const dB = multiply(gradB, inverse(Q));
  if (pair.frozen === 'B') return { A: move(pair.A, dA.data, share * pair.rateA), B: 0 };
  if (pair.frozen === 'A') return { A: 0, B: move(pair.B, dB.data, share * pair.rateB) };
  const X = sylvester(symmetricEigen(P), symmetricEigen(Q), multiply(dA, transpose(A)));
  const inB = multiply(inverseP, multiply(transpose(B), dB));
  return {
    A: move(pair.A, subtract(dA, multiply(X, A)).data, share * pair.rateA),
    // B·(BᵀB)⁻¹Bᵀ·dB and the part of X are columns of B both.
    B: move(pair.B, subtract(dB, multiply(B, subtract(inB, X))).data, share * pair.rateB),
  };
};

/** X with P·X + X·Q = C, for P and Q by their eigenvalues and vectors; 0 where both values are. */
function sylvester(P: SymmetricEigen, Q: SymmetricEigen, C: Matrix64): Matrix64 {
  const inner = multiply(multiply(transpose(P.V), C), Q.V);
  const n = C.cols;
  const Y = zeros(C.rows, n);
  for (let i = 0; i < Y.data.length; i++) {
    const sum = P.values[Math.floor(i / n)] + Q.values[i % n];
    Y.data[i] = sum === 0 ? 0 : inner.data[i] / sum;
  }
  return multiply(multiply(P.V, Y), transpose(Q.V));
}

/** A step in parts: between two of them the gradients are measured again, on the same batch. */
export const pairParts = {
  scaled: [scaledB, scaledA],
  'lora-pro': [loraPro],
} satisfies Record<PairRule, readonly PairPart[]>;

/** One step of one module, in place; `measure` gives the gradients of the factors as they then are. */
export function pairStep(
  opt: PairRule,
  pair: ModulePair,
  measure: () => Pick<ModulePair, 'gradA' | 'gradB'>,
): PairMoves {
  let moved: PairMoves = { A: 0, B: 0 };
  for (const [i, part] of pairParts[opt].entries()) {
    const { A, B } = part(i === 0 ? pair : { ...pair, ...measure() });
    moved = { A: moved.A + A, B: moved.B + B };
  }
  return moved;
}
