import type { Matrix32, Matrix64 } from '../../math/matrix.ts';
import type { OnProgress } from '../../math/progress.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import { roundedTimes } from './draws.ts';
import { paint, pictures } from './pictures.ts';
import { resample } from './resample.ts';
import { type BuiltTarget, type Refusal, subProgress, type TargetContext } from './target.ts';

/** Below this contrast a picture counts as blank: far less than one step of 255 greys. */
const BLANK = 1e-9;

/** A grey picture as an update: its mean subtracted, scaled to σ₁ = 1. */
export function buildPicture({ settings: { d, k, picture }, drawing, progress }: TargetContext): BuiltTarget | Refusal {
  const painted = subProgress(0, 0.8, progress);
  const grey = drawing === null ? paint(pictures.byName(picture), d, k, painted) : resample(drawing, d, k);
  const matrix = pictureUpdate(grey, subProgress(0.8, 1, progress));
  return 'why' in matrix ? matrix : { matrix };
}

/** Grey levels as an update, whose mean is subtracted in place. */
export function pictureUpdate(grey: Matrix64, progress?: OnProgress): Matrix32 | Refusal {
  if (takeMean(grey)) return roundedTimes(1 / largestSingularValue(grey, progress), grey);
  return {
    why: 'At this size the picture has a single shade of grey, so there is nothing to learn. Draw something, or use a larger matrix.',
  };
}

function takeMean({ data }: Matrix64): boolean {
  let [sum, low, high] = [0, data[0], data[0]];
  for (const value of data) {
    sum += value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(high - low > BLANK)) return false;
  const mean = sum / data.length;
  for (let i = 0; i < data.length; i++) data[i] -= mean;
  return true;
}
