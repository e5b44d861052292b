import { pow } from '../../math/elementary.ts';
import { orthonormal } from '../../math/factor/qr.ts';
import { type HeldMatrix, heldMatrix } from '../../math/held-matrix.ts';
import type { Matrix64 } from '../../math/matrix.ts';
import { spectrumNorm } from '../../math/spectral/spectra.ts';
import { composer, factorsOf, geometric, normFactor, roundedBlocks, visitBlocks } from './draws.ts';
import { type BuiltTarget, subProgress, type TargetContext, type TargetSettings } from './target.ts';

/** Up to this min(d, k) all directions are exact; above, the leading ones. Part of link version 1. */
const ALL = 512;
const LEADING = 64;

/** Full rank, with singular values that fall by a law: σ_i = rate^(i−1) or i^(−rate). */
export function buildDecay(context: TargetContext): BuiltTarget {
  const { progress } = context;
  const { d, k } = context.settings;
  const sigma = lawOf(context.settings);
  const stream = context.stream('target');
  const n = sigma.length <= ALL ? sigma.length : LEADING;
  // If all directions are exact, finding them is most of the work.
  const share = n === sigma.length ? 0.8 : 0.2;
  const U = orthonormal(d, n, stream, subProgress(0, share / 2, progress));
  const V = orthonormal(k, n, stream, subProgress(share / 2, share, progress));
  const leading = sigma.subarray(0, n);
  if (n === sigma.length) return roundedBlocks(d, k, composer(U, leading, V), subProgress(share, 1, progress));
  const matrix = withTail(context, U, leading, V, spectrumNorm(sigma.subarray(n)));
  // A slow decay has so much energy in its tail that the noise can outgrow the leading directions.
  const sigma1 = matrix.largestValue(subProgress(0.75, 1, progress));
  return { matrix: matrix.rounded(1 / sigma1) };
}

function lawOf({ d, k, law, rate }: TargetSettings): Float64Array {
  const n = Math.min(d, k);
  if (law !== 'power') return geometric(n, rate);
  return Float64Array.from({ length: n }, (_, i) => pow(i + 1, -rate));
}

/** The leading directions plus Gaussian noise of the given norm outside them: they stay singular vectors. */
function withTail(
  { settings: { d, k }, stream, progress }: TargetContext,
  U: Matrix64,
  sigma: Float64Array,
  V: Matrix64,
  wanted: number,
): HeldMatrix {
  const M = heldMatrix(d, k, sigma.length);
  const noise = stream('noise');
  visitBlocks(d, (i) => noise.normals(M.row(i), 1), subProgress(0.2, 0.4, progress), 1);
  M.leaveOut(U, V, subProgress(0.4, 0.65, progress));
  M.join(...factorsOf(U, sigma, V), normFactor(wanted, M.norm()), subProgress(0.65, 0.75, progress));
  return M;
}
