/** What the compiled modules of math/ share: none imports anything, and each has a memory of its own. */

interface HasMemory {
  readonly memory: WebAssembly.Memory;
}

/** Below it nothing is laid out. */
const FIRST = 1024;
const PAGE = 65536;
const ALIGNED = 64;

/** The module of a data: address. Throws without SIMD, or if the page may not compile it. */
export function inlineModule(address: string): WebAssembly.Module {
  const text = atob(address.slice(address.indexOf(',') + 1));
  return new WebAssembly.Module(Uint8Array.from(text, (character) => character.charCodeAt(0)));
}

/** Addresses for arrays of these lengths in float64, one after another from the beginning of the memory, which grows. */
export function layOut<N extends string>(
  { memory }: HasMemory,
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
export const numbersAt = ({ memory }: HasMemory, at: number, length: number): Float64Array<ArrayBuffer> =>
  new Float64Array(memory.buffer as ArrayBuffer, at, length);
