import { type Graphics, startGraphics } from '../../src/engine/backends/graphics.ts';
import { guardedStepper } from '../../src/engine/backends/guard.ts';
import { singleModule } from '../../src/engine/steppers/stepper.ts';
import { startTfjsWebgpu } from '../../src/engine/steppers/tfjs/start.ts';
import type { TfjsOpener } from '../../src/engine/steppers/tfjs/tfjs-parts.ts';
import { typescriptStepper } from '../../src/engine/steppers/typescript.ts';
import { fetchBuild } from '../../src/engine/steppers/wasm/fetch.ts';
import { takeBuild } from '../../src/engine/steppers/wasm/instance.ts';
import { wasmStepper } from '../../src/engine/steppers/wasm/wasm.ts';
import { compileFused, type Form, fusedStepper } from '../../src/engine/steppers/webgpu/index.ts';
import { ofEngine } from './contestant.ts';
import { corner } from './corner.ts';
import { startOf } from './start.ts';

async function graphics(): Promise<Graphics> {
  const found = await startGraphics();
  if ('missing' in found) throw new Error(found.missing);
  return found;
}

for (const build of ['plain', 'relaxed'] as const) await takeBuild(build, () => fetchBuild(build, location.href));

let tfjs: TfjsOpener | null = null;

/** TensorFlow.js on WebGPU as the engine sets it up; started once. */
const lean = ofEngine('lean tfjs', async (start) => {
  const device = await graphics();
  tfjs ??= startTfjsWebgpu(device);
  return tfjs.open(start);
});

/** On the same device, with every call checked as in the engine. */
const fused = (form: Form) =>
  ofEngine(`fused ${form}`, async (start) => {
    const { device, watch, emulated } = await graphics();
    const programs = await compileFused(device, { ...singleModule(start), form }, emulated);
    return guardedStepper(fusedStepper(device, programs, start), watch);
  });

Object.assign(globalThis, {
  workbench: corner(
    [
      lean,
      fused('direct'),
      fused('algebraic'),
      // As in the engine: relaxed SIMD if the browser has it.
      ofEngine('wasm', (start) => wasmStepper(start)),
      ofEngine('wasm plain', (start) => wasmStepper(start, 'plain')),
      ofEngine('TypeScript', typescriptStepper),
    ],
    startOf,
  ),
});
