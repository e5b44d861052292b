import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { takeBuild } from '../steppers/wasm/instance.ts';

// Node 20 has it behind a flag, later versions without one. Set before anything asks what WebAssembly can do.
if (process.version.startsWith('v20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');

for (const build of ['plain', 'relaxed'] as const) {
  await takeBuild(build, async () => readFileSync(new URL(`../steppers/wasm/${build}.wasm`, import.meta.url)));
}
