import { pow } from '../../math/elementary.ts';
import { type Matrix64, multiply, scale, subtract, transpose } from '../../math/matrix.ts';
import { orthonormal } from '../../math/qr.ts';
import { gaussian } from '../../math/random.ts';
import { largestSingularValue } from '../../math/singular-values.ts';
import { addTo, compose, geometric, norm, withNorm } from '../compose.ts';
import { type TargetContext, type TargetSettings, target } from '../target.ts';

/** Up to this min(d, k) all directions are exact; above, the leading ones. Part of link version 1. */
const ALL = 512;
const LEADING = 64;

/** Full rank, with singular values that fall by a law: σ_i = rate^(i−1) or i^(−rate). */
export const decay = target({
  name: 'decay',
  place: 2,
  label: 'decay',
  explanation: 'A full-rank update whose singular values fall off: every extra rank brings a little more.',
  caption: (s) => (s.law === 'power' ? `σᵢ = i^(−${s.rate})` : `σᵢ = ${s.rate}ⁱ⁻¹`),
  params: ['law', 'rate'],
  build(context) {
    const { d, k } = context.settings;
    const sigma = lawOf(context.settings);
    const stream = context.stream('target');
    const n = sigma.length <= ALL ? sigma.length : LEADING;
    const U = orthonormal(d, n, stream);
    context.progress(0.3);
    const V = orthonormal(k, n, stream);
    context.progress(0.6);
    const matrix = compose(U, sigma.subarray(0, n), V);
    if (n === sigma.length) return { matrix };
    addTo(matrix, tail(context, U, V, norm(sigma.subarray(n))));
    // A slow decay has so much energy in its tail that the noise can outgrow the leading directions.
    return { matrix: scale(matrix, 1 / largestSingularValue(matrix)) };
  },
});

function lawOf({ d, k, law, rate }: TargetSettings): Float64Array {
  const n = Math.min(d, k);
  if (law !== 'power') return geometric(n, rate);
  return Float64Array.from({ length: n }, (_, i) => pow(i + 1, -rate));
}

/** Gaussian noise of the given norm, outside the leading directions so that these stay singular vectors of the sum. */
function tail(context: TargetContext, U: Matrix64, V: Matrix64, wanted: number): Matrix64 {
  const noise = gaussian(U.rows, V.rows, context.stream('noise'));
  const left = subtract(noise, multiply(U, multiply(transpose(U), noise)));
  context.progress(0.8);
  return withNorm(subtract(left, multiply(multiply(left, V), transpose(V))), wanted);
}
