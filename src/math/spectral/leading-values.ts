import { svd } from '../factor/svd.ts';
import { type Matrix32, maxAbs, zeros } from '../matrix.ts';
import type { Progress } from '../progress.ts';
import { bidiagonalValues } from './bidiagonal-values.ts';
import { type GolubKahan, golubKahan } from './golub-kahan.ts';

/** Steps between two looks at the values. */
const CHECK = 16;
/** The work ends after so many steps a wanted value. */
const MOST = 4;
/** The share of the time that the steps take; the rest goes into the residual. */
const LANCZOS = 0.9;
/** Values count as found when no more than this share of σ₁ is open: less than float32 entries leave open. */
const SETTLED = 1e-7;
/** What float64 leaves open of a value that has settled. */
const ROUNDING = 1e-13;

export interface LeadingValues {
  /** The largest first. None is above the true value of its place, beyond rounding. */
  readonly values: Float64Array;
  /**
   * How much is open, as a share of σ₁. The larger of the residual max ‖Mᵀu_i − σ_i·v_i‖ (M has a singular value within
   * it of each σ_i) and of what the last quarter of the steps still moved a value; 10⁻⁷ where both have fallen below that.
   */
  readonly error: number;
  /**
   * By how much each value may lie too low, as a share of σ₁: what the second half of the steps still moved it, or the
   * last look where all have settled. The first places have long settled where the last ones still move.
   */
  readonly open: Float64Array;
}

/**
 * The leading `count` singular values of a matrix of any size by Golub–Kahan–Lanczos, 4·count steps at most, each of
 * 2·rows·cols multiply-adds. All of them where the matrix has no more. Throws RangeError on entries that are not finite.
 */
export function leadingValues(m: Matrix32, count: number, progress?: Progress): LeadingValues {
  if (!(maxAbs(m) < Infinity)) throw new RangeError('the matrix has an entry that is not a finite number');
  const size = Math.min(m.rows, m.cols);
  const wanted = Math.min(count, size);
  const most = MOST * wanted;
  const found = golubKahan(m, most);
  const quarter = Math.ceil(most / 4 / CHECK);
  const looks: Float64Array[] = [];
  let told = 0;
  const tell = (fraction: number) => {
    told = Math.max(told, fraction);
    progress?.(told);
  };
  for (;;) {
    const ended = !steps(found, CHECK, (done) => tell((LANCZOS * done) / most));
    const k = found.d.length;
    const complete = k === size || (ended && k < most);
    const over = complete || k === most;
    if (k < wanted && !over) continue;
    const values = valuesOf(found, wanted);
    const limit = SETTLED * (values[0] > 0 ? values[0] : 1);
    looks.push(values);
    const moved = (looksAgo: number) => furthest(values, looks[Math.max(0, looks.length - 1 - looksAgo)]);
    const still = looks.length > 1 && moved(1) <= limit;
    if (!still && !over) continue;
    const residual = residualOf(found, wanted, (fraction) => tell((LANCZOS * k) / most + (1 - LANCZOS) * fraction));
    const settled = complete || (still && residual <= limit);
    if (!settled && !over) continue;
    tell(1);
    // Of a whole matrix nothing is open; of one that settled, no more than a look before; else what half the work moved.
    const ago = complete ? 0 : settled ? 1 : 2 * quarter;
    const before = looks[Math.max(0, looks.length - 1 - ago)];
    const open = values.map((value, i) => Math.max(ROUNDING, (SETTLED * (value - before[i])) / limit));
    return { values, error: settled ? SETTLED : (SETTLED * Math.max(residual, moved(quarter))) / limit, open };
  }
}

/** Up to n steps more; false where the whole matrix has been met. */
function steps(found: GolubKahan, n: number, tell: (done: number) => void): boolean {
  for (let i = 0; i < n; i++) {
    if (!found.step()) return false;
    tell(found.d.length);
  }
  return true;
}

function valuesOf({ d, e }: GolubKahan, wanted: number): Float64Array {
  const values = new Float64Array(wanted);
  values.set(bidiagonalValues({ d: Float64Array.from(d), e: Float64Array.from(e) }).subarray(0, wanted));
  return values;
}

/** max e_k·|x_i| over the wanted triplets of B, x_i the last entry of the left vector; M·v_i = σ_i·u_i holds exactly. */
function residualOf({ d, e }: GolubKahan, wanted: number, progress: Progress): number {
  const k = d.length;
  if (k === 0 || e[k - 1] === 0) return 0;
  const B = zeros(k, k);
  for (let i = 0; i < k; i++) {
    B.data[i * k + i] = d[i];
    if (i + 1 < k) B.data[i * k + i + 1] = e[i];
  }
  const { U } = svd(B, progress);
  let largest = 0;
  for (let i = 0; i < Math.min(k, wanted); i++) largest = Math.max(largest, Math.abs(U.data[(k - 1) * k + i]));
  return e[k - 1] * largest;
}

function furthest(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}
