import { type InitName, inits } from '../../experiment/inits/index.ts';
import type { Initialisation } from '../../experiment/inits/initialisation.ts';

/** Starts that have the same thing in common, in the order of the list. */
export interface StartGroup {
  readonly title: string;
  readonly says: string;
  readonly starts: readonly InitName[];
}

const GROUPS = {
  zero: {
    title: 'One factor is zero',
    says: 'The other is random. ΔW = 0 at the start: the layer answers as W₀.',
  },
  made: {
    title: 'Made from the task or from W₀',
    says: 'No random numbers, and W₀ stays as it is.',
  },
  moved: {
    title: '† Take a part of W₀ over',
    says:
      'B and A start at B₀ and A₀, and W₀ − s₀·B₀·A₀ stays frozen beside them: the output is what it was, and ΔW = s·B·A − s₀·B₀·A₀. ' +
      'A change of α or of the scaling rule before step 0 makes a new start with its own s₀; during a run what is frozen stays, so it moves the output by (s − s₀)·B·A.',
  },
  random: {
    title: 'Both factors random',
    says: 'The output changes from the start, unless B·A = 0.',
  },
  dead: {
    title: 'Nothing can move',
    says: 'Each factor waits for the other.',
  },
} as const;

function groupOf({ filling: { A, B }, moves, needs = [] }: Initialisation): keyof typeof GROUPS {
  if (moves) return 'moved';
  if (A === 'zero' && B === 'zero') return 'dead';
  if (needs.length > 0) return 'made';
  return A === 'zero' || B === 'zero' ? 'zero' : 'random';
}

/** Every start once. */
export function startGroups(): readonly StartGroup[] {
  return Object.entries(GROUPS).map(([name, { title, says }]) => ({
    title,
    says,
    starts: inits.all.filter((it) => groupOf(it) === name).map((it) => it.name),
  }));
}

const NEEDS = {
  reference: 'ΔW*',
  base: 'W₀',
  inputs: 'the inputs of the task',
  gradient: 'the gradient at step 0',
} as const;

/** "Needs W₀ and the inputs of the task."; null for random numbers. */
export function needWords({ needs = [] }: Pick<Initialisation, 'needs'>): string | null {
  return needs.length === 0 ? null : `Needs ${needs.map((need) => NEEDS[need]).join(' and ')}.`;
}
