import type { DenseLoops } from '../../math/dense/loops.ts';

export interface NoBackend {
  readonly missing: string;
}

/** Scripts that the worker fetches on demand. Both are classic scripts, which share only the global scope. */
export interface ChunkParts<T> {
  readonly give: (parts: T) => void;
  /** Undefined until the chunk has run. */
  readonly taken: () => T | undefined;
}

export function chunkParts<T>(name: `lora${string}`): ChunkParts<T> {
  const scope = globalThis as unknown as Record<string, T | undefined>;
  return {
    give: (parts) => {
      scope[name] = parts;
    },
    taken: () => scope[name],
  };
}

/** The loops over large matrices; null if this browser does not take their WebAssembly. */
export const denseChunk = chunkParts<{ readonly loops: DenseLoops | null }>('loraDense');

/** Fetches the parts of a chunk, once. A worker from a blob cannot resolve addresses, so the page's is used. */
export async function fetchChunk<T>(
  parts: ChunkParts<T>,
  chunk: string,
  page: string,
  name: string,
): Promise<T | NoBackend> {
  try {
    if (!parts.taken()) await import(/* @vite-ignore */ new URL(chunk, page).href);
  } catch {
    // Each browser has its own message here, with an address that means nothing to a user.
  }
  return parts.taken() ?? { missing: `${name} could not be loaded.` };
}
