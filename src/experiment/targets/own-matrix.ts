import { type Matrix64, rowsOf, toFloat64 } from '../../math/matrix.ts';
import { multiplyInto } from '../../math/products.ts';
import type { OnProgress } from '../../math/progress.ts';
import { productSpectrum } from '../../math/spectral/product-svd.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import { count, round } from '../numbers.ts';
import { type RoundedMatrix, roundedBlocks, roundedTimes } from './draws.ts';
import type { FactoredMatrix } from './factored-matrix.ts';
import type { BuiltTarget, Refusal, TargetContext } from './target.ts';

/** All min(d, k) singular values of s·B·A, by r × r work; those beyond its rank are 0. */
function factoredValues({ rows, cols, B, A, scaling }: FactoredMatrix): Float64Array {
  const values = new Float64Array(Math.min(rows, cols));
  values.set(productSpectrum(B, A, scaling));
  return values;
}

/** factor·B·A, each entry Σ b·a in float64 in term order, then the factor, rounded once to float32. */
function factoredProduct({ rows, cols, B, A }: FactoredMatrix, factor: number, progress: OnProgress): RoundedMatrix {
  const right = toFloat64(A).data;
  const fill = (block: Matrix64, first: number) => {
    multiplyInto(toFloat64(rowsOf(B, first, block.rows)).data, right, block.data, block.rows, B.cols, cols);
    for (let i = 0; i < block.data.length; i++) block.data[i] *= factor;
  };
  return roundedBlocks(rows, cols, fill, progress);
}

/** The imported matrix, or the product of factors, as ΔW*. */
export function builtMatrix(context: TargetContext): BuiltTarget | Refusal {
  const { settings, drawing, factored, progress } = context;
  if (factored) return ofFactors(factored, context);
  const own = fitting(settings, drawing);
  if ('why' in own) return own;
  const factor = factorOf(largestSingularValue(own, progress), settings.normalise);
  return typeof factor === 'number' ? { matrix: roundedTimes(factor, own) } : factor;
}

function fitting(settings: MatrixSize, matrix: Matrix64 | null): Matrix64 | Refusal {
  if (!matrix) return { why: 'No matrix yet: paste, drop or pick one.' };
  return refusedSize(settings, matrix) ?? refusedFlat(matrix.data) ?? matrix;
}

function ofFactors(factored: FactoredMatrix, { settings, progress }: TargetContext): BuiltTarget | Refusal {
  const odd = refusedSize(settings, factored);
  if (odd) return odd;
  const values = factoredValues(factored);
  if (values[0] === 0) return { why: 'ΔW of this module is zero, so there is nothing to learn. Use another module.' };
  const factor = factorOf(values[0], settings.normalise);
  if (typeof factor !== 'number') return factor;
  const built = factoredProduct(factored, factor * factored.scaling, progress);
  return refusedFlat(built.matrix.data) ?? { ...built, values: values.map((value) => factor * value), exact: true };
}

type MatrixSize = Pick<TargetContext['settings'], 'd' | 'k'>;

function refusedSize({ d, k }: MatrixSize, { rows, cols }: Pick<Matrix64, 'rows' | 'cols'>): Refusal | null {
  if (rows === d && cols === k) return null;
  return { why: `Your matrix is ${rows} × ${cols}, but d × k is ${d} × ${k}: they must agree.` };
}

function refusedFlat(data: ArrayLike<number>): Refusal | null {
  const flat = flatFault(data);
  return flat === null ? null : { why: `In your matrix ${flat}.` };
}

/** Scale of a matrix with this σ₁; refused if it cannot be trained as it is. */
function factorOf(sigma1: number, normalise: boolean): number | Refusal {
  if (normalise) return 1 / sigma1;
  const why = unscaledFault(sigma1);
  return why === null ? 1 : { why, way: { label: 'Scale to σ₁ = 1', changes: { normalise: true } } };
}

/**
 * The fault of a matrix with equal entries, without a full stop, or null: a constant hides nothing that a rank could
 * show.
 */
export function flatFault(data: ArrayLike<number>): string | null {
  const first = data[0];
  for (let i = 1; i < data.length; i++) if (data[i] !== first) return null;
  const found = data.length === 1 ? `the only number is ${first}` : `every number is ${first}`;
  return `${found}, so there is nothing to learn; use at least two different numbers`;
}

/**
 * σ₁ of an unscaled matrix. Above, squares of squares leave float32. Below, an Adam step, which is as large as the rate
 * however small the gradient, overshoots so much at the derived rate that it counts as diverged.
 */
const [SMALLEST, LARGEST] = [1e-3, 1e6];

/** A sentence if a matrix with this σ₁ cannot be trained unscaled, else null. */
export function unscaledFault(sigma1: number): string | null {
  if (sigma1 >= SMALLEST && sigma1 <= LARGEST) return null;
  return `The largest singular value of your matrix is ${round(sigma1, 2)}; without scaling it must be from ${SMALLEST} to ${count(LARGEST)}. Scale it to σ₁ = 1.`;
}
