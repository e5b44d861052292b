export { algebraicFits, type Form } from '../../kernels/tiling.ts';
export { fusedMissing } from './limits.ts';
export { buffersAlive } from './memory.ts';
export { compileFused, type FusedPrograms, type FusedShape } from './programs.ts';
export { fusedStepper } from './stepper.ts';
