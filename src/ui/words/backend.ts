import { AT_THE_FLOOR } from '../../charts/at-the-floor.ts';
import { number } from '../../experiment/numbers.ts';
import type { Run } from '../../state/run/run.ts';

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

/** Seconds a step of the run; before its first step what was timed while it was opened. */
export function stepWords(seconds: number, made: boolean): string {
  return `${number(1000 * seconds, 2)} ms, ${made ? 'mean of the newest steps of this run' : 'timed before the first step'}`;
}

/** What the table of timings is, and why its numbers are not those of the line above it. */
export const TIMED =
  'Timed on this device for this size, one after the other between two packs of steps: at another moment than the step above, which may therefore differ for the same stepper. The first stays unless another is clearly faster.';

/** One cell of that table: the stepper in use is timed again only beside a rival. */
export function timedCell({ ms, why }: Pick<Engine['timed'][number], 'ms' | 'why'>): string {
  return ms === null ? (why ?? 'the step above') : number(ms, 2);
}

/** Why there is no back end to name, as a sentence: it starts, it has stopped, or there are no matrices to compute with. */
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
  if (backend === 'webgpu')
    return 'The steps run on the graphics chip, which computes many entries at once: it gains with the size of the matrices.';
  if (backend === 'wasm')
    return 'The steps run on the processor in compiled code, with no wait for a graphics chip: that counts most for small matrices.';
  return 'The steps run on the processor in plain script: slower for large matrices, and it works everywhere.';
}

/** What no choice changes, and where curves part all the same: engine/steppers/at-the-floor.test.ts. */
export const ALWAYS_THE_SAME = [
  'W₀, ΔW* and the start of A and B are the same bit for bit wherever they are computed.',
  'The steps take their sums in another order, so on the way to the floor curves agree within the rounding of float32.',
  AT_THE_FLOOR,
  'There rounding grows, and what is small may differ in its first digit: the gradients, and a loss whose floor is 0.',
].join(' ');
