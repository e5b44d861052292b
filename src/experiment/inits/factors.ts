import { solvePositive } from '../../math/factor/cholesky.ts';
import { orthonormal, thinQr } from '../../math/factor/qr.ts';
import { svd } from '../../math/factor/svd.ts';
import { leadingColumns, leadingRows, type Matrix64, multiply, scale, transpose, zeros } from '../../math/matrix.ts';
import { normalColumns, normalRows, uniformColumns, uniformRows } from '../targets/draws.ts';
import { givenFactors } from './given-factors.ts';
import type { InitName } from './index.ts';
import type { InitContext, InitFactors } from './init.ts';
import { balancedFactors, columns, firstTriplets, lastTriplets, scaledColumns, scaledRows } from './triplets.ts';

type Draw = (context: InitContext) => InitFactors;

/** √(k·1/(3k)): the root mean square of the length of Kaiming's rows. */
const KAIMING_LENGTH = Math.sqrt(1 / 3);

/** A and B of each initialisation. Apart from the words on it: a page shows those without making any. */
export const initFactors: Readonly<Record<InitName, Draw>> = {
  'kaiming-uniform': ({ d, k, rank, streamA }) => ({
    A: uniformRows(rank, k, 1 / Math.sqrt(k), streamA),
    B: zeros(d, rank),
  }),
  gaussian: ({ d, k, rank, streamA }) => ({ A: normalRows(rank, k, 1 / Math.sqrt(rank), streamA), B: zeros(d, rank) }),
  svd: ({ rank, scaling, reference }) => balancedFactors(firstTriplets(reference(), rank), scaling),
  file: (context) => givenFactors(requiredInput(context.given, 'given'), context),
  'both-zero': ({ d, k, rank }) => ({ A: zeros(rank, k), B: zeros(d, rank) }),
  'gaussian-peft': ({ d, k, rank, streamA }) => ({ A: normalRows(rank, k, 1 / rank, streamA), B: zeros(d, rank) }),
  'kaiming-normal': ({ d, k, rank, streamA }) => ({
    A: normalRows(rank, k, 1 / Math.sqrt(k), streamA),
    B: zeros(d, rank),
  }),
  'init-b': ({ d, k, rank, streamB }) => ({
    A: zeros(rank, k),
    B: normalColumns(d, rank, 1 / Math.sqrt(rank), streamB),
  }),
  symmetric: ({ d, k, rank, sigma, streamA, streamB }) => ({
    A: normalRows(rank, k, sigma, streamA),
    B: normalColumns(d, rank, sigma, streamB),
  }),
  'both-random': ({ d, k, rank, streamA, streamB }) => ({
    A: uniformRows(rank, k, 1 / Math.sqrt(k), streamA),
    B: uniformColumns(d, rank, 1 / Math.sqrt(rank), streamB),
  }),
  'task-informed': ({ d, rank, leadingInputs }) => ({
    A: transpose(requiredInput(leadingInputs, 'leadingInputs')(rank).U),
    B: zeros(d, rank),
  }),
  aligned: ({ d, rank, reference }) => ({
    A: scale(transpose(firstTriplets(reference(), rank).V), KAIMING_LENGTH),
    B: zeros(d, rank),
  }),
  orthonormal: ({ d, k, rank, streamA }) => ({
    A: scale(transpose(thinQr(transpose(normalRows(rank, k, 1, streamA))).Q), KAIMING_LENGTH),
    B: zeros(d, rank),
  }),
  orthogonal: orthogonalHalves,
  pissa: ({ rank, scaling, leadingBase }) => balancedFactors(requiredInput(leadingBase, 'leadingBase')(rank), scaling),
  milora: ({ rank, scaling, baseTriplets }) =>
    balancedFactors(lastTriplets(requiredInput(baseTriplets, 'baseTriplets')(), rank), scaling),
  /** With W₀ = Q·R the adapter holds s·Q_r·R_r, not Q_r·R_r: the factors are not divided by s (as in PEFT). */
  olora: ({ rank, base }) => {
    const { Q, R } = thinQr(base);
    return { A: leadingRows(R, rank), B: leadingColumns(Q, rank) };
  },
  corda: weightedFactors,
  'lora-ga': gradientFactors,
  loftq: ({ rank, scaling, leadingLoss }) => balancedFactors(requiredInput(leadingLoss, 'leadingLoss')(rank), scaling),
  qpissa: ({ rank, scaling, leadingBase }) => balancedFactors(requiredInput(leadingBase, 'leadingBase')(rank), scaling),
  mica: ({ k, rank, baseTriplets }) => ({
    A: zeros(rank, k),
    B: lastTriplets(requiredInput(baseTriplets, 'baseTriplets')(), rank).U,
  }),
};

