/** Where steps are computed: WebGPU, WebAssembly, or TypeScript on the processor. */
export type BackendName = 'webgpu' | 'wasm' | 'cpu';

/** What a person fixed by hand in the address (`?backend=`, `?stepper=`); null: the engine's own choice. */
export interface EngineChoice {
  readonly backend: BackendName | null;
  readonly stepper: 'tfjs' | 'direct' | null;
}

/** What a run is computed on, and why, for the page's chip and its "what is different?". */
export interface EngineInfo {
  readonly backend: BackendName;
  /** The stepper in words, e.g. "TensorFlow.js on WebGPU". */
  readonly stepper: string;
  /**
   * The device's name as the browser tells it, e.g. "SwiftShader"; for a processor, how it rounds: "processor" or
   * "processor, fused multiply-add". Two runs on the processor have the same bits where this is the same.
   */
  readonly device: string;
  readonly emulated: boolean;
  /** Why not what was asked for, one sentence; null where it is. */
  readonly why: string | null;
  /** What was timed for this size before one was taken; empty where it was chosen by hand. */
  readonly timed: readonly StepperTiming[];
}

/** One stepper that was tried: milliseconds a step, or why it was not timed. */
export interface StepperTiming {
  readonly stepper: string;
  readonly ms: number | null;
  readonly why: string | null;
}
