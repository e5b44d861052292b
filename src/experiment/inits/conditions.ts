/** Availability of initialisations: rules, each with a sentence on the reason and the nearest alternative. */
import { listed } from '../numbers.ts';
import type { Init, InitSettings, NearestSetting } from './init.ts';

/** The largest min(d, k) whose full SVD or QR takes seconds; part of link version 1. */
export const MAX_FULL = 512;

/** It is made for a base of 4 bits, which matrix targets have. */
export const quantisedRule: InitRule = ({ quant, inputs = false, reference = true }) =>
  quant === 'nf4'
    ? null
    : {
        reason: 'needs a quantised base',
        here: inputs || !reference ? ', and only matrix targets have one' : '',
        nearest: { ...(inputs || !reference ? { target: 'low-rank' } : {}), quant: 'nf4' },
      };

/** What is moved out of W₀ comes before W₀ is quantised: with the largest directions that is QPiSSA. */
export const unquantisedRule: InitRule = ({ quant }) =>
  quant === 'nf4'
    ? {
        reason: 'moves a part of W₀ into the adapter',
        here: ', and here W₀ is quantised (QPiSSA does both)',
        nearest: { quant: 'none' },
      }
    : null;

/** Directions that the subspace iteration above that size gives; part of link version 1. */
export const LEADING_COUNT = 64;

interface InitObstacle {
  readonly reason: string;
  readonly here: string;
  readonly nearest: NearestSetting;
}
export type InitRule = (c: InitSettings) => InitObstacle | null;

/** The first broken rule gives the reason; the alternative breaks none, so no rule may undo an earlier one's. */
export function availability(
  subject: string,
  ...rules: readonly InitRule[]
): Required<Pick<Init, 'unavailable' | 'reason' | 'nearest'>> {
  const obstacle = (c: InitSettings) => rules.reduce(follow, { here: c, found: null }).found;
  return {
    nearest: (c) => obstacle(c)?.nearest ?? null,
    reason: (c) => obstacle(c)?.reason ?? null,
    unavailable: (c) => {
      const found = obstacle(c);
      return found && `${subject} ${found.reason}${found.here}. Use ${settingWords(found.nearest)}.`;
    },
  };
}

interface ChangeTrail {
  readonly here: InitSettings;
  readonly found: InitObstacle | null;
}

function follow({ here, found }: ChangeTrail, rule: InitRule): ChangeTrail {
  const next = rule(here);
  if (!next) return { here, found };
  // If another target is named, it is one with inputs.
  const inputs = here.inputs || next.nearest.target !== undefined;
  const nearest = { ...found?.nearest, ...next.nearest };
  return { here: { ...here, ...next.nearest, inputs }, found: { ...(found ?? next), nearest } };
}

export const fullSizeRule: InitRule = ({ d, k, rank }) => {
  const size = Math.min(d, k);
  if (size <= MAX_FULL) return null;
  return {
    reason: `is available when the smaller of d and k is at most ${MAX_FULL}`,
    here: `; here it is ${size}`,
    nearest: { ...(d <= k ? { d: MAX_FULL } : { k: MAX_FULL }), ...(rank > MAX_FULL ? { rank: MAX_FULL } : {}) },
  };
};

/** Above the size of a full decomposition only n leading directions are known; `each` of them make one rank. */
export function leadingRule(each: number): InitRule {
  const max = LEADING_COUNT / each;
  return ({ d, k, rank }) =>
    Math.min(d, k) <= MAX_FULL || rank <= max
      ? null
      : {
          reason: `is available up to rank ${max} when d and k are both above ${MAX_FULL}`,
          here: `; here the rank is ${rank}`,
          nearest: { rank: max },
        };
}

/** Leading directions are not exact above the size of a full decomposition. */
export function approximationNote({ d, k }: Pick<InitSettings, 'd' | 'k'>): string {
  return Math.min(d, k) <= MAX_FULL
    ? ''
    : `, approximately: by subspace iteration, since d and k are above ${MAX_FULL}`;
}

export function settingWords({ target, d, k, rank, quant }: NearestSetting): string {
  const parts = [
    target === undefined ? null : `the ${target} target`,
    d === undefined ? null : `d = ${d}`,
    k === undefined ? null : `k = ${k}`,
    rank === undefined ? null : `rank ${rank}`,
    quant === undefined ? null : quant === 'nf4' ? 'a base in NF4' : 'a base in full precision',
  ].filter((part) => part !== null);
  return listed(parts);
}
