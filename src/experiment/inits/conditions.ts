/** Where an initialisation is possible: rules, each with the sentence that says why it is not and the nearest way out. */
import type { Initialisation, InitSettings, Nearest } from './initialisation.ts';

/** The largest min(d, k) whose full SVD or QR takes seconds; part of link version 1. */
export const FULL = 512;

/** Directions that the subspace iteration above that size gives; part of link version 1. */
export const LEADING = 64;

interface Obstacle {
  /** "is available when …": without its subject. */
  readonly reason: string;
  /** "; here …": how it is here. */
  readonly here: string;
  readonly nearest: Nearest;
}
export type Rule = (c: InitSettings) => Obstacle | null;

/**
 * The first rule that a setting breaks says why. The way out goes on through the others, so it leads to a setting that
 * breaks none: a rule must not undo what one before it asked for.
 */
export function offeredWhere(
  subject: string,
  ...rules: readonly Rule[]
): Required<Pick<Initialisation, 'unavailable' | 'reason' | 'nearest'>> {
  const obstacle = (c: InitSettings) => rules.reduce(follow, { here: c, found: null }).found;
  return {
    nearest: (c) => obstacle(c)?.nearest ?? null,
    reason: (c) => obstacle(c)?.reason ?? null,
    unavailable: (c) => {
      const found = obstacle(c);
      return found && `${subject} ${found.reason}${found.here}. Use ${inWords(found.nearest)}.`;
    },
  };
}

interface ChangeTrail {
  readonly here: InitSettings;
  readonly found: Obstacle | null;
}

function follow({ here, found }: ChangeTrail, rule: Rule): ChangeTrail {
  const next = rule(here);
  if (!next) return { here, found };
  // Where another target is named, it is one that has inputs.
  const inputs = here.inputs || next.nearest.target !== undefined;
  const nearest = { ...found?.nearest, ...next.nearest };
  return { here: { ...here, ...next.nearest, inputs }, found: { ...(found ?? next), nearest } };
}

/** Needs a full decomposition of a d × k matrix. */
export const fullSize: Rule = ({ d, k, rank }) => {
  const size = Math.min(d, k);
  if (size <= FULL) return null;
  return {
    reason: `is available when the smaller of d and k is at most ${FULL}`,
    here: `; here it is ${size}`,
    nearest: { ...(d <= k ? { d: FULL } : { k: FULL }), ...(rank > FULL ? { rank: FULL } : {}) },
  };
};

/** Above the size of a full decomposition only so many leading directions are known; `each` of them make one rank. */
export function leadingOnly(each: number): Rule {
  const most = LEADING / each;
  return ({ d, k, rank }) =>
    Math.min(d, k) <= FULL || rank <= most
      ? null
      : {
          reason: `is available up to rank ${most} when d and k are both above ${FULL}`,
          here: `; here the rank is ${rank}`,
          nearest: { rank: most },
        };
}

/** What to say of leading directions beside their formula: above the size of a full decomposition they are not exact. */
export function nearly({ d, k }: Pick<InitSettings, 'd' | 'k'>): string {
  return Math.min(d, k) <= FULL ? '' : `, approximately: by subspace iteration, since d and k are above ${FULL}`;
}

/** A setting in words: "k = 512 and rank 512". */
export function inWords({ target, d, k, rank }: Nearest): string {
  const parts = [
    target === undefined ? null : `the ${target} target`,
    d === undefined ? null : `d = ${d}`,
    k === undefined ? null : `k = ${k}`,
    rank === undefined ? null : `rank ${rank}`,
  ].filter((part) => part !== null);
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}
