import type { LinkFault } from '../link/link.ts';
import { MAX_BUDGET } from '../settings/bounds.ts';
import { partFault, pieces, splitKey } from './parts.ts';

/** The goal of a class: an error, with limits on trained parameters and steps (null: any). */
export interface Goal {
  readonly error: number;
  readonly numbers: number | null;
  readonly steps: number | null;
}

export interface GoalFigures {
  /** Relative error of every step from 0 on; null, or not finite, if unknown. */
  readonly errors: ArrayLike<number | null>;
  readonly numbers: number;
}

export type GoalVerdict =
  | { readonly kind: 'reached'; readonly step: number; readonly error: number }
  /** Within the budget so far; `error` is that of the last step within it, null if unknown. */
  | { readonly kind: 'missed'; readonly error: number | null }
  | { readonly kind: 'over'; readonly budget: 'numbers' | 'steps' };

const MOST_NUMBERS = 2 * 4096 * 4096;

const BOUNDS = {
  error: { min: Number.MIN_VALUE, max: 1000, whole: false, words: 'a number above 0, up to 1000' },
  numbers: { min: 1, max: MOST_NUMBERS, whole: true, words: `a whole number from 1 to ${MOST_NUMBERS}` },
  steps: { min: 1, max: MAX_BUDGET, whole: true, words: `a whole number from 1 to ${MAX_BUDGET}` },
} as const;
const DECIMAL = /^(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;

/** `goal` of a link: "error:0.05,numbers:600,steps:300". */
export function writeGoal(goal: Goal): string {
  const parts = Object.keys(BOUNDS).map((key) => [key, goal[key as keyof Goal]] as const);
  return parts.flatMap(([key, value]) => (value === null ? [] : [`${key}:${value}`])).join(',');
}

/** Reads `goal` of a link. It is hostile until checked; a faulty part is left out; no error, no goal. */
export function readGoal(text: string): { goal: Goal | null; faults: readonly LinkFault[] } {
  const faults: LinkFault[] = [];
  const out = (part: string, said: string) => faults.push(partFault('goal', part, `${said}; left out.`));
  const found: Partial<Record<keyof Goal, number>> = {};
  for (const piece of pieces(text, ',')) {
    const [key, value] = splitKey(piece);
    if (!Object.hasOwn(BOUNDS, key)) {
      out(piece, 'must be error:…, numbers:… or steps:…');
      continue;
    }
    const name = key as keyof Goal;
    const { min, max, whole, words } = BOUNDS[name];
    const n = value !== null && value.length <= 30 && DECIMAL.test(value) ? Number(value) : Number.NaN;
    if (found[name] !== undefined) out(piece, `${name} is given more than once`);
    else if (!(n >= min && n <= max) || (whole && !Number.isInteger(n))) out(piece, `must be ${words}`);
    else found[name] = n;
  }
  const { error, numbers = null, steps = null } = found;
  const tried = pieces(text, ',').some((piece) => splitKey(piece)[0] === 'error');
  if (error === undefined && text !== '' && !tried) out(text, 'must hold an error to reach, such as error:0.05');
  return { goal: error === undefined ? null : { error, numbers, steps }, faults };
}

export function judgeGoal(goal: Goal, { errors, numbers }: GoalFigures): GoalVerdict {
  if (goal.numbers !== null && numbers > goal.numbers) return { kind: 'over', budget: 'numbers' };
  const within = goal.steps ?? Number.POSITIVE_INFINITY;
  let last: number | null = null;
  for (let step = 0; step < errors.length; step++) {
    const error = errors[step];
    const known = typeof error === 'number' && Number.isFinite(error);
    if (known && error <= goal.error)
      return step <= within ? { kind: 'reached', step, error } : { kind: 'over', budget: 'steps' };
    if (step <= within) last = known ? error : null;
  }
  return { kind: 'missed', error: last };
}
