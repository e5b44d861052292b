import { lessonValue } from '../pane/values.tsx';
import type { MergeWay } from './adapters.ts';

/** How much of each of the three recorded adapters is added to the owl. */
export const WEIGHTS = lessonValue<readonly [number, number, number]>('weights', [1, 0, 0]);
/** What is added: the products, or the factors. */
export const WAY = lessonValue<MergeWay>('way', 'products');

export const NAMES = ['Sunglasses', 'Hat', 'Sunglasses, another seed'] as const;
