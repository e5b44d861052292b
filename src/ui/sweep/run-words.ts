import { count, duration, plural, trim } from '../../experiment/numbers.ts';
import type { State } from '../../state/state.ts';
import { type PlanProgress, plannedSweep } from '../../state/sweep/plan.ts';

export function planLine(state: State): string {
  const planned = plannedSweep(state);
  const { axes, repeat } = planned.plan;
  if (axes.length === 0) return repeat > 1 ? `this experiment, ${plural(repeat, 'seed')}` : 'Nothing to run yet';
  const cells = axes.map(({ values }) => count(values.length)).reverse();
  const order = axes.length === 3 ? [cells[1], cells[2], cells[0]] : cells;
  const sizes = `${order.join(' × ')} ${axes.length === 1 ? 'values' : 'cells'}`;
  return `${sizes}, ${plural(repeat, 'seed')} = ${plural(planned.possible, 'run')}`;
}

/** A rough duration: "about 1½ min". */
export function timeWords(left: number | null): string {
  if (left === null) return '';
  return left < 1 ? 'less than a second' : `about ${left >= 50 && left < 285 ? halfMinutes(left) : duration(left)}`;
}

function halfMinutes(seconds: number): string {
  const halves = Math.round(seconds / 30);
  return `${Math.floor(halves / 2)}${halves % 2 === 1 ? '½' : ''} min`;
}

/** Number of finished runs: "48 runs", or "47 of 48 runs" if some failed or are left. */
export function runCountWords({ done, failed, possible }: Omit<PlanProgress, 'left'>): string {
  const ran = done - failed;
  return ran === possible ? plural(possible, 'run') : `${count(ran)} of ${plural(possible, 'run')}`;
}

/** Duration of a plan's runs; empty if they ran in another session. */
export function runTimeWords(ms: number, runs: number): string {
  if (ms <= 0 || runs === 0) return '';
  const each = ms / runs;
  const one = each < 1000 ? `${trim(each, 2)} ms` : duration(each / 1000);
  return `measured: ${one} per run, ${duration(Math.max(1, ms / 1000))} in all`;
}
