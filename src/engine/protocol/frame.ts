import type {
  HistoryModule,
  MeasuredLosses,
  ModuleTrace,
  NetworkAnswers,
} from '../../experiment/run-file/run-record.ts';
import type { Plane, Series } from '../../experiment/settings/metric.ts';
import type { Change } from '../../experiment/settings/params.ts';

/**
 * Everything since the last frame. Entry i of a list belongs to step `from + i`; a step measured again after a change
 * is sent again. The factors are those of the last entry.
 */
export interface FrameMessage {
  readonly type: 'frame';
  readonly run: number;
  readonly frame: number;
  readonly from: number;
  readonly series: { readonly loss: Float64Array } & { readonly [name in Series]?: Float64Array };
  readonly modules: readonly ModuleFrame[];
  /** Spectra and losses at other steps of the frame, ascending: a fast run has more of them than frames. */
  readonly between: readonly {
    readonly step: number;
    /** One per module; null if not watched. */
    readonly spectra: readonly (Float64Array | null)[];
    /** uᵢᵀΔW·vᵢ, like the spectra. */
    readonly directions?: readonly (Float64Array | null)[];
    readonly losses: FrameMessage['losses'];
  }[];
  /** At the last entry, over all samples; null if there are none, or like the spectrum. */
  readonly losses: MeasuredLosses | null;
  /** Of a network, with its accuracies in `losses`. */
  readonly answers?: NetworkAnswers | null;
  readonly changes: readonly Change[];
  /** Mean seconds a step since the last frame, excluding waits. */
  readonly secondsPerStep: number;
}

/** A module's gradient norms before the next update, and the norms of the update that led to each step, 0 at step 0. */
export type ModuleFrame = ModuleTrace & HistoryModule;

/** Singular values and vectors of a module at the last entry of a frame; null if it has none. */
export type ModuleSpectra = Pick<HistoryModule, 'spectrum' | 'alignment' | 'directions'>;

/** Spectra at steps whose frames were sent before, ascending: too slow to compute during a short run. */
export interface SpectraMessage {
  readonly type: 'spectra';
  readonly run: number;
  readonly samples: FrameMessage['between'];
}

/**
 * The largest entries of a module's blocks, the only property of s·B·A that a page cannot derive from A and B without
 * forming it. Some time after its frame, and not for every frame.
 */
export interface ExtremesMessage {
  readonly type: 'extremes';
  readonly run: number;
  readonly module: string;
  readonly step: number;
  /** W₀ + s·B·A, s·B·A and s·B·A − ΔW*. */
  readonly W: Plane;
  readonly dW: Plane;
  readonly E: Plane;
}
