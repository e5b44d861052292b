import { sweepThumbnail } from '../../charts/sweep/small-sweep.ts';
import type { SmallMatrix } from '../../experiment/recorded/small-picture.ts';
import type { State } from '../../state/state.ts';
import { paletteNow } from '../../ui/rail/colours.ts';
import { sweepSceneOf } from '../../ui/sweep/sweep-scene.ts';

/** The small picture of the sweep on screen; null before a run of it has ended. */
export function sweptPicture(state: State): SmallMatrix | null {
  return sweepThumbnail(sweepSceneOf(state, paletteNow()));
}
