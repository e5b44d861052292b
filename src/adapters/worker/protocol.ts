import type { Matrix32 } from '../../math/matrix.ts';
import type { BaseFigures } from '../file/base/base-figures.ts';
import type { DifferenceFigures } from '../file/checkpoints/difference-figures.ts';
import type { DifferencePlan } from '../file/checkpoints/lora-file.ts';
import type { TensorPair } from '../file/checkpoints/match-tensors.ts';
import type { BlockMeans } from '../file/figures.ts';
import type {
  Adapter,
  AlphaAnswer,
  ConvertTo,
  Fault,
  Figures,
  MergePlan,
  ModuleFactors,
  ModuleMatches,
  ModulePlace,
  PairFigures,
  ResizePlan,
  WriteReport,
} from '../file/model.ts';
import type { MergeConflicts } from '../file/pair/conflicts.ts';
import type { ForetoldMerge } from '../file/pair/merged-file.ts';
import type { GrowPlan } from '../file/resize/grown-file.ts';
import type { SizeChoice, SizeChoices } from '../file/resize/size-choices.ts';
import type { TrainedFactors } from '../file/resize/written-back-file.ts';

/** The page's calls to the worker that reads adapter files. The page numbers the files. */
export interface AdaptersCalls extends ModelsCalls, BaseCalls {
  list(brought: readonly ImportedFile[]): Promise<AdapterList | Fault>;
  /** Opens and measures a file of a list; `config`: the text of an adapter_config.json that replaces its own. */
  open(file: number, listed: number, config: string | null): void;
  alpha(file: number, answer: AlphaAnswer): void;
  measure(file: number): void;
  /** The page has drawn the last figures. */
  drawn(): void;
  close(file: number): void;
  detail(file: number, module: number): void;
  compare(files: readonly [number, number], weights: MergePlan['weights']): void;
  compareRest(): void;
  /** The same comparison at other weights, from the stored core of each pair. */
  weigh(weights: MergePlan['weights']): void;
  /** ΔW of a module, d × k, times s if known. */
  matrix(file: number, module: number): Promise<Matrix32 | Fault>;
  factors(file: number, module: number): Promise<ModuleFactors | Fault>;
  /** The sizes of “Make it smaller”; `most`: the wanted one in bytes, null for a third. All modules must be read. */
  sizes(file: number, most: number | null): Promise<TimedSizes | Fault>;
  size(file: number, most: number): Promise<SizeChoice | Fault>;
  /** Errors and conflicts of a merge; of TIES and DARE all modules are computed. */
  foretell(files: readonly number[], plan: MergePlan): Promise<MergeOutlook | Fault>;
  write(request: WriteRequest): void;
  cancel(): void;
}

/** The page's calls about the base beside an open file. */
export interface BaseCalls {
  /** Finds W₀ of the file's modules in a model and measures them, module `first` before the others. */
  openBase(file: number, brought: readonly ImportedFile[], first: number): void;
  /** The rest; after another α has been given, all of them again. */
  measureBase(first: number): void;
  /** Measures a module once more, with the leading directions of its W₀ of any size. */
  findLeading(module: number): void;
  /** W₀ of a module of that file, d × k in float32; the reason why there is none. */
  baseWeight(module: number): Promise<Matrix32 | Fault>;
  /** W_fine − W₀ of a module in a model of these files, rounded once to float32, and W₀; the reason why there is none. */
  aimOf(module: number, brought: readonly ImportedFile[]): Promise<ModelAim | Fault>;
  closeBase(): void;
}

/** The page's calls about two whole models. Only one matrix is in work at a time. */
export interface ModelsCalls {
  /** Opens a base and a fine-tuned model and measures every tensor of both. */
  compareModels(base: readonly ImportedFile[], fine: readonly ImportedFile[]): void;
  /** Measures what is not measured yet. */
  measureModels(): void;
  /** Adds its intruder dimensions to the figures of a measured matrix. */
  countIntruders(pair: number): void;
  /** ΔW of a matrix and W₀, each rounded once to float32. */
  differenceMatrix(pair: number): Promise<DifferenceMatrix | Fault>;
  /** The LoRA that a plan makes. All tensors must be measured. */
  planLora(plan: DifferencePlan): Promise<LoraOutlook | Fault>;
}

export interface ModelFacts {
  readonly name: string;
  readonly bytes: number;
  readonly tensors: number;
}

export interface MatchedBase extends ModelFacts {
  /** Modules whose W₀ is in it. */
  readonly found: number;
}

/** A tensor of both models. */
export interface ComparedTensor {
  readonly name: string;
  readonly place: ModulePlace | null;
  readonly shape: readonly number[];
  readonly matrix: TensorPair['matrix'];
  /** In the base and in the fine-tuned model. */
  readonly dtypes: readonly [string, string];
  readonly canCountIntruders: boolean;
}

export interface ComparedModels {
  readonly base: ModelFacts;
  readonly fine: ModelFacts;
  readonly pairs: readonly ComparedTensor[];
  readonly onlyBase: readonly string[];
  readonly onlyFine: readonly string[];
  /** With both shapes. */
  readonly unlike: readonly string[];
  /** With both types. */
  readonly notFloat: readonly string[];
  readonly prefix: string;
}

