import type { Experiment } from '../../settings/params.ts';
import { inits } from '../index.ts';

/** The base that an initialisation needs. */
export const storageOf = (init: Experiment['init']): Pick<Experiment, 'quant'> => ({
  quant: inits.byName(init).quantises ? 'nf4' : 'none',
});
