import { addConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Add';
import { batchMatMulConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/BatchMatMul';
import { concatConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Concat';
import { identityConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Identity';
import { multiplyConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Multiply';
import { realDivConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/RealDiv';
import { reshapeConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Reshape';
import { sliceConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Slice';
import { sqrtConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sqrt';
import { squareConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Square';
import { subConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sub';
import { sumConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Sum';
import { transposeConfig } from '@tensorflow/tfjs-backend-webgpu/dist/kernels/Transpose';
import type { TfjsKernels } from './tfjs-kernels.ts';

export const webgpuKernels: TfjsKernels = {
  Add: addConfig,
  BatchMatMul: batchMatMulConfig,
  Concat: concatConfig,
  Identity: identityConfig,
  Multiply: multiplyConfig,
  RealDiv: realDivConfig,
  Reshape: reshapeConfig,
  Slice: sliceConfig,
  Sqrt: sqrtConfig,
  Square: squareConfig,
  Sub: subConfig,
  Sum: sumConfig,
  Transpose: transposeConfig,
};
