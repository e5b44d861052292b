import { settingsLink } from '../../experiment/link/link.ts';
import type { Experiment } from '../../experiment/settings/params.ts';

/** Runs that compare methods: each at several rates. */
export interface Fights {
  /** Requested, and not trained yet. */
  readonly waiting: readonly Experiment[];
  /** The relative error of each run at its end, by its settings: infinite if it diverged, null if it failed. */
  readonly ends: ReadonlyMap<string, number | null>;
}

export interface FightsEvent {
  readonly type: 'fights';
  /** Runs that are requested, in the place of those before; or one that has ended. */
  readonly waiting?: readonly Experiment[];
  readonly end?: { readonly experiment: Experiment; readonly error: number | null };
}

export const NO_FIGHTS: Fights = { waiting: [], ends: new Map() };

export function updateFights({ waiting, ends }: Fights, { waiting: asked, end }: FightsEvent): Fights {
  const now = asked ?? waiting;
  if (!end) return { waiting: now.filter((e) => !ends.has(settingsLink(e))), ends };
  const key = settingsLink(end.experiment);
  return { waiting: now.filter((e) => settingsLink(e) !== key), ends: new Map(ends).set(key, end.error) };
}
