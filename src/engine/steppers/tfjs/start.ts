import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu/dist/backend_cpu';
import { BackendWasm, init, setWasmPaths } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm';
import binary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { env, memory, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import type { Missing } from '../../backends/backend.ts';
import type { Graphics } from '../../backends/graphics.ts';
import { guarded } from '../../backends/guard.ts';
import { onlyModule } from '../stepper.ts';
import type { TfjsOpener } from './hand-over.ts';
import { registerKernels } from './kernels.ts';
import { TfjsStepper } from './tfjs.ts';

/** More dispatches than this wait for one another before they are submitted, where matrices are small. */
const SMALL_BATCH = 512;
const LARGE_BATCH = 15;
/** MatMulPackedProgram in tfjs's list of programs. */
const TILED = 3;
const SMALL_ENTRIES = 128 * 128;

/** TensorFlow.js in plain JavaScript. */
export function startTfjsCpu(): TfjsOpener {
  registerBackend('cpu', () => new MathBackendCPU());
  registerKernels('cpu');
  return {
    open: async (start) => {
      await setBackend('cpu');
      return new TfjsStepper(start, { transposeFirst: false, treeSums: false });
    },
    alive: () => ({ tensors: memory().numTensors, buffers: 0 }),
  };
}

/** TensorFlow.js on WebAssembly with SIMD, one thread. The binary is looked for relative to the page's address. */
export async function startTfjsWasm(page: string): Promise<TfjsOpener | Missing> {
  if (typeof WebAssembly === 'undefined') return { missing: 'This browser has no WebAssembly.' };
  // Its threaded build breaks when minified.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await env().getAsync('WASM_HAS_SIMD_SUPPORT'))) return { missing: 'WebAssembly has no SIMD in this browser.' };
  const address = new URL(binary, page).href;
  try {
    // tfjs writes an error of its own to the console where the file is not there, so ask first; this one is cached.
    const answer = await fetch(address);
    if (!answer.ok) return { missing: `The WebAssembly file could not be loaded (status ${answer.status}).` };
    await answer.arrayBuffer();
    setWasmPaths({
      'tfjs-backend-wasm.wasm': address,
      'tfjs-backend-wasm-simd.wasm': address,
      'tfjs-backend-wasm-threaded-simd.wasm': address,
    });
    const { wasm } = await init();
    registerBackend('wasm', () => new BackendWasm(wasm));
  } catch (error) {
    return {
      missing: `WebAssembly did not start: ${error instanceof Error ? error.message : 'the file could not be read'}.`,
    };
  }
  registerKernels('wasm');
  return {
    open: async (start) => {
      await setBackend('wasm');
      return new TfjsStepper(start, { transposeFirst: true, treeSums: false });
    },
    alive: () => ({ tensors: memory().numTensors, buffers: 0 }),
  };
}

/** TensorFlow.js on the worker's one graphics device. */
export function startTfjsWebgpu({ adapter, device, watch, emulated }: Graphics): TfjsOpener {
  // Small tensors stay on the device: a part on the processor would wait for a read in each step.
  env().set('WEBGPU_CPU_FORWARD', false);
  // On the processor the tiled program is the fastest of the four; a real device is left to choose by shape.
  if (emulated) env().set('WEBGPU_MATMUL_PROGRAM_TYPE', TILED);
  const backend = new WebGPUBackend(device, adapter.info);
  registerBackend('webgpu', () => backend);
  registerKernels('webgpu');
  return {
    open: (start) =>
      watch.check(async () => {
        await setBackend('webgpu');
        // Nothing that waits to be submitted is freed, so large matrices are submitted often.
        const { d, k } = onlyModule(start);
        const small = d * k <= SMALL_ENTRIES;
        env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', small ? SMALL_BATCH : LARGE_BATCH);
        return guarded(new TfjsStepper(start, { transposeFirst: false, treeSums: true }), watch);
      }),
    alive: () => ({ tensors: memory().numTensors, buffers: backend.bufferManager.getNumUsedBuffers() }),
  };
}
