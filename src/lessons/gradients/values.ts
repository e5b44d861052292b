import { lessonValue } from '../pane/values.tsx';
import type { Stage } from '../slow-motion/stages.ts';

export interface LivePlace {
  readonly stage: Stage;
  /** Which number of the stage. */
  readonly product: number;
}

/** The stages of a step on the lab's run: δ comes from the target. */
export const LIVE: readonly Stage[] = ['z', 'u', 'h', 'delta', 'gradB', 'gradA', 'update'];

/** What is looked at; null: what the step of the lesson begins with. */
export const LIVE_PLACE = lessonValue<LivePlace | null>('live place', null);
/** Which of the inputs that the step can be shown on. */
export const INPUT = lessonValue('input', 0);
