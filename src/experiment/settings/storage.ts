import { type InitName, inits } from '../inits/index.ts';
import { isQuantised } from './bounds.ts';
import { change } from './experiment.ts';
import type { Experiment } from './params.ts';

/** The start in the place of one that is not possible on the other base: what PiSSA and QPiSSA take is the same. */
export function startOn(quant: Experiment['quant'], init: InitName): InitName {
  if (quant === 'nf4') return init === 'pissa' ? 'qpissa' : init;
  return init === 'qpissa' ? 'pissa' : inits.byName(init).quantises ? 'kaiming-uniform' : init;
}

/** The same experiment with W₀ as it is. */
export function inFullPrecision(e: Experiment): Experiment {
  return isQuantised(e) ? change(e, { quant: 'none', init: startOn('none', e.init) }) : e;
}
