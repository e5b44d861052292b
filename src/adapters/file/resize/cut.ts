import { leadingColumns, leadingRows, type Matrix64, zeros } from '../../../math/matrix.ts';
import { leadingProductSvd } from '../../../math/spectral/product-svd.ts';
import type { Factors, ResizePlan, WrittenType } from '../model.ts';

/** The largest number of each type that is written. */
const LARGEST: Readonly<Record<WrittenType, number>> = {
  F32: 3.4028234663852886e38,
  F16: 65504,
  BF16: 3.3895313892515355e38,
};

/**
 * The factors of c times the best approximation of B·A of this rank: its leading singular directions, with √σ in each factor or
 * all of σ in B. `types` are those in which up (B) and down (A) are written: a power of two goes from one factor to the
 * other where its numbers would be too large. null where they are too large for both.
 */
export function cutFactors(
  factors: Factors,
  rank: number,
  c: number,
  split: ResizePlan['split'],
  types: { readonly up: WrittenType; readonly down: WrittenType },
): Factors | null {
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
  return withinRange(up, down, types);
}

/** B·A with a power of two moved from one factor to the other where its numbers would be too large; null where that is not enough. */
export function withinRange(
  B: Matrix64,
  A: Matrix64,
  { up, down }: { up: WrittenType; down: WrittenType },
): Factors | null {
  const [b, a] = [largest(B), largest(A)];
  if (b <= LARGEST[up] && a <= LARGEST[down]) return { B, A };
  const halvings = b > LARGEST[up] ? Math.ceil(Math.log2(b / LARGEST[up])) : -Math.ceil(Math.log2(a / LARGEST[down]));
  const shift = 2 ** halvings;
  if (b / shift > LARGEST[up] || a * shift > LARGEST[down]) return null;
  return { B: { ...B, data: B.data.map((x) => x / shift) }, A: { ...A, data: A.data.map((x) => x * shift) } };
}

function largest({ data }: Matrix64): number {
  let most = 0;
  for (let i = 0; i < data.length; i++) most = Math.max(most, Math.abs(data[i]));
  return most;
}

const isZero = ({ data }: Matrix64) => data.every((x) => x === 0);
