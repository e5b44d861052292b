import type { Scaling } from '../../experiment/settings/scaling.ts';
import { lessonValue } from '../pane/values.tsx';
import type { SweptOptimiser } from './recorded.ts';

/** The rule of the table. */
export const RULE = lessonValue<Scaling>('rule', 'standard');
/** Whose runs are shown. */
export const OPTIMISER = lessonValue<SweptOptimiser>('optimiser', 'sgd');
/** The cell of the map that is pointed at: rate, rank, rule. */
export const POINTED = lessonValue<readonly number[] | null>('pointed', null);
/** The low rank at which a rate is tuned. */
export const LOW = lessonValue<'1' | '4' | '8'>('low', '4');

export const OPTIMISERS: Readonly<Record<SweptOptimiser, string>> = { sgd: 'SGD', adam: 'Adam' };
