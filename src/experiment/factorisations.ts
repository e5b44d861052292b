import type { solvePositive as SolvePositive } from '../math/factor/cholesky.ts';
import type { fillRows as FillRows, reflections as Reflections } from '../math/factor/householder.ts';
import type { orthonormal as Orthonormal, thinQr as ThinQr } from '../math/factor/qr.ts';
import type { fixSigns as FixSigns, svd as Svd } from '../math/factor/svd.ts';
import type { leadingValues as LeadingValues } from '../math/spectral/leading-values.ts';
import type {
  largestSingularValue as LargestSingularValue,
  singularValues as SingularValues,
} from '../math/spectral/singular-values.ts';
import type { builtMatrix as BuiltMatrix } from './targets/own-matrix.ts';

/** What making W₀, ΔW*, A and B takes of math/, by the names it has there, and of what only one target needs. */
export interface Factorisations {
  readonly solvePositive: typeof SolvePositive;
  readonly fillRows: typeof FillRows;
  readonly reflections: typeof Reflections;
  readonly orthonormal: typeof Orthonormal;
  readonly thinQr: typeof ThinQr;
  readonly fixSigns: typeof FixSigns;
  readonly svd: typeof Svd;
  readonly leadingValues: typeof LeadingValues;
  readonly largestSingularValue: typeof LargestSingularValue;
  readonly singularValues: typeof SingularValues;
  readonly builtMatrix: typeof BuiltMatrix;
}

let brought: Factorisations | null = null;

/** Called by layer/bring.ts alone. */
export function bring(all: Factorisations): void {
  brought = all;
}

function all(): Factorisations {
  if (!brought) throw new Error('Nothing makes matrices here: what does imports experiment/layer/bring.ts.');
  return brought;
}

// A page names targets and initialisations, and reads their words, without making a matrix: the functions that make them
// come with what calls them (10 kB that its first picture does not wait for).
export const solvePositive: Factorisations['solvePositive'] = (...given) => all().solvePositive(...given);
export const fillRows: Factorisations['fillRows'] = (...given) => all().fillRows(...given);
export const reflections: Factorisations['reflections'] = (...given) => all().reflections(...given);
export const orthonormal: Factorisations['orthonormal'] = (...given) => all().orthonormal(...given);
export const thinQr: Factorisations['thinQr'] = (...given) => all().thinQr(...given);
export const fixSigns: Factorisations['fixSigns'] = (...given) => all().fixSigns(...given);
export const svd: Factorisations['svd'] = (...given) => all().svd(...given);
export const leadingValues: Factorisations['leadingValues'] = (...given) => all().leadingValues(...given);
export const largestSingularValue: Factorisations['largestSingularValue'] = (...given) =>
  all().largestSingularValue(...given);
export const singularValues: Factorisations['singularValues'] = (...given) => all().singularValues(...given);
export const builtMatrix: Factorisations['builtMatrix'] = (...given) => all().builtMatrix(...given);
