import type { Schedule } from '../../../experiment/settings/rate.ts';
import { cos } from '../../../math/elementary.ts';
import type { Settings } from '../stepper.ts';

/**
 * The share of its learning rate with which the update after `step` is made, as get_constant_schedule_with_warmup,
 * get_linear_schedule_with_warmup and get_cosine_schedule_with_warmup of Hugging Face transformers (optimization.py) have
 * it: step/warmup below the warm-up, which makes the first update 0; then 1, (steps − step)/(steps − warmup), or
 * ½(1 + cos π·p) with p = (step − warmup)/(steps − warmup). Beyond the budget it stays at 0, where a cosine would rise again.
 */
export function rateShare({ kind, warmup, steps }: Schedule, step: number): number {
  if (step < warmup) return step / warmup;
  if (kind === 'constant') return 1;
  if (step >= steps) return 0;
  const left = Math.max(1, steps - warmup);
  if (kind === 'linear') return (steps - step) / left;
  return Math.max(0, 0.5 * (1 + cos((Math.PI * (step - warmup)) / left)));
}

/** Settings with the rate of the update after `step`. */
export function pacedAt<Rated extends Pick<Settings, 'lr'>>(
  schedule: Schedule | null | undefined,
  settings: Rated,
  step: number,
): Rated {
  return schedule ? { ...settings, lr: settings.lr * rateShare(schedule, step) } : settings;
}
