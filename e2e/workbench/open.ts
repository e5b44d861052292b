import { type Graphics, startGraphics } from '../../src/engine/backends/graphics.ts';
import { guardedStepper } from '../../src/engine/backends/guard.ts';
import { startTfjsWebgpu } from '../../src/engine/steppers/tfjs/start.ts';
import type { TfjsOpener } from '../../src/engine/steppers/tfjs/tfjs-parts.ts';
import { compileFused, fusedStepper } from '../../src/engine/steppers/webgpu/index.ts';
import { type OneStart, type OneStepper, oneStepper, startOfMatrix } from '../../src/engine/testing/one-matrix.ts';

/** Both forms with the tiling of an emulated device and with that of a real one, and the reference by TensorFlow.js. */
export type Name = 'direct' | 'algebraic' | 'direct, real' | 'algebraic, real' | 'tfjs';

export async function graphics(): Promise<Graphics> {
  const found = await startGraphics();
  if ('missing' in found) throw new Error(found.missing);
  return found;
}

let tfjs: TfjsOpener | null = null;

/** Every call of the stepper rejects if the device reports an error. */
export async function open(name: Name, start: OneStart): Promise<OneStepper> {
  if (name === 'tfjs') {
    const device = await graphics();
    tfjs ??= startTfjsWebgpu(device);
    return oneStepper(await tfjs.open(startOfMatrix(start)));
  }
  const { device, watch } = await graphics();
  const form = name.startsWith('direct') ? 'direct' : 'algebraic';
  return watch.check(async () => {
    const programs = await compileFused(device, { ...start, form }, !name.endsWith('real'));
    return oneStepper(guardedStepper(fusedStepper(device, programs, startOfMatrix(start)), watch));
  });
}
