import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { env, memory, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import type { Stepper } from '../steppers/stepper.ts';
import { SCRATCH, TfjsStepper } from '../steppers/tfjs/tfjs.ts';
import { type Backend, EMULATED, type Missing } from './backend.ts';
import { startGraphics } from './graphics.ts';
import { guarded } from './guard.ts';
import { registerKernels } from './tfjs-kernels.ts';
import { webgpuKernels } from './tfjs-webgpu-kernels.ts';

/** More dispatches than this wait for one another before they are submitted, where matrices are small. */
const SMALL_BATCH = 512;
const LARGE_BATCH = 15;
/** MatMulPackedProgram in tfjs's list of programs. */
const TILED = 3;
const SMALL_ENTRIES = 128 * 128;

/** TensorFlow.js on WebGPU. It is only started where there is a device. */
export async function startTfjsWebgpu(): Promise<Backend | Missing> {
  const graphics = await startGraphics();
  if ('missing' in graphics) return graphics;
  const { adapter, device, watch, name, emulated } = graphics;
  // Small tensors stay on the device: a part on the processor would wait for a read in each step.
  env().set('WEBGPU_CPU_FORWARD', false);
  // On the processor the tiled program is the fastest of the four; a real device is left to choose by shape.
  if (emulated) env().set('WEBGPU_MATMUL_PROGRAM_TYPE', TILED);
  const backend = new WebGPUBackend(device, adapter.info);
  registerBackend('webgpu', () => backend);
  registerKernels(webgpuKernels);
  return {
    info: { backend: 'webgpu', stepper: 'TensorFlow.js on WebGPU', device: name, emulated },
    leastPack: 16,
    scratch: SCRATCH,
    untimed: () => (emulated ? EMULATED : null),
    open: (start): Promise<Stepper> =>
      watch.check(async () => {
        await setBackend('webgpu');
        // Nothing that waits to be submitted is freed, so large matrices are submitted often.
        const entries = Math.max(...start.modules.map(({ d, k }) => d * k));
        env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', entries <= SMALL_ENTRIES ? SMALL_BATCH : LARGE_BATCH);
        return guarded(new TfjsStepper(start, { transposeFirst: false, treeSums: true }), watch);
      }),
    alive: () => ({ tensors: memory().numTensors, buffers: backend.bufferManager.getNumUsedBuffers() }),
  };
}
