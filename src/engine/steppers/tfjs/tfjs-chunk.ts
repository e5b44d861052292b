import { handOver } from './hand-over.ts';
import { startTfjsCpu, startTfjsWasm, startTfjsWebgpu } from './start.ts';

// TensorFlow.js as a script of its own, which the worker fetches where something needs it: backends/tfjs.ts.
handOver({ cpu: startTfjsCpu, wasm: startTfjsWasm, webgpu: startTfjsWebgpu });
