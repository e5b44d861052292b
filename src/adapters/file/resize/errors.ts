import { errorAtRank } from '../../../math/spectral/spectra.ts';
import type { Spectrum } from '../model.ts';

/** Of a file by ranks: ‖lost‖/‖ΔW‖ of each module by Eckart and Young, and over all that are cut; 0 where ΔW is zero. */
export function errorsAt(
  spectra: readonly (Spectrum | null)[],
  ranks: readonly number[],
): { readonly errors: number[]; readonly error: number } {
  const largest = spectra.reduce((most, of) => Math.max(most, of?.sigma[0] ?? 0), 0);
  let lost = 0;
  let whole = 0;
  const errors = spectra.map((of, index) => {
    if (of === null || !(of.sigma[0] > 0)) return 0;
    const at = errorAtRank(of.sigma);
    const left = at[Math.min(ranks[index], of.sigma.length)];
    lost += (left / largest) * (left / largest);
    whole += (at[0] / largest) * (at[0] / largest);
    return left / at[0];
  });
  return { errors, error: whole > 0 ? Math.sqrt(lost / whole) : 0 };
}
