import { inits } from '../../experiment/inits/index.ts';
import { shortName } from '../../experiment/inits/initialisation.ts';
import { count } from '../../experiment/numbers.ts';
import { optimisers } from '../../experiment/optimisers.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { SCALINGS } from '../../experiment/settings/scaling.ts';
import { apart, nameBeside, words } from '../words/run-names.ts';

/** What was changed from one run to the next: "α 64 → 16", "seed 2, Adam"; null where nothing was. */
export function changedWords(before: Experiment, now: Experiment): string | null {
  const keys = apart(before, now);
  if (keys.length === 0) return null;
  if (keys.length > 1) return nameBeside(now, before);
  const [from, to] = [words(keys[0], before), words(keys[0], now)];
  if (keys[0] === 'scaling') return `${from} → ${SCALINGS[now.scaling]}`;
  // "seed 1" and "seed 2", "r = 8" and "r = 2": what they begin with is said once.
  const [, name, was] = from.match(/^(.*?)(?: =)? (\S+)$/) ?? [];
  const [, same, is] = to.match(/^(.*?)(?: =)? (\S+)$/) ?? [];
  return name !== undefined && name === same ? `${name === 'r' ? 'rank' : name} ${was} → ${is}` : `${from} → ${to}`;
}

/** A few words for all that a run is: "Kaiming, r = 8, Adam". */
export function settingsName(e: Experiment): string {
  return [shortName(inits.byName(e.init)), `r = ${count(e.rank)}`, optimisers.byName(e.opt).label].join(', ');
}
