import { trainedParameters } from '../../experiment/network/costs.ts';
import { count, display, number } from '../../experiment/numbers.ts';
import { type Goal, type GoalVerdict, judgeGoal } from '../../experiment/plan/goal.ts';
import { lastStep, traceList } from '../../state/run/run.ts';
import type { State } from '../../state/state.ts';

export interface GoalWords {
  readonly state: 'open' | 'reached' | 'missed';
  readonly first: string;
  readonly parts: readonly string[];
  /** For a screen reader; empty until decided. */
  readonly said: string;
}

const OVER = ['finished', 'converged', 'diverged'];

/** The goal as a part of a sentence: "error ≤ 0.05, numbers ≤ 600, steps ≤ 300". */
export function goalText({ error, numbers, steps }: Goal): string {
  const parts = [`error ≤ ${display(error)}`];
  if (numbers !== null) parts.push(`numbers ≤ ${count(numbers)}`);
  if (steps !== null) parts.push(`steps ≤ ${count(steps)}`);
  return parts.join(', ');
}

export function goalWords(
  goal: Goal,
  { run, next, experiment }: Pick<State, 'run' | 'next' | 'experiment'>,
): GoalWords {
  const numbers = trainedParameters(experiment);
  const errors = run.trace.series.relativeError;
  const list = errors && !next ? traceList(run.trace, errors) : [];
  return words(goal, judgeGoal(goal, { errors: list, numbers }), {
    numbers,
    step: next ? 0 : Math.max(0, lastStep(run)),
    error: list.length > 0 ? list[list.length - 1] : null,
    budget: experiment.steps,
    over: !next && (OVER.includes(run.status) || (goal.steps !== null && lastStep(run) >= goal.steps)),
  });
}

interface Standing {
  readonly numbers: number;
  readonly step: number;
  /** Error of the latest step; null if unknown. */
  readonly error: number | null;
  readonly budget: number;
  readonly over: boolean;
}

function words(goal: Goal, verdict: GoalVerdict, at: Standing): GoalWords {
  if (verdict.kind === 'reached') {
    const score = `error ${number(verdict.error)} with ${count(at.numbers)} trained parameters`;
    const first = `Goal reached at step ${count(verdict.step)}:`;
    return { state: 'reached', first, parts: [score, `asked for: ${goalText(goal)}`], said: `${first} ${score}.` };
  }
  if (verdict.kind === 'over' && verdict.budget === 'numbers') {
    const why = `${count(at.numbers)} trained parameters, at most ${count(goal.numbers ?? 0)} allowed`;
    const error = at.error === null ? [] : [`error ${number(at.error)}`];
    return {
      state: 'missed',
      first: 'Over the budget:',
      parts: [why, ...error, `asked for: ${goalText(goal)}`],
      said: `Over the budget: ${why}.`,
    };
  }
  if (at.over) {
    const late = verdict.kind === 'over' ? `reached too late, after step ${count(goal.steps ?? 0)}` : null;
    const last = verdict.kind === 'missed' && verdict.error !== null ? verdict.error : at.error;
    const why = late ?? (last === null ? 'no error is known' : `error ${number(last)} at the end`);
    return {
      state: 'missed',
      first: 'Goal missed:',
      parts: [why, `asked for: ${goalText(goal)}`],
      said: `Goal missed: ${why}.`,
    };
  }
  const parts = [`error ≤ ${display(goal.error)}: now ${at.error === null ? 'not known yet' : number(at.error)}`];
  if (goal.numbers !== null) parts.push(`numbers ≤ ${count(goal.numbers)}: ${count(at.numbers)} ✓`);
  parts.push(`step ${count(at.step)} of ${count(Math.min(at.budget, goal.steps ?? at.budget))}`);
  return { state: 'open', first: 'Goal:', parts, said: '' };
}
