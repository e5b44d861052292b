import { frobenius, type Matrix64, zeros } from '../../../math/matrix.ts';
import type { OnProgress } from '../../../math/progress.ts';
import { gaussian } from '../../../math/random.ts';
import { largestSingularValue } from '../../../math/spectral/singular-values.ts';
import { normalBlocks, normFactor, roundedTimes } from '../draws.ts';
import { type BuiltTarget, subProgress, type TargetContext } from '../target.ts';

/** C ⊗ W₂ for Gaussian C (2 × 2) and W₂, cut to d × k if that is odd, σ₁ = 1; then noise, as the low-rank target has it. */
export function buildKronecker({ settings, stream, progress }: TargetContext): BuiltTarget {
  const { d, k, noise } = settings;
  const source = stream('target');
  const [d2, k2] = [Math.ceil(d / 2), Math.ceil(k / 2)];
  const C = gaussian(2, 2, source).data;
  const W2 = gaussian(d2, k2, source).data;
  const update = zeros(d, k);
  for (let i = 0; i < d; i++)
    for (let j = 0; j < k; j++)
      update.data[i * k + j] = C[2 * Math.floor(i / d2) + Math.floor(j / k2)] * W2[(i % d2) * k2 + (j % k2)];
  const scaling = 1 / largestSingularValue(update, subProgress(0.1, 0.8, progress));
  const around = noise === 0 ? zeros(d, k) : normalBlocks(d, k, stream('noise'), subProgress(0.8, 1, progress));
  const part = normFactor(noise * scaling * frobenius(update), frobenius(around));
  for (let i = 0; i < update.data.length; i++) update.data[i] = scaling * update.data[i] + part * around.data[i];
  return { matrix: roundedTimes(1, update) };
}

/** Side of the tiles that have a dot each. */
const TILE = 4;

/** One entry, ±1, in each tile of 4 × 4 at a random place; then σ₁ = 1. */
export function buildDots({ settings: { d, k }, stream, progress }: TargetContext): BuiltTarget {
  const source = stream('target');
  const update = zeros(d, k);
  for (let i = 0; i < d; i += TILE)
    for (let j = 0; j < k; j += TILE) {
      const row = i + source.integer(Math.min(TILE, d - i));
      const column = j + source.integer(Math.min(TILE, k - j));
      update.data[row * k + column] = 2 * source.integer(2) - 1;
    }
  return unit(update, progress);
}

/** Gaussian entries, σ₁ = 1. */
export const buildNoise = ({ settings: { d, k }, stream, progress }: TargetContext): BuiltTarget =>
  unit(normalBlocks(d, k, stream('target'), subProgress(0, 0.2, progress)), subProgress(0.2, 1, progress));

const unit = (m: Matrix64, progress: OnProgress): BuiltTarget => ({
  matrix: roundedTimes(1 / largestSingularValue(m, progress), m),
});
