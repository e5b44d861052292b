import { lengthOf, type SweepScene, strength, summaryOf } from '../../charts/sweep/cells.ts';
import { mapKeyRange } from '../../charts/sweep/map.ts';
import { MAX_SIDE, type SmallMatrix, smallMatrix } from '../../experiment/recorded/small-picture.ts';
import type { State } from '../../state/state.ts';
import { currentPalette } from '../../ui/rail/colours.ts';
import { sweepSceneOf } from '../../ui/sweep/sweep-scene.ts';

/** One entry per cell, a blank column between panels. Null if nothing has run, or if there are too many cells. */
export function sweepThumbnail(scene: SweepScene): SmallMatrix | null {
  const stretch = mapKeyRange(scene);
  const [columns, rows, panels] = [lengthOf(scene, 0), lengthOf(scene, 1), lengthOf(scene, 2)];
  const cols = panels * (columns + 1) - 1;
  if (!stretch || cols > MAX_SIDE || rows > MAX_SIDE) return null;
  const values = new Float64Array(rows * cols);
  for (const cell of scene.cells) {
    const [column = 0, line = 0, panel = 0] = cell.at;
    const { median } = summaryOf(cell, scene.measure);
    const shade = median !== null && Number.isFinite(median) ? strength(median, stretch) : 0;
    values[line * cols + panel * (columns + 1) + column] = shade;
  }
  return smallMatrix(values, rows, cols, [-1, 1], 'dw');
}

export function sweepPicture(state: State): SmallMatrix | null {
  return sweepThumbnail(sweepSceneOf(state, currentPalette()));
}