/** A LoRA before it is written. */
export interface LoraOutlook {
  readonly plan: DifferencePlan;
  /** Before its factors are rounded: over its modules, and over everything that changed. */
  readonly error: number;
  readonly errorOfAll: number;
  readonly bytes: number;
  /** Of a file with one direction in each module, and with all that are known. */
  readonly sizes: readonly [least: number, most: number];
  /** By tensor; null: not in it. */
  readonly ranks: readonly (number | null)[];
  /** Modules that need more directions than are known. */
  readonly short: readonly string[];
  /** Why changed tensors are not in it. */
  readonly left: readonly string[];
}

export interface TimedSizes extends SizeChoices {
  /** For reading and measuring the file's modules. */
  readonly readSeconds: number;
}

type CallName = keyof AdaptersCalls;

export interface CallMessage<N extends CallName = CallName> {
  readonly order: number;
  readonly name: N;
  readonly args: Parameters<AdaptersCalls[N]>;
}

/** The way to a thread that does jobs for the worker. */
export interface JoinMessage {
  readonly thread: MessagePort;
}

/** The calls from the page's side: none rejects, and those with an answer get a fault if the worker dies. */
export type RemoteCalls = {
  readonly [N in CallName]: (...args: Parameters<AdaptersCalls[N]>) => Promise<Awaited<ReturnType<AdaptersCalls[N]>>>;
};

export interface ImportedFile {
  readonly file: File;
  readonly path: string;
}

export interface AdapterList {
  readonly adapters: readonly AdapterListing[];
  readonly config: string | null;
}

export interface AdapterListing {
  readonly listed: number;
  readonly name: string;
}

export interface MergeOutlook {
  readonly foretold: ForetoldMerge;
  readonly conflicts: Pick<MergeConflicts, 'signs' | 'overlap'>;
}

interface ModelAim {
  readonly name: string;
  readonly matrix: Matrix32;
  readonly base: Matrix32;
  readonly sigma1: number;
}

interface DifferenceMatrix {
  readonly delta: Matrix32;
  readonly base: Matrix32;
}

/** A new file, written to a place on the disk, or as a Blob if the browser has no file picker. */
export type WriteRequest = {
  readonly name: string;
  readonly to: FileSystemFileHandle | null;
  readonly foretold: number;
} & (
  | { readonly does: 'resize'; readonly file: number; readonly plan: ResizePlan; readonly ranks: readonly number[] }
  | { readonly does: 'merge'; readonly files: readonly number[]; readonly plan: MergePlan }
  | { readonly does: 'convert'; readonly file: number; readonly naming: ConvertTo }
  | { readonly does: 'grow'; readonly file: number; readonly plan: GrowPlan }
  | { readonly does: 'extract'; readonly plan: DifferencePlan }
  | { readonly does: 'write-back'; readonly file: number; readonly module: number; readonly trained: TrainedFactors }
);

export interface ModuleDetail extends BlockMeans {
  readonly file: number;
  readonly module: number;
}

/** How many figures have come; stopped: a person has cancelled, or there was an error. */
export interface ReadingProgress {
  readonly done: number;
  readonly secondsLeft: number | null;
  readonly stopped: boolean;
}

/** Figures of consecutive modules or pairs, the first of them `from`. */
export interface FigureRun<F> {
  readonly from: number;
  readonly figures: readonly F[];
  readonly secondsLeft: number | null;
}

export type AdaptersNews =
  | { readonly type: 'opened'; readonly file: number; readonly adapter: Adapter }
  | {
      readonly type: 'failed';
      readonly title: string;
      readonly details: string;
      readonly names?: readonly string[];
      readonly isModel?: boolean;
      /** About two whole models, not a file. */
      readonly ofModels?: boolean;
      /** About the base of a file. */
      readonly ofBase?: boolean;
      readonly file?: number | null;
    }
  | ({ readonly type: 'measured'; readonly file: number } & FigureRun<Figures>)
  | { readonly type: 'detail'; readonly detail: ModuleDetail }
  | { readonly type: 'matched'; readonly matched: ModuleMatches }
  | ({ readonly type: 'compared' } & FigureRun<PairFigures>)
  | { readonly type: 'models-matched'; readonly matched: ComparedModels }
  | ({ readonly type: 'models-measured' } & FigureRun<DifferenceFigures>)
  | { readonly type: 'base-matched'; readonly file: number; readonly base: MatchedBase }
  | ({ readonly type: 'base-measured'; readonly file: number } & FigureRun<BaseFigures | string>)
  /** Progress of writing; `back`: of reading the written file back. */
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly of: number;
      readonly back: boolean;
      readonly secondsLeft: number | null;
    }
  | { readonly type: 'written'; readonly written: WriteReport; readonly file: File | Blob };

export type AdaptersMessage =
  | AdaptersNews
  | { readonly type: 'answer'; readonly order: number; readonly answer: unknown };
