export type { Form } from '../../kernels/tiling.ts';
export { fusedMissing } from './limits.ts';
export { buffersAlive } from './memory.ts';
export { compileFused } from './programs.ts';
export { fusedStepper } from './stepper.ts';
