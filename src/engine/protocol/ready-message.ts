import type { LayerData } from '../../experiment/layer/data.ts';
import type { Moved } from '../../experiment/layer/module.ts';
import type { Reduced } from '../../experiment/metric.ts';
import type { Facts } from '../../experiment/settings/rate.ts';
import type { KnownValues } from '../../experiment/targets/spectrum.ts';
import type { EngineInfo } from './engine-info.ts';

/** The matrices of a run exist. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly run: number;
  readonly engine: EngineInfo;
  /** One where the target is a matrix. */
  readonly modules: readonly [ReadyModule, ...ReadyModule[]];
  /** A regression target's samples and floors; the batches follow from the experiment. */
  readonly samples: SentSamples | null;
  /** The learning rate in force: the experiment's own, or the derived one. */
  readonly rate: number;
  /** Measured seconds a step on this device, for the estimate of a whole run. */
  readonly secondsPerStep: number;
  /** Estimated bytes that the run needs, here and on the page. */
  readonly bytes: number;
}

/** What the page shows of a module. Matrices row by row. */
export interface ReadyModule {
  readonly name: string;
  readonly facts: Facts;
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** W₀, d × k; null above LARGEST_LISTED rows or columns, so that it never leaves the worker. */
  readonly base: Float32Array | null;
  /** W₀ as it is drawn. */
  readonly basePlane: Reduced;
  /** ‖W₀‖_F. */
  readonly baseNorm: number;
  /** Null where nobody knows ΔW*. */
  readonly wanted: ReadyWanted | null;
  /** Initial factors, r × k and d × r. */
  readonly A: Float32Array;
  readonly B: Float32Array;
  /** Where the initialisation moves a part of W₀ into the adapter: s₀, what is left of W₀ as it is drawn, and the difference. */
  readonly moved: (Moved & { readonly frozen: Reduced }) | null;
  /** The factor that does not train. */
  readonly frozenFactor: 'A' | 'B' | null;
}

/** What the page shows of ΔW*. */
export interface ReadyWanted {
  /** d × k, or null, as W₀. */
  readonly matrix: Float32Array | null;
  readonly plane: Reduced;
  readonly norm: number;
  /** The singular values that are known, descending: all min(d, k), or the leading ones. */
  readonly spectrum: Float64Array;
  /** How they are known, and by how much one may be off as a share of σ₁. */
  readonly known: Pick<KnownValues, 'how' | 'error' | 'open'>;
  /** The smallest relative matrix error within the module's reach at its rank; null where it is not known. */
  readonly floorAtRank: number | null;
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
