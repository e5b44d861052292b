import type { Remedy } from '../../experiment/targets/target.ts';
import type { EngineInfo } from '../protocol/engine-info.ts';
import type { Stepper, StepperStart } from '../steppers/stepper.ts';

export interface RunShape {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  readonly sampled?: boolean;
}

/** A back end that has started: what it is, and how a run is opened on it. */
export interface Backend {
  readonly info: Omit<EngineInfo, 'why' | 'timed'>;
  readonly leastPack: number;
  /** True if it trains networks. Left out: one matrix alone. */
  readonly networks?: boolean;
  /** How many d × k float32 matrices a step makes beside ΔW*. Left out: none. */
  readonly scratch?: number;
  /** Why a layer of this shape cannot be computed here: a sentence. Null, or left out, where it can. */
  readonly unfit?: (shape: RunShape) => string | null;
  /** Why it is not timed against others for this shape: a sentence. Null, or left out, where it is. */
  readonly untimed?: (shape: RunShape) => string | null;
  /**
   * Fetches code that the first load leaves out, before `prepare` and `open`. Resolves as `unfit` does: with a sentence where
   * it is not available, or where only it knows that a layer of this shape cannot be computed.
   */
  readonly load?: (shape: RunShape) => Promise<string | null>;
  /** Compiles what a run of this shape needs, so that `open` does not wait for it. */
  readonly prepare?: (shape: RunShape) => Promise<void>;
  readonly open: (start: StepperStart) => Promise<Stepper>;
  /** Tensors and buffers that are alive, for tests. */
  readonly alive: () => { readonly tensors: number; readonly buffers: number };
}

/** Why the project's own kernels do not take a regression target. */
export const MATRIX_ONLY_REASON = 'The page’s own kernels train matrix targets, not samples.';

/** Why an emulated device is not timed: it is the processor with a detour, and timing would only keep both busy. */
export const EMULATED_REASON = 'Emulated on the processor here, so not timed; you can choose it by hand.';

/** What is alive on all of them. TensorFlow.js counts its tensors once for all its back ends. */
export function countsOf(backends: readonly Backend[]): ReturnType<Backend['alive']> {
  const all = backends.map((backend) => backend.alive());
  return {
    tensors: Math.max(0, ...all.map(({ tensors }) => tensors)),
    buffers: all.reduce((sum, { buffers }) => sum + buffers, 0),
  };
}

/** A back end that is not available: why, in a sentence. */
export interface NoBackend {
  readonly missing: string;
}

/** A run is not possible or cannot continue, for a reason that the page can explain. */
export class RunFault extends Error {
  override readonly name = 'Fault';
  constructor(
    readonly kind: 'device-lost' | 'refused' | 'broken',
    message: string,
    readonly way?: Remedy,
  ) {
    super(message);
  }
}

/** Why a run ended, for the page: a fault says it, anything else is a bug. */
export function failureOf(error: unknown): Pick<RunFault, 'kind' | 'way'> & { readonly why: string } {
  const { kind, way } = error instanceof RunFault ? error : { kind: 'broken' as const, way: undefined };
  return { kind, why: error instanceof Error ? error.message : String(error), way };
}
