import { giveMethodMaker } from '../../experiment/methods/method-maker.ts';
import { methodChunk } from '../steppers/method-parts.ts';
import chunk from '../steppers/methods-chunk.ts?worker&url';
import type { Backend, NoBackend } from './backend.ts';
import { fetchChunk } from './chunk.ts';

/** A back end that fetches the methods beside LoRA for the first experiment that has one. */
export function withMethods<Found extends Backend | NoBackend>(found: Found, page: string): Found {
  if ('missing' in found) return found;
  return {
    ...found,
    async load({ method }: Parameters<NonNullable<Backend['load']>>[0]) {
      if (!method) return null;
      const parts = await fetchChunk(methodChunk, chunk, page, 'The methods beside LoRA');
      if ('missing' in parts) return parts.missing;
      giveMethodMaker(parts.maker);
      return null;
    },
  };
}
