import type { OptimiserName } from '../../../experiment/optimisers.ts';
import { wholePower } from '../../../math/elementary/whole-power.ts';

/** The same sources compiled for every browser with SIMD, and for those with relaxed SIMD. */
export type Build = 'plain' | 'relaxed';

/** What module/index.as exports. Addresses are in bytes, lengths in numbers; fixed once open() has been called. */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  /** Lays out a run in fresh memory. 0 where there is not enough of it. */
  open(d: number, k: number, rank: number, trainsA: boolean, trainsB: boolean): number;
  /** Whether it multiplies and adds with one rounding: 1 or 0. */
  fuses(): number;
  /** Measures the present step into the first row of the entries. */
  evaluate(scaling: number): void;
  /** 1 ≤ n ≤ PACK updates, each with its measurement in a row of the entries. */
  steps(n: number, scaling: number, rule: number, rateA: number, rateB: number, decay: number): void;
  readonly PACK: WebAssembly.Global;
  readonly TILE: WebAssembly.Global;
  readonly D: WebAssembly.Global;
  readonly R: WebAssembly.Global;
  readonly lengthA: WebAssembly.Global;
  readonly length: WebAssembly.Global;
  readonly target: WebAssembly.Global;
  readonly theta: WebAssembly.Global;
  readonly gradient: WebAssembly.Global;
  readonly moment1: WebAssembly.Global;
  readonly moment2: WebAssembly.Global;
  readonly stateEnd: WebAssembly.Global;
  readonly corrections: WebAssembly.Global;
  readonly entries: WebAssembly.Global;
}

/** A function of one instruction that a build needs, i8x16.splat or f32x4.relaxed_madd: what lacks it takes no such module. */
const SPLAT = [0x41, 0, 0xfd, 0x0f];
const PROBES: Readonly<Record<Build, readonly number[]>> = {
  plain: SPLAT,
  relaxed: [...SPLAT, ...SPLAT, ...SPLAT, 0xfd, 0x85, 0x02],
};

function probe(build: Build): Uint8Array<ArrayBuffer> {
  const body = [0, ...PROBES[build], 0x0b];
  const head = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const types = [1, 5, 1, 0x60, 0, 1, 0x7b];
  return Uint8Array.of(...head, ...types, ...[3, 2, 1, 0], ...[10, body.length + 2, 1, body.length], ...body);
}

const compiled = new Map<Build, WebAssembly.Module | string>();

/** Compiles a build whose bytes are there. Returns why it is not possible, as a sentence, or null. */
export function takeBuild(build: Build, bytes: BufferSource): string | null {
  const module = without(build) ?? attempt(() => new WebAssembly.Module(bytes));
  compiled.set(build, module);
  return wasmMissing(build);
}

/** Fetches and compiles the fastest build that this browser takes, and no other one. */
export async function takeFastest(fetchBuild: (build: Build) => Promise<BufferSource | null>): Promise<void> {
  for (const build of ['relaxed', 'plain'] as const) {
    const why = without(build);
    const bytes = why === null ? await fetchBuild(build) : null;
    if (bytes && takeBuild(build, bytes) === null) return;
    if (!bytes) compiled.set(build, why ?? 'The WebAssembly of this page could not be loaded.');
  }
}

/** Why this browser cannot take a build, as a sentence; null if it can. */
function without(build: Build): string | null {
  if (typeof WebAssembly === 'undefined') return 'This browser has no WebAssembly.';
  const takes = attempt(() => WebAssembly.validate(probe(build)));
  if (takes === true) return null;
  return takes || `This browser’s WebAssembly has no ${build === 'plain' ? '' : 'relaxed '}SIMD.`;
}

function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    // A content security policy without 'wasm-unsafe-eval', for one.
    return `This page is not allowed to compile WebAssembly: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** A build that was taken, or a sentence that says why there is none. */
const taken = (build: Build): WebAssembly.Module | string =>
  compiled.get(build) ?? 'This build of the WebAssembly has not been loaded.';

/** The fastest build that this browser takes; the plain one where it takes none. */
function bestBuild(): Build {
  return typeof taken('relaxed') === 'string' ? 'plain' : 'relaxed';
}

/** Why the stepper cannot run here, as a sentence; null where it can. */
export function wasmMissing(build: Build = bestBuild()): string | null {
  const module = taken(build);
  return typeof module === 'string' ? module : null;
}

function instance(build: Build): Kernel {
  const module = taken(build);
  if (typeof module === 'string') throw new Error(module);
  return new WebAssembly.Instance(module).exports as unknown as Kernel;
}

/** Whether a product and the sum that it goes into are rounded once, which changes last digits. Throws as openKernel does. */
export const wasmFuses = (build: Build = bestBuild()): boolean => Boolean(instance(build).fuses());

/** One run's own instance with its own memory. Throws where wasmMissing() says why, and where memory is short. */
export function openKernel(d: number, k: number, rank: number, frozen: 'A' | 'B' | null, build = bestBuild()): Kernel {
  const kernel = instance(build);
  if (!kernel.open(d, k, rank, frozen !== 'A', frozen !== 'B')) {
    throw new RangeError(`There is not enough memory for a ${d} × ${k} target at rank ${rank}.`);
  }
  return kernel;
}

/** Which of the module's updates (module/index.as numbers them) an optimiser uses, and with what weight decay. */
interface Rule {
  readonly rule: 0 | 1 | 2;
  readonly decay: number;
}

export const rules = {
  sgd: { rule: 0, decay: 0 },
  momentum: { rule: 1, decay: 0 },
  adam: { rule: 2, decay: 0 },
  adamw: { rule: 2, decay: 0.01 },
} satisfies Record<OptimiserName, Rule>;

/**
 * Adam's bias corrections for updates t + 1, t + 2, … in rows of two: 1 − β₁ᵗ and 1/√(1 − β₂ᵗ). The module has no power
 * function, a repeated product would drift, and the browser's own power has other bits in another browser.
 */
export function writeCorrections(rows: Float64Array, updates: number, t: number): void {
  for (let i = 0; i < updates; i++) {
    rows[2 * i] = 1 - wholePower(0.9, t + 1 + i);
    rows[2 * i + 1] = 1 / Math.sqrt(1 - wholePower(0.999, t + 1 + i));
  }
}
