import { type InitName, inits } from '../../experiment/inits/index.ts';
import type { Init } from '../../experiment/inits/init.ts';

/** Initialisations with a common property, in the order of the list. */
export interface InitGroup {
  readonly title: string;
  readonly says: string;
  readonly starts: readonly InitName[];
}

const GROUPS = {
  zero: {
    title: 'One factor is zero',
    says: 'the other is random; ΔW = 0 at step 0, so the layer behaves exactly like the frozen weight',
  },
  made: {
    title: 'Made from the task or from W₀',
    says: 'no random numbers, and W₀ stays as it is',
  },
  moved: {
    title: '† Take over part of W₀',
    says: 'W₀ − s₀·B₀·A₀ stays frozen beside them; each has a floor of its own',
  },
  quantised: {
    title: 'For a quantised base',
    says: 'W₀ is stored in 4 bits as Q, and the adapter makes up for a part of what that took',
  },
  random: {
    title: 'Both factors random',
    says: 'the output already changes at step 0, unless B·A = 0',
  },
  dead: {
    title: 'Nothing can move',
    says: 'each factor waits for the other',
  },
} as const;

function groupOf({ filling: { A, B }, moves, quantises, needs = [] }: Init): keyof typeof GROUPS {
  if (moves) return 'moved';
  if (quantises) return 'quantised';
  if (A === 'zero' && B === 'zero') return 'dead';
  if (needs.length > 0) return 'made';
  return A === 'zero' || B === 'zero' ? 'zero' : 'random';
}

export function initGroups(): readonly InitGroup[] {
  return Object.entries(GROUPS).map(([name, { title, says }]) => ({
    title,
    says,
    starts: inits.all.filter((it) => groupOf(it) === name).map((it) => it.name),
  }));
}

export const MOVED_PART_NOTE =
  '† B and A start at B₀ and A₀, and W₀ − s₀·B₀·A₀ stays frozen beside them. The output is unchanged, and ΔW = s·B·A − s₀·B₀·A₀. ' +
  'Changing α or the scaling rule before training makes new B₀ and A₀ with their own s₀. During a run the frozen part stays, so a change of s shifts the output by (s − s₀)·B·A.';

const NEEDS = {
  reference: 'ΔW*',
  base: 'W₀',
  inputs: 'the task’s inputs',
  gradient: 'the gradient at step 0',
  quantised: 'a base in NF4',
  file: 'A and B of a file',
} as const;

/** "Needs W₀ and the inputs of the task."; null if it needs random numbers only. */
export function needWords({ needs = [] }: Pick<Init, 'needs'>): string | null {
  return needs.length === 0 ? null : `Needs ${needs.map((need) => NEEDS[need]).join(' and ')}.`;
}
