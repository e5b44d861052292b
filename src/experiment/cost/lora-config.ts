import { adapted, rankOf } from './counts.ts';
import type { Cost } from './setting.ts';

/** α of each matrix is so many times its rank, so that all have the same scaling s. */
export const ALPHA_PER_RANK = 2;

/**
 * The adapter as the PEFT library is told of it, in Python; null where nothing is adapted. `r` is the rank that most kinds
 * of matrix have, the others are in rank_pattern, and their α in alpha_pattern.
 */
export function loraConfig(cost: Pick<Cost, 'model' | 'ranks'>): string | null {
  const types = adapted(cost);
  if (types.length === 0) return null;
  const { task, transposed } = cost.model.peft;
  const rank = commonest(types.map((type) => rankOf(cost, type)));
  const others = types.filter((type) => rankOf(cost, type) !== rank);
  const pattern = (name: string, factor: number) =>
    others.length === 0
      ? []
      : [`    ${name}={${others.map((type) => `"${type.target}": ${factor * rankOf(cost, type)}`).join(', ')}},`];
  return [
    'from peft import LoraConfig',
    '',
    'config = LoraConfig(',
    `    r=${rank},`,
    `    lora_alpha=${ALPHA_PER_RANK * rank},`,
    `    target_modules=[${types.map(({ target }) => `"${target}"`).join(', ')}],`,
    ...pattern('rank_pattern', 1),
    ...pattern('alpha_pattern', ALPHA_PER_RANK),
    ...(transposed ? ['    fan_in_fan_out=True,'] : []),
    ...(task ? [`    task_type="${task}",`] : []),
    ')',
    '',
  ].join('\n');
}

/** The value that is there most often, the first of several. */
function commonest(values: readonly number[]): number {
  const times = (value: number) => values.filter((other) => other === value).length;
  return values.reduce((best, value) => (times(value) > times(best) ? value : best));
}
