import type {
  Adapter,
  AlphaAnswer,
  ConvertTo,
  Figures,
  MergePlan,
  ModuleMatches,
  PairFigures,
  ResizePlan,
  ResizeWay,
  WriteReport,
} from '../file/model.ts';
import type { GrowPlan } from '../file/resize/grown-file.ts';
import type { SizeChoice } from '../file/resize/size-choices.ts';
import type {
  AdaptersNews,
  ImportedFile,
  MergeOutlook,
  ModuleDetail,
  ReadingProgress,
  TimedSizes,
} from '../worker/protocol.ts';
import type { BaseEvent, BaseState } from './base-state.ts';
import type { ModelRole, ModelsEvent, ModelsState } from './models-state.ts';

/** The page of adapter files as plain data. Its store is created on first use; the lab knows nothing of it. */
export interface AdaptersState {
  readonly files: readonly OpenedFile[];
  readonly chosen: number;
  /** Chosen by a person; else the module that has changed most is chosen once all are read. */
  readonly picked?: boolean;
  readonly colour: Colour;
  /** The `about` of the warning whose modules alone are not dimmed; null for none. */
  readonly pointed: string | null;
  /** Means of the chosen module's factors; null until the worker has sent them. */
  readonly detail: ModuleDetail | null;
  readonly resize: ResizePlan;
  readonly smaller: SizeGoal;
  /** The rank to grow to, null: twice the largest; and the seed of A's new rows. */
  readonly grow: { readonly rank: number | null; readonly seed: number };
  /** Sizes that the worker has found for the first file. */
  readonly sizes: FoundSizes | null;
  readonly pair: FilePair | null;
  /** A module that the Lab has continued from; null: none. */
  readonly goneOn: GoneOn | null;
  readonly convertTo: ConvertTo;
  readonly work: FileWork | null;
  readonly written: WrittenFile | null;
  readonly notices: readonly AdapterNotice[];
  /** Files dropped while one is open: compare or replace? */
  readonly dropped: readonly ImportedFile[] | null;
  /** The last files that a person brought. */
  readonly brought: readonly ImportedFile[];
  readonly models: ModelsState | null;
  /** Of the first file. */
  readonly base: BaseState | null;
}

/** From a module of a file towards another file's; `data` is that of the Lab's experiment. */
export interface GoneOn {
  readonly file: number;
  readonly module: number;
  readonly data: string;
  /** Of the target's ΔW: where the Lab scales it to σ₁ = 1, ΔW of the file is so many times that of the Lab. */
  readonly sigma1: number;
}

export type SizeGoalName = 'nearly' | 'half' | 'smallest' | 'most';

/** The chosen size in “Make it smaller”. */
export interface SizeGoal {
  readonly goal: SizeGoalName;
  /** Bytes of *At most*; null: about a third of the file. */
  readonly most: number | null;
}

export interface FoundSizes extends TimedSizes {
  /** With another α they are others. */
  readonly adapter: Adapter;
}

/** 'relative': ‖ΔW‖/‖W₀‖, with a base. */
export type Colour = 'rank95' | 'frobenius' | 'sigma1' | 'effective' | 'relative';
export type PairColour = 'cosine' | 'overlap' | 'ratio' | 'error';

export interface OpenedFile {
  readonly id: number;
  /** With the α that a person gave. */
  readonly adapter: Adapter;
  readonly asRead: Adapter;
  /** By module; null until it is read. */
  readonly figures: readonly (Figures | null)[];
  readonly reading: ReadingProgress | null;
  /** The person has been asked for α and has not answered. */
  readonly asksAlpha: boolean;
}

export interface FilePair {
  readonly matched: ModuleMatches;
  /** By pair of `matched`; null until it is read. */
  readonly figures: readonly (PairFigures | null)[];
  readonly reading: ReadingProgress | null;
  readonly colour: PairColour;
  readonly chosen: number;
  readonly plan: MergePlan;
  /** As the worker has computed it for one plan; null: not yet. */
  readonly outlook: FoundOutlook | null;
}

export interface FoundOutlook extends MergeOutlook {
  readonly plan: MergePlan;
}

export interface FileWork {
  readonly does: 'opening' | 'foretell' | WrittenFile['does'];
  readonly name: string;
  readonly done: number;
  readonly of: number;
  readonly secondsLeft: number | null;
  readonly back?: boolean;
}

