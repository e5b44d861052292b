import type { MergeResult } from '../../experiment/layer/merging.ts';
import type { LayerData, ModuleMethod, ModuleSizes, MovedPart } from '../../experiment/layer/module.ts';
import type { MergedWeights } from '../../experiment/layer/quantised/merged-weights.ts';
import type { Unquantised } from '../../experiment/layer/quantised/quantised-base.ts';
import type { MethodFloor } from '../../experiment/methods/floors/method-floor.ts';
import type { LabelledData, SequenceData } from '../../experiment/network/network-data.ts';
import type { Reduction } from '../../experiment/settings/metric.ts';
import type { Facts, Rate } from '../../experiment/settings/rate.ts';
import type { KnownValues } from '../../experiment/targets/spectrum.ts';
import type { Remedy } from '../../experiment/targets/target.ts';
import type { EngineInfo } from './engine-info.ts';
import type { ExtremesMessage, FrameMessage, SpectraMessage } from './frame.ts';

/** Effects of merging on a layer whose weights are stored in one format. */
export type MergedNumbers = Pick<MergeResult, 'outputs' | 'worstCase' | 'unmerged' | 'lost'>;

/** Answers a merge message, twice if its intruder dimensions take long. */
export interface MergedMessage {
  readonly type: 'merged';
  readonly run: number;
  readonly order: number;
  /** Inputs N(0, 1) to the merged and the unmerged layer. */
  readonly inputs: number;
  /** ‖s·B·A‖_F/‖W‖_F, W the frozen weight. */
  readonly size: number;
  readonly float32: MergedNumbers;
  readonly bfloat16: MergedNumbers;
  /** If it was trained on Q in the place of W₀. */
  readonly quantised?: MergedWeights;
  /** Intruder dimensions (k = 10, ε = 0.5) of the initial and merged weight; why omitted; null: not counted yet. */
  readonly intruders: { readonly before: number; readonly after: number } | { readonly why: string } | null;
}

/** The lowest error that a search has found for the method of a run, which has no floor in closed form. */
export interface FoundMessage {
  readonly type: 'found';
  readonly run: number;
  readonly floor: MethodFloor;
}

export interface ReadyMessage {
  readonly type: 'ready';
  readonly run: number;
  readonly engine: EngineInfo;
  readonly modules: readonly [ReadyModule, ...ReadyModule[]];
  /** A regression target's samples and floors; the batches follow from the experiment. */
  readonly samples: ReadySamples | null;
  /** A network's matrices and held-out examples; null for another target. */
  readonly network: ReadyNetwork | null;
  /** The learning rate in force: the experiment's own, or the derived one. */
  readonly rate: Rate;
  /** Measured seconds a step on this device, to estimate a whole run. */
  readonly secondsPerStep: number;
  /** Estimated bytes of the run, here and on the page. */
  readonly bytes: number;
}

export interface ReadyModule extends ModuleSizes {
  readonly facts: Facts;
  /** W₀, or Q in its place, d × k; null above LARGEST_LISTED rows or columns, so that it never leaves the worker. */
  readonly base: Float32Array | null;
  readonly basePlane: Reduction;
  /** Its ‖·‖_F. */
  readonly baseNorm: number;
  /** If Q is in the place of W₀: those as they were, `wanted` being what leads from Q to W₀ + ΔW*. */
  readonly quantised?: ReadyUnquantised;
  /** Null if ΔW* is unknown. */
  readonly wanted: ReadyTarget | null;
  readonly A: Float32Array;
  readonly B: Float32Array;
  /** If the initialisation moves a part of W₀ into the adapter: s₀, the rest of W₀ as drawn, and the difference. */
  readonly moved: (MovedPart & { readonly frozen: Reduction }) | null;
  readonly frozenFactor: 'A' | 'B' | null;
  /** A method beside LoRA: its ΔW is B (A if d < k) as a whole, beside an identity. */
  readonly method?: ReadyMethod;
}

export interface ReadyUnquantised extends Pick<Unquantised, 'off' | 'start' | 'floor'> {
  /** W₀ and ΔW*, d × k, or null, like `base`. */
  readonly base: Float32Array | null;
  readonly target: Float32Array | null;
}

