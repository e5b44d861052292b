import { catalogue } from '../../catalogue.ts';
import * as all from './all.ts';

export const pictures = catalogue(all);
