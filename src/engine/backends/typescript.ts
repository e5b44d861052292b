import { typescriptStepper } from '../steppers/typescript.ts';
import type { Backend } from './backend.ts';

/** Multiply-adds a product: above it a step takes so long that timing it would be felt. */
const TIMED_UP_TO = 2 ** 22;

/** Always there. */
export const typescriptBackend: Backend = {
  info: { backend: 'cpu', stepper: 'TypeScript', device: 'processor', emulated: false },
  leastPack: 1,
  untimed: ({ d, k, rank }) =>
    d * k * rank <= TIMED_UP_TO
      ? null
      : 'Not timed: the same loops as in WebAssembly, in plain script. At this size they are certainly slower.',
  open: async (start) => typescriptStepper(start),
  alive: () => ({ tensors: 0, buffers: 0 }),
};
