import { editedOwl } from '../../experiment/targets/edited-owl.ts';
import { editShadeOf } from '../../experiment/targets/painting.ts';
import { pictureUpdate } from '../../experiment/targets/picture.ts';
import { resample } from '../../experiment/targets/resample.ts';
import { type Svd, svd } from '../../math/factor/svd.ts';
import type { AnyMatrix, Matrix64 } from '../../math/matrix.ts';
import { effectiveRank, numericalRank } from '../../math/spectral/spectra.ts';
import type { DraftMessage, DraftPictureResult, DraftResultMessage } from '../protocol/draft.ts';

/** The longest side that is measured: an SVD of this size takes about a second. */
const LARGEST = 512;

/** ΔW* of a drawing and, for an edit, the W₀ that comes with it. */
interface DraftMatrices {
  readonly update: AnyMatrix;
  readonly base: AnyMatrix | null;
}

/** Measurements of a sheet, kept so that another rank costs nothing but its picture. */
export interface DraftSpectrum extends DraftMatrices {
  readonly of: Pick<DraftMessage, 'on' | 'order' | 'd' | 'k'>;
  readonly triplets: Svd;
}

/** The measured size: that of W, smaller in proportion if its SVD would take seconds. */
export function measuredSize(d: number, k: number): { readonly d: number; readonly k: number } {
  const shrink = Math.min(1, LARGEST / Math.max(d, k));
  const side = (n: number) => Math.max(2, Math.round(n * shrink));
  return { d: side(d), k: side(k) };
}

/** Its singular values and triplets; null if there is nothing to learn. */
export function measureDraft({ on, order, paint, d, k }: DraftMessage): DraftSpectrum | null {
  const side = Math.sqrt(paint.length);
  const made = (on === 'owl' ? edited : drawn)({ rows: side, cols: side, data: paint }, measuredSize(d, k));
  return made && { of: { on, order, d, k }, ...made, triplets: svd(made.update) };
}

type DraftSize = ReturnType<typeof measuredSize>;

function edited(paint: Matrix64, { d, k }: DraftSize): DraftMatrices | null {
  const made = editedOwl(editShadeOf(paint), d, k);
  return 'why' in made ? null : made;
}

function drawn({ data, ...shape }: Matrix64, { d, k }: DraftSize): DraftMatrices | null {
  const update = pictureUpdate(resample({ ...shape, data: data.map((grey) => Math.max(0, grey)) }, d, k));
  return 'why' in update ? null : { update, base: null };
}

export function draftResult({ on, order, d, k, ranks }: DraftMessage, found: DraftSpectrum | null): DraftResultMessage {
  const size = measuredSize(d, k);
  if (!found) {
    const nothing = new Float32Array(size.d * size.k);
    const singularValues = new Float64Array(Math.min(size.d, size.k));
    return { on, order, ...size, singularValues, directions: 0, effectiveRank: 0, update: nothing, best: [] };
  }
  const { update, base, triplets } = found;
  const best = bestOfRanks(triplets, ranks).map((one) => (base ? { ...one, values: over(base, one.values) } : one));
  const singularValues = triplets.S.slice();
  return {
    ...{ on, order, ...size, singularValues, best },
    directions: numericalRank(singularValues, size.d, size.k),
    effectiveRank: effectiveRank(singularValues),
    update: Float32Array.from(update.data),
  };
}

/** Eckart–Young: the nearest matrix of rank n is the sum of the n leading triplets. Ranks ascend. */
function bestOfRanks({ U, S, V }: Svd, ranks: readonly number[]): DraftPictureResult[] {
  const [d, k, n] = [U.rows, V.rows, S.length];
  const sum = new Float64Array(d * k);
  let done = 0;
  return ranks.map((rank) => {
    for (; done < Math.min(rank, n); done++) {
      for (let i = 0; i < d; i++) {
        const left = S[done] * U.data[i * n + done];
        if (left !== 0) for (let j = 0; j < k; j++) sum[i * k + j] += left * V.data[j * n + done];
      }
    }
    return { rank, values: Float32Array.from(sum) };
  });
}

/** W₀ + ΔW on a scale from the smallest (0) to the largest (1) entry of W₀. */
function over({ data }: AnyMatrix, update: Float32Array): Float32Array {
  let [low, high] = [data[0], data[0]];
  for (const value of data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return update.map((change, i) => (data[i] + change - low) / (high - low || 1));
}
