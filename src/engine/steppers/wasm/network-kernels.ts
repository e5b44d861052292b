import { type FloatArray, loops32, type NetworkKernels } from '../../tasks/network/kernels.ts';
import { bestBuild, type WasmBuild } from './instance.ts';

/** Exports of network/index.as. Addresses are in bytes, lengths and strides in numbers. */
interface NetworkModule {
  readonly memory: WebAssembly.Memory;
  take(bytes: number): number;
  product(
    C: number,
    X: number,
    Y: number,
    n: number,
    m: number,
    l: number,
    rowX: number,
    columnX: number,
    s: number,
    adds: boolean,
  ): void;
  transpose(Y: number, X: number, d: number, k: number): void;
}

const compiled = new Map<WasmBuild, WebAssembly.Module>();

/** Compiles the products of a build; `bytes` null: they could not be loaded. */
export async function takeNetworkBuild(
  build: WasmBuild,
  bytes: (build: WasmBuild) => Promise<BufferSource | null>,
): Promise<void> {
  const loaded = compiled.has(build) ? null : await bytes(build).catch(() => null);
  if (loaded) compiled.set(build, await WebAssembly.compile(loaded));
}

/** Kernels of a taken build; plain loops in float32 if it could not be loaded. */
export function networkKernels(build: WasmBuild = bestBuild()): NetworkKernels {
  const module = compiled.get(build);
  return module ? wasmKernels(module) : loops32;
}

/** Products in SIMD WebAssembly, in float32: one run's own instance with its own memory of 64 MB. */
export function wasmKernels(module: WebAssembly.Module): NetworkKernels {
  const { memory, take, product, transpose } = new WebAssembly.Instance(module).exports as unknown as NetworkModule;
  return {
    buffer(length) {
      const at = take(4 * length);
      if (at === 0) throw new RangeError('The network does not fit into the memory of its WebAssembly.');
      return new Float32Array(memory.buffer, at, length);
    },
    product(C, X, Y, { n, m, l, transposed = false, s = 1, adds = false }) {
      const [row, column] = transposed ? [1, n] : [l, 1];
      product(at(C), at(X), at(Y), n, m, l, row, column, s, adds);
    },
    transpose: (Y, X, d, k) => transpose(at(Y), at(X), d, k),
  };
}

const at = ({ byteOffset }: FloatArray) => byteOffset;
