import { orthonormal, thinQr } from '../../math/factor/qr.ts';
import { frobenius, leadingColumns, type Matrix64, multiply, zeros } from '../../math/matrix.ts';
import { gaussian, type Stream } from '../../math/random.ts';
import { spectrumNorm } from '../../math/spectral/spectra.ts';
import { addRows, composer, geometric, normalBlocks, normFactor, roundedBlocks } from './draws.ts';
import { type BuiltTarget, type Refusal, subProgress, type TargetContext, type TargetSettings } from './target.ts';

type AlignContext = Pick<TargetContext, 'baseTriplets'> & {
  readonly settings: { readonly d: number; readonly k: number };
};

/**
 * Signal directions that share a given part with W₀'s leading singular subspace (`align` of the low-rank target).
 *
 * Let n be the true rank and m = min(n, ⌊min(d, k)/2⌋) the size of the subspace. Up to n = m each direction is √t·p +
 * √(1−t)·q with orthonormal p inside and orthonormal q outside, so every share t has a solution. Above, the directions
 * are orthonormal but their parts inside cannot all be, and shares are bound by a count of dimensions: n·t ≤ m inside,
 * n·(1−t) ≤ min(d, k) − m outside. Between those bounds a solution exists (Schur and Horn) and is found by plane
 * rotations (Chan and Li, Linear and Multilinear Algebra 14, 1983); beyond them there is none.
 *
 * U (d × n) and V (k × n) with orthonormal columns, each with the share t of its squared norm inside the leading left
 * or right singular subspace of W₀. Refuses if no such columns exist.
 */
export function alignedFactors(
  { settings: { d, k }, baseTriplets }: AlignContext,
  n: number,
  share: number,
  stream: Stream,
): { readonly U: Matrix64; readonly V: Matrix64 } | Refusal {
  const size = Math.min(d, k);
  const why = refusal(size, n, share);
  if (why !== null) return { why };
  const [low, high] = shareRange(size, n);
  const t = Math.min(high, Math.max(low, share));
  const m = insideSize(size, n);
  const { U, V } = baseTriplets();
  return { U: aligned(leadingColumns(U, m), n, t, stream), V: aligned(leadingColumns(V, m), n, t, stream) };
}

/** n orthonormal columns, each with the share t of its squared norm in the span of `inside` (rows × m, orthonormal). */
function aligned(inside: Matrix64, n: number, share: number, stream: Stream): Matrix64 {
  const { rows, cols: m } = inside;
  const outsideSize = Math.min(n, rows - m);
  const p = m === 0 ? inside : multiply(inside, orthonormal(m, m, stream));
  const q = complement(inside, outsideSize, stream);
  const shares = spread(n, m, outsideSize, share);
  const out = zeros(rows, n);
  for (let j = 0, fromP = 0, fromQ = 0; j < n; j++) {
    const a = Math.sqrt(shares[j]);
    const b = Math.sqrt(1 - shares[j]);
    if (a > 0) addColumn(out, j, p, fromP++, a);
    if (b > 0) addColumn(out, j, q, fromQ++, b);
  }
  equalise(out, shares, share);
  return out;
}

/** `count` orthonormal columns orthogonal to the given ones: the rest of a QR of both together. */
function complement(inside: Matrix64, count: number, stream: Stream): Matrix64 {
  const { rows, cols: m } = inside;
  const free = gaussian(rows, count, stream);
  const both = zeros(rows, m + count);
  for (let i = 0; i < rows; i++) {
    both.data.set(inside.data.subarray(i * m, (i + 1) * m), i * (m + count));
    both.data.set(free.data.subarray(i * count, (i + 1) * count), i * (m + count) + m);
  }
  const { Q } = thinQr(both);
  const out = zeros(rows, count);
  for (let i = 0; i < rows; i++) out.data.set(Q.data.subarray(i * (m + count) + m, (i + 1) * (m + count)), i * count);
  return out;
}

/** n shares with sum n·t for mutually orthogonal parts: ones or zeros at the limits, else equal. */
function spread(n: number, m: number, outside: number, share: number): Float64Array {
  const shares = new Float64Array(n);
  const ones = n - outside;
  const between = m - ones;
  // Without ones and zeros the shares are the target share as it is, not n times it over n.
  const equal = between === n ? share : Math.min(1, Math.max(0, (n * share - ones) / between));
  return shares.fill(1, 0, ones).fill(equal, ones, ones + between);
}

function addColumn(out: Matrix64, j: number, from: Matrix64, column: number, weight: number): void {
  for (let i = 0; i < out.rows; i++) out.data[i * out.cols + j] += weight * from.data[i * from.cols + column];
}

/**
 * Rotates columns in pairs until each has the target share. A column that has it is left alone from then on, so the
 * parts inside of the two that are rotated stay orthogonal, and with (cos φ, sin φ) the first one's share becomes
 * cos²φ·x + sin²φ·y.
 */
