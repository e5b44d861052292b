import { settingOf } from '../setting.ts';
import type { Experiment } from '../settings/params.ts';
import { targets } from '../targets/index.ts';
import { type InitName, inits } from './index.ts';
import { inWords } from './offered.ts';

/** A setting where a start can be had. */
export interface Way {
  /** The start itself among them: one step of undo. */
  readonly changes: Partial<Experiment>;
  /** "rank 64", "the regression target". */
  readonly words: string;
}

/** Why a start cannot be had for an experiment; null where it can. */
export function obstacleTo(init: InitName, e: Experiment): string | null {
  return inits.byName(init).unavailable?.(settingOf(e)) ?? null;
}

/** The nearest setting where a start can be had; null where nothing stands in its way. */
export function wayTo(init: InitName, e: Experiment): Way | null {
  const nearest = inits.byName(init).nearest?.(settingOf(e));
  if (!nearest) return null;
  const { target, ...sizes } = nearest;
  const changes = { ...sizes, ...(target !== undefined && { target: targets.byName(target).name }), init };
  return { changes, words: inWords(nearest) };
}
