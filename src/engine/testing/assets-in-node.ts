import { readFileSync } from 'node:fs';
import './wasm-in-node.ts';
import { type AssetName, assetLoader } from '../tasks/network/assets.ts';

const bytesOf = (name: AssetName) => {
  const file = `${name}.${name === 'digits' ? 'deflate' : 'f16'}`;
  return Uint8Array.from(readFileSync(new URL(`../../experiment/network/${file}`, import.meta.url))).buffer;
};

export const assetsInNode = assetLoader({ bytes: async (name) => bytesOf(name), kernels: async () => {} });
