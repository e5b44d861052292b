import type { Floors } from './floors.ts';
import type { Losses } from './train.ts';

/** One initialisation on one target: a list a seed, of losses at each factor of the derived rate and of floors. */
export interface Measured {
  readonly losses: readonly (readonly Losses[])[];
  readonly floors: readonly Floors[];
}
