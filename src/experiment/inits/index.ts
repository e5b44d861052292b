import { catalogue } from '../catalogue.ts';
import * as all from './all.ts';

export const inits = catalogue(all);
export type InitName = (typeof inits.all)[number]['name'];
