import type { BlockMeans } from '../file/figures.ts';
import type {
  Adapter,
  AlphaAnswer,
  ConvertTo,
  Figures,
  Matched,
  MergePlan,
  ModuleFactors,
  PairFigures,
  ResizePlan,
  Written,
} from '../file/model.ts';

/** What the page asks of the worker that reads adapter files. Files are told apart by numbers that the page gives. */
export type AdaptersDown =
  /** Which adapters are among files that a person brought, in zips and folders too; the answer is a list of them. */
  | { readonly type: 'list'; readonly order: number; readonly brought: readonly Brought[] }
  /** Opens and measures a file of a list; `config`: the text of another adapter_config.json than the one that came with it. */
  | { readonly type: 'open'; readonly file: number; readonly listed: number; readonly config: string | null }
  | { readonly type: 'alpha'; readonly file: number; readonly answer: AlphaAnswer }
  | { readonly type: 'measure'; readonly file: number }
  | { readonly type: 'close'; readonly file: number }
  | { readonly type: 'detail'; readonly file: number; readonly module: number }
  /** Matches two files and compares their modules. */
  | { readonly type: 'compare'; readonly files: readonly [number, number]; readonly weights: MergePlan['weights'] }
  /** Goes on with a comparison that was cancelled. */
  | { readonly type: 'compare-rest' }
  /** The same comparison by other weights, from what was kept of each pair. */
  | { readonly type: 'weigh'; readonly weights: MergePlan['weights'] }
  /** ΔW of a module, d × k, s in it where it is known. */
  | { readonly type: 'matrix'; readonly order: number; readonly file: number; readonly module: number }
  | { readonly type: 'factors'; readonly order: number; readonly file: number; readonly module: number }
  | WriteMessage
  /** Stops whatever is read or written. */
  | { readonly type: 'cancel' };

export interface Brought {
  readonly file: File;
  /** Its folders and name where it came in a folder, else its name. */
  readonly path: string;
}

/** An adapter file among those that were brought. */
export interface Listed {
  /** What it is opened by. */
  readonly listed: number;
  readonly name: string;
  /** Whether an adapter_config.json came with it. */
  readonly config: boolean;
}

/** Writes a new file: to a place on the disk, or as a Blob where the browser lets no page choose one. */
export type WriteMessage = {
  readonly type: 'write';
  readonly name: string;
  readonly to: FileSystemFileHandle | null;
  /** Its relative error as the page has foretold it. */
  readonly foretold: number;
} & (
  | { readonly does: 'resize'; readonly file: number; readonly plan: ResizePlan; readonly ranks: readonly number[] }
  | { readonly does: 'merge'; readonly files: readonly [number, number]; readonly plan: MergePlan }
  | { readonly does: 'convert'; readonly file: number; readonly naming: ConvertTo }
);

export type AdaptersUp =
  | { readonly type: 'opened'; readonly file: number; readonly adapter: Adapter }
  /** `file`: it could not be opened. */
  | {
      readonly type: 'failed';
      readonly file: number | null;
      readonly title: string;
      readonly details: string;
      readonly names?: readonly string[];
    }
  | {
      readonly type: 'measured';
      readonly file: number;
      readonly from: number;
      readonly figures: readonly Figures[];
      readonly secondsLeft: number | null;
    }
  | ({ readonly type: 'detail'; readonly file: number; readonly module: number } & BlockMeans)
  | { readonly type: 'matched'; readonly matched: Matched }
  | {
      readonly type: 'compared';
      readonly from: number;
      readonly figures: readonly PairFigures[];
      readonly secondsLeft: number | null;
    }
  /** Of a file that is written; `back`: of what was written, read back. */
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly of: number;
      readonly back: boolean;
      readonly secondsLeft: number | null;
    }
  /** `blob`: the file, where it was written to no place of the person's. */
  | { readonly type: 'written'; readonly written: Written; readonly file: File | Blob }
  | { readonly type: 'answer'; readonly order: number; readonly answer: Answer };

/** What was asked with a number; null where it could not be had. */
export type Answer =
  | { readonly adapters: readonly Listed[]; readonly config: string | null }
  | { readonly rows: number; readonly cols: number; readonly data: Float32Array }
  | ModuleFactors
  | { readonly fault: string; readonly details: string };
