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
    const text = atob(source.slice(source.indexOf(',') + 1));
    const module = new WebAssembly.Module(Uint8Array.from(text, (character) => character.charCodeAt(0)));
    return new WebAssembly.Instance(module).exports as unknown as SimdKernel;
  } catch {
    return null;
  }
}

/** Below it nothing is laid out. */
const FIRST = 1024;
const PAGE = 65536;
const ALIGNED = 64;

/** Addresses for arrays of these lengths in float64, one after another from the beginning of the memory, which grows. */
export function layOut<N extends string>(
  { memory }: SimdKernel,
  lengths: Readonly<Record<N, number>>,
): Record<N, number> {
  const at = {} as Record<N, number>;
  let top = FIRST;
  for (const name in lengths) {
    at[name] = top;
    top += Math.ceil((8 * lengths[name]) / ALIGNED) * ALIGNED;
  }
  const pages = Math.ceil((top - memory.buffer.byteLength) / PAGE);
  if (pages > 0) memory.grow(pages);
  return at;
}

/** Numbers of the memory, valid until it grows. */
export const numbersAt = ({ memory }: SimdKernel, at: number, length: number) =>
  new Float64Array(memory.buffer, at, length);
