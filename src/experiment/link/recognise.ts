import { presets } from '../presets.ts';
import { following } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { parseLink, settingsLink } from './link.ts';

const keyOf = (e: Experiment) => settingsLink(following(e));
const underived = (e: Experiment): Experiment => ({ ...e, lr: null });

/** Characters of the longest `data` that a preset has. */
const LONGEST_DATA = 200;

let known: readonly { readonly name: string; readonly experiment: Experiment }[] | null = null;

/**
 * The name of the preset with just these settings; null where there is none. `rate` false: whatever the learning rate, as a
 * link of a preset holds the number that was derived for it.
 */
export function presetOf(e: Experiment, rate = true): string | null {
  // A preset has a small painting at most, and a matrix is long.
  if (e.data.length > LONGEST_DATA) return null;
  known ??= presets.all.map(({ name, link }) => ({ name, experiment: parseLink(link).experiment }));
  const key = keyOf(rate ? e : underived(e));
  return known.find((one) => keyOf(rate ? one.experiment : underived(one.experiment)) === key)?.name ?? null;
}
