import { typescriptStepper } from '../steppers/typescript.ts';
import { wasmFuses, wasmMissing, wasmStepper } from '../steppers/wasm/wasm.ts';
import { type Backend, Fault, MATRIX_ONLY, type Missing } from './backend.ts';

/** Multiply-adds a product: above it a step takes so long that timing it would be felt. */
const TIMED_UP_TO = 2 ** 22;

/** Always there. */
export const typescriptBackend: Backend = {
  info: { backend: 'cpu', stepper: 'TypeScript', device: 'processor', emulated: false },
  leastPack: 1,
  untimed: ({ d, k, rank }) =>
    d * k * rank <= TIMED_UP_TO
      ? null
      : 'Not timed: the same loops as in WebAssembly, in plain JavaScript, which is certainly slower at this size.',
  open: async (start) => typescriptStepper(start),
  alive: () => ({ tensors: 0, buffers: 0 }),
};

/** The project's own kernels in SIMD WebAssembly, one thread: nothing is loaded, so they are there at once. */
export function startWasm(): Backend | Missing {
  const missing = wasmMissing();
  if (missing !== null) return { missing };
  return {
    info: {
      backend: 'wasm',
      stepper: 'SIMD WebAssembly',
      // Last digits depend on it.
      device: wasmFuses() ? 'processor, fused multiply-add' : 'processor',
      emulated: false,
    },
    leastPack: 1,
    unfit: ({ sampled }) => (sampled ? MATRIX_ONLY : null),
    open: async (start) => {
      try {
        return wasmStepper(start);
      } catch (error) {
        throw error instanceof RangeError ? new Fault('refused', error.message) : error;
      }
    },
    alive: () => ({ tensors: 0, buffers: 0 }),
  };
}
