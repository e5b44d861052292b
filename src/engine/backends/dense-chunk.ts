import type { DenseLoops } from '../../math/dense/loops.ts';
import source from '../../math/dense/loops.wasm?url&inline';
import { wasmLoops } from '../../math/dense/wasm-loops.ts';
import { inlineModule } from '../../math/wasm-memory.ts';
import { denseChunk } from './chunk.ts';

function start(): DenseLoops | null {
  try {
    return wasmLoops(inlineModule(source));
  } catch {
    // No SIMD, or a policy without 'wasm-unsafe-eval': the plain loops give the same bits.
    return null;
  }
}

denseChunk.give({ loops: start() });
