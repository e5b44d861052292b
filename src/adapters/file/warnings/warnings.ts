import type { Adapter, Figures, Warning } from '../model.ts';
import { alphaAbsent, alphaOdd, alphaZero, configDiffers, rslora, severalRanks } from './alphas.ts';
import type { Check, Known } from './check.ts';
import { dora, fanInFanOut, notFinite, otherKinds, unpaired, untrained, whole } from './contents.ts';
import { dead, halfTheRank, nearlyRankOne, standsOut, standsOutByFar } from './spectra.ts';

/** What is looked for, in the order in which it is said. */
const CHECKS: readonly Check[] = [
  alphaZero,
  alphaOdd,
  notFinite,
  untrained,
  standsOutByFar,
  alphaAbsent,
  standsOut,
  dead,
  halfTheRank,
  nearlyRankOne,
  dora,
  rslora,
  severalRanks,
  configDiffers,
  fanInFanOut,
  whole,
  unpaired,
  otherKinds,
];

/** What a person should know of a file, the worst first, and last which checks it passed. A figure is null where a module is not read. */
export function warningsOf(adapter: Adapter, figures: readonly (Figures | null)[]): Warning[] {
  const read = adapter.modules.flatMap((module) => {
    const of = figures[module.index];
    return of ? [[module, of] as const] : [];
  });
  const moved = read.filter(([, { finite, sigma }]) => finite && sigma.length > 0 && sigma[0] > 0);
  const known: Known = { adapter, figures, read, moved };
  const found = CHECKS.map((check) => check.find(known));
  const warnings = found.flatMap((warning) => warning ?? []);
  const complete = read.length === adapter.modules.length;
  // Of what changes nothing there is no good to say.
  if (complete && moved.length === 0 && read.every(([, { frobenius }]) => frobenius === 0)) return warnings;
  // What was found, and what was looked for in vain.
  const said = CHECKS.flatMap((check, i) => {
    const looked = check.passed !== null && (complete || !check.reads);
    if (!looked || (found[i] === null && check.holds?.(known) === false)) return [];
    return [{ passed: check.passed, found: found[i] !== null }];
  });
  const kept = said.flatMap(({ passed, found }) => (found ? [] : [passed]));
  if (kept.length === 0) return warnings;
  const title = kept.join(', ');
  return [
    ...warnings,
    {
      about: 'passed',
      tone: 'fine',
      title: `${title[0].toUpperCase()}${title.slice(1)}`,
      details: `${kept.length} of ${said.length} checks passed`,
      modules: [],
      acts: [],
    },
  ];
}
