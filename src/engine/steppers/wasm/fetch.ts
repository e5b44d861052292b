import type { WasmBuild } from './instance.ts';
import plain from './plain.wasm?url';
import relaxed from './relaxed.wasm?url';

const ADDRESSES: Readonly<Record<WasmBuild, string>> = { plain, relaxed };

/** The bytes of a build; null if they do not come. A worker from a blob has no address of its own: `page` is the page's. */
export async function fetchBuild(build: WasmBuild, page: string): Promise<ArrayBuffer | null> {
  const answer = await fetch(new URL(ADDRESSES[build], page)).catch(() => null);
  return answer?.ok ? answer.arrayBuffer() : null;
}