function equalise(columns: Matrix64, shares: Float64Array, share: number): void {
  const above = [...shares.keys()].filter((j) => shares[j] > share);
  const below = [...shares.keys()].filter((j) => shares[j] < share);
  let [i, j] = [above.pop(), below.pop()];
  while (i !== undefined && j !== undefined) {
    const [x, y] = [shares[i], shares[j]];
    const gain = Math.min(x - share, share - y);
    // The one nearer to the target share reaches it, the other takes the excess.
    const fixed = x - share <= share - y ? i : j;
    const c2 = (fixed === i ? share - y : x - share) / (x - y);
    rotate(columns, fixed, fixed === i ? j : i, Math.sqrt(c2), Math.sqrt(1 - c2));
    shares[i] = fixed === i ? share : x - gain;
    shares[j] = fixed === j ? share : y + gain;
    if (shares[i] <= share) i = above.pop();
    if (shares[j] >= share) j = below.pop();
  }
}

/** (u, v) ← (c·u + s·v, c·v − s·u) for columns u and v. */
function rotate(m: Matrix64, u: number, v: number, c: number, s: number): void {
  for (let i = 0; i < m.rows * m.cols; i += m.cols) {
    const [x, y] = [m.data[i + u], m.data[i + v]];
    m.data[i + u] = c * x + s * y;
    m.data[i + v] = c * y - s * x;
  }
}

const LARGEST = 512;

/** A share this close to a bound counts as the bound, so that the three digits of a message are enough. */
const CLOSE = 0.0005;

function insideSize(size: number, n: number): number {
  return Math.min(n, Math.floor(size / 2));
}

/** Smallest and largest share that n orthonormal directions can all have; `size` is min(d, k). */
export function shareRange(size: number, n: number): readonly [number, number] {
  const m = insideSize(size, n);
  return [Math.max(0, 1 - (size - m) / n), Math.min(1, m / n)];
}

function refusal(size: number, n: number, share: number): string | null {
  if (size > LARGEST) {
    return `Alignment with W₀ is available when the smaller of d and k is at most ${LARGEST}; here it is ${size}.`;
  }
  const [low, high] = shareRange(size, n);
  if (share >= low - CLOSE && share <= high + CLOSE) return null;
  const max = Math.floor(size / 2);
  if (max === 0)
    return 'A matrix with one row or column has no leading half to align with. Use an alignment of 0 or a larger matrix.';
  const range = low + CLOSE < high ? `from ${digits(low)} to ${digits(high)}` : `only ${digits(low)}`;
  return (
    `With true rank ${n} the alignment can be ${range}, since W₀’s leading subspace has ${max} of ${size} directions. ` +
    `Change it, or use a true rank of at most ${max}.`
  );
}

const digits = (share: number) => String(Math.round(share * 1000) / 1000);

/** Ratio of neighbouring singular values of the `geometric` shape. */
const RATIO = 0.7;

const signalOf = ({ truerank, shape }: Pick<TargetSettings, 'truerank' | 'shape'>) =>
  geometric(truerank, shape === 'geometric' ? RATIO : 1);

/** ‖N‖_F of the noise in a low-rank target: `noise` is relative to its signal. */
export const noiseNorm = (s: Pick<TargetSettings, 'truerank' | 'shape' | 'noise'>) =>
  s.noise * spectrumNorm(signalOf(s));

/** U·diag(σ)·Vᵀ with σ₁ = 1, then Gaussian noise from a separate stream; the sum is not scaled again. */
export function buildLowRank(context: TargetContext): BuiltTarget | Refusal {
  const { stream, progress } = context;
  const { d, k, noise } = context.settings;
  const factors = directions(context);
  if ('why' in factors) return factors;
  const sigma = signalOf(context.settings);
  const signal = composer(factors.U, sigma, factors.V);
  if (noise === 0) {
    const values = new Float64Array(Math.min(d, k));
    values.set(sigma);
    return { ...roundedBlocks(d, k, signal, subProgress(0.2, 1, progress)), values };
  }
  const around = normalBlocks(d, k, stream('noise'), subProgress(0.2, 0.8, progress));
  const factor = normFactor(noiseNorm(context.settings), frobenius(around));
  const fill = (block: Matrix64, first: number) => {
    signal(block, first);
    addRows(block, factor, around, first);
  };
  return roundedBlocks(d, k, fill, subProgress(0.8, 1, progress));
}

function directions(context: TargetContext): { readonly U: Matrix64; readonly V: Matrix64 } | Refusal {
  const { d, k, truerank, align } = context.settings;
  const stream = context.stream('target');
  if (align !== null) return alignedFactors(context, truerank, align, stream);
  const U = orthonormal(d, truerank, stream, subProgress(0, 0.1, context.progress));
  const V = orthonormal(k, truerank, stream, subProgress(0.1, 0.2, context.progress));
  return { U, V };
}
