import { solvePositive } from '../../math/factor/cholesky.ts';
import { fillRows, orthonormal, reflections, thinQr } from '../../math/factor/qr.ts';
import { fixSigns, svd } from '../../math/factor/svd.ts';
import { leadingValues } from '../../math/spectral/leading-values.ts';
import { largestSingularValue, singularValues } from '../../math/spectral/singular-values.ts';
import { provideFactorisations } from '../targets/factorisations.ts';
import { builtMatrix } from '../targets/own-matrix.ts';

/** Imported for its effect by whatever makes matrices or measures them. */
provideFactorisations({
  ...{ solvePositive, fillRows, reflections, orthonormal, thinQr, fixSigns, svd },
  ...{ leadingValues, largestSingularValue, singularValues, builtMatrix },
});
