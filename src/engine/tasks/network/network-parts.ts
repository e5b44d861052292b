import { chunkParts } from '../../backends/chunk.ts';
import type { LoadAssets } from './assets.ts';

/** All that a run on a network needs, and no other. */
interface NetworkParts {
  readonly problem: typeof import('./problem.ts');
  readonly stepper: typeof import('../../steppers/network.ts');
  readonly evaluate: typeof import('./evaluate.ts');
  /** From the page's own files; null in Node. */
  readonly data: LoadAssets | null;
}

export const networkChunk = chunkParts<NetworkParts>('loraNetworks');

/** Throws if they have not been loaded (backends/on-demand.ts). */
export function networkParts(): NetworkParts {
  const parts = networkChunk.taken();
  if (!parts) throw new Error('The code of networks has not been loaded.');
  return parts;
}
