import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu/dist/backend_cpu';
import { BackendWasm, init, setWasmPaths } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm';
import binary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { env, memory, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import type { NoBackend } from '../../backends/backend.ts';
import type { Graphics } from '../../backends/graphics.ts';
import { guardedStepper } from '../../backends/guard.ts';
import { type StepperStart, singleModule } from '../stepper.ts';
import { registerKernels } from './kernels.ts';
import { TfjsStepper } from './tfjs.ts';
import type { TfjsOpener } from './tfjs-parts.ts';

/** With small matrices, more dispatches than this wait for one another before they are submitted. */
const SMALL_BATCH = 512;
const LARGE_BATCH = 15;
/** About a quarter of a step of a decoder. */
const NETWORK_BATCH = 128;
const TILED = 3;
const SMALL_ENTRIES = 128 * 128;

/** Pending submits free nothing, so large matrices are submitted often. */
function submitBatch(start: StepperStart): number {
  if (start.network) return NETWORK_BATCH;
  const { d, k } = singleModule(start);
  return d * k <= SMALL_ENTRIES ? SMALL_BATCH : LARGE_BATCH;
}

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

/** TensorFlow.js on WebAssembly with SIMD, one thread. The binary's address is relative to the page's. */
export async function startTfjsWasm(page: string): Promise<TfjsOpener | NoBackend> {
  if (typeof WebAssembly === 'undefined') return { missing: 'This browser has no WebAssembly.' };
  // Its threaded build breaks when minified.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  if (!(await env().getAsync('WASM_HAS_SIMD_SUPPORT'))) return { missing: 'WebAssembly has no SIMD in this browser.' };
  const address = new URL(binary, page).href;
  try {
    // tfjs logs an error if the file is missing, so check first; this request is cached.
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

export function startTfjsWebgpu({ adapter, device, watch, emulated }: Graphics): TfjsOpener {
  // Small tensors stay on the device: a part on the processor would wait for a read in each step.
  env().set('WEBGPU_CPU_FORWARD', false);
  // On the processor the tiled program is the fastest of the four; a real device may choose by shape.
  if (emulated) env().set('WEBGPU_MATMUL_PROGRAM_TYPE', TILED);
  const backend = new WebGPUBackend(device, adapter.info);
  registerBackend('webgpu', () => backend);
  registerKernels('webgpu');
  return {
    open: (start) =>
      watch.check(async () => {
        await setBackend('webgpu');
        env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', submitBatch(start));
        return guardedStepper(new TfjsStepper(start, { transposeFirst: false, treeSums: true }), watch);
      }),
    alive: () => ({ tensors: memory().numTensors, buffers: backend.bufferManager.getNumUsedBuffers() }),
  };
}
