import type { OptimiserName } from '../../experiment/optimisers.ts';
import type { Batches } from '../../experiment/regression/batches.ts';

/** Settings that may change between two steps. B's rate is ratio·lr. */
export interface Settings {
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
  readonly opt: OptimiserName;
  readonly lr: number;
  readonly ratio: number;
}

/** An optimiser's state in PyTorch's form, as many arrays a factor as it keeps: momentum's v; Adam's m and v. */
export interface OptimiserState {
  /** Updates since the state was fresh. */
  readonly t: number;
  /** Each r × k. */
  readonly A: readonly Float32Array[];
  /** Each d × r. */
  readonly B: readonly Float32Array[];
}

/** A regression task: L = 1/(2n)·‖s·B·A·X − Y′‖² over the n samples of a step's batch. */
export interface SampleTask {
  /** All samples one after another: their k inputs, and what the adapter is to add to the d outputs of the frozen weight. */
  readonly inputs: Float32Array;
  readonly labels: Float32Array;
  readonly batches: Batches;
}

/** What a stepper starts from. Matrices are row by row; they are copied, never kept. */
export interface Start {
  readonly d: number;
  readonly k: number;
  readonly rank: number;
  /** ΔW*, d × k. */
  readonly target: Float32Array;
  /** r × k and d × r. */
  readonly A: Float32Array;
  readonly B: Float32Array;
  readonly settings: Settings;
  /** Trains on samples instead of on `target`, which then is only what the distance is measured to. */
  readonly samples?: SampleTask | null;
  /** Updates made before this start, which decide the batch of the present step. Left out: none. */
  readonly step?: number;
  /** The factor that does not train: its gradient is measured, its updates are zero. Left out: both train. */
  readonly frozen?: 'A' | 'B' | null;
  /** Goes on from this state. Left out: a fresh one. */
  readonly state?: OptimiserState;
}

/** One number a step: the loss and Frobenius norms. An update's norm belongs to the step that it led to. */
export interface Entries {
  readonly loss: Float64Array;
  readonly gradNormA: Float64Array;
  readonly gradNormB: Float64Array;
  readonly updateNormA: Float64Array;
  readonly updateNormB: Float64Array;
  /** ‖s·B·A − target‖_F where the loss is one of samples; left out where it is ½ of the square of this. */
  readonly distance?: Float64Array;
}

/** Entries of some steps in a row, and copies of the factors as they stand at the last of them. */
export interface Pack {
  readonly entries: Entries;
  readonly A: Float32Array;
  readonly B: Float32Array;
}

/** Factors, optimiser state and pending gradients as they were. */
export interface Snapshot {
  /** Puts them back, exactly. May be called more than once. */
  restore(): void;
  dispose(): void;
}

/**
 * One run's factors and optimiser state on one back end. The present state is always measured: its gradients wait for
 * the next update, so nothing is computed twice. One call at a time.
 */
export interface Stepper {
  /** The entry of the present step, under the present settings. */
  measure(): Promise<Pack>;
  /** Makes n ≥ 1 updates: the entries of the n states that they lead to. */
  steps(n: number): Promise<Pack>;
  /**
   * From here on other settings. The present step is measured again under them; another optimiser starts its state
   * afresh and keeps A and B.
   */
  tune(settings: Settings): void;
  snapshot(): Snapshot;
  /** The optimiser's state at the present step, for a stepper that takes over. */
  optimiserState(): Promise<OptimiserState>;
  dispose(): void;
}

export function emptyEntries(n: number, distance = false): Entries {
  return {
    ...(distance && { distance: new Float64Array(n) }),
    loss: new Float64Array(n),
    gradNormA: new Float64Array(n),
    gradNormB: new Float64Array(n),
    updateNormA: new Float64Array(n),
    updateNormB: new Float64Array(n),
  };
}

/** A copy of the last of them. */
export function lastEntry(entries: Entries): Entries {
  const last = (list: Float64Array) => list.slice(-1);
  return {
    loss: last(entries.loss),
    gradNormA: last(entries.gradNormA),
    gradNormB: last(entries.gradNormB),
    updateNormA: last(entries.updateNormA),
    updateNormB: last(entries.updateNormB),
    ...(entries.distance && { distance: last(entries.distance) }),
  };
}
