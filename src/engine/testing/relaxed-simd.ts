import { setFlagsFromString } from 'node:v8';

// Node 20 has it behind a flag, later versions without one. Set before anything asks what WebAssembly can do.
if (process.version.startsWith('v20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
