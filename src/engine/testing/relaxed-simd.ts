import { setFlagsFromString } from 'node:v8';

// Node 20 has relaxed SIMD behind a flag, later versions without one. Set before any test asks for the module, whose
// answer is kept for all files of a process.
if (process.version.startsWith('v20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');
