import type { Setting } from './inits/initialisation.ts';
import { targets } from './targets/index.ts';

/** What decides whether an initialisation can be had. */
export function settingOf(e: Omit<Setting, 'inputs'> & { readonly target: string }): Setting {
  const { d, k, rank } = e;
  return { d, k, rank, inputs: targets.byName(e.target).hasSamples ?? false };
}
