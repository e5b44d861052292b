import { startTfjsCpu, startTfjsWasm, startTfjsWebgpu } from './start.ts';
import { tfjsChunk } from './tfjs-parts.ts';

tfjsChunk.give({ cpu: startTfjsCpu, wasm: startTfjsWasm, webgpu: startTfjsWebgpu });
