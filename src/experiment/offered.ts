/** Where an initialisation can be had: rules, each with the sentence that says why not and the nearest way out. */
import type { Initialisation, Nearest, Setting } from './initialisation.ts';

/** The largest min(d, k) whose full SVD or QR takes seconds; part of link version 1. */
export const FULL = 512;

/** Directions that the subspace iteration above that size gives; part of link version 1. */
export const LEADING = 64;

interface Obstacle {
  /** "it is offered where …; here …": without its subject and the way out. */
  readonly why: string;
  readonly nearest: Nearest;
}
export type Rule = (c: Setting) => Obstacle | null;

/** The first rule that a setting breaks decides, so the one that asks for most comes first. */
export function offeredWhere(
  subject: string,
  ...rules: readonly Rule[]
): Required<Pick<Initialisation, 'unavailable' | 'nearest'>> {
  const first = (c: Setting) => {
    for (const rule of rules) {
      const obstacle = rule(c);
      if (obstacle) return obstacle;
    }
    return null;
  };
  return {
    nearest: (c) => first(c)?.nearest ?? null,
    unavailable: (c) => {
      const obstacle = first(c);
      return obstacle && `${subject} ${obstacle.why}: take ${inWords(obstacle.nearest)}.`;
    },
  };
}

/** Needs a full decomposition of a d × k matrix. */
export const fullSize: Rule = ({ d, k, rank }) => {
  const size = Math.min(d, k);
  if (size <= FULL) return null;
  return {
    why: `is offered where the smaller of d and k is at most ${FULL}; here it is ${size}`,
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
          why: `is offered up to rank ${most} where d and k are both above ${FULL}; here the rank is ${rank}`,
          nearest: { rank: most },
        };
}

function inWords({ target, d, k, rank }: Nearest): string {
  const parts = [
    target === undefined ? null : `the ${target} target`,
    d === undefined ? null : `d = ${d}`,
    k === undefined ? null : `k = ${k}`,
    rank === undefined ? null : `rank ${rank}`,
  ].filter((part) => part !== null);
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts[parts.length - 1]}`;
}
