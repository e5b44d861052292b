import { FLOOR_NOTE } from '../../charts/drawing/words.ts';
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

/**
 * Where steps were computed, one line per place, "0–40: WebGPU; a chip" if several; empty if `engine` computed all. A
 * run file may name another back end, or several.
 */
export function otherBackendLines({ computed, engine }: Pick<Run, 'computed' | 'engine'>, last: number): string[] {
  const used = computed.filter(({ from }, i) => i === 0 || from < last);
  if (used.every(({ backend, device }) => backend === engine?.backend && device === engine.device)) return [];
  return used.map(({ from, backend, device }, i) => {
    const steps = used.length > 1 ? `${i === 0 ? 0 : from + 1}–${used[i + 1]?.from ?? last}: ` : '';
    const name = Object.hasOwn(NAMES, backend) ? NAMES[backend as Engine['backend']] : backend;
    return `${steps}${[name, device].filter(Boolean).join('; ')}`;
  });
}

export function chipWords({ engine, status, refused }: Pick<Run, 'engine' | 'status' | 'refused'>): string {
  if (engine) return `${backendName(engine)}, float32`;
  if (status === 'preparing') return 'Starting …';
  return refused ? 'Engine ready' : 'Engine stopped';
}

/** Seconds per step of the run; before its first step, as timed during preparation. */
export function stepWords(seconds: number, made: boolean): string {
  return `${number(1000 * seconds, 2)} ms, ${made ? 'mean of this run’s latest steps' : 'timed before the first step'}`;
}

export const TIMINGS_NOTE =
  'Timed on this device at this size, one after another, so the figures may differ from the one above. The current back end stays unless another is clearly faster.';

/** A cell of that table: the stepper in use is timed again only next to a rival. */
export function timingText({ ms, why }: Pick<Engine['timed'][number], 'ms' | 'why'>): string {
  return ms === null ? (why ?? 'the step above') : number(ms, 2);
}

export function engineObstacle({ status, refused }: Pick<Run, 'status' | 'refused'>): string {
  if (status === 'preparing') return 'The engine is still starting.';
  return refused
    ? 'The engine is ready, but these settings give it no matrices to train.'
    : 'The engine has stopped. Press Train to restart it.';
}

export function backendEffect({ backend, emulated }: Pick<Engine, 'backend' | 'emulated'>): string {
  if (backend === 'webgpu' && emulated)
    return 'The steps go through WebGPU, but without a graphics chip: the browser emulates one on the processor. The numbers are the same; each step takes longer.';
  if (backend === 'webgpu')
    return 'The steps run on the graphics chip, which computes many entries at once. The larger the matrices, the more that helps.';
  if (backend === 'wasm')
    return 'The steps run on the processor in compiled code and need not wait for a graphics chip. That helps most with small matrices.';
  return 'The steps run on the processor in plain JavaScript. It is slower for large matrices but works everywhere.';
}

/** Results that depend on no choice, and where curves diverge nevertheless: engine/steppers/at-the-floor.test.ts. */
export const EQUAL_BITS_NOTE = [
  'W₀, ΔW* and the initial A and B are the same, bit for bit, wherever they are computed.',
  'Back ends add numbers in different orders, and a processor with fused multiply-add rounds once where another rounds twice, so curves agree to within float32 rounding until they reach the floor.',
  FLOOR_NOTE,
  'At the floor, rounding therefore grows, and small values may differ in their first digit: the gradients, and a loss whose floor is 0.',
].join(' ');
