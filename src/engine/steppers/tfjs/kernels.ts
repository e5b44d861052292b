import { addConfig as cpuAdd } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Add';
import { batchMatMulConfig as cpuBatchMatMul } from '@tensorflow/tfjs-backend-cpu/dist/kernels/BatchMatMul';
import { castConfig as cpuCast } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Cast';
import { concatConfig as cpuConcat } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Concat';
import { expConfig as cpuExp } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Exp';
import { gatherV2Config as cpuGatherV2 } from '@tensorflow/tfjs-backend-cpu/dist/kernels/GatherV2';
import { identityConfig as cpuIdentity } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Identity';
import { logConfig as cpuLog } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Log';
import { maxConfig as cpuMax } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Max';
import { multiplyConfig as cpuMultiply } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Multiply';
import { padV2Config as cpuPadV2 } from '@tensorflow/tfjs-backend-cpu/dist/kernels/PadV2';
import { realDivConfig as cpuRealDiv } from '@tensorflow/tfjs-backend-cpu/dist/kernels/RealDiv';
import { reluConfig as cpuRelu } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Relu';
import { reshapeConfig as cpuReshape } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Reshape';
import { rsqrtConfig as cpuRsqrt } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Rsqrt';
import { signConfig as cpuSign } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sign';
import { sliceConfig as cpuSlice } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Slice';
import { softmaxConfig as cpuSoftmax } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Softmax';
import { sqrtConfig as cpuSqrt } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sqrt';
import { squareConfig as cpuSquare } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Square';
import { stepConfig as cpuStep } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Step';
import { subConfig as cpuSub } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sub';
import { sumConfig as cpuSum } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sum';
import { transposeConfig as cpuTranspose } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Transpose';
import { addConfig as wasmAdd } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Add';
import { batchMatMulConfig as wasmBatchMatMul } from '@tensorflow/tfjs-backend-wasm/dist/kernels/BatchMatMul';
import { castConfig as wasmCast } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Cast';
import { concatConfig as wasmConcat } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Concat';
import { expConfig as wasmExp } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Exp';
import { gatherV2Config as wasmGatherV2 } from '@tensorflow/tfjs-backend-wasm/dist/kernels/GatherV2';
import { identityConfig as wasmIdentity } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Identity';
import { logConfig as wasmLog } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Log';
import { maxConfig as wasmMax } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Max';
import { multiplyConfig as wasmMultiply } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Multiply';
import { padV2Config as wasmPadV2 } from '@tensorflow/tfjs-backend-wasm/dist/kernels/PadV2';
import { realDivConfig as wasmRealDiv } from '@tensorflow/tfjs-backend-wasm/dist/kernels/RealDiv';
import { reluConfig as wasmRelu } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Relu';
import { reshapeConfig as wasmReshape } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Reshape';
import { rsqrtConfig as wasmRsqrt } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Rsqrt';
import { signConfig as wasmSign } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sign';
import { sliceConfig as wasmSlice } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Slice';
import { softmaxConfig as wasmSoftmax } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Softmax';
import { sqrtConfig as wasmSqrt } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sqrt';
import { squareConfig as wasmSquare } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Square';
import { stepConfig as wasmStep } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Step';
import { subConfig as wasmSub } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sub';
import { sumConfig as wasmSum } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Sum';
import { transposeConfig as wasmTranspose } from '@tensorflow/tfjs-backend-wasm/dist/kernels/Transpose';
import { addConfig as webgpuAdd } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Add';
import { batchMatMulConfig as webgpuBatchMatMul } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/BatchMatMul';
import { castConfig as webgpuCast } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Cast';
import { concatConfig as webgpuConcat } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Concat';
import { expConfig as webgpuExp } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Exp';
import { gatherV2Config as webgpuGatherV2 } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/GatherV2';
import { identityConfig as webgpuIdentity } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Identity';
import { logConfig as webgpuLog } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Log';
import { maxConfig as webgpuMax } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Max';
import { multiplyConfig as webgpuMultiply } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Multiply';
import { padV2Config as webgpuPadV2 } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/PadV2';
import { realDivConfig as webgpuRealDiv } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/RealDiv';
import { reluConfig as webgpuRelu } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Relu';
import { reshapeConfig as webgpuReshape } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Reshape';
import { rsqrtConfig as webgpuRsqrt } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Rsqrt';
import { signConfig as webgpuSign } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sign';
import { sliceConfig as webgpuSlice } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Slice';
import { softmaxConfig as webgpuSoftmax } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Softmax';
import { sqrtConfig as webgpuSqrt } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sqrt';
import { squareConfig as webgpuSquare } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Square';
import { stepConfig as webgpuStep } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Step';
import { subConfig as webgpuSub } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sub';
import { sumConfig as webgpuSum } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sum';
import { transposeConfig as webgpuTranspose } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Transpose';
import { type GradConfig, type KernelConfig, registerGradient, registerKernel } from '@tensorflow/tfjs-core';
import { addGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Add_grad';
import { batchMatMulGradConfig } from '@tensorflow/tfjs-core/dist/gradients/BatchMatMul_grad';
import { multiplyGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Multiply_grad';
import { reshapeGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Reshape_grad';
import { sliceGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Slice_grad';
import { softmaxGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Softmax_grad';
import { transposeGradConfig } from '@tensorflow/tfjs-core/dist/gradients/Transpose_grad';
import type { BackendName } from '../../protocol/engine-info.ts';

/** The kernels that this folder uses: they are most of TensorFlow.js's size. The compiler reports missing ones. */
const KERNELS = {
  Add: { cpu: cpuAdd, wasm: wasmAdd, webgpu: webgpuAdd },
  BatchMatMul: { cpu: cpuBatchMatMul, wasm: wasmBatchMatMul, webgpu: webgpuBatchMatMul },
  Cast: { cpu: cpuCast, wasm: wasmCast, webgpu: webgpuCast },
  Concat: { cpu: cpuConcat, wasm: wasmConcat, webgpu: webgpuConcat },
  Exp: { cpu: cpuExp, wasm: wasmExp, webgpu: webgpuExp },
  GatherV2: { cpu: cpuGatherV2, wasm: wasmGatherV2, webgpu: webgpuGatherV2 },
  Identity: { cpu: cpuIdentity, wasm: wasmIdentity, webgpu: webgpuIdentity },
  Log: { cpu: cpuLog, wasm: wasmLog, webgpu: webgpuLog },
  Max: { cpu: cpuMax, wasm: wasmMax, webgpu: webgpuMax },
  Multiply: { cpu: cpuMultiply, wasm: wasmMultiply, webgpu: webgpuMultiply },
  PadV2: { cpu: cpuPadV2, wasm: wasmPadV2, webgpu: webgpuPadV2 },
  RealDiv: { cpu: cpuRealDiv, wasm: wasmRealDiv, webgpu: webgpuRealDiv },
  Relu: { cpu: cpuRelu, wasm: wasmRelu, webgpu: webgpuRelu },
  Reshape: { cpu: cpuReshape, wasm: wasmReshape, webgpu: webgpuReshape },
  Rsqrt: { cpu: cpuRsqrt, wasm: wasmRsqrt, webgpu: webgpuRsqrt },
  Sign: { cpu: cpuSign, wasm: wasmSign, webgpu: webgpuSign },
  Slice: { cpu: cpuSlice, wasm: wasmSlice, webgpu: webgpuSlice },
  Softmax: { cpu: cpuSoftmax, wasm: wasmSoftmax, webgpu: webgpuSoftmax },
  Sqrt: { cpu: cpuSqrt, wasm: wasmSqrt, webgpu: webgpuSqrt },
  Square: { cpu: cpuSquare, wasm: wasmSquare, webgpu: webgpuSquare },
  Step: { cpu: cpuStep, wasm: wasmStep, webgpu: webgpuStep },
  Sub: { cpu: cpuSub, wasm: wasmSub, webgpu: webgpuSub },
  Sum: { cpu: cpuSum, wasm: wasmSum, webgpu: webgpuSum },
  Transpose: { cpu: cpuTranspose, wasm: wasmTranspose, webgpu: webgpuTranspose },
} satisfies Record<string, Readonly<Record<BackendName, KernelConfig>>>;

/** Those of the kernels between the parts of a network; its products have their own. */
const GRADIENTS: readonly GradConfig[] = [
  addGradConfig,
  batchMatMulGradConfig,
  multiplyGradConfig,
  reshapeGradConfig,
  sliceGradConfig,
  softmaxGradConfig,
  transposeGradConfig,
];

let gradients = false;

export function registerKernels(name: BackendName): void {
  for (const kernel of Object.values(KERNELS)) registerKernel(kernel[name]);
  // Once for all back ends, or the library warns.
  if (!gradients) for (const gradient of GRADIENTS) registerGradient(gradient);
  gradients = true;
}
