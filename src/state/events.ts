import type { Wall, WallOrder } from '../class/state/wall.ts';
import type { EngineChoice } from '../engine/protocol/engine-info.ts';
import type { WorkerMessage } from '../engine/protocol/worker-messages.ts';
import type { Remark } from '../experiment/link/faults.ts';
import type { MatrixInput } from '../experiment/matrix-file/matrix-source.ts';
import type { DigitSet } from '../experiment/network/digits.ts';
import type { ClassForm } from '../experiment/plan/class-link.ts';
import type { RunRecord } from '../experiment/run-file/run-record.ts';
import type { EffectiveRankKind } from '../experiment/settings/metric.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import type { View } from '../experiment/settings/view.ts';
import type { ProgressEvent } from '../lessons/state/progress.ts';
import type { OwnExperiment } from './collection/collection.ts';
import type { CompareEvent } from './compare/compare.ts';
import type { ClinicEvent, FightsEvent, FullRun, PathsEvent, TrainRequest } from './run/run.ts';
import type { SweepEvent } from './sweep/sweep.ts';
import type {
  ChartsOf,
  DraftEvent,
  HandCodeEvent,
  HandEvent,
  HoverPoint,
  MatrixCell,
  MergeInput,
  OwlEvent,
  Panel,
  ReadyDrawing,
  Teaching,
  Theme,
} from './view.ts';

export type FileKind = 'run' | 'csv' | 'pytorch' | 'notebook' | 'peft' | 'sweep';

export interface OwnExperiments {
  readonly experiments: readonly OwnExperiment[];
  /** True if the browser refuses storage: the experiments are lost when the page closes. */
  readonly refused: boolean;
}

export type CollectionOrder =
  | 'read'
  | 'export'
  | { readonly keep: Pick<OwnExperiment, 'title' | 'note'> }
  | { readonly add: readonly OwnExperiment[] }
  // a changed list, and the one before
  | { readonly put: readonly OwnExperiment[]; readonly before: readonly OwnExperiment[] }
  | { readonly read: string };

/** Side effects outside the state; app/wire.ts carries them out. */
export type Command =
  | 'copy-link'
  | 'save-run'
  | 'save-csv'
  | 'save-runs'
  | 'open-file'
  | 'reload'
  | 'restore'
  | 'forget'
  | 'hand-code'
  | {
      readonly save: 'svg' | 'png' | 'copy' | 'table';
      readonly chart: string;
      /** Undefined: for a page of text. */
      readonly shape?: 'page' | 'slide';
      /** True: the address of the run is printed below the picture. */
      readonly link?: boolean;
    }
  | { readonly file: Exclude<FileKind, 'run' | 'csv'> | 'site' }
  | { readonly film: string }
  | { readonly owl: 'picture' | 'film' | 'share' }
  | { readonly bring: MatrixInput }
  | { readonly wall: WallOrder }
  | { readonly qr: string; readonly name: string }
  | { readonly mine: CollectionOrder };

export interface Notice {
  readonly id: number;
  /** Its subject: a new notice replaces the old one with the same subject. */
  /** The place in which it rose; it is shown there only, unless it is about the page. */
  readonly place: string;
  readonly about:
    | 'link'
    | 'engine'
    | 'run'
    | 'file'
    | 'recorded'
    | 'offer'
    | 'version'
    | 'share'
    | 'build'
    | 'pins'
    | 'places';
  /** `plain` and `bad` stay until answered or dismissed; `brief` disappears; `quiet` is an offer shown separately. */
  readonly tone: 'plain' | 'bad' | 'brief' | 'quiet';
  readonly title: string;
  readonly texts: readonly Remark[];
  readonly actions: readonly { readonly label: string; readonly event: PageEvent }[];
}

export type NewNotice = Omit<Notice, 'id' | 'place'>;

