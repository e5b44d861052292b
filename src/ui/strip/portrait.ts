import { isOwl, isQuantised } from '../../experiment/settings/bounds.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { editWords } from '../../experiment/targets/names.ts';

export interface Portrait {
  /** The frozen weight, W₀ or Q, and what it shows: "an owl in grey". */
  readonly symbol: 'W₀' | 'Q';
  readonly base: string;
  /** Short name: "the owl". */
  readonly name: string;
  /** What ΔW* adds: "the sunglasses". */
  readonly edit: string;
  /** W after the edit: "the owl with sunglasses". */
  readonly worn: string;
}

const OWL = { symbol: 'W₀', base: 'an owl in grey', name: 'the owl' } as const;

/** Null if W₀ is no picture. */
export function portraitOf(settings: Experiment): Portrait | null {
  if (!isOwl(settings)) return null;
  const own = isQuantised(settings) ? { ...OWL, symbol: 'Q' as const, base: `${OWL.base} through 4 bits` } : OWL;
  if (settings.data !== '') return { ...own, edit: 'what was painted on it', worn: `${OWL.name} with that on it` };
  const { label, worn, atRank1 } = editWords.byName(settings.edit);
  const seen = settings.rank === 1 ? (atRank1 ?? worn) : worn;
  return { ...own, edit: `the ${label}`, worn: `${OWL.name} ${seen}` };
}

interface PortraitFacts {
  readonly portrait: Portrait;
  readonly blank: boolean;
  readonly aside: 'target' | 'E';
}

/** Text alternative of the strip, in one sentence. */
export function portraitWords({ portrait, blank, aside }: PortraitFacts, error: string | null): string {
  const W = blank ? `the same ${portrait.name.replace('the ', '')}` : portrait.worn;
  const beside = aside === 'target' ? `ΔW*, ${portrait.edit} to be learned` : 'E, what ΔW still misses of ΔW*';
  const far = error === null ? '' : ` Relative error ${error}.`;
  return `${portrait.symbol}, ${portrait.base}, plus ΔW, the product of B and A, gives W, ${W}. Beside them ${beside}.${far}`;
}
