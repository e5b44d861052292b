import type { Moved } from '../experiment/layer.ts';
import type { LayerData } from '../experiment/layer-data.ts';
import type { Reduced } from '../experiment/plane.ts';
import type { Facts } from '../experiment/settings/rate.ts';
import type { KnownValues } from '../experiment/targets/spectrum.ts';
import type { EngineInfo } from './engine-info.ts';

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
  readonly targetKnown: Pick<KnownValues, 'how' | 'error' | 'open'>;
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
