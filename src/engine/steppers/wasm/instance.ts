import type { OptimiserName } from '../../../experiment/optimisers.ts';
import { wholePower } from '../../../math/elementary.ts';

/** The same sources compiled for every browser with SIMD, and for those with relaxed SIMD. */
export type WasmBuild = 'plain' | 'relaxed';

/** Exports of module/index.as. Addresses are in bytes, lengths in numbers; fixed after open(). */
export interface Kernel {
  readonly memory: WebAssembly.Memory;
  /** Lays out a run in fresh memory; 0 if there is not enough. */
  open(d: number, k: number, rank: number, trainsA: boolean, trainsB: boolean): number;
  /** Whether it multiplies and adds with one rounding: 1 or 0. */
  fuses(): number;
  /** Measures the current step into the first row of the entries. */
  evaluate(scaling: number): void;
  /** 1 ≤ n ≤ PACK updates, each with its measurement in a row of the entries. */
  steps(n: number, scaling: number, rule: number, rateA: number, rateB: number, decay: number, epsilon: number): void;
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

/** The smallest modules with a build's features, i8x16.splat and f32x4.relaxed_madd, to probe a browser with. */
const PROBES: Readonly<Record<WasmBuild, string>> = {
  plain: '0061736d010000000105016000017b030201000a080106004100fd0f0b',
  relaxed: '0061736d010000000105016000017b030201000a130111004100fd0f4100fd0f4100fd0ffd85020b',
};

const compiled = new Map<WasmBuild, WebAssembly.Module | string>();

/** Compiles a build; `bytes` is called only if the browser accepts such a module; null: could not be loaded. */
export async function takeBuild(build: WasmBuild, bytes: () => Promise<BufferSource | null>): Promise<string | null> {
  compiled.set(build, await compile(build, bytes));
  return wasmObstacle(build);
}

/** Takes the fastest build that this browser accepts, and fetches no other one. */
export async function takeFastest(bytes: (build: WasmBuild) => Promise<BufferSource | null>): Promise<void> {
  if (await takeBuild('relaxed', () => bytes('relaxed'))) await takeBuild('plain', () => bytes('plain'));
}

async function compile(
  build: WasmBuild,
  load: () => Promise<BufferSource | null>,
): Promise<WebAssembly.Module | string> {
  if (typeof WebAssembly === 'undefined') return 'This browser has no WebAssembly.';
  const probe = Uint8Array.from(PROBES[build].match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  try {
    if (!WebAssembly.validate(probe))
      return `This browser’s WebAssembly has no ${build === 'plain' ? '' : 'relaxed '}SIMD.`;
    const bytes = await load();
    return bytes ? new WebAssembly.Module(bytes) : 'The WebAssembly of this page could not be loaded.';
  } catch (error) {
    // A content security policy without 'wasm-unsafe-eval', for one.
    return `This page is not allowed to compile WebAssembly: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const taken = (build: WasmBuild) => compiled.get(build) ?? 'This build of the WebAssembly has not been loaded.';

/** The fastest build that this browser accepts; the plain one if it accepts none. */
export function bestBuild(): WasmBuild {
  return typeof taken('relaxed') === 'string' ? 'plain' : 'relaxed';
}

/** A sentence if the stepper cannot run here, else null. */
export function wasmObstacle(build: WasmBuild = bestBuild()): string | null {
  const module = taken(build);
  return typeof module === 'string' ? module : null;
}

function instance(build: WasmBuild): Kernel {
  const module = taken(build);
  if (typeof module === 'string') throw new Error(module);
  return new WebAssembly.Instance(module).exports as unknown as Kernel;
}

/** Whether a product and its sum are rounded once, which changes last digits. Throws as openKernel does. */
export const hasFusedMultiplyAdd = (build: WasmBuild = bestBuild()): boolean => Boolean(instance(build).fuses());

/** One run's own instance with its own memory. Throws if wasmObstacle() gives a reason, or if memory is short. */
export function openKernel(d: number, k: number, rank: number, frozen: 'A' | 'B' | null, build = bestBuild()): Kernel {
  const kernel = instance(build);
  if (!kernel.open(d, k, rank, frozen !== 'A', frozen !== 'B')) {
    throw new RangeError(`There is not enough memory for a ${d} × ${k} target at rank ${rank}.`);
  }
  return kernel;
}

/** An optimiser's update in the module (numbered in module/index.as) and its weight decay. */
interface OptimiserRule {
  readonly rule: 0 | 1 | 2 | 3 | 4 | 5;
  readonly decay: number;
}

/** Null: its steps take a factor as a matrix, and TypeScript makes them on the module's gradients. */
export const rules = {
  sgd: { rule: 0, decay: 0 },
  momentum: { rule: 1, decay: 0 },
  adam: { rule: 2, decay: 0 },
  adamw: { rule: 2, decay: 0.01 },
  signsgd: { rule: 3, decay: 0 },
  muon: null,
  polar: null,
  scaled: { rule: 4, decay: 0 },
  'lora-pro': { rule: 5, decay: 0 },
} satisfies Record<OptimiserName, OptimiserRule | null>;

/**
 * Adam's bias corrections for updates t + 1, t + 2, … in rows of two: 1 − β₁ᵗ and 1/√(1 − β₂ᵗ). The module has no power
 * function, a repeated product would drift, and the browser's own power differs in bits between browsers.
 */
export function writeCorrections(rows: Float64Array, updates: number, t: number): void {
  for (let i = 0; i < updates; i++) {
    rows[2 * i] = 1 - wholePower(0.9, t + 1 + i);
    rows[2 * i + 1] = 1 / Math.sqrt(1 - wholePower(0.999, t + 1 + i));
  }
}
