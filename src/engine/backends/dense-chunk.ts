import { inlineLoops } from '../../math/dense/wasm-loops.ts';
import { denseChunk } from './chunk.ts';

// Without them the plain loops give the same bits.
denseChunk.give({ loops: inlineLoops() });
