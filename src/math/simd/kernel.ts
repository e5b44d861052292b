import { inlineModule } from '../wasm-memory.ts';
import source from './kernel.wasm?url&inline';

/** Exports of index.as. Addresses are in bytes, sizes in numbers. A block is 64 rows, its columns one after another. */
export interface SimdKernel {
  readonly memory: WebAssembly.Memory;
  unpackRows(to: number, from: number, type: number, m: number, n: number, length: number): void;
  unpackColumns(to: number, from: number, type: number, m: number, n: number, length: number): void;
  packRows(to: number, from: number, type: number, m: number, n: number): void;
  packColumns(to: number, from: number, type: number, m: number, n: number, length: number): void;
  gram(g: number, X: number, n: number): void;
  cross(g: number, X: number, Y: number, n: number, k: number): void;
  product(Y: number, X: number, W: number, n: number, k: number): void;
  reflect(R: number, X: number, n: number): void;
  cholesky(L: number, g: number, sizes: number, n: number, stride: number): number;
  invert(X: number, L: number, n: number): void;
  core(C: number, R: number, S: number, n: number): void;
  bidiagonalise(A: number, n: number, d: number, e: number, room: number): void;
  orthogonalise(W: number, m: number, n: number, squares: number): number;
}

let kernel: SimdKernel | null | undefined;

/** The module, with the same bits everywhere; null without WebAssembly, or if the page may not compile it. */
export function simdKernel(): SimdKernel | null {
  if (kernel === undefined) kernel = newSimdKernel();
  return kernel;
}

/** Another instance with a memory of its own, for work that waits between its calls. */
export function newSimdKernel(): SimdKernel | null {
  try {
    return new WebAssembly.Instance(inlineModule(source)).exports as unknown as SimdKernel;
  } catch {
    return null;
  }
}
