import { onlyModule } from '../steppers/stepper.ts';
import { typescriptStepper } from '../steppers/typescript.ts';
import { wasmMissing, wasmStepper } from '../steppers/wasm/wasm.ts';
import { fusedParts } from '../steppers/webgpu/hand-over.ts';
import type { Form } from '../steppers/webgpu/index.ts';
import chunk from '../steppers/webgpu/webgpu-chunk.ts?worker&url';
import { type Backend, EMULATED, Fault, type Missing, type Shape } from './backend.ts';
import { fetched } from './chunk.ts';
import { startGraphics } from './graphics.ts';
import { openGuarded } from './guard.ts';

/** Why they do not take a regression target. */
const MATRIX_ONLY = 'The own kernels are made for matrix targets, not for samples.';
/** Multiply-adds a product: above it a step takes so long that timing it would be felt. */
const TIMED_UP_TO = 2 ** 22;

/** Always there. */
export const typescriptBackend: Backend = {
  info: { backend: 'cpu', stepper: 'TypeScript', device: 'processor', emulated: false },
  leastPack: 1,
  untimed: ({ d, k, rank }) =>
    d * k * rank <= TIMED_UP_TO
      ? null
      : 'Not timed: the same loops as in WebAssembly, in plain script. At this size they are certainly slower.',
  open: async (start) => typescriptStepper(start),
  alive: () => ({ tensors: 0, buffers: 0 }),
};

/** The project's own kernels in SIMD WebAssembly, one thread: nothing is loaded, so they are there at once. */
export function startWasm(): Backend | Missing {
  const missing = wasmMissing();
  if (missing !== null) return { missing };
  return {
    info: { backend: 'wasm', stepper: 'SIMD WebAssembly', device: 'processor', emulated: false },
    leastPack: 1,
    unfit: ({ sampled }) => (sampled ? MATRIX_ONLY : null),
    open: async (start) => {
      try {
        return wasmStepper(start);
      } catch (error) {
        throw error instanceof RangeError ? new Fault('refused', error.message) : error;
      }
    },
    alive: () => ({ tensors: 0, buffers: 0 }),
  };
}

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
  const programs = (shape: Shape) => fused().compileFused(device, { ...shape, form }, emulated);
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
