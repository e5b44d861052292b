import { lessonValue } from '../pane/values.tsx';
import type { Stage } from '../slow-motion/stages.ts';

/** One sample per step, so that the picture shows all of a step. */
export const ONE_SAMPLE =
  '#v=1&target=regression&d=16&k=16&rank=4&alpha=8&truerank=4&samples=64&condition=1&labelnoise=0&batch=1&steps=40&opt=sgd&lr=0.02';
/** A matrix target of the same size, whose loss is a mean over all inputs. */
export const ALL_INPUTS =
  '#v=1&target=low-rank&d=16&k=16&rank=4&alpha=8&truerank=4&shape=equal&noise=0&steps=10&opt=sgd';
export const TRUE_RANK =
  '#v=1&target=low-rank&d=64&k=64&rank=8&alpha=16&truerank=8&shape=equal&noise=0.05&steps=100&opt=sgd';
export const ADAM_RUN = TRUE_RANK.replace('opt=sgd', 'opt=adam');

export interface LivePlace {
  readonly stage: Stage;
  readonly product: number;
}

/** The stages of a step of the lab's run, where δ comes from the target. */
export const LIVE_STAGES: readonly Stage[] = ['z', 'u', 'h', 'delta', 'gradB', 'gradA', 'update'];

/** The selected number; null: where the step of the lesson begins. */
export const LIVE_PLACE = lessonValue<LivePlace | null>('live place', null);
export const INPUT = lessonValue('input', 0);
