import type { ResizeWay } from '../../file/model.ts';
import { type Cut, curvesOf } from '../../state/foretold.ts';

/** Ways to cut as a person chooses among them. */
export type ResizeChoice = 'energy' | 'rank' | 'bytes' | 'served' | 'kohya' | 'hand';

export const CHOICES: readonly (readonly [choice: ResizeChoice, name: string, beside: string])[] = [
  ['energy', 'a share of the energy', ''],
  ['rank', 'the same rank', ''],
  ['bytes', 'least error for a size', ''],
  ['served', 'a rank that servers take', '8–512'],
  ['kohya', 'as kohya’s resize does', '3 rules'],
  ['hand', 'as set by hand', ''],
];

export function choiceOf({ by }: ResizeWay): ResizeChoice {
  return by === 'sv_fro' || by === 'sv_cumulative' || by === 'sv_ratio' ? 'kohya' : by;
}

const SHARE = 0.95;

/** What a way begins with when it is chosen: as close to the present plan as it can be. */
export function firstWay(choice: ResizeChoice, cut: Cut): ResizeWay {
  const { foretold } = cut;
  switch (choice) {
    case 'energy':
      return { by: 'energy', share: SHARE };
    case 'rank':
      return { by: 'rank', rank: curvesOf(cut).oneRank.findLast(({ bytes }) => bytes <= foretold.bytes)?.rank ?? 1 };
    case 'bytes':
      return { by: 'bytes', bytes: foretold.bytes };
    case 'served':
      return { by: 'served', share: SHARE };
    case 'kohya':
      return { by: 'sv_fro', t: SHARE };
    case 'hand':
      return { by: 'hand', ranks: foretold.ranks };
    default:
      return choice satisfies never;
  }
}

export const KOHYA = ['sv_fro', 'sv_ratio', 'sv_cumulative'] as const;
export type KohyaRule = (typeof KOHYA)[number];

/** sv_ratio is a quotient, the others are shares. */
export const firstT = (rule: KohyaRule, before: number) =>
  rule === 'sv_ratio' ? (before > 1 ? before : 10) : before > 1 ? SHARE : before;
