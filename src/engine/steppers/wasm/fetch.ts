import type { WasmBuild } from './instance.ts';
import plain from './plain.wasm?url';
import relaxed from './relaxed.wasm?url';

const ADDRESSES: Readonly<Record<WasmBuild, string>> = { plain, relaxed };

export async function fetchBuild(build: WasmBuild, page: string): Promise<ArrayBuffer | null> {
  const answer = await fetch(new URL(ADDRESSES[build], page)).catch(() => null);
  return answer?.ok ? answer.arrayBuffer() : null;
}
