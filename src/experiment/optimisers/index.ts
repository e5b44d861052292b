import { catalogue } from '../catalogue.ts';
import * as all from './all.ts';

export const optimisers = catalogue(all);
export type OptimiserName = (typeof optimisers.all)[number]['name'];
