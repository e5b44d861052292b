import { leadingColumns, leadingRows, type Matrix64, toFloat64, zeros } from '../../math/matrix.ts';
import { productSpectrum, productSvd } from '../../math/spectral/product-svd.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import type { Experiment } from '../settings/params.ts';
import { uniformRows } from '../targets/draws.ts';
import { type DataMatrix, isFactored } from '../targets/factored-matrix.ts';
import type { GivenFactors, InitContext, InitFactors } from './init.ts';
import { balancedFactors, firstTriplets } from './triplets.ts';

/** What the data of an experiment holds to start from, divided by σ₁ of the target as that is; null: nothing. */
export function givenOf({ normalise }: Pick<Experiment, 'normalise'>, drawing: DataMatrix | null): GivenFactors | null {
  if (!drawing?.start) return null;
  const { B, A, scaling } = drawing.start;
  return { B, A, scale: scaling / (normalise ? sigma1Of(drawing) : 1) };
}

const sigma1Of = (drawn: DataMatrix) =>
  isFactored(drawn) ? productSpectrum(drawn.B, drawn.A, drawn.scaling)[0] : largestSingularValue(drawn);

/**
 * A (rank × k) and B (d × rank) with scaling·B·A = scale·B₀·A₀ of the given factors of rank r₀. A is A₀ to the bit, and
 * so is B if `scaling` equals `scale`; else B makes up for it. Above r₀ the new rows of A are uniform within ±1/√k and the
 * new columns of B zero, as in a file that grows: ΔW stays. Below r₀ the leading directions stay, √σ in each factor.
 */
export function givenFactors(
  given: GivenFactors,
  { d, k, rank, scaling, streamA }: Pick<InitContext, 'd' | 'k' | 'rank' | 'scaling' | 'streamA'>,
): InitFactors {
  const [B, A] = [toFloat64(given.B), toFloat64(given.A)];
  if (rank < A.rows) return leading(B, A, given.scale, { rank, scaling });
  const [down, up] = [zeros(rank, k), zeros(d, rank)];
  down.data.set(A.data);
  if (rank > A.rows) down.data.set(uniformRows(rank - A.rows, k, 1 / Math.sqrt(k), streamA).data, A.data.length);
  const fold = given.scale / scaling;
  for (let i = 0; i < d; i++) for (let p = 0; p < B.cols; p++) up.data[i * rank + p] = fold * B.data[i * B.cols + p];
  return { A: down, B: up };
}

/** A product of zero has no directions: then A keeps its first rows, so that training can begin. */
function leading(B: Matrix64, A: Matrix64, scale: number, { rank, scaling }: Pick<InitContext, 'rank' | 'scaling'>) {
  const found = firstTriplets(productSvd(B, A, scale), rank);
  return found.S[0] === 0 ? { A: leadingRows(A, rank), B: leadingColumns(B, rank) } : balancedFactors(found, scaling);
}
