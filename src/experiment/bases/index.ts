import { catalogue } from '../catalogue.ts';
import { decayBase } from './decay.ts';
import { gaussianBase } from './gaussian.ts';

/** As lists show them. */
export const bases = catalogue([gaussianBase, decayBase]);
