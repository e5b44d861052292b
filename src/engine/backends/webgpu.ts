import { onlyModule } from '../steppers/stepper.ts';
import { fusedParts } from '../steppers/webgpu/hand-over.ts';
import type { Form } from '../steppers/webgpu/index.ts';
import chunk from '../steppers/webgpu/webgpu-chunk.ts?worker&url';
import { type Backend, EMULATED, MATRIX_ONLY, type Missing, type RunShape } from './backend.ts';
import { fetched } from './chunk.ts';
import { startGraphics } from './graphics.ts';
import { openGuarded } from './guard.ts';

const NAMES: Readonly<Record<Form, string>> = {
  algebraic: 'fused WGSL, algebraic form',
  direct: 'fused WGSL, direct form',
};

/** The project's own kernels on WebGPU, one dispatch a step. Where there is no device, they are not fetched. */
export async function startWebgpu(form: Form, page: string): Promise<Backend | Missing> {
  const graphics = await startGraphics();
  if ('missing' in graphics) return graphics;
  const { device, watch, name, emulated } = graphics;
  const fused = () => {
    const parts = fusedParts.taken();
    if (!parts) throw new Error('The kernels have not been loaded.');
    return parts;
  };
  const programs = (shape: RunShape) => fused().compileFused(device, { ...shape, form }, emulated);
  return {
    info: { backend: 'webgpu', stepper: NAMES[form], device: name, emulated },
    leastPack: 16,
    unfit: (shape) => (shape.sampled ? MATRIX_ONLY : null),
    untimed: () => (emulated ? EMULATED : null),
    async load(shape) {
      const parts = await fetched(fusedParts, chunk, page, 'The kernels for the graphics device');
      return 'missing' in parts ? parts.missing : parts.fusedMissing(device.limits, { ...shape, form }, emulated);
    },
    prepare: async (shape) => {
      await programs(shape);
    },
    open: async (start) => {
      const compiled = await programs({ ...onlyModule(start), sampled: false });
      return openGuarded(() => fused().fusedStepper(device, compiled, start), watch);
    },
    alive: () => ({ tensors: 0, buffers: fusedParts.taken()?.buffersAlive() ?? 0 }),
  };
}
