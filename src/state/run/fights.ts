import { cached } from '../../experiment/layer/cached.ts';
import { settingsLink } from '../../experiment/link/link.ts';
import type { Experiment } from '../../experiment/settings/params.ts';

/** Runs that compare settings: each at several rates or sizes, over several seeds. */
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

/** The key of a run, once for each object: hundreds of runs are looked up whenever one has ended. */
export const fightKey = cached((e: Experiment): string => settingsLink(e));

export function updateFights({ waiting, ends }: Fights, { waiting: asked, end }: FightsEvent): Fights {
  const now = asked ?? waiting;
  if (!end) return { waiting: now.filter((e) => !ends.has(fightKey(e))), ends };
  const key = fightKey(end.experiment);
  return { waiting: now.filter((e) => fightKey(e) !== key), ends: new Map(ends).set(key, end.error) };
}
