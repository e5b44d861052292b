import type { Moved } from '../experiment/layer.ts';
import type { LayerData } from '../experiment/layer-data.ts';
import type { Merging } from '../experiment/merging.ts';
import type { Metric } from '../experiment/metric.ts';
import type { Experiment } from '../experiment/params.ts';
import type { Plane, Reduced } from '../experiment/plane.ts';
import type { Facts } from '../experiment/rate.ts';
import type { KnownValues } from '../experiment/spectrum.ts';

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
  /** The device's name as the browser tells it, e.g. "SwiftShader" or "processor". */
  readonly device: string;
  /** True where WebGPU is emulated on the processor. */
  readonly emulated: boolean;
  /** Why not what was asked for, one sentence; null where it is. */
  readonly why: string | null;
  /** What was timed for this size before one was taken; empty where it was chosen by hand. */
  readonly timed: readonly Timed[];
}

/** One stepper that was tried: milliseconds a step, or why it was not timed. */
export interface Timed {
  readonly stepper: string;
  readonly ms: number | null;
  readonly why: string | null;
}

/** A change made while a run was going: from step `step` on (before entry `step` is measured), `key` is `value`. */
export interface Change {
  readonly step: number;
  readonly key: 'alpha' | 'scaling' | 'opt' | 'lr' | 'ratio' | 'steps';
  readonly value: number | string;
}

/** The tune parameters, the learning rate resolved to a number. */
export type Tuning = Pick<Experiment, 'alpha' | 'scaling' | 'opt' | 'ratio' | 'steps'> & { readonly lr: number };

// --- down: page to worker -----------------------------------------------------------------------------------------

/** Make the matrices of an experiment. Supersedes any earlier run. Training starts with `pace`. */
export interface RunMessage {
  readonly type: 'run';
  /** Numbers of runs only grow. */
  readonly run: number;
  readonly experiment: Experiment;
  readonly choice: EngineChoice;
  /** A decoded drawing, rows × cols with values 0 … 1, or null. */
  readonly drawing: { readonly rows: number; readonly cols: number; readonly data: Float64Array } | null;
  readonly watch: readonly Metric[];
  /** The page's own address: the worker's files are named relative to it, and a worker from a blob has no address. */
  readonly page: string;
  /** Repeat the first steps of a run that is known: its changes are applied at their steps, then the run stands at `to`. */
  readonly replay: { readonly to: number; readonly changes: readonly Change[] } | null;
}

/** Tune the running trainer. At the worker's present step, which it records in the next frame's `changes`. */
export interface TuneMessage {
  readonly type: 'tune';
  readonly run: number;
  readonly tuning: Tuning;
}

export interface WatchMessage {
  readonly type: 'watch';
  readonly run: number;
  readonly watch: readonly Metric[];
}

/**
 * Train until `until` updates are made, `pace` steps a second (Infinity: as fast as it goes; 0: pause now). `until` may
 * lie beyond the budget. Every pace message is answered by one `done` that carries its `order`, unless a later one comes
 * first; one that leaves nothing to do is answered at once.
 */
export interface PaceMessage {
  readonly type: 'pace';
  readonly run: number;
  /** Counts the pace messages of the page. */
  readonly order: number;
  readonly pace: number;
  readonly until: number;
}

/** Frame `frame` has arrived: at most two may be under way. */
export interface AckMessage {
  readonly type: 'ack';
  readonly run: number;
  readonly frame: number;
}

/** Merge these factors of the run into its frozen weight and compare; a later one takes the place of an earlier one. */
export interface MergeMessage {
  readonly type: 'merge';
  readonly run: number;
  /** Counts the merge messages of the page. */
  readonly order: number;
  /** r × k and d × r row by row: those on screen, which may be of an earlier step. */
  readonly A: Float32Array;
  readonly B: Float32Array;
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
}

export type Down = RunMessage | TuneMessage | WatchMessage | PaceMessage | AckMessage | MergeMessage;

// --- up: worker to page -------------------------------------------------------------------------------------------

/** Sent at least every two seconds while the worker's loop is free, so that a dead worker is noticed. */
export interface BeatMessage {
  readonly type: 'beat';
}

/** How far a preparation is; comes from inside it, so a page can show it and cancel by starting a fresh worker. */
export interface ProgressMessage {
  readonly type: 'progress';
  readonly run: number;
  readonly stage: string;
  readonly fraction: number;
}

/** The matrices of a run exist. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly run: number;
  readonly engine: EngineInfo;
  readonly facts: Facts;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** W₀ and ΔW*, d × k row by row; null above LARGEST_LISTED rows or columns, so that it never leaves the worker. */
  readonly base: Float32Array | null;
  readonly target: Float32Array | null;
  /** The same as they are drawn. */
  readonly planes: { readonly base: Reduced; readonly target: Reduced };
  readonly targetNorm: number;
  /** ‖W₀‖_F. */
  readonly baseNorm: number;
  /** The singular values of ΔW* that are known, descending: all min(d, k), or the leading ones. */
  readonly targetSpectrum: Float64Array;
  /** How they are known, and by how much one may be off as a share of σ₁. */
  readonly targetKnown: Pick<KnownValues, 'how' | 'error'>;
  /** Initial factors, r × k and d × r row by row. */
  readonly A: Float32Array;
  readonly B: Float32Array;
  /** Where the start has moved a part of W₀ into the adapter: s₀, what is left of W₀ as it is drawn, and the difference. */
  readonly moved: (Moved & { readonly frozen: Reduced }) | null;
  /** The factor that does not train. */
  readonly frozenFactor: 'A' | 'B' | null;
  /** The smallest relative matrix error within this layer's reach at its rank; null where it is not known. */
  readonly floorAtRank: number | null;
  /** A regression target's samples and floors; the batches follow from the experiment. */
  readonly samples: SentSamples | null;
  /** The learning rate in force: the experiment's own, or the derived one. */
  readonly rate: number;
  /** Measured seconds a step on this device, for the estimate of a whole run. */
  readonly secondsPerStep: number;
  /** Estimated bytes that the run needs, here and on the page. */
  readonly bytes: number;
}

