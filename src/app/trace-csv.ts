import type { Run } from '../state/state.ts';
import { listOf, TRACE_KEYS } from '../state/trace.ts';

/** The trace as CSV, a line a step, full precision; comment lines say what the columns are. */
export function traceCsv(run: Run, link: string): string {
  const lists = TRACE_KEYS.map((key) => listOf(run.trace, key));
  const header = [
    '# LoRA Explorer: trace of a run, one line a step; entry t is measured before update t + 1',
    '# norms are Frobenius norms; updateNorm is that of the update which led to the step',
    `# ${link}`,
    ...run.changes.map((c) => `# from step ${c.step} on ${c.key} is ${c.value}`),
  ];
  const rows = Array.from({ length: run.trace.length }, (_, t) => [t, ...lists.map((list) => list[t])].join(','));
  return [...header, ['step', ...TRACE_KEYS].join(','), ...rows, ''].join('\r\n');
}
