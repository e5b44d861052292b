import type { MethodMaker } from '../../experiment/methods/method-maker.ts';
import { chunkParts } from '../backends/chunk.ts';

/** All that a run of a method beside LoRA needs, and no other. */
interface MethodParts {
  readonly maker: MethodMaker;
  readonly stepper: typeof import('./method.ts');
  readonly search: typeof import('../background/best-found.ts');
}

export const methodChunk = chunkParts<MethodParts>('loraMethods');

/** Throws if they have not been loaded (backends/methods.ts). */
export function methodParts(): MethodParts {
  const parts = methodChunk.taken();
  if (!parts) throw new Error('The methods beside LoRA have not been loaded.');
  return parts;
}
