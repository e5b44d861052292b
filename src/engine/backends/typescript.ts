import { typescriptStepper } from '../steppers/typescript.ts';
import type { Backend } from './backend.ts';

/** Always there. */
export const typescriptBackend: Backend = {
  info: { backend: 'cpu', stepper: 'TypeScript on the processor', device: 'processor', emulated: false },
  leastPack: 1,
  open: async (start) => typescriptStepper(start),
  alive: () => ({ tensors: 0, buffers: 0 }),
};
