import { lessonValue } from '../pane/values.tsx';
import type { Stage } from '../slow-motion/stages.ts';
import { EXAMPLE, type Typed, type WhichStep } from './worked.ts';

export interface ProductPlace {
  readonly step: WhichStep;
  readonly stage: Stage;
  /** Which number of the stage. */
  readonly product: number;
}

/** The stages of the worked example: δ is given. */
export const BY_HAND: readonly Stage[] = ['z', 'u', 'h', 'gradB', 'gradA', 'update'];

/** The numbers as they stand. */
export const NUMBERS = lessonValue<Typed>('numbers', EXAMPLE);
/** What is looked at; null: what the step of the lesson begins with. */
export const PLACE = lessonValue<ProductPlace | null>('place', null);
