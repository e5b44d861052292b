import { prepareProblem } from '../../experiment/layer/problem.ts';
import { dataKind } from '../../experiment/settings/data-kind.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { shadeOf } from '../../experiment/targets/edits/edited.ts';
import { edits } from '../../experiment/targets/edits/edits.ts';
import { isFactored } from '../../experiment/targets/factored/factored.ts';
import { resampleDrawn } from '../../experiment/targets/factored/resample-drawn.ts';
import { targets } from '../../experiment/targets/index.ts';
import { pictures } from '../../experiment/targets/pictures/index.ts';
import { owl } from '../../experiment/targets/pictures/owl.ts';
import type { Picture } from '../../experiment/targets/pictures/shown.ts';
import { resample } from '../../experiment/targets/resample.ts';
import { isOwnMatrix, takenBy } from '../../experiment/targets/target.ts';
import type { ReadyDrawing } from '../../state/state.ts';

/** A small ΔW*, row by row, up to a factor. */
export interface Preview {
  readonly size: number;
  readonly values: ArrayLike<number>;
  /** Greys 0 … 1, 1 the darkest; left out: entries of either sign. */
  readonly greys?: true;
}

/** Entries along a side of a picture. */
const PICTURE = 48;
/** Few enough for noise to be seen as entries; A and B do not matter. */
const LEAST = { d: 24, k: 24, rank: 1, init: 'kaiming-uniform' } as const;

type Name = Experiment['target'];

/** Such targets show themselves as they are, not as noise. */
const isPicture = (name: Name) => (targets.byName(name).params as readonly string[]).includes('picture');

/** The target that a tile stands for, with this experiment's settings, small; null where it is not available. */
export function previewOf(e: Experiment, name: Name, drawing: ReadyDrawing | null): Preview | null {
  const target = targets.byName(name);
  const held = drawing && dataKind(e.data) === takenBy(target) ? drawing : null;
  if (isOwnMatrix(target)) return held && { size: PICTURE, values: resampleDrawn(held, PICTURE, PICTURE).data };
  const own = held && !isFactored(held) ? held : null;
  if (target.ownBase) {
    const shade = own ? shadeOf(own) : edits.byName(e.edit).shade;
    return { size: PICTURE, values: sketch({ shade: (x, y) => shade(x, y) ?? owl.shade(x, y) }), greys: true };
  }
  if (isPicture(name)) {
    const grey = own ? resample(own, PICTURE, PICTURE).data : sketch(pictures.byName(e.picture));
    const mean = grey.reduce((sum, v) => sum + v, 0) / grey.length;
    return { size: PICTURE, values: grey.map((v) => v - mean) };
  }
  const tile = change(e, { target: name, ...LEAST, ...target.small });
  const problem = prepareProblem(tile, null, { vectors: false });
  return 'why' in problem ? null : { size: tile.d, values: problem.modules[0].wanted.matrix.data };
}

/** Few points a cell: a tile is drawn on the page's own thread. */
const POINTS = 3;

function sketch({ shade }: Pick<Picture, 'shade'>): Float64Array {
  const fine = POINTS * PICTURE;
  const grey = new Float64Array(PICTURE * PICTURE);
  for (let i = 0; i < fine; i++) {
    for (let j = 0; j < fine; j++) {
      const cell = Math.floor(i / POINTS) * PICTURE + Math.floor(j / POINTS);
      grey[cell] += shade((j + 0.5) / fine, (i + 0.5) / fine) / POINTS ** 2;
    }
  }
  return grey;
}
