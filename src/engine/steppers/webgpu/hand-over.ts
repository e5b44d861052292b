import { handOver } from '../../backends/chunk.ts';

/** The project's own WebGPU kernels, as the worker needs them. */
export type Fused = typeof import('./index.ts');

export const fusedParts = handOver<Fused>('loraFused');
