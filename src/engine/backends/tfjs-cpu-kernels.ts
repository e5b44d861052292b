import { addConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Add';
import { batchMatMulConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/BatchMatMul';
import { concatConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Concat';
import { identityConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Identity';
import { multiplyConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Multiply';
import { realDivConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/RealDiv';
import { reshapeConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Reshape';
import { sliceConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Slice';
import { sqrtConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sqrt';
import { squareConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Square';
import { subConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sub';
import { sumConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Sum';
import { transposeConfig } from '@tensorflow/tfjs-backend-cpu/dist/kernels/Transpose';
import type { TfjsKernels } from './tfjs-kernels.ts';

export const cpuKernels: TfjsKernels = {
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
