export type BackendName = 'webgpu' | 'wasm' | 'cpu';

/** The user's choice in the address (`?backend=`, `?stepper=`); null: the engine's own choice. */
export interface EngineChoice {
  readonly backend: BackendName | null;
  readonly stepper: 'tfjs' | 'direct' | null;
}

export interface EngineInfo {
  readonly backend: BackendName;
  /** The stepper in words, e.g. "TensorFlow.js on WebGPU". */
  readonly stepper: string;
  /** The device's name in the browser, e.g. "SwiftShader", or "processor" and its rounding. */
  readonly device: string;
  readonly emulated: boolean;
  /** The reason if the choice was not followed, one sentence; else null. */
  readonly why: string | null;
  readonly timed: readonly StepperTiming[];
}

/** One stepper that was tried: milliseconds a step, or why it was not timed. */
export interface StepperTiming {
  readonly stepper: string;
  readonly ms: number | null;
  readonly why: string | null;
}
