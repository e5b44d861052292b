/** The functions of math/ for W₀, ΔW*, A and B, and those for a single target. */
type Factorisations = Pick<typeof import('../../math/factor/cholesky.ts'), 'solvePositive'> &
  Pick<typeof import('../../math/factor/qr.ts'), 'fillRows' | 'reflections'> &
  Pick<typeof import('../../math/factor/qr.ts'), 'orthonormal' | 'thinQr'> &
  Pick<typeof import('../../math/factor/svd.ts'), 'fixSigns' | 'svd'> &
  Pick<typeof import('../../math/spectral/leading-values.ts'), 'leadingValues'> &
  Pick<typeof import('../../math/spectral/singular-values.ts'), 'largestSingularValue' | 'singularValues'> &
  Pick<typeof import('./own-matrix.ts'), 'builtMatrix'>;

const brought: Partial<Factorisations> = {};

/** Called with all of them by layer/provide-factorisations.ts, and with one by previews of targets. */
export function provideFactorisations(some: Partial<Factorisations>): void {
  Object.assign(brought, some);
}

function the<K extends keyof Factorisations>(name: K): Factorisations[K] {
  const found = brought[name];
  if (!found)
    throw new Error('Nothing makes matrices here: what does imports experiment/layer/provide-factorisations.ts.');
  return found;
}

// Pages read the words of targets and initialisations: math/ is loaded with the callers (10 kB less at first).
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
