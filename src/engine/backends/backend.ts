import { methods } from '../../experiment/methods/index.ts';
import { needsWholeMatrices, noRule, type OptimiserName } from '../../experiment/optimisers.ts';
import type { LayerSize } from '../../experiment/settings/kinds.ts';
import type { RegimePart } from '../../experiment/settings/regime.ts';
import type { Remedy } from '../../experiment/targets/target.ts';
import type { EngineInfo } from '../protocol/engine-info.ts';
import type { Stepper, StepperStart } from '../steppers/stepper.ts';

export type { NoBackend } from './chunk.ts';

export interface RunShape extends LayerSize {
  readonly sampled?: boolean;
  /** A method beside LoRA. */
  readonly method?: string;
  /** Whether the base is. */
  readonly quantised?: true;
  /** What the run does around the optimiser's steps; left out: nothing. */
  readonly regime?: readonly RegimePart[];
  readonly network?: { readonly target: string; readonly multiplyAdds: number } | null;
  /** Left out: one that every back end has. */
  readonly opt?: OptimiserName;
}

export interface Backend {
  readonly info: Omit<EngineInfo, 'why' | 'timed'>;
  readonly leastPack: number;
  /** d × k float32 matrices that a step allocates besides ΔW*; left out: none. */
  readonly scratch?: number;
  /** A sentence if a layer of this shape cannot be computed here, else null. */
  readonly unfit?: (shape: RunShape) => string | null;
  /** A sentence if it is not timed against others for this shape, else null. */
  readonly untimed?: (shape: RunShape) => string | null;
  /** Fetches code that the first load leaves out, before `prepare` and `open`; resolves like `unfit`. */
  readonly load?: (shape: RunShape) => Promise<string | null>;
  readonly prepare?: (shape: RunShape) => Promise<void>;
  readonly open: (start: StepperStart) => Promise<Stepper>;
  readonly alive: () => { readonly tensors: number; readonly buffers: number };
}

export const MATRIX_ONLY_REASON = 'The page’s own kernels train matrix targets, not samples.';
const NO_NETWORKS = 'The page’s own WebGPU kernels train matrix targets, not networks.';

const PARTS: Readonly<Record<RegimePart, string>> = {
  lossScale: 'float16',
  clip: 'clipped gradients',
  decayB: 'weight decay on B',
};

/** Why kernels do not make such steps; null without a regime. */
export const noRegime = ({ regime }: RunShape): string | null =>
  regime ? `There are no kernels here for ${regime.map((part) => PARTS[part]).join(' and ')}.` : null;

/** Methods beside LoRA, rules whose step takes whole matrices, and regimes are made by WebAssembly or TypeScript alone. */
export function noKernel(shape: RunShape, where: 'WebGPU' | 'TensorFlow.js'): string | null {
  const { method, opt = 'sgd' } = shape;
  if (method) return `There are no kernels here for ${methods.byName(method).label}.`;
  const none = noRegime(shape);
  if (none) return none;
  return needsWholeMatrices(opt) ? noRule(where, opt) : null;
}

/** The shapes that only TensorFlow.js or the processor can train. */
export function matrixOnly(shape: RunShape): string | null {
  const { sampled, network } = shape;
  if (network) return NO_NETWORKS;
  if (sampled) return MATRIX_ONLY_REASON;
  return noKernel(shape, 'WebGPU');
}

/** An emulated device is the processor with a detour: timing it would only keep both busy. */
export const EMULATED_REASON = 'Emulated on the processor here, so not timed; you can choose it by hand.';

/** Live tensors and buffers of all back ends; TensorFlow.js counts its tensors once for all of its back ends. */
export function countsOf(backends: readonly Backend[]): ReturnType<Backend['alive']> {
  const all = backends.map((backend) => backend.alive());
  return {
    tensors: Math.max(0, ...all.map(({ tensors }) => tensors)),
    buffers: all.reduce((sum, { buffers }) => sum + buffers, 0),
  };
}

/** A run that is impossible or cannot continue, for a reason that the page can explain. */
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

/** The reason a run ended, for the page: a RunFault carries it, anything else is a bug. */
export function failureOf(error: unknown): Pick<RunFault, 'kind' | 'way'> & { readonly why: string } {
  // A chunk has a class of its own.
  const isFault = (it: unknown): it is RunFault => it instanceof Error && it.name === 'Fault';
  const { kind, way } = isFault(error) ? error : { kind: 'broken' as const, way: undefined };
  return { kind, why: errorText(error), way };
}

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
