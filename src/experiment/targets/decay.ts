import { pow } from '../../math/elementary.ts';
import { orthonormal } from '../../math/factor/qr.ts';
import { type Matrix64, multiply, rowsOf, transpose, zeros } from '../../math/matrix.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import {
  addRows,
  composer,
  geometric,
  normalBlocks,
  normFactor,
  roundedBlocks,
  roundedTimes,
  spectrumNorm,
  visitBlocks,
} from './draws.ts';
import { type BuiltTarget, subProgress, type TargetContext, type TargetSettings } from './target.ts';

/** Up to this min(d, k) all directions are exact; above, the leading ones. Part of link version 1. */
const ALL = 512;
const LEADING = 64;
/** Rows of the noise at a time, whose entries do not depend on it: each product reads one of the factors whole. */
const TALL = 128;

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
  const leading = composer(U, sigma.subarray(0, n), V);
  if (n === sigma.length) return roundedBlocks(d, k, leading, subProgress(share, 1, progress));
  const matrix = withTail(context, U, V, leading, spectrumNorm(sigma.subarray(n)));
  // A slow decay has so much energy in its tail that the noise can outgrow the leading directions.
  const sigma1 = largestSingularValue(matrix, subProgress(0.75, 1, progress));
  return { matrix: roundedTimes(1 / sigma1, matrix) };
}

function lawOf({ d, k, law, rate }: TargetSettings): Float64Array {
  const n = Math.min(d, k);
  if (law !== 'power') return geometric(n, rate);
  return Float64Array.from({ length: n }, (_, i) => pow(i + 1, -rate));
}

/** The leading directions plus Gaussian noise of the given norm outside them, in place: they stay singular vectors. */
function withTail(
  { settings: { d, k }, stream, progress }: TargetContext,
  U: Matrix64,
  V: Matrix64,
  leading: (block: Matrix64, first: number) => void,
  wanted: number,
): Matrix64 {
  const noise = normalBlocks(d, k, stream('noise'), subProgress(0.2, 0.4, progress));
  const inside = multiply(transpose(U), noise);
  const across = transpose(V);
  const outside = (first: number, count: number) => {
    const block = rowsOf(noise, first, count);
    take(block, multiply(rowsOf(U, first, count), inside));
    take(block, multiply(multiply(block, V), across));
  };
  visitBlocks(d, outside, subProgress(0.45, 0.65, progress), TALL);
  const factor = normFactor(wanted, noise);
  const join = (first: number, count: number) => {
    const sum = zeros(count, k);
    leading(sum, first);
    addRows(sum, factor, noise, first);
    rowsOf(noise, first, count).data.set(sum.data);
  };
  visitBlocks(d, join, subProgress(0.65, 0.75, progress), TALL);
  return noise;
}

/** block −= part */
function take(block: Matrix64, part: Matrix64): void {
  for (let i = 0; i < block.data.length; i++) block.data[i] -= part.data[i];
}
