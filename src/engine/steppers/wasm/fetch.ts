import type { WasmBuild } from './instance.ts';
import networkPlain from './network-plain.wasm?url';
import networkRelaxed from './network-relaxed.wasm?url';
import plain from './plain.wasm?url';
import relaxed from './relaxed.wasm?url';

const STEPPER: Readonly<Record<WasmBuild, string>> = { plain, relaxed };
const NETWORK: Readonly<Record<WasmBuild, string>> = { plain: networkPlain, relaxed: networkRelaxed };

export const fetchBuild = (build: WasmBuild, page: string) => fetchBytes(STEPPER[build], page);

export const fetchNetworkBuild = (build: WasmBuild, page: string) => fetchBytes(NETWORK[build], page);

/** A file of the page; null if it could not be loaded. */
export async function fetchBytes(address: string, page: string): Promise<ArrayBuffer | null> {
  const answer = await fetch(new URL(address, page)).catch(() => null);
  return answer?.ok ? answer.arrayBuffer() : null;
}
