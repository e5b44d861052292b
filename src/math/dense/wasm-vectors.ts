import { layOut, numbersAt } from '../wasm-memory.ts';
import type { DenseMatrix, VectorTimes } from './loops.ts';

type MatrixTimes = (M: number, row: number, rows: number, cols: number, x: number, out: number) => void;

/** Exports of vectors.as. Addresses and rows are in bytes, sizes in numbers. */
export interface VectorKernel {
  readonly memory: WebAssembly.Memory;
  times32: MatrixTimes;
  times64: MatrixTimes;
  transposeTimes32: MatrixTimes;
  transposeTimes64: MatrixTimes;
}

/** A line of the processor's cache more than a row, so that rows of a power of two do not fall into one set of it. */
const SPARE = 64;

export const rowBytes = (cols: number, bytes: number): number => SPARE * (Math.ceil((cols * bytes) / SPARE) + 1);

export function vectorsOf(kernel: VectorKernel, { rows, cols, data }: DenseMatrix): VectorTimes | null {
  const bytes = data.BYTES_PER_ELEMENT;
  const row = rowBytes(cols, bytes);
  const longest = Math.max(rows, cols);
  const at = tryLayOut(kernel, { x: longest, out: longest, M: (rows * row) / 8 });
  if (!at) return null;
  const narrow = data instanceof Float32Array;
  const buffer = kernel.memory.buffer;
  const M = narrow ? new Float32Array(buffer, at.M, (rows * row) / 4) : numbersAt(kernel, at.M, (rows * row) / 8);
  for (let i = 0; i < rows; i++) M.set(data.subarray(i * cols, (i + 1) * cols), (i * row) / bytes);
  return timesAt(kernel, at, row, rows, cols, narrow);
}

/** Products with a matrix that is in the memory, in float32 if `narrow`, with room for a vector at x and at `out`. */
export function timesAt(
  kernel: VectorKernel,
  at: Readonly<Record<'M' | 'x' | 'out', number>>,
  row: number,
  rows: number,
  cols: number,
  narrow: boolean,
): VectorTimes {
  const longest = Math.max(rows, cols);
  const [x, out] = [numbersAt(kernel, at.x, longest), numbersAt(kernel, at.out, longest)];
  const forth = narrow ? kernel.times32 : kernel.times64;
  const back = narrow ? kernel.transposeTimes32 : kernel.transposeTimes64;
  return {
    times(v) {
      x.set(v);
      forth(at.M, row, rows, cols, at.x, at.out);
      return out.slice(0, rows);
    },
    transposeTimes(u) {
      x.set(u);
      out.fill(0, 0, cols);
      back(at.M, row, rows, cols, at.x, at.out);
      return out.slice(0, cols);
    },
  };
}

/** Null if there is not so much memory. */
export function tryLayOut<N extends string>(
  kernel: VectorKernel,
  lengths: Readonly<Record<N, number>>,
): Record<N, number> | null {
  try {
    return layOut(kernel, lengths);
  } catch {
    return null;
  }
}
