import { giveMethodMaker } from '../../experiment/methods/method-maker.ts';
import { needsWholeMatrices } from '../../experiment/optimisers.ts';
import { methodChunk } from '../steppers/method-parts.ts';
import chunk from '../steppers/methods-chunk.ts?worker&url';
import type { Backend, NoBackend, RunShape } from './backend.ts';
import { fetchChunk } from './chunk.ts';

/**
 * A back end that fetches methods beside LoRA, quantised bases, and optimisers whose step takes whole matrices, for the
 * first experiment that has one.
 */
export function withMethods<Found extends Backend | NoBackend>(found: Found, page: string): Found {
  if ('missing' in found) return found;
  return {
    ...found,
    async load({ method, quantised, opt = 'sgd' }: RunShape) {
      if (!method && !quantised && !needsWholeMatrices(opt)) return null;
      const parts = await fetchChunk(methodChunk, chunk, page, 'The code of this method or optimiser');
      if ('missing' in parts) return parts.missing;
      giveMethodMaker(parts.maker);
      return null;
    },
  };
}
