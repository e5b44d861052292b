import { singleModule } from '../steppers/stepper.ts';
import { fusedChunk } from '../steppers/webgpu/fused-parts.ts';
import type { Form } from '../steppers/webgpu/index.ts';
import chunk from '../steppers/webgpu/webgpu-chunk.ts?worker&url';
import { type Backend, EMULATED_REASON, matrixOnly, type NoBackend, type RunShape } from './backend.ts';
import { fetchChunk } from './chunk.ts';
import { startGraphics } from './graphics.ts';
import { openGuardedStepper } from './guard.ts';

const NAMES: Readonly<Record<Form, string>> = {
  algebraic: 'fused WGSL, algebraic form',
  direct: 'fused WGSL, direct form',
};

/** The project's own kernels on WebGPU, one dispatch a step; without a device, they are not fetched. */
export async function startWebgpu(form: Form, page: string): Promise<Backend | NoBackend> {
  const graphics = await startGraphics();
  if ('missing' in graphics) return graphics;
  const { device, watch, name, emulated } = graphics;
  const fused = () => {
    const parts = fusedChunk.taken();
    if (!parts) throw new Error('The kernels have not been loaded.');
    return parts;
  };
  const programs = (shape: RunShape) => fused().compileFused(device, { ...shape, form }, emulated);
  return {
    info: { backend: 'webgpu', stepper: NAMES[form], device: name, emulated },
    leastPack: 16,
    unfit: matrixOnly,
    untimed: () => (emulated ? EMULATED_REASON : null),
    async load(shape) {
      const parts = await fetchChunk(fusedChunk, chunk, page, 'The kernels for the graphics device');
      return 'missing' in parts ? parts.missing : parts.fusedObstacle(device.limits, { ...shape, form }, emulated);
    },
    prepare: async (shape) => {
      await programs(shape);
    },
    open: async (start) => {
      const { d, k, rank } = singleModule(start);
      const compiled = await programs({ d, k, rank, sampled: false });
      return openGuardedStepper(() => fused().fusedStepper(device, compiled, start), watch);
    },
    alive: () => ({ tensors: 0, buffers: fusedChunk.taken()?.buffersAlive() ?? 0 }),
  };
}
