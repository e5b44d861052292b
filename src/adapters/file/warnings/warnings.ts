import type { Adapter, Figures, Warning } from '../model.ts';
import { absentAlpha, configMismatch, mixedRanks, oddAlpha, rslora, zeroAlpha } from './alphas.ts';
import type { Check, FileKnowledge, MeasuredModule } from './check.ts';
import {
  dora,
  fanInFanOut,
  nonFiniteEntries,
  otherKinds,
  unpairedFactors,
  untrainedFactors,
  wholeTensors,
} from './contents.ts';
import { deadDirections, mildSpikes, rankOneModules, strongSpikes, unusedRank } from './spectra.ts';

/** In the order in which they are reported. */
const CHECKS: readonly Check[] = [
  zeroAlpha,
  oddAlpha,
  nonFiniteEntries,
  untrainedFactors,
  strongSpikes,
  absentAlpha,
  mildSpikes,
  deadDirections,
  unusedRank,
  rankOneModules,
  dora,
  rslora,
  mixedRanks,
  configMismatch,
  fanInFanOut,
  wholeTensors,
  unpairedFactors,
  otherKinds,
];

/** The warnings of a file, the worst first, then the passed checks. Figures of an unread module are null. */
export function warningsOf(adapter: Adapter, figures: readonly (Figures | null)[]): Warning[] {
  const read = adapter.modules.flatMap((module): readonly MeasuredModule[] => {
    const of = figures[module.index];
    return of ? [[module, of]] : [];
  });
  const moved = read.filter(([, { finite, sigma }]) => finite && sigma.length > 0 && sigma[0] > 0);
  const known: FileKnowledge = { adapter, read, moved };
  const found = CHECKS.map((check) => check.find(known));
  const warnings = found.flatMap((warning) => warning ?? []);
  const complete = read.length === adapter.modules.length;
  // A file without any change gets no praise.
  if (complete && moved.length === 0 && read.every(([, { frobenius }]) => frobenius === 0)) return warnings;
  const looked = CHECKS.flatMap(({ passed, reads = false, holds }, i) => {
    if (passed === undefined || (reads && !complete)) return [];
    return found[i] === null && holds?.(known) === false ? [] : [{ passed, found: found[i] !== null }];
  });
  const kept = looked.flatMap(({ passed, found }) => (found ? [] : [passed]));
  if (kept.length === 0) return warnings;
  const title = kept.join(', ');
  const fine: Warning = {
    about: 'passed',
    tone: 'fine',
    title: `${title[0].toUpperCase()}${title.slice(1)}`,
    details: `${kept.length} of ${looked.length} checks passed`,
    modules: [],
    acts: [],
  };
  return [...warnings, fine];
}
