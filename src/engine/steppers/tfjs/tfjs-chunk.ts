import { tfjsParts } from './hand-over.ts';
import { startTfjsCpu, startTfjsWasm, startTfjsWebgpu } from './start.ts';

tfjsParts.give({ cpu: startTfjsCpu, wasm: startTfjsWasm, webgpu: startTfjsWebgpu });
