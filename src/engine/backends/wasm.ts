import { wasmMissing, wasmStepper } from '../steppers/wasm/wasm.ts';
import { type Backend, Fault, MATRIX_ONLY, type Missing } from './backend.ts';

/** The project's own kernels in SIMD WebAssembly, one thread: nothing is loaded, so they are there at once. */
export function startWasm(): Backend | Missing {
  const missing = wasmMissing();
  if (missing !== null) return { missing };
  return {
    info: { backend: 'wasm', stepper: 'SIMD WebAssembly', device: 'processor', emulated: false },
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
