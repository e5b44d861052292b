import { type Matrix64, multiply, scale, toFloat64 } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import type { ModuleMatrix } from '../matrix-file/factored-data.ts';
import { dataKind } from '../settings/data-kind.ts';
import { change } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { EDIT_SHADES } from '../targets/edit.ts';
import { isFactored, isStored, type ReadyDrawing, type StoredModule } from '../targets/factored-matrix.ts';
import { targets } from '../targets/index.ts';
import { buildLowRank } from '../targets/low-rank.ts';
import { editShadeOf } from '../targets/painting.ts';
import { owl, pictures, type TargetPicture } from '../targets/pictures.ts';
import { resample } from '../targets/resample.ts';
import { dataKindOf, isOwnMatrix } from '../targets/target.ts';

/** A small ΔW*, row by row, up to a factor. */
export interface Preview {
  readonly size: number;
  readonly values: ArrayLike<number>;
  /** Greys 0 … 1, 1 the darkest; default: entries of either sign. */
  readonly greys?: true;
}

const PICTURE = 48;
/** Few enough for noise to be seen as entries; A and B do not matter. */
const LEAST = { d: 24, k: 24, rank: 1, init: 'kaiming-uniform' } as const;

type PreviewTarget = Experiment['target'];

/** The target of a tile, with this experiment's settings, small; null if unavailable. */
export function previewOf(e: Experiment, name: PreviewTarget, drawing: ReadyDrawing | null): Preview | null {
  const target = targets.byName(name);
  const held = drawing && dataKind(e.data) === dataKindOf(target) ? drawing : null;
  if (isOwnMatrix(target)) return held && { size: PICTURE, values: previewMatrix(held).data };
  const own = held && !isStored(held) && !isFactored(held) ? held : null;
  if (target.ownBase) {
    const shade = own ? editShadeOf(own) : EDIT_SHADES[e.edit];
    return { size: PICTURE, values: sketch({ shade: (x, y) => shade(x, y) ?? owl.shade(x, y) }), greys: true };
  }
  if ((target.params as readonly string[]).includes('picture')) {
    const grey = own ? resample(own, PICTURE, PICTURE).data : sketch(pictures.byName(e.picture));
    const mean = grey.reduce((sum, v) => sum + v, 0) / grey.length;
    return { size: PICTURE, values: grey.map((v) => v - mean) };
  }
  // The others have signs.
  if (name !== 'low-rank') return null;
  const tile = change(e, { target: name, ...LEAST, ...target.small });
  const baseTriplets = () => {
    throw new Error('No small picture is aligned with a W₀.');
  };
  const given = { drawing: null, progress: () => {}, stream: (purpose: string) => stream(tile.seed, purpose) };
  const built = buildLowRank({ settings: tile, baseTriplets, ...given });
  return 'why' in built ? null : { size: tile.d, values: built.matrix.data };
}

/** Few points per cell: a tile is drawn on the page's own thread. */
const POINTS = 3;

function sketch({ shade }: Pick<TargetPicture, 'shade'>): Float64Array {
  const fine = POINTS * PICTURE;
  const grey = new Float64Array(PICTURE * PICTURE);
  for (let i = 0; i < fine; i++) {
    for (let j = 0; j < fine; j++) {
      const cell = Math.floor(i / POINTS) * PICTURE + Math.floor(j / POINTS);
      grey[cell] += shade((j + 0.5) / fine, (i + 0.5) / fine) / (POINTS * POINTS);
    }
  }
  return grey;
}

/** Means of ΔW over a few cells. */
export const previewMatrix = (held: ModuleMatrix | StoredModule): Matrix64 =>
  isStored(held) ? held.preview : resampleData(held, PICTURE, PICTURE);

/** Like resample: the means of s·B·A over cells are the product of those of B over rows and of A over columns. */
export function resampleData(drawn: ModuleMatrix, d: number, k: number): Matrix64 {
  if (!isFactored(drawn)) return resample(drawn, d, k);
  const { B, A, scaling } = drawn;
  return multiply(scale(resample(toFloat64(B), d, B.cols), scaling), resample(toFloat64(A), A.rows, k));
}
