import type { Scaling } from '../../experiment/settings/rate.ts';
import { lessonValue } from '../pane/values.tsx';
import type { SweptOptimiser } from './recorded.ts';

/** The same experiment's rate with Adam, near the best at every rank. */
export const ADAM_RATE = 0.01;

export const ALPHA_AND_RATE =
  '#v=1&target=picture&picture=landscape&d=64&k=64&rank=8&alpha=16&opt=sgd&lr=0.05&steps=100';
/** Too slow, to be fixed by α alone. */
export const SLOW_RUN = '#v=1&target=picture&picture=landscape&d=64&k=64&rank=32&alpha=16&opt=sgd&lr=0.1&steps=100';

export const RULE = lessonValue<Scaling>('rule', 'standard');
export const OPTIMISER = lessonValue<SweptOptimiser>('optimiser', 'sgd');
/** The cell under the pointer: rate, rank, rule. */
export const POINTED_CELL = lessonValue<readonly number[] | null>('pointed', null);
/** The low rank at which a rate is tuned. */
export const LOW_RANK = lessonValue<'1' | '4' | '8'>('low', '4');

export const OPTIMISERS: Readonly<Record<SweptOptimiser, string>> = { sgd: 'SGD', adam: 'Adam' };
