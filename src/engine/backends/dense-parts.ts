import type { DenseLoops } from '../../math/dense/loops.ts';
import { chunkParts } from './chunk.ts';

/** The loops over large matrices; null if this browser does not take their WebAssembly. */
export const denseChunk = chunkParts<{ readonly loops: DenseLoops | null }>('loraDense');
