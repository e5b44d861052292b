import { onlyModule } from '../steppers/stepper.ts';
import { buffersAlive, compileFused, type Form, fusedMissing, fusedStepper } from '../steppers/webgpu/index.ts';
import { type Backend, EMULATED, MATRIX_ONLY, type Missing, type Shape } from './backend.ts';
import { startGraphics } from './graphics.ts';
import { openGuarded } from './guard.ts';

const NAMES: Readonly<Record<Form, string>> = {
  algebraic: 'fused WGSL, algebraic form',
  direct: 'fused WGSL, direct form',
};

/** The project's own kernels on WebGPU, one dispatch a step. */
export async function startWebgpu(form: Form): Promise<Backend | Missing> {
  const graphics = await startGraphics();
  if ('missing' in graphics) return graphics;
  const { device, watch, name, emulated } = graphics;
  const programs = (shape: Shape) => compileFused(device, { ...shape, form }, emulated);
  return {
    info: { backend: 'webgpu', stepper: NAMES[form], device: name, emulated },
    leastPack: 16,
    unfit: (shape) => (shape.sampled ? MATRIX_ONLY : fusedMissing(device.limits, { ...shape, form }, emulated)),
    untimed: () => (emulated ? EMULATED : null),
    prepare: async (shape) => {
      await programs(shape);
    },
    open: async (start) => {
      const compiled = await programs({ ...onlyModule(start), sampled: false });
      return openGuarded(() => fusedStepper(device, compiled, start), watch);
    },
    alive: () => ({ tensors: 0, buffers: buffersAlive() }),
  };
}
