import { count, counted, duration } from '../../experiment/numbers.ts';
import type { State } from '../../state/state.ts';
import { plannedOf } from '../../state/sweep/plan.ts';

/** What a plan comes to, in two lines. */
export function planLine(state: State): string {
  const planned = plannedOf(state);
  const { axes, repeat } = planned.plan;
  if (axes.length === 0) return repeat > 1 ? `this experiment, ${counted(repeat, 'seed')}` : 'nothing varies yet';
  const cells = axes.map(({ values }) => count(values.length)).reverse();
  const order = axes.length === 3 ? [cells[1], cells[2], cells[0]] : cells;
  const sizes = `${order.join(' × ')} ${axes.length === 1 ? 'values' : 'cells'}`;
  return `${sizes}, ${counted(repeat, 'seed')} = ${counted(planned.possible, 'run')}`;
}

export function timeWords(left: number | null): string {
  if (left === null) return '';
  return left < 1 ? 'less than a second' : `about ${duration(left)}`;
}
