import { methodParts } from '../steppers/method-parts.ts';
import type { StepperStart } from '../steppers/stepper.ts';
import { typescriptStepper } from '../steppers/typescript.ts';
import { networkKernels } from '../steppers/wasm/network-kernels.ts';
import { hasFusedMultiplyAdd, type WasmBuild, wasmObstacle, wasmStepper } from '../steppers/wasm/wasm.ts';
import { loops32 } from '../tasks/network/loops.ts';
import { networkParts } from '../tasks/network/network-parts.ts';
import { type Backend, MATRIX_ONLY_REASON, type NoBackend, noRegime, RunFault } from './backend.ts';

/** Multiply-adds of a product above which a step takes so long that timing it would be noticed. */
const TIMED_UP_TO = 2 ** 22;

const isBesideLora = ({ modules }: StepperStart) => modules.some(({ method }) => method);

export const typescriptBackend: Backend = {
  info: { backend: 'cpu', stepper: 'TypeScript', device: 'processor', emulated: false },
  leastPack: 1,
  untimed: ({ d, k, rank }) =>
    d * k * rank <= TIMED_UP_TO
      ? null
      : 'Not timed: the same loops as in WebAssembly, in plain JavaScript, which is certainly slower at this size.',
  open: async (start) => {
    if (start.network) return networkParts().stepper.networkStepper(start, loops32);
    return isBesideLora(start) ? methodParts().stepper.methodStepper(start, loops32) : typescriptStepper(start);
  },
  alive: () => ({ tensors: 0, buffers: 0 }),
};

/** The project's own kernels in single-threaded SIMD WebAssembly, ready without loading; default: the fastest build. */
export function startWasmBackend(build?: WasmBuild): Backend | NoBackend {
  const missing = wasmObstacle(build);
  if (missing !== null) return { missing };
  return {
    info: {
      backend: 'wasm',
      stepper: 'SIMD WebAssembly',
      // The last digits depend on it.
      device: hasFusedMultiplyAdd(build) ? 'processor, fused multiply-add' : 'processor',
      emulated: false,
    },
    leastPack: 1,
    unfit: (shape) => (shape.sampled ? MATRIX_ONLY_REASON : shape.network || shape.method ? null : noRegime(shape)),
    open: async (start) => {
      try {
        if (start.network) return networkParts().stepper.networkStepper(start, networkKernels(build));
        return isBesideLora(start)
          ? methodParts().stepper.methodStepper(start, networkKernels(build))
          : wasmStepper(start, build);
      } catch (error) {
        throw error instanceof RangeError ? new RunFault('refused', error.message) : error;
      }
    },
    alive: () => ({ tensors: 0, buffers: 0 }),
  };
}
