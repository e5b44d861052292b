export type { Form } from '../../kernels/tiling.ts';
export { fusedStepper } from './fused.ts';
export { buffersAlive } from './memory.ts';
export { compileFused, fusedObstacle } from './programs.ts';
