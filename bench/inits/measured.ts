import type { Floors } from './floors.ts';
import type { Losses } from './train.ts';

/** One initialisation on one target, a list per seed: losses at each factor of the derived rate, and floors. */
export interface Measured {
  readonly losses: readonly (readonly Losses[])[];
  readonly floors: readonly Floors[];
}
