import type { NoBackend } from './backend.ts';

/**
 * Chunks are scripts of their own, which the worker fetches where something needs them. They and the worker are classic
 * scripts, so what they share is the global scope: a chunk gives its parts, the worker takes them.
 */
export interface ChunkParts<T> {
  /** Called by the chunk. */
  readonly give: (parts: T) => void;
  /** Undefined where the chunk has not run. */
  readonly taken: () => T | undefined;
}

/** `name`: of the global that holds the parts. */
export function chunkParts<T>(name: `lora${string}`): ChunkParts<T> {
  const scope = globalThis as unknown as Record<string, T | undefined>;
  return {
    give: (parts) => {
      scope[name] = parts;
    },
    taken: () => scope[name],
  };
}

/**
 * The parts of a chunk, which is fetched once. A worker from a blob has no address that a relative one could be resolved
 * against, so the page's is taken. import() works in a classic script too.
 */
export async function fetchChunk<T>(
  parts: ChunkParts<T>,
  chunk: string,
  page: string,
  name: string,
): Promise<T | NoBackend> {
  try {
    if (!parts.taken()) await import(/* @vite-ignore */ new URL(chunk, page).href);
  } catch {
    // Each browser has a sentence of its own here, with an address that says nothing to a person.
  }
  return parts.taken() ?? { missing: `${name} could not be loaded.` };
}
