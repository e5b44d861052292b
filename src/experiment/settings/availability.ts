import { bases } from '../bases.ts';
import { inWords } from '../inits/conditions.ts';
import { type InitName, inits } from '../inits/index.ts';
import type { Initialisation, InitSettings } from '../inits/initialisation.ts';
import { targets } from '../targets/index.ts';
import { isActive } from './experiment.ts';
import type { Experiment } from './params.ts';

export interface WayOut {
  /** The start itself among them: one step of undo. */
  readonly changes: Partial<Experiment>;
  /** "rank 64", "the regression target". */
  readonly words: string;
  /** Why it is not possible as it is: "needs task inputs". */
  readonly reason: string;
}

/** Why an initialisation is not possible for an experiment; null if it is. */
export function obstacleTo(init: InitName, e: Experiment): string | null {
  return inits.byName(init).unavailable?.(settingOf(e)) ?? null;
}

/** The nearest setting under which an initialisation is possible; null if nothing stands in its way. */
export function wayTo(init: InitName, e: Experiment): WayOut | null {
  const { nearest: nearestTo, reason: reasonOf } = inits.byName(init);
  const setting = settingOf(e);
  const [nearest, reason] = [nearestTo?.(setting), reasonOf?.(setting)];
  if (!nearest || !reason) return null;
  const { target, ...sizes } = nearest;
  const changes = { ...sizes, ...(target !== undefined && { target: targets.byName(target).name }), init };
  return { changes, words: inWords(nearest), reason };
}

/** How A and B are filled in an experiment, in words. */
export function fillingOf(init: InitName, e: Experiment): ReturnType<Initialisation['variance']> {
  const exactBase = isActive('base', e) && bases.byName(e.base).exact === true;
  return inits.byName(init).variance({ ...e, exactBase });
}

/** What decides whether an initialisation is possible. */
export function settingOf(e: Pick<InitSettings, 'd' | 'k' | 'rank'> & { readonly target: string }): InitSettings {
  const { d, k, rank } = e;
  const target = targets.byName(e.target);
  return { d, k, rank, inputs: target.kind === 'samples', baseRank: target.ownBase?.rank };
}