/** An input of an initialisation. Throws if it is missing: `unavailable` had to be checked before. */
function requiredInput<T>(member: T | null | undefined, name: keyof InitContext): T {
  if (member === null || member === undefined) throw new Error(`the start needs ${name}`);
  return member;
}

/**
 * With Q orthogonal (r × r), Q_odd its rows 1, 3, … and Q_even its rows 2, 4, …: A = (N·Q_odd)ᵀ/10 and B =
 * N′·Q_even/10, so B·A = N′·Q_even·Q_oddᵀ·Nᵀ/100 = 0 (PEFT, LoraLayer.orthogonal_init). Q, N and N′ have separate
 * streams; N and N′ are drawn by rows of A and columns of B like every other initialisation.
 */
function orthogonalHalves({ d, k, rank, streamA, streamB, stream }: InitContext): InitFactors {
  const Q = orthonormal(rank, rank, requiredInput(stream, 'stream')('Q'));
  const half = rank / 2;
  return {
    A: scale(multiply(transpose(everyOtherRow(Q, 0)), normalRows(half, k, 1, streamA)), 1 / 10),
    B: scale(multiply(normalColumns(d, half, 1, streamB), everyOtherRow(Q, 1)), 1 / 10),
  };
}

function everyOtherRow(m: Matrix64, first: 0 | 1): Matrix64 {
  const out = zeros(m.rows / 2, m.cols);
  for (let i = 0; i < out.rows; i++) {
    const from = (2 * i + first) * m.cols;
    out.data.set(m.data.subarray(from, from + m.cols), i * m.cols);
  }
  return out;
}

/** The share of C's mean diagonal entry that is added to its diagonal, so that it can be inverted. */
const DAMPING = 0.01;

/**
 * CorDA. From W₀·C = U·S·Vᵀ: B = U_r·√(S_r/s) and A = √(S_r/s)·V_rᵀ·C⁻¹, so that s·B·A = U_r·U_rᵀ·W₀. If the inputs are
 * white, C is I without damping, and this is PiSSA.
 */
function weightedFactors({ base, rank, scaling, leadingBase, secondMoment, decompose = svd }: InitContext) {
  if (!secondMoment) return balancedFactors(requiredInput(leadingBase, 'leadingBase')(rank), scaling);
  const C = damped(secondMoment());
  const { U, S, V } = firstTriplets(decompose(multiply(base, C)), rank);
  // C is symmetric: V_rᵀ·C⁻¹ = (C⁻¹·V_r)ᵀ.
  return balancedFactors({ U, S, V: solvePositive(C, V) }, scaling);
}

function damped(C: Matrix64): Matrix64 {
  const n = C.rows;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += C.data[i * (n + 1)];
  const out = { rows: n, cols: n, data: C.data.slice() };
  for (let i = 0; i < n; i++) out.data[i * (n + 1)] += (DAMPING * trace) / n;
  return out;
}

/** √γ, with the γ = 16 of the paper's own code. */
const ROOT_GAMMA = 4;

/**
 * LoRA-GA. With the gradient G = U·S·Vᵀ at step 0 and c = d^¼/√γ: A = c·(v₁ … v_r)ᵀ, B = c·(u_{r+1} … u_{2r}), so that
 * at a small rate η the first SGD step of W is −η·s²·(G·AᵀA + BBᵀ·G) = −η·s²·c²·(best rank-2r approximation of G).
 */
function gradientFactors({ d, rank, leadingGradient }: InitContext): InitFactors {
  const { U, V } = requiredInput(leadingGradient, 'leadingGradient')(2 * rank);
  const sizes = new Float64Array(rank).fill(Math.sqrt(Math.sqrt(d)) / ROOT_GAMMA);
  return { A: scaledRows(columns(V, 0, rank), sizes), B: scaledColumns(columns(U, rank, 2 * rank), sizes) };
}