/** X is k × n and Y d × n, row by row: a column is a sample. */
export interface SentSet {
  readonly count: number;
  readonly X: Float32Array;
  readonly Y: Float32Array;
}

export interface SentSamples extends Pick<LayerData, 'floors' | 'floorsByRank'> {
  readonly training: SentSet;
  readonly heldOut: SentSet;
}

/**
 * Everything since the last frame. Entry i belongs to step `from + i`; a step measured again after a change is sent
 * again. The last entry is the step on which the factors stand.
 */
export interface FrameMessage {
  readonly type: 'frame';
  readonly run: number;
  /** Counts the frames of a run, from 0. */
  readonly frame: number;
  readonly from: number;
  readonly loss: Float64Array;
  /** Frobenius norms of ∂L/∂A and ∂L/∂B before the update that follows. */
  readonly gradNormA: Float64Array;
  readonly gradNormB: Float64Array;
  /** Frobenius norms of the update that led to this step; 0 at step 0. */
  readonly updateNormA: Float64Array;
  readonly updateNormB: Float64Array;
  /** ‖ΔW − ΔW*‖_F/‖ΔW*‖_F. */
  readonly relativeError: Float64Array;
  readonly A: Float32Array;
  readonly B: Float32Array;
  /** Singular values of s·B·A at the last entry, min(r, d, k) of them; null where this frame has none. */
  readonly spectrum: Float64Array | null;
  /** The same at other steps of the frame, ascending, with the losses: a fast run has more of them than frames. */
  readonly between: readonly {
    readonly step: number;
    readonly spectrum: Float64Array;
    readonly losses: FrameMessage['losses'];
  }[];
  /** ‖U_iᵀÛ_i‖²/i for i = 1 … r, left and right; NaN where the subspace is not defined; null where not computed. */
  readonly alignment: { readonly left: Float64Array; readonly right: Float64Array } | null;
  /** Of a regression target at the last entry, over all training samples and over those held out; null as the spectrum. */
  readonly losses: { readonly training: number; readonly heldOut: number } | null;
  readonly changes: readonly Change[];
  /** Mean seconds a step since the last frame, waiting left out. */
  readonly secondsPerStep: number;
}

/** From step `from` on the steps are computed elsewhere; or more is known of what was timed. */
export interface EngineMessage {
  readonly type: 'engine';
  readonly run: number;
  readonly engine: EngineInfo;
  readonly from: number;
  readonly secondsPerStep: number;
}

/**
 * The largest entries of the blocks of a layer that is drawn in blocks, at a step whose frame was sent before: the only
 * thing about s·B·A that a page cannot work out from A and B without forming it. Comes some time after its frame, and
 * not for every frame.
 */
export interface ExtremesMessage {
  readonly type: 'extremes';
  readonly run: number;
  readonly step: number;
  /** W₀ + s·B·A, s·B·A and s·B·A − ΔW*. */
  readonly W: Plane;
  readonly dW: Plane;
  readonly E: Plane;
}

/** What merging does to a layer whose weights are stored in one format. */
export type MergedNumbers = Pick<Merging, 'outputs' | 'worstCase' | 'unmerged' | 'lost'>;

/** Answers a merge message, twice where its intruder dimensions take long. */
export interface MergedMessage {
  readonly type: 'merged';
  readonly run: number;
  /** Of the merge message that this answers. */
  readonly order: number;
  /** Inputs N(0, 1) that the merged and the unmerged layer were given. */
  readonly inputs: number;
  /** ‖s·B·A‖_F/‖W‖_F, W the frozen weight. */
  readonly size: number;
  readonly float32: MergedNumbers;
  readonly bfloat16: MergedNumbers;
  /**
   * Intruder dimensions (k = 10, ε = 0.5) of the layer at its start and of the merged weight; why they are left out,
   * half a sentence; null: they are being counted.
   */
  readonly intruders: { readonly before: number; readonly after: number } | { readonly why: string } | null;
}

export type Ending = 'finished' | 'converged' | 'diverged' | 'paused';

/** The worker has stopped stepping; the frame of `step` was sent before. */
export interface DoneMessage {
  readonly type: 'done';
  readonly run: number;
  /** Of the pace message that this answers. */
  readonly order: number;
  readonly ending: Ending;
  /** The step on which the factors stand; for `diverged`, the last good one. */
  readonly step: number;
}

/** `refused`: this experiment cannot be had; `device-lost`: the run is kept, a fresh worker can go on; `broken`: a bug. */
export interface FailedMessage {
  readonly type: 'failed';
  readonly run: number;
  readonly kind: 'refused' | 'device-lost' | 'broken';
  readonly why: string;
}

export type Up =
  | BeatMessage
  | ProgressMessage
  | ReadyMessage
  | FrameMessage
  | EngineMessage
  | ExtremesMessage
  | MergedMessage
  | DoneMessage
  | FailedMessage;
