import { AT_THE_FLOOR } from '../../charts/at-the-floor.ts';
import type { Run } from '../../state/run.ts';

type Engine = NonNullable<Run['engine']>;

const NAMES: Readonly<Record<Engine['backend'], string>> = {
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
  cpu: 'Processor',
};

export function backendName({ backend, emulated }: Pick<Engine, 'backend' | 'emulated'>): string {
  return emulated ? `${NAMES[backend]} emulated` : NAMES[backend];
}

/** What steps are computed on in a few words, or how far the engine is from computing any. */
export function chipWords({ engine, status, refused }: Pick<Run, 'engine' | 'status' | 'refused'>): string {
  if (engine) return `${backendName(engine)}, float32`;
  if (status === 'preparing') return 'Starting …';
  return refused ? 'Engine ready' : 'Engine stopped';
}

/** The same as a sentence, as long as nothing was computed. */
export function engineMissing({ status, refused }: Pick<Run, 'status' | 'refused'>): string {
  if (status === 'preparing') return 'The engine is still starting.';
  return refused
    ? 'The engine is ready; what computes the steps is chosen with the matrices, and there are none with these settings.'
    : 'The engine has stopped: press Train to start it again.';
}

/** What the choice changes for the person at the page. */
export function backendEffect({ backend, emulated }: Pick<Engine, 'backend' | 'emulated'>): string {
  if (backend === 'webgpu' && emulated)
    return 'The steps go through WebGPU, but there is no graphics chip behind it: the browser imitates one on the processor. The numbers are the same; a step takes longer.';
  if (backend === 'webgpu') return 'The steps run on the graphics chip, which is fastest for large matrices.';
  if (backend === 'wasm')
    return 'The steps run on the processor in compiled code, which is often fastest for small matrices.';
  return 'The steps run on the processor in plain script: slower for large matrices, and it works everywhere.';
}

/** What no choice changes, and where curves part all the same: engine/steppers/at-the-floor.test.ts. */
export const ALWAYS_THE_SAME = [
  'W₀, ΔW* and the start of A and B are the same bit for bit wherever they are computed.',
  'The steps take their sums in another order, so on the way to the floor curves agree within the rounding of float32.',
  AT_THE_FLOOR,
  'There rounding grows, and what is small may differ in its first digit: the gradients, and a loss whose floor is 0.',
].join(' ');
