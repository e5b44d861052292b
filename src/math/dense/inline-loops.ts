import { inlineModule } from '../wasm-memory.ts';
import type { DenseLoops } from './loops.ts';
import source from './loops.wasm?url&inline';
import { wasmLoops } from './wasm-loops.ts';

/** The loops, whose module is part of the script; null without SIMD, or under a policy without 'wasm-unsafe-eval'. */
export function inlineLoops(): DenseLoops | null {
  try {
    return wasmLoops(inlineModule(source));
  } catch {
    return null;
  }
}
