import { qrR, qrROfTransposed } from '../../../math/factor/qr.ts';
import {
  allFinite,
  frobenius,
  leadingColumns,
  leadingRows,
  type Matrix64,
  multiply,
  scale,
  transpose,
  vstack,
  zeros,
} from '../../../math/matrix.ts';
import { leadingProductSvd } from '../../../math/spectral/product-svd.ts';
import type { Module, ModuleFactors, OutputType, ResizePlan } from '../model.ts';
import { hstack } from '../pair/compare.ts';

const LARGEST: Readonly<Record<OutputType, number>> = {
  F32: 3.4028234663852886e38,
  F16: 65504,
  BF16: 3.3895313892515355e38,
};

/**
 * The factors of c times the best approximation of B·A of this rank, with √σ in each factor or all of σ in B. If
 * numbers are too large for `types` of up (B) and down (A), a power of two moves between them; null if too large for
 * both.
 */
export function cutFactors(
  factors: ModuleFactors,
  rank: number,
  c: number,
  split: ResizePlan['split'],
  types: { readonly up: OutputType; readonly down: OutputType },
): ModuleFactors | null {
  const { B, A } = factors;
  // A module that was never trained keeps the A that it would start from.
  if (isZero(B) || isZero(A)) return { B: leadingColumns(B, rank), A: leadingRows(A, rank) };
  const { U, S, V } = leadingProductSvd(B, A, 1, rank);
  const [up, down] = [zeros(B.rows, rank), zeros(rank, A.cols)];
  for (let p = 0; p < rank; p++) {
    const sigma = c * S[p];
    const inDown = split === 'both' ? Math.sqrt(sigma) : 1;
    const inUp = split === 'both' ? inDown : sigma;
    for (let i = 0; i < B.rows; i++) up.data[i * rank + p] = inUp * U.data[i * U.cols + p];
    for (let j = 0; j < A.cols; j++) down.data[p * A.cols + j] = inDown * V.data[j * V.cols + p];
  }
  return rescaledFactors(up, down, types);
}

/** B·A with a power of two moved between the factors if numbers would be too large; null if that is not enough. */
export function rescaledFactors(
  B: Matrix64,
  A: Matrix64,
  { up, down }: { up: OutputType; down: OutputType },
): ModuleFactors | null {
  const [b, a] = [largest(B), largest(A)];
  if (b <= LARGEST[up] && a <= LARGEST[down]) return { B, A };
  if (!Number.isFinite(b + a)) return null;
  const halvings = b > LARGEST[up] ? Math.ceil(Math.log2(b / LARGEST[up])) : -Math.ceil(Math.log2(a / LARGEST[down]));
  const shift = 2 ** halvings;
  if (b / shift > LARGEST[up] || a * shift > LARGEST[down]) return null;
  return { B: { ...B, data: B.data.map((x) => x / shift) }, A: { ...A, data: A.data.map((x) => x * shift) } };
}

function largest({ data }: Matrix64): number {
  let max = 0;
  for (let i = 0; i < data.length; i++) max = Math.max(max, Math.abs(data[i]));
  return max;
}

const isZero = ({ data }: Matrix64) => data.every((x) => x === 0);

export interface Distance {
  readonly norm: number;
  readonly distance: number;
}

/**
 * ‖s₁B₁A₁‖ and ‖s₁B₁A₁ − s₂B₂A₂‖ = ‖[s₁B₁, −s₂B₂]·[A₁; A₂]‖ after two QR decompositions: a difference of squared norms
 * would lose half of the digits. null if an entry or a norm is not finite.
 */
export function distanceOf(first: ModuleFactors, s1: number, second: ModuleFactors, s2: number): Distance | null {
  if (![first.B, first.A, second.B, second.A].every(allFinite)) return null;
  const RA = qrROfTransposed(vstack(first.A, second.A));
  const RB = qrR(hstack(scale(first.B, s1), scale(second.B, -s2)));
  const r = first.B.cols;
  const norm = frobenius(multiply(leadingColumns(RB, r), transpose(leadingColumns(RA, r))));
  const distance = frobenius(multiply(RB, transpose(RA)));
  return Number.isFinite(norm + distance) ? { norm, distance } : null;
}

/** Both factors of a module, as their tensors have them. */
export const stored = ({ transposed }: Module, { B, A }: ModuleFactors): ModuleFactors =>
  transposed ? { B: transpose(B), A: transpose(A) } : { B, A };
