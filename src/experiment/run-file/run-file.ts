import type { ModuleSizes } from '../layer/module.ts';
/** The run file, as docs/model.md lists it: written by Export → Run, read when dropped on the page. */

export const RUN_FORMAT = 'lora-explorer/run';
export const RUN_VERSION = 1;

export type NumberRows = readonly (readonly number[])[];

/** W₀ and ΔW* with more rows or columns are neither sent to the page nor listed here. */
export const MAX_LISTED_SIDE = 512;

interface RunFileFactors {
  readonly A: NumberRows;
  readonly B: NumberRows;
}

/** A trained matrix with A and B. */
export interface RunFileLayer extends ModuleSizes {
  /** Frozen weight and ΔW*, rows of numbers; null over 512 × 512, where the link rebuilds them bit for bit. */
  readonly base: NumberRows | null;
  readonly target: NumberRows | null;
  readonly initial: RunFileFactors;
  readonly final: RunFileFactors;
  readonly trace: {
    readonly gradNormA: readonly number[];
    readonly gradNormB: readonly number[];
    readonly updateNormA?: readonly number[];
    readonly updateNormB?: readonly number[];
    readonly effectiveRank: { readonly step: readonly number[]; readonly values: readonly number[] };
    readonly spectrum: readonly { readonly step: number; readonly values: readonly number[] }[];
  };
}

/** A matrix of a network, in the order of the forward pass; its rank is 0 without an adapter. */
export interface NetworkFileLayer extends Omit<RunFileLayer, 'initial' | 'final' | 'trace'> {
  /** s at its own rank; 1 without an adapter. */
  readonly scaling?: number;
  /** A and B of an adapter, W of a matrix that is trained whole; empty if it is not trained. */
  readonly initial: Partial<RunFileFactors>;
  readonly final: Partial<RunFileFactors> & { readonly W?: NumberRows; readonly dW?: NumberRows };
  /** Left out if it is not trained. */
  readonly trace?: RunFileLayer['trace'];
}

/** Of a regression run: X is k × n, Y d × n, rows of numbers; a column is a sample. */
interface RunFileSet {
  readonly X: NumberRows | null;
  readonly Y: NumberRows | null;
}

/** X and Y are null if the layer's `base` is: the link rebuilds them too. */
export interface RunFileSamples extends RunFileSet {
  /** Column indices of each step, from 0; the last list only measures. Null above MAX_INDICES in all. */
  readonly batches: NumberRows | null;
  readonly heldOut: RunFileSet;
}

/** Of a network: X is k × n, a column is an input. */
export interface RunFileExamples {
  readonly X: NumberRows | null;
  readonly labels: readonly number[];
  /** Its answers at some steps, including the first and the last. */
  readonly answers: { readonly step: readonly number[]; readonly values: NumberRows };
}

/** Those held out of the new task and of the old one, as the accuracies count them. */
export interface RunFileNetworkSamples {
  readonly heldOut: RunFileExamples;
  readonly old: RunFileExamples;
}

/** A loss or an accuracy that is measured at some steps, including the first and the last. */
interface SampledLoss {
  readonly step: readonly number[];
  readonly values: readonly number[];
}

export const MAX_INDICES = 4_000_000;

export interface RunFile {
  readonly format: typeof RUN_FORMAT;
  readonly version: typeof RUN_VERSION;
  readonly app: string;
  readonly backend: string;
  readonly device: string;
  readonly link: string;
  readonly config: Readonly<Record<string, number | string>>;
  readonly scaling: number;
  readonly layers: readonly RunFileLayer[];
  /** Only for a regression target, like the first of the sampled losses below. */
  readonly samples?: RunFileSamples;
  readonly trace: {
    readonly step: readonly number[];
    /** For a regression target and for networks, that of the step's batch. */
    readonly loss: readonly number[];
    readonly relativeError: readonly (number | null)[];
    /** Over all training and over all held-out samples; of networks over those held out of the new task. */
    readonly trainingLoss?: SampledLoss;
    readonly heldOutLoss?: SampledLoss;
    /** Of networks: shares of right answers, held out, on the new task and on the old one. */
    readonly accuracy?: SampledLoss;
    readonly oldAccuracy?: SampledLoss;
  };
  readonly changes: readonly { readonly step: number; readonly key: string; readonly value: number | string }[];
  readonly status: string;
}

/** Of a network. */
export interface NetworkRunFile extends Omit<RunFile, 'layers' | 'samples'> {
  readonly layers: readonly NetworkFileLayer[];
  readonly samples?: RunFileNetworkSamples;
}

export const MAX_RUN_FILE_BYTES = 40e6;

export const STATUSES = [
  'idle',
  'preparing',
  'training',
  'paused',
  'finished',
  'converged',
  'diverged',
  'stopped',
  'device-lost',
] as const;
export type Status = (typeof STATUSES)[number];
