import { BackendWasm, init, setWasmPaths } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm';
import binary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { env, memory, registerBackend, setBackend } from '@tensorflow/tfjs-core';
import { SCRATCH, TfjsStepper } from '../steppers/tfjs/tfjs.ts';
import type { Backend, Missing } from './backend.ts';
import { registerKernels } from './tfjs-kernels.ts';
import { wasmKernels } from './tfjs-wasm-kernels.ts';

/** TensorFlow.js on WebAssembly with SIMD, one thread. The binary is looked for relative to the page's address. */
export async function startTfjsWasm(page: string): Promise<Backend | Missing> {
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
  registerKernels(wasmKernels);
  return {
    info: { backend: 'wasm', stepper: 'TensorFlow.js on WebAssembly', device: 'processor', emulated: false },
    leastPack: 1,
    scratch: SCRATCH,
    open: async (start) => {
      await setBackend('wasm');
      return new TfjsStepper(start, { transposeFirst: true, treeSums: false });
    },
    alive: () => ({ tensors: memory().numTensors, buffers: 0 }),
  };
}
