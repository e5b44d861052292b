import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu/dist/backend_cpu';
import { addConfig as cpuAdd } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Add';
import { batchMatMulConfig as cpuBatchMatMul } from '@tensorflow/tfjs-backend-cpu/dist/kernels/BatchMatMul';
import { concatConfig as cpuConcat } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Concat';
import { identityConfig as cpuIdentity } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Identity';
import { multiplyConfig as cpuMultiply } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Multiply';
import { realDivConfig as cpuRealDiv } from '@tensorflow/tfjs-backend-cpu/dist/kernels/RealDiv';
import { reshapeConfig as cpuReshape } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Reshape';
import { sliceConfig as cpuSlice } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Slice';
import { sqrtConfig as cpuSqrt } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sqrt';
import { squareConfig as cpuSquare } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Square';
import { subConfig as cpuSub } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sub';
import { sumConfig as cpuSum } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sum';
import { transposeConfig as cpuTranspose } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Transpose';
import { BackendWasm, init, setWasmPaths } from '@tensorflow/tfjs-backend-wasm/dist/backend_wasm';
import { addConfig as wasmAdd } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Add';
import { batchMatMulConfig as wasmBatchMatMul } from '@tensorflow/tfjs-backend-wasm/dist/kernels/BatchMatMul';
import { concatConfig as wasmConcat } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Concat';
import { identityConfig as wasmIdentity } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Identity';
import { multiplyConfig as wasmMultiply } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Multiply';
import { realDivConfig as wasmRealDiv } from '@tensorflow/tfjs-backend-wasm/dist/kernels/RealDiv';
import { reshapeConfig as wasmReshape } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Reshape';
import { sliceConfig as wasmSlice } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Slice';
import { sqrtConfig as wasmSqrt } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sqrt';
import { squareConfig as wasmSquare } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Square';
import { subConfig as wasmSub } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sub';
import { sumConfig as wasmSum } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sum';
import { transposeConfig as wasmTranspose } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Transpose';
import binary from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu/dist/backend_webgpu';
import { addConfig as webgpuAdd } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Add';
import { batchMatMulConfig as webgpuBatchMatMul } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/BatchMatMul';
import { concatConfig as webgpuConcat } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Concat';
import { identityConfig as webgpuIdentity } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Identity';
import { multiplyConfig as webgpuMultiply } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Multiply';
import { realDivConfig as webgpuRealDiv } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/RealDiv';
import { reshapeConfig as webgpuReshape } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Reshape';
import { sliceConfig as webgpuSlice } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Slice';
import { sqrtConfig as webgpuSqrt } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sqrt';
import { squareConfig as webgpuSquare } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Square';
import { subConfig as webgpuSub } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sub';
import { sumConfig as webgpuSum } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sum';
import { transposeConfig as webgpuTranspose } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Transpose';
import { env, type KernelConfig, memory, registerBackend, registerKernel, setBackend } from '@tensorflow/tfjs-core';
import type { NoBackend } from '../../backends/backend.ts';
import type { Graphics } from '../../backends/graphics.ts';
import { guardedStepper } from '../../backends/guard.ts';
import type { BackendName } from '../../protocol/engine-info.ts';
import { singleModule } from '../stepper.ts';
import { TfjsStepper } from './tfjs.ts';
import type { TfjsOpener } from './tfjs-parts.ts';

/** The kernels that this folder uses: they are most of TensorFlow.js's size. The compiler reports missing ones. */
const KERNELS = {
  Add: { cpu: cpuAdd, wasm: wasmAdd, webgpu: webgpuAdd },
  BatchMatMul: { cpu: cpuBatchMatMul, wasm: wasmBatchMatMul, webgpu: webgpuBatchMatMul },
  Concat: { cpu: cpuConcat, wasm: wasmConcat, webgpu: webgpuConcat },
  Identity: { cpu: cpuIdentity, wasm: wasmIdentity, webgpu: webgpuIdentity },
  Multiply: { cpu: cpuMultiply, wasm: wasmMultiply, webgpu: webgpuMultiply },
  RealDiv: { cpu: cpuRealDiv, wasm: wasmRealDiv, webgpu: webgpuRealDiv },
  Reshape: { cpu: cpuReshape, wasm: wasmReshape, webgpu: webgpuReshape },
  Slice: { cpu: cpuSlice, wasm: wasmSlice, webgpu: webgpuSlice },
  Sqrt: { cpu: cpuSqrt, wasm: wasmSqrt, webgpu: webgpuSqrt },
  Square: { cpu: cpuSquare, wasm: wasmSquare, webgpu: webgpuSquare },
  Sub: { cpu: cpuSub, wasm: wasmSub, webgpu: webgpuSub },
  Sum: { cpu: cpuSum, wasm: wasmSum, webgpu: webgpuSum },
  Transpose: { cpu: cpuTranspose, wasm: wasmTranspose, webgpu: webgpuTranspose },
} satisfies Record<string, Readonly<Record<BackendName, KernelConfig>>>;

function registerKernels(name: BackendName): void {
  for (const kernel of Object.values(KERNELS)) registerKernel(kernel[name]);
}

/** With small matrices, more dispatches than this wait for one another before they are submitted. */
const SMALL_BATCH = 512;
const LARGE_BATCH = 15;
const TILED = 3;
const SMALL_ENTRIES = 128 * 128;

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
        // Pending submits free nothing, so large matrices are submitted often.
        const { d, k } = singleModule(start);
        const small = d * k <= SMALL_ENTRIES;
        env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', small ? SMALL_BATCH : LARGE_BATCH);
        return guardedStepper(new TfjsStepper(start, { transposeFirst: false, treeSums: true }), watch);
      }),
    alive: () => ({ tensors: memory().numTensors, buffers: backend.bufferManager.getNumUsedBuffers() }),
  };
}
