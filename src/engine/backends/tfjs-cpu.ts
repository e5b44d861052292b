import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu/dist/backend_cpu';
import { memory, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import { SCRATCH, TfjsStepper } from '../steppers/tfjs/tfjs.ts';
import type { Backend } from './backend.ts';
import { cpuKernels } from './tfjs-cpu-kernels.ts';
import { registerKernels } from './tfjs-kernels.ts';

/** TensorFlow.js in plain JavaScript: slow, the second opinion where there is nothing else (`?backend=cpu&stepper=tfjs`). */
export function startTfjsCpu(): Backend {
  registerBackend('cpu', () => new MathBackendCPU());
  registerKernels(cpuKernels);
  return {
    info: { backend: 'cpu', stepper: 'TensorFlow.js on the processor', device: 'processor', emulated: false },
    leastPack: 1,
    scratch: SCRATCH,
    open: async (start) => {
      await setBackend('cpu');
      return new TfjsStepper(start, { transposeFirst: false, treeSums: false });
    },
    alive: () => ({ tensors: memory().numTensors, buffers: 0 }),
  };
}
