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
import { type KernelConfig, registerKernel } from '@tensorflow/tfjs-core';

/** The kernels that steppers/tfjs/ uses, and no others: they are most of the worker's size. */
export function registerCpuKernels(): void {
  const kernels: KernelConfig[] = [
    addConfig,
    batchMatMulConfig,
    concatConfig,
    identityConfig,
    multiplyConfig,
    realDivConfig,
    reshapeConfig,
    sliceConfig,
    sqrtConfig,
    squareConfig,
    subConfig,
    sumConfig,
    transposeConfig,
  ];
  for (const kernel of kernels) registerKernel(kernel);
}