/** The numbers that a method starts from, as the shapes list them; of shira with their places i·k + j. */
export interface ReadyMethod extends Pick<ModuleMethod, 'name' | 'shapes' | 'own' | 'places' | 'floor'> {
  /** lora-xs: UᵣΣᵣ (d × r) and Vᵣᵀ (r × k) of W₀, row by row. */
  readonly sides?: { readonly left: Float32Array; readonly right: Float32Array };
  /** Largest rank of ΔW. */
  readonly largestRank: number;
}

export interface ReadyTarget {
  /** d × k, or null, like W₀. */
  readonly matrix: Float32Array | null;
  readonly plane: Reduction;
  readonly norm: number;
  /** What errors are shares of; left out: `norm`. */
  readonly unit?: number;
  /** The known singular values, descending: all min(d, k), or the leading ones. */
  readonly spectrum: Float64Array;
  /** How they were computed, and their error bound as a share of σ₁. */
  readonly known: Pick<KnownValues, 'how' | 'error' | 'open'>;
  /** A₀·V, r × min(d, k), V the right singular vectors of ΔW*; null or left out: not known, or too large for a prediction. */
  readonly along?: Float64Array | null;
  /** The smallest relative matrix error that the module can reach at its rank; null if unknown. */
  readonly floorAtRank: number | null;
}

/** X is k × n and Y d × n, row by row: a column is a sample. */
export interface SampleSetColumns {
  readonly count: number;
  readonly X: Float32Array;
  readonly Y: Float32Array;
}

interface ReadyLayers {
  /** All its matrices as the forward pass reads them, W_frozen under an adapter. */
  readonly layers: readonly {
    readonly name: string;
    readonly d: number;
    readonly k: number;
    readonly W: Float32Array;
  }[];
}

interface ReadyLabelled extends Omit<LabelledData, 'training' | 'batches'> {
  /** The number of those that it trains on. */
  readonly examples: number;
}

/** With its held-out examples of the new task and of the old one. */
export type ReadyNetwork = ReadyLayers & (ReadyLabelled | Omit<SequenceData, 'batches'>);

export interface ReadySamples extends Pick<LayerData, 'floors' | 'floorsByRank'> {
  readonly training: SampleSetColumns;
  readonly heldOut: SampleSetColumns;
}

// Messages from the worker to the page. The large ones have their own files.

/** Sent at least every two seconds while the worker's loop is free, so that a dead worker is noticed. */
interface BeatMessage {
  readonly type: 'beat';
}

/** Progress of a preparation, from inside it, so a page can show it and cancel by starting a fresh worker. */
export interface ProgressMessage {
  readonly type: 'progress';
  readonly run: number;
  readonly stage: string;
  readonly fraction: number;
}

/** From step `from` on the steps are computed elsewhere; or more timings are known. */
export interface EngineMessage {
  readonly type: 'engine';
  readonly run: number;
  readonly engine: EngineInfo;
  readonly from: number;
  readonly secondsPerStep: number;
}

export type Ending = 'finished' | 'converged' | 'diverged' | 'paused';

/** The worker has stopped stepping; the frame of `step` was sent before. */
export interface DoneMessage {
  readonly type: 'done';
  readonly run: number;
  readonly order: number;
  readonly ending: Ending;
  /** The step of the factors; for `diverged`, the last good one. */
  readonly step: number;
  /** For `diverged`: that of the step after it, too large or not finite. */
  readonly loss?: number;
}

/** `refused`: impossible; `device-lost`: the run is kept, a fresh worker can continue; `broken`: a bug. */
export interface FailedMessage {
  readonly type: 'failed';
  readonly run: number;
  readonly kind: 'refused' | 'device-lost' | 'broken';
  readonly why: string;
  /** One change that would make it possible. */
  readonly way?: Remedy;
}

export type WorkerMessage =
  | BeatMessage
  | ProgressMessage
  | ReadyMessage
  | FrameMessage
  | EngineMessage
  | ExtremesMessage
  | SpectraMessage
  | MergedMessage
  | FoundMessage
  | DoneMessage
  | FailedMessage;
