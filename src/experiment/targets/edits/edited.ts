import { type Matrix32, type Matrix64, zeros } from '../../../math/matrix.ts';
import type { Progress } from '../../../math/progress.ts';
import { largestSingularValue } from '../../factorisations.ts';
import { owl } from '../pictures/owl.ts';
import { forPoints } from '../pictures/shown.ts';
import { roundedTimes } from '../rounded.ts';
import { type Refusal, within } from '../target.ts';
import type { EditShade } from './edits.ts';

/** An entry of a painting where nothing is painted: the picture shows. All others are greys, 0 … 1. */
export const NO_PAINT = -1;

/** A picture as the frozen weight, and an edit of it as the update. */
export interface Edited {
  /** W₀ = (picture − its mean)/σ₁(D), d × k. */
  readonly base: Matrix32;
  /** ΔW* = D/σ₁(D), d × k. */
  readonly update: Matrix32;
  /** D = the edited picture − the picture, in greys 0 … 1. */
  readonly difference: Matrix64;
  /** σ₁(D) */
  readonly sigma1: number;
}

/** The least change of a grey that an edit has to make somewhere: half a step of 255 greys. */
const LEAST = 1 / 510;

/** The owl as d × k greys with an edit over it; refuses an edit that changes nothing. */
export function editedOwl(edit: EditShade, d: number, k: number, progress?: Progress): Edited | Refusal {
  const part = (from: number, to: number) => progress && within(from, to, progress);
  const [plain, difference] = [zeros(d, k), zeros(d, k)];
  const look = (cell: number, x: number, y: number) => {
    const grey = owl.shade(x, y);
    plain.data[cell] += grey;
    difference.data[cell] += edit(x, y) ?? grey;
  };
  const each = forPoints(d, k, look, part(0, 0.9));
  let [most, sum] = [0, 0];
  for (let i = 0; i < plain.data.length; i++) {
    plain.data[i] /= each;
    difference.data[i] = difference.data[i] / each - plain.data[i];
    sum += plain.data[i];
    most = Math.max(most, Math.abs(difference.data[i]));
  }
  if (most < LEAST)
    return { why: 'At this size the edit leaves the owl as it is, so there is nothing to learn. Paint something.' };
  const sigma1 = largestSingularValue(difference, part(0.9, 1));
  const mean = sum / plain.data.length;
  for (let i = 0; i < plain.data.length; i++) plain.data[i] -= mean;
  return { base: roundedTimes(1 / sigma1, plain), update: roundedTimes(1 / sigma1, difference), difference, sigma1 };
}

/** A painting, greys or NO_PAINT on a grid of any size, as an edit: each of its cells is a rectangle of one shade. */
export function shadeOf({ rows, cols, data }: Matrix64): EditShade {
  return (x, y) => {
    const grey = data[Math.floor(y * rows) * cols + Math.floor(x * cols)];
    return grey === NO_PAINT ? null : grey;
  };
}
