import type { Run } from '../state/run.ts';
import { listOf, TRACE_KEYS } from '../state/trace.ts';

/** The trace as CSV, a line a step, full precision; comment lines say what the columns are. */
export function traceCsv(run: Run, link: string): string {
  const lists = TRACE_KEYS.map((key) => listOf(run.trace, key));
  const { steps, training, heldOut } = run.losses;
  const sampled = steps.length > 0;
  const at = new Map(steps.map((step, i) => [step, [training[i], heldOut[i]]]));
  const full = (t: number) => (sampled ? (at.get(t) ?? ['', '']) : []);
  const header = [
    '# LoRA Explorer: trace of a run, one line a step; entry t is measured before update t + 1',
    '# norms are Frobenius norms; updateNorm is that of the update which led to the step',
    ...(sampled
      ? [
          '# loss is that of the batch of the step; trainingLoss and heldOutLoss are over all samples, where they were measured',
        ]
      : []),
    `# ${link}`,
    ...run.changes.map((c) => `# from step ${c.step} on ${c.key} is ${c.value}`),
  ];
  const columns = ['step', ...TRACE_KEYS, ...(sampled ? ['trainingLoss', 'heldOutLoss'] : [])];
  const row = (t: number) => [t, ...lists.map((list) => list[t]), ...full(t)].join(',');
  return [...header, columns.join(','), ...Array.from({ length: run.trace.length }, (_, t) => row(t)), ''].join('\r\n');
}
