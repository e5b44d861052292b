import { handOver } from '../../backends/chunk.ts';

/** The project's own WebGPU kernels, as the worker needs them. */
export type Fused = Pick<
  typeof import('./index.ts'),
  'buffersAlive' | 'compileFused' | 'fusedMissing' | 'fusedStepper'
>;

export const fusedParts = handOver<Fused>('loraFused');
