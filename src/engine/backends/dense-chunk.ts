import type { DenseLoops } from '../../math/dense/loops.ts';
import source from '../../math/dense/loops.wasm?url&inline';
import { wasmLoops } from '../../math/dense/wasm-loops.ts';
import { denseChunk } from './dense-parts.ts';

function start(): DenseLoops | null {
  try {
    const text = atob(source.slice(source.indexOf(',') + 1));
    return wasmLoops(new WebAssembly.Module(Uint8Array.from(text, (character) => character.charCodeAt(0))));
  } catch {
    // No SIMD, or a policy without 'wasm-unsafe-eval': the plain loops give the same bits.
    return null;
  }
}

denseChunk.give({ loops: start() });
