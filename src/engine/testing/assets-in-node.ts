import { readFileSync } from 'node:fs';
import './wasm-in-node.ts';
import { assetLoader } from '../tasks/network/assets.ts';

const FILES = {
  digits: 'digits.deflate',
  'weights/digits': 'weights/digits.f16',
  'weights/digits-low': 'weights/digits-low.f16',
};

const bytesOf = (name: keyof typeof FILES) =>
  Uint8Array.from(readFileSync(new URL(`../../experiment/network/${FILES[name]}`, import.meta.url))).buffer;

export const assetsInNode = assetLoader({ bytes: async (name) => bytesOf(name), kernels: async () => {} });
