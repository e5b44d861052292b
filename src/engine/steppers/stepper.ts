import type { ModuleSizes } from '../../experiment/layer/module.ts';
import type { NetworkData } from '../../experiment/network/network-data.ts';
import type { OptimiserName } from '../../experiment/optimisers.ts';
import type { Batches } from '../../experiment/regression/batches.ts';
import type { ModuleTrace } from '../../experiment/run-file/run-record.ts';
import { moduleSeries } from '../../experiment/settings/metric.ts';
import type { Schedule } from '../../experiment/settings/rate.ts';
import type { Regime } from '../../experiment/settings/regime.ts';
import type { MethodTask } from '../tasks/methods/pass.ts';

/** Settings of one module that may change between two steps. B's rate is ratio·lr. */
export interface Settings {
  /** s of ΔW = s·B·A. */
  readonly scaling: number;
  readonly opt: OptimiserName;
  readonly lr: number;
  readonly ratio: number;
  /** Adam's ε; default 1e-8. */
  readonly epsilon?: number;
  /** α/r inside the formula of a method beside LoRA; left out: it has none. */
  readonly inner?: number;
}

/** Two matrices of the shapes of A (r × k) and B (d × r), row by row: a module's factors, or a moment of each. */
export interface Factors {
  readonly A: Float32Array;
  readonly B: Float32Array;
  /** The numbers of a method beside LoRA, whose ΔW is A or B as a whole. */
  readonly own?: readonly Float32Array[];
}

/** Per factor one array for each moment, in PyTorch's form: momentum's v; Adam's m and v. */
export interface Moments {
  readonly A: readonly Float32Array[];
  readonly B: readonly Float32Array[];
  readonly own?: readonly (readonly Float32Array[])[];
}

export interface OptimiserState {
  readonly t: number;
  readonly modules: readonly Moments[];
}

/** A regression task: L = 1/(2n)·‖s·B·A·X − Y′‖² over the n samples of a step's batch. */
export interface SampleTask {
  readonly inputs: Float32Array;
  readonly labels: Float32Array;
  readonly batches: Batches;
}

/** A network on labelled inputs or on sequences: L is the mean cross-entropy of a step's batch. */
export interface NetworkTask {
  /** All matrices as the forward pass reads them, d × k row by row; modules name the trained ones. */
  readonly layers: readonly {
    readonly name: string;
    readonly d: number;
    readonly k: number;
    readonly W: Float32Array;
  }[];
  readonly data: NetworkData;
}

export interface ModuleTask extends ModuleSizes {
  /** The goal of s·B·A, d × k row by row; null if unknown. */
  readonly target: Float32Array | null;
  readonly frozen?: 'A' | 'B' | null;
  readonly full?: true;
  /** A method beside LoRA: its own numbers train. */
  readonly method?: MethodTask | null;
}

export interface ModuleStart extends ModuleTask, Factors {}

/** Matrices are copied, never kept. */
export interface StepperStart {
  readonly modules: readonly ModuleStart[];
  /** One per module, as in every list of settings; the optimiser is the same for all. */
  readonly settings: readonly Settings[];
  /** Trains on samples instead of on `target`, which then only serves to measure the distance. */
  readonly samples?: SampleTask | null;
  /** Trains the matrices of a network. */
  readonly network?: NetworkTask | null;
  readonly regime?: Regime | null;
  /** What the rate of each step follows; null or left out: nothing. */
  readonly schedule?: Schedule | null;
  /** Updates made before this start, which decide the batch of the current step; default 0. */
  readonly step?: number;
  /** Continues from this state; default: a fresh one. */
  readonly state?: OptimiserState;
}

export interface MatrixStart extends ModuleStart {
  readonly target: Float32Array;
}

/** The module of a start for a stepper of one matrix, with its moments (null: fresh). Throws for any other start. */
export function singleModule({ modules, state }: StepperStart): MatrixStart & { readonly moments: Moments | null } {
  const [{ target, ...module }, ...others] = modules;
  if (others.length > 0 || target === null) throw new Error('This stepper trains one known matrix.');
  const [moments = null] = state?.modules ?? [];
  return { ...module, target, moments };
}

export interface StepEntries {
  readonly series: {
    readonly loss: Float64Array;
    /** ‖s·B·A − target‖_F over all modules, if the loss is one of samples; left out if the loss is ½ of its square. */
    readonly distance?: Float64Array;
  };
  /** An update's norm belongs to the step that it led to. */
  readonly modules: readonly ModuleTrace[];
}

/** Entries of consecutive steps, and copies of each module's factors at the last of them. */
export interface Pack {
  readonly entries: StepEntries;
  readonly modules: readonly Factors[];
}

export interface Snapshot {
  /** Puts them back, exactly. May be called more than once. */
  restore(): void;
  dispose(): void;
}

/**
 * One run's factors and optimiser state on one back end. The current state is always measured: its gradients wait for
 * the next update, so nothing is computed twice. One call at a time.
 */
export interface Stepper {
  /** The entry of the current step, under the current settings. */
  measure(): Promise<Pack>;
  /** Makes n ≥ 1 updates: the entries of the n states that they lead to. */
  steps(n: number): Promise<Pack>;
  /** Other settings from here on; the step is measured again. Another optimiser starts fresh and keeps A and B. */
  tune(settings: readonly Settings[]): void;
  snapshot(): Snapshot;
  /** The optimiser's state at the current step, for a stepper that takes over. */
  optimiserState(): Promise<OptimiserState>;
  dispose(): void;
}

export function emptyEntries(n: number, modules = 1, distance = false): StepEntries {
  const series = { loss: new Float64Array(n), ...(distance && { distance: new Float64Array(n) }) };
  return { series, modules: Array.from({ length: modules }, () => moduleSeries(() => new Float64Array(n))) };
}

export function lastEntry({ series, modules }: StepEntries): StepEntries {
  const last = (list: Float64Array) => list.slice(-1);
  return {
    series: { loss: last(series.loss), ...(series.distance && { distance: last(series.distance) }) },
    modules: modules.map((module) => moduleSeries((name) => last(module[name]))),
  };
}
