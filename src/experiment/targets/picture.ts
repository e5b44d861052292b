import { type Matrix64, scale, zeros } from '../../math/matrix.ts';
import { largestSingularValue } from '../../math/singular-values.ts';
import { paint } from '../paint.ts';
import { pictures } from '../pictures/index.ts';
import { resample } from '../resample.ts';
import { target } from '../target.ts';

/** Below this contrast a picture counts as blank: far less than one step of 255 greys. */
const BLANK = 1e-9;

/** A grey picture as an update: its mean taken off, scaled to σ₁ = 1. */
export const pictureTarget = target({
  name: 'picture',
  place: 4,
  label: 'picture',
  explanation: 'A grey picture as the update, so that rank becomes visible; or one that you draw.',
  caption: () => 'a picture',
  params: ['picture', 'data'],
  minSize: 2,
  build({ settings: { d, k, picture }, drawing }) {
    const grey = drawing === null ? paint(pictures.byName(picture), d, k) : resample(drawing, d, k);
    const centred = withoutMean(grey);
    if (centred === null) {
      return {
        why: 'The picture has one shade of grey at this size, so there is nothing to learn: draw something, or take a larger matrix.',
      };
    }
    return { matrix: scale(centred, 1 / largestSingularValue(centred)) };
  },
});

/** Grey levels minus their mean; null where all are equal. */
function withoutMean(grey: Matrix64): Matrix64 | null {
  let [sum, low, high] = [0, grey.data[0], grey.data[0]];
  for (const value of grey.data) {
    sum += value;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!(high - low > BLANK)) return null;
  const mean = sum / grey.data.length;
  const out = zeros(grey.rows, grey.cols);
  for (let i = 0; i < out.data.length; i++) out.data[i] = grey.data[i] - mean;
  return out;
}
