import { type Matrix32, type Matrix64, zeros } from '../../math/matrix.ts';
import type { OnProgress } from '../../math/progress.ts';
import { largestSingularValue } from '../../math/spectral/singular-values.ts';
import { roundedTimes } from './draws.ts';
import { editShade } from './edit.ts';
import { type EditShade, editShadeOf } from './painting.ts';
import { owl, visitPoints } from './pictures.ts';
import { type BuiltTarget, type Refusal, subProgress, type TargetContext } from './target.ts';

interface EditedPicture {
  /** W₀ = (picture − its mean)/σ₁(D), d × k. */
  readonly base: Matrix32;
  /** ΔW* = D/σ₁(D), d × k. */
  readonly update: Matrix32;
  /** D = the edited picture − the picture, in greys 0 … 1. */
  readonly difference: Matrix64;
  /** σ₁(D) */
  readonly sigma1: number;
}

/** The least grey change that an edit must make somewhere: half a step of 255 greys. */
const LEAST = 1 / 510;

/** The owl as d × k greys with an edit over it; refuses an edit that changes nothing. */
export function editedOwl(edit: EditShade, d: number, k: number, progress?: OnProgress): EditedPicture | Refusal {
  const part = (from: number, to: number) => progress && subProgress(from, to, progress);
  const [plain, difference] = [zeros(d, k), zeros(d, k)];
  const visit = (cell: number, x: number, y: number) => {
    const grey = owl.shade(x, y);
    plain.data[cell] += grey;
    difference.data[cell] += edit(x, y) ?? grey;
  };
  const each = visitPoints(d, k, visit, part(0, 0.9));
  let [max, sum] = [0, 0];
  for (let i = 0; i < plain.data.length; i++) {
    plain.data[i] /= each;
    difference.data[i] = difference.data[i] / each - plain.data[i];
    sum += plain.data[i];
    max = Math.max(max, Math.abs(difference.data[i]));
  }
  if (max < LEAST)
    return { why: 'At this size the edit leaves the owl as it is, so there is nothing to learn. Paint something.' };
  const sigma1 = largestSingularValue(difference, part(0.9, 1));
  const mean = sum / plain.data.length;
  for (let i = 0; i < plain.data.length; i++) plain.data[i] -= mean;
  return { base: roundedTimes(1 / sigma1, plain), update: roundedTimes(1 / sigma1, difference), difference, sigma1 };
}

export function buildEdit({ settings: { d, k, edit: name }, drawing, progress }: TargetContext): BuiltTarget | Refusal {
  const shade = drawing === null ? editShade(name) : editShadeOf(drawing);
  const made = editedOwl(shade, d, k, progress);
  return 'why' in made ? made : { matrix: made.update, base: made.base };
}
