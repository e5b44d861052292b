import { type KernelConfig, registerKernel } from '@tensorflow/tfjs-core';

/**
 * The kernels that steppers/tfjs/ uses, and no others: they are most of the worker's size. Each back end has a table of
 * them, and the compiler names what one of them lacks.
 */
export type TfjsKernels = Readonly<
  Record<
    | 'Add'
    | 'BatchMatMul'
    | 'Concat'
    | 'Identity'
    | 'Multiply'
    | 'RealDiv'
    | 'Reshape'
    | 'Slice'
    | 'Sqrt'
    | 'Square'
    | 'Sub'
    | 'Sum'
    | 'Transpose',
    KernelConfig
  >
>;

export function registerKernels(kernels: TfjsKernels): void {
  for (const kernel of Object.values(kernels)) registerKernel(kernel);
}
