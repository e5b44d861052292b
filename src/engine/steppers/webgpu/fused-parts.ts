import { chunkParts } from '../../backends/chunk.ts';

export type FusedKernels = typeof import('./index.ts');

export const fusedChunk = chunkParts<FusedKernels>('loraFused');
