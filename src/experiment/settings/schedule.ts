/** How the learning rate continues after the warm-up, by the word of a link. */
export const SCHEDULES = { constant: 'constant', linear: 'linear', cosine: 'cosine' } as const;
type ScheduleName = keyof typeof SCHEDULES;

/** What the rate of each step follows, fixed for a run: `steps` is the budget that it was begun with. */
export interface Schedule {
  readonly kind: ScheduleName;
  readonly warmup: number;
  readonly steps: number;
}

interface ScheduleSettings {
  readonly schedule: ScheduleName;
  readonly warmup: number;
  readonly steps: number;
}

/** Null: the rate of every step is the one that is set. */
export function scheduleOf({ schedule, warmup, steps }: ScheduleSettings): Schedule | null {
  return schedule === 'constant' && warmup === 0 ? null : { kind: schedule, warmup, steps };
}

/** Whether the rates of all steps depend on how many there are: a longer run is then another run from its first step. */
export const followsBudget = ({ schedule }: Pick<ScheduleSettings, 'schedule'>): boolean => schedule !== 'constant';
