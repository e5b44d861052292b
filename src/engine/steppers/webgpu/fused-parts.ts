import { chunkParts } from '../../backends/chunk.ts';

/** The project's own WebGPU kernels, as the worker needs them. */
export type FusedKernels = typeof import('./index.ts');

export const fusedChunk = chunkParts<FusedKernels>('loraFused');
