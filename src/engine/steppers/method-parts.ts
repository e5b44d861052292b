import type { MethodMaker } from '../../experiment/methods/method-maker.ts';
import { chunkParts } from '../backends/chunk.ts';

/** All that a run needs of a method beside LoRA, of a rule whose step takes whole matrices, or of a regime, and no other. */
interface MethodParts {
  readonly maker: MethodMaker;
  readonly stepper: typeof import('./method.ts');
  /** On the matrices of a network. */
  readonly chains: typeof import('../tasks/network/method-chains.ts');
  readonly search: typeof import('../background/best-found.ts');
  readonly orthogonal: typeof import('./orthogonal.ts');
  readonly pairs: typeof import('./pairs.ts');
  readonly regimes: typeof import('./regime/regime-steps.ts');
}

export const methodChunk = chunkParts<MethodParts>('loraMethods');

/** Throws if they have not been loaded (backends/on-demand.ts). */
export function methodParts(): MethodParts {
  const parts = methodChunk.taken();
  if (!parts) throw new Error('These methods and optimisers have not been loaded.');
  return parts;
}
