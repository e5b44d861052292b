/** What making W₀, ΔW*, A and B takes of math/, by the names it has there, and of what only one target needs. */
type Factorisations = Pick<typeof import('../../math/factor/cholesky.ts'), 'solvePositive'> &
  Pick<typeof import('../../math/factor/qr.ts'), 'fillRows' | 'reflections'> &
  Pick<typeof import('../../math/factor/qr.ts'), 'orthonormal' | 'thinQr'> &
  Pick<typeof import('../../math/factor/svd.ts'), 'fixSigns' | 'svd'> &
  Pick<typeof import('../../math/spectral/leading-values.ts'), 'leadingValues'> &
  Pick<typeof import('../../math/spectral/singular-values.ts'), 'largestSingularValue' | 'singularValues'> &
  Pick<typeof import('./own-matrix.ts'), 'builtMatrix'>;

const brought: Partial<Factorisations> = {};

/** Called with all of them by layer/provide-factorisations.ts, and with one by what makes small pictures of targets. */
export function provideFactorisations(some: Partial<Factorisations>): void {
  Object.assign(brought, some);
}

function the<K extends keyof Factorisations>(name: K): Factorisations[K] {
  const found = brought[name];
  if (!found)
    throw new Error('Nothing makes matrices here: what does imports experiment/layer/provide-factorisations.ts.');
  return found;
}

// A page names targets and initialisations, and reads their words, without making a matrix: the functions that make them
// come with what calls them (10 kB that its first picture does not wait for).
export const solvePositive: Factorisations['solvePositive'] = (...given) => the('solvePositive')(...given);
export const fillRows: Factorisations['fillRows'] = (...given) => the('fillRows')(...given);
export const reflections: Factorisations['reflections'] = (...given) => the('reflections')(...given);
export const orthonormal: Factorisations['orthonormal'] = (...given) => the('orthonormal')(...given);
export const thinQr: Factorisations['thinQr'] = (...given) => the('thinQr')(...given);
export const fixSigns: Factorisations['fixSigns'] = (...given) => the('fixSigns')(...given);
export const svd: Factorisations['svd'] = (...given) => the('svd')(...given);
export const leadingValues: Factorisations['leadingValues'] = (...given) => the('leadingValues')(...given);
export const largestSingularValue: Factorisations['largestSingularValue'] = (...given) =>
  the('largestSingularValue')(...given);
export const singularValues: Factorisations['singularValues'] = (...given) => the('singularValues')(...given);
export const builtMatrix: Factorisations['builtMatrix'] = (...given) => the('builtMatrix')(...given);