/** Every event of the page, as plain data. `session`: the lab it concerns; undefined: the page's own. */
export type PageEvent = { readonly session?: number } & ( // a lab was added to or removed from the page
  | { readonly type: 'joined' | 'left'; readonly session: number }
  // a link, a preset or a file was opened; its faults are notices already
  | {
      readonly type: 'opened';
      readonly experiment: Experiment;
      /** Undefined: unchanged. */
      readonly view?: View;
      readonly drawing: ReadyDrawing | null;
      /** The test drawings that came with the adapter to a hand in `view`. */
      readonly handTest?: DigitSet;
      readonly notices: readonly NewNotice[];
      readonly preset: string | null;
      /** True if the address bar triggered it: the history has its entry already. */
      readonly fromAddress?: boolean;
      /** True if a script triggered it: it is opened as a link even if the settings are those of a preset. */
      readonly scripted?: boolean;
    }
  | {
      // a run from a file, or stored before a reload
      readonly type: 'recorded';
      /** The page was reloaded: its address stays what it is. */
      readonly fromAddress?: true;
      readonly run: RunRecord;
      readonly drawing: ReadyDrawing | null;
      readonly notices: readonly NewNotice[];
    }
  // `group` joins the changes of one drag into one step of undo
  | { readonly type: 'changed'; readonly changes: Partial<Experiment>; readonly group?: string }
  | { readonly type: 'settled' | 'undo' | 'redo' | 'pause' | 'rewind' | 'cancel' | 'needed' }
  | {
      readonly type: 'drawn';
      readonly data: string;
      readonly drawing: ReadyDrawing | null;
      /** The settings that use it; undefined: the picture. */
      readonly changes?: Partial<Experiment>;
    }
  | ({ readonly type: 'train' } & TrainRequest)
  // recovery from a divergence in one click: changed settings, from step 0, training
  | { readonly type: 'retry'; readonly changes: Partial<Experiment> }
  | { readonly type: 'engine'; readonly message: WorkerMessage }
  // full fine-tuning beside the run of that number has ended
  | { readonly type: 'full'; readonly run: number; readonly full: FullRun }
  | { readonly type: 'choose'; readonly choice: EngineChoice }
  | DraftEvent
  | CompareEvent
  | OwlEvent
  | HandEvent
  | HandCodeEvent
  | { readonly type: 'viewed'; readonly changes: Partial<View> }
  /** The lab of a lesson, run included, in place of the one that was left for it. */
  | { readonly type: 'taken' }
  | { readonly type: 'look'; readonly step: number | null }
  | { readonly type: 'hover'; readonly hover: HoverPoint | null }
  | { readonly type: 'cell'; readonly cell: MatrixCell | null }
  | { readonly type: 'panel'; readonly panel: Panel | null }
  | { readonly type: 'class'; readonly form: ClassForm }
  | { readonly type: 'planned'; readonly changes: Partial<Pick<View, 'sweep' | 'repeat'>> }
  | { readonly type: 'sweep'; readonly sweep: SweepEvent }
  | { readonly type: 'merge'; readonly adapter: MergeInput }
  | { readonly type: 'define'; readonly definition: EffectiveRankKind }
  | { readonly type: 'theme'; readonly theme: Theme }
  // `right`: in the right column, whatever its column in the grid
  | { readonly type: 'present'; readonly chart: number; readonly right?: boolean }
  // Present only: fixes the axes of the charts, or lets them follow the run again
  | { readonly type: 'freeze'; readonly on: boolean }
  | { readonly type: 'tab'; readonly chart: number }
  | ClinicEvent
  | FightsEvent
  | PathsEvent
  | { readonly type: 'charts'; readonly of: ChartsOf }
  | { readonly type: 'gradients'; readonly shown: boolean }
  | { readonly type: 'shortcuts'; readonly on: boolean }
  | { readonly type: 'hidden'; readonly hidden: boolean }
  | { readonly type: 'notice'; readonly notice: NewNotice }
  | { readonly type: 'dismiss'; readonly id: number }
  | ProgressEvent
  | { readonly type: 'mine'; readonly mine: OwnExperiments }
  | { readonly type: 'wall'; readonly wall: Wall }
  | { readonly type: 'teaching'; readonly teaching: Teaching }
  | { readonly type: 'command'; readonly command: Command }
);

export type OpenedEvent = Extract<PageEvent, { readonly type: 'opened' }>;
