import { lessonValue } from '../pane/values.tsx';
import type { RacedOptimiser } from './recorded.ts';

export const OPTIMISER = lessonValue<RacedOptimiser>('optimiser', 'adam');
/** The rank of the histogram. */
export const DRAWN = lessonValue<'1' | '4' | '16' | '64'>('drawn', '4');
/** How often the reader has drawn. */
export const DRAW = lessonValue('draw', 1);
/** The same for the lengths of Ax. */
export const LENGTHS = lessonValue('draw of lengths', 1);
/** The cell of the map that is pointed at: rate, start. */
export const POINTED = lessonValue<readonly number[] | null>('pointed', null);

export const OPTIMISERS: Readonly<Record<RacedOptimiser, string>> = { adam: 'Adam', sgd: 'SGD' };
