/** The engine's steppers on a blank page. */

import { startGraphics } from '../../src/engine/backends/graphics.ts';
import { guarded } from '../../src/engine/backends/guard.ts';
import { startTfjsWebgpu } from '../../src/engine/backends/tfjs-webgpu.ts';
import { onlyModule } from '../../src/engine/steppers/stepper.ts';
import { typescriptStepper } from '../../src/engine/steppers/typescript.ts';
import { wasmStepper } from '../../src/engine/steppers/wasm/wasm.ts';
import { compileFused, type Form, fusedStepper } from '../../src/engine/steppers/webgpu/index.ts';
import { ofEngine } from './contestant.ts';
import { corner } from './corner.ts';

/** TensorFlow.js on WebGPU as the engine sets it up; started once. */
const tfjs = startTfjsWebgpu();

const lean = ofEngine('lean tfjs', async (start) => {
  const backend = await tfjs;
  if ('missing' in backend) throw new Error(backend.missing);
  return backend.open(start);
});

/** On the same device, with every call checked as in the engine. */
const fused = (form: Form) =>
  ofEngine(`fused ${form}`, async (start) => {
    const graphics = await startGraphics();
    if ('missing' in graphics) throw new Error(graphics.missing);
    const { device, watch, emulated } = graphics;
    const programs = await compileFused(device, { ...onlyModule(start), form }, emulated);
    return guarded(fusedStepper(device, programs, start), watch);
  });

Object.assign(globalThis, {
  workbench: corner([
    lean,
    fused('direct'),
    fused('algebraic'),
    ofEngine('wasm', wasmStepper),
    ofEngine('TypeScript', typescriptStepper),
  ]),
});