export interface WrittenFile extends WriteReport {
  readonly does: 'resize' | 'merge' | 'convert' | 'grow' | 'extract' | 'write-back';
  /** Of the random numbers in it, if it has any. */
  readonly seed?: number;
}

export interface AdapterNotice {
  readonly id: number;
  readonly tone: 'bad' | 'plain';
  readonly title: string;
  readonly details: string;
  readonly names?: readonly string[];
  /** The file is a whole model. */
  readonly isModel?: boolean;
}

/** What another file is: the second, one more for a merge, all that is open, the base of the first, the model that its module goes on towards, or one of two whole models. */
export type FileRole = 'second' | 'further' | 'replace' | 'adapter-base' | 'aim' | ModelRole;

export type FileSlot = 0 | 1 | 2;

export type SaveKind = 'modules-csv' | 'module-csv' | 'module-npy' | 'resize-csv' | 'models-csv' | 'config';

export type AdaptersEvent =
  /** A person looks for files, in a dialog or with some held over the page. */
  | { readonly type: 'choosing' }
  /** Picked or dropped files; `as`: their slot if a file is open; if absent, the person is asked. */
  | { readonly type: 'files'; readonly files: readonly ImportedFile[]; readonly as?: FileRole }
  | { readonly type: 'example' }
  | { readonly type: 'keep-dropped' }
  /** `slot` 1: the second file, 2: one more. If its number is already open, it was read again with another config. */
  | { readonly type: 'opened'; readonly file: number; readonly slot: FileSlot; readonly adapter: Adapter }
  | Exclude<AdaptersNews, { readonly type: 'opened' | 'progress' | 'written' }>
  | ModelsEvent
  | BaseEvent
  /** The first file that asks for α gets this answer; 'ask': all that can ask again. */
  | { readonly type: 'alpha'; readonly answer: AlphaAnswer | 'ask' }
  | { readonly type: 'close' }
  | { readonly type: 'choose'; readonly module: number }
  | { readonly type: 'colour'; readonly colour: Colour }
  | { readonly type: 'point'; readonly about: string | null }
  | { readonly type: 'resize'; readonly changes: Partial<ResizePlan> }
  /** One module's rank by hand: the way becomes 'hand', starting from the present ranks. */
  | { readonly type: 'cut'; readonly module: number; readonly rank: number }
  | { readonly type: 'smaller'; readonly changes: Partial<SizeGoal> }
  /** “Make it smaller” is open: its sizes are searched for unless they are known. */
  | { readonly type: 'find-sizes' }
  | { readonly type: 'sizes'; readonly sizes: FoundSizes }
  | { readonly type: 'size'; readonly size: SizeChoice }
  | { readonly type: 'way'; readonly way: ResizeWay }
  | { readonly type: 'grow'; readonly changes: Partial<GrowPlan> }
  | { readonly type: 'pair-colour'; readonly colour: PairColour }
  | { readonly type: 'choose-pair'; readonly pair: number }
  | { readonly type: 'merge'; readonly changes: Partial<MergePlan> }
  | { readonly type: 'swap' }
  /** A file from the third on leaves the merge. */
  | { readonly type: 'drop-further'; readonly file: number }
  | { readonly type: 'foretell' }
  | { readonly type: 'outlook'; readonly outlook: FoundOutlook }
  | { readonly type: 'convert-to'; readonly to: ConvertTo }
  | { readonly type: 'write'; readonly does: WrittenFile['does'] }
  | { readonly type: 'progress'; readonly work: FileWork | null }
  | { readonly type: 'written'; readonly written: WrittenFile }
  | { readonly type: 'open-written' }
  | { readonly type: 'cancel' }
  | { readonly type: 'read-rest' }
  | { readonly type: 'dismiss'; readonly id: number }
  | { readonly type: 'lab' }
  /** From B and A of the first file's module towards the second's ΔW. */
  | { readonly type: 'go-on' }
  | { readonly type: 'gone-on'; readonly goneOn: GoneOn }
  /** The whole file on the network that it fits. */
  | { readonly type: 'network' }
  | { readonly type: 'save'; readonly what: SaveKind };

/** Whether an imported file is an adapter's config, by its name. */
export const isConfigFile = ({ file }: ImportedFile): boolean => /\.json$/i.test(file.name);
