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
import { type KernelConfig, registerKernel } from '@tensorflow/tfjs-core';
import type { BackendName } from '../../protocol/engine-info.ts';

/**
 * The kernels that this folder uses, and no others: they are most of TensorFlow.js's size. The compiler names what one back
 * end lacks.
 */
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

export function registerKernels(name: BackendName): void {
  for (const kernel of Object.values(KERNELS)) registerKernel(kernel[name]);
}
