/** The engine's steppers on a blank page. */

import { startTfjsWebgpu } from '../../src/engine/backends/tfjs-webgpu.ts';
import { typescriptStepper } from '../../src/engine/steppers/typescript.ts';
import { wasmStepper } from '../../src/engine/steppers/wasm/wasm.ts';
import { ofEngine } from './contestant.ts';
import { corner } from './corner.ts';

/** TensorFlow.js on WebGPU as the engine sets it up; started once. */
const webgpu = startTfjsWebgpu();

const lean = ofEngine('lean tfjs', async (start) => {
  const backend = await webgpu;
  if ('missing' in backend) throw new Error(backend.missing);
  return backend.open(start);
});

Object.assign(globalThis, {
  workbench: corner([lean, ofEngine('wasm', wasmStepper), ofEngine('TypeScript', typescriptStepper)]),
});
