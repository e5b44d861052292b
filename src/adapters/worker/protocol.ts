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
  PairFigures,
  ResizePlan,
  WriteReport,
} from '../file/model.ts';

/** The calls of the page to the worker that reads adapter files. Files are told apart by numbers that the page gives. */
export interface AdaptersCalls {
  /** The adapters among files that a person brought, in zips and folders too. */
  list(brought: readonly ImportedFile[]): Promise<AdapterList | Fault>;
  /** Opens and measures a file of a list; `config`: the text of another adapter_config.json than the one that came with it. */
  open(file: number, listed: number, config: string | null): void;
  alpha(file: number, answer: AlphaAnswer): void;
  measure(file: number): void;
  close(file: number): void;
  detail(file: number, module: number): void;
  /** Matches two files and compares their modules. */
  compare(files: readonly [number, number], weights: MergePlan['weights']): void;
  /** Continues a comparison that was cancelled. */
  compareRest(): void;
  /** The same comparison by other weights, from what was kept of each pair. */
  weigh(weights: MergePlan['weights']): void;
  /** ΔW of a module, d × k, times s if that is known. */
  matrix(file: number, module: number): Promise<UpdateMatrix | Fault>;
  factors(file: number, module: number): Promise<ModuleFactors | Fault>;
  write(request: WriteRequest): void;
  /** Stops whatever is read or written. */
  cancel(): void;
}

type CallName = keyof AdaptersCalls;

/** A call on its way to the worker. */
export interface CallMessage<N extends CallName = CallName> {
  readonly order: number;
  readonly name: N;
  readonly args: Parameters<AdaptersCalls[N]>;
}

/** The calls from the page's side: none rejects, and those with an answer get a fault if the worker dies. */
export type RemoteCalls = {
  readonly [N in CallName]: (...args: Parameters<AdaptersCalls[N]>) => Promise<Awaited<ReturnType<AdaptersCalls[N]>>>;
};

export interface ImportedFile {
  readonly file: File;
  /** With its folders if it came in one, else its name. */
  readonly path: string;
}

export interface AdapterList {
  readonly adapters: readonly AdapterListing[];
  /** The config that came alone, for a file that is open. */
  readonly config: string | null;
}

/** An adapter file among those that were brought. */
export interface AdapterListing {
  /** Its number for `open`. */
  readonly listed: number;
  readonly name: string;
  /** Whether an adapter_config.json came with it. */
  readonly config: boolean;
}

interface UpdateMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
}

/** A new file, written to a place on the disk, or as a Blob if the browser lets no page choose one. */
export type WriteRequest = {
  readonly name: string;
  readonly to: FileSystemFileHandle | null;
  /** Its relative error as the page has predicted it. */
  readonly foretold: number;
} & (
  | { readonly does: 'resize'; readonly file: number; readonly plan: ResizePlan; readonly ranks: readonly number[] }
  | { readonly does: 'merge'; readonly files: readonly [number, number]; readonly plan: MergePlan }
  | { readonly does: 'convert'; readonly file: number; readonly naming: ConvertTo }
);

/** What is drawn of a module's factors. */
export interface ModuleDetail extends BlockMeans {
  readonly file: number;
  readonly module: number;
}

/** Figures of modules or pairs in a row, the first of them `from`. */
interface FigureRun<F> {
  readonly from: number;
  readonly figures: readonly F[];
  readonly secondsLeft: number | null;
}

/** Messages of the worker that nobody asked for by themselves. */
export type AdaptersNews =
  | { readonly type: 'opened'; readonly file: number; readonly adapter: Adapter }
  | {
      readonly type: 'failed';
      readonly title: string;
      readonly details: string;
      readonly names?: readonly string[];
      /** The file that cannot be opened or read any further. */
      readonly file?: number | null;
    }
  | ({ readonly type: 'measured'; readonly file: number } & FigureRun<Figures>)
  | { readonly type: 'detail'; readonly detail: ModuleDetail }
  | { readonly type: 'matched'; readonly matched: ModuleMatches }
  | ({ readonly type: 'compared' } & FigureRun<PairFigures>)
  /** Of a file that is written; `back`: of what was written, read back. */
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
  /** To the call of this order. */
  | { readonly type: 'answer'; readonly order: number; readonly answer: unknown };
