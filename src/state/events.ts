import type { Wall, WallOrder } from '../class/state/wall.ts';
import type { EngineChoice } from '../engine/protocol/engine-info.ts';
import type { WorkerMessage } from '../engine/protocol/worker-messages.ts';
import type { Remark } from '../experiment/link/faults.ts';
import type { MatrixInput } from '../experiment/matrix-file/matrix-source.ts';
import type { ClassForm } from '../experiment/plan/class-link.ts';
import type { RunRecord } from '../experiment/run-file/run-record.ts';
import type { EffectiveRankKind } from '../experiment/settings/metric.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import type { View } from '../experiment/settings/view.ts';
import type { ProgressEvent } from '../lessons/state/progress.ts';
import type { OwnExperiment } from './collection/collection.ts';
import type { CompareEvent } from './compare/compare.ts';
import type { TrainRequest } from './run/run.ts';
import type { SweepEvent } from './sweep/sweep.ts';
import type {
  DraftEvent,
  HoverPoint,
  MatrixCell,
  MergeInput,
  Panel,
  ReadyDrawing,
  Screen,
  Theme,
  TourEvent,
} from './view.ts';

/** The files of a run, by the names that the page interface has for them. */
export type FileKind = 'run' | 'csv' | 'pytorch' | 'notebook' | 'peft' | 'sweep';

/** Experiments that a person keeps. */
export interface OwnExperiments {
  readonly experiments: readonly OwnExperiment[];
  /** True where the browser does not let this page keep anything: they are gone when the page is closed. */
  readonly refused: boolean;
}

export type CollectionOrder =
  | 'read'
  | 'export'
  /** What is on screen. */
  | { readonly keep: Pick<OwnExperiment, 'title' | 'note'> }
  | { readonly add: readonly OwnExperiment[] }
  /** In the place of all of them. */
  | { readonly put: readonly OwnExperiment[] }
  /** The text of a file. */
  | { readonly read: string };

/** Things with a side effect outside the state; app/wire.ts carries them out. */
export type Command =
  | 'copy-link'
  | 'save-run'
  | 'save-csv'
  | 'save-runs'
  | 'open-file'
  | 'reload'
  | 'restore'
  | 'forget'
  | {
      readonly save: 'svg' | 'png' | 'copy' | 'table';
      /** A chart, or the matrices. */
      readonly chart: string;
      /** Left out: for a page of text. */
      readonly shape?: 'page' | 'slide';
      /** True where the address of the run is to stand below the picture. */
      readonly link?: boolean;
    }
  /** The run for another program, or the page itself. */
  | { readonly file: Exclude<FileKind, 'run' | 'csv'> | 'site' }
  /** A film of the run with this chart. */
  | { readonly film: string }
  | { readonly bring: MatrixInput }
  /** What is dropped or pasted for the class wall. */
  | { readonly wall: WallOrder }
  /** The picture of a QR code with this text. */
  | { readonly qr: string }
  /** What happens to the experiments that a person keeps on this device. */
  | { readonly mine: CollectionOrder };

export interface Notice {
  readonly id: number;
  /** What the notice is about: a new one replaces the old one of its kind. */
  readonly about: 'link' | 'engine' | 'run' | 'file' | 'recorded' | 'offer' | 'version' | 'share' | 'build' | 'pins';
  /**
   * What stays until it is answered or dismissed is `plain` or `bad`. What confirms is `brief`: it floats, and goes by
   * itself. `quiet` is an offer that nobody needs to answer: it has a place of its own.
   */
  readonly tone: 'plain' | 'bad' | 'brief' | 'quiet';
  readonly title: string;
  readonly texts: readonly Remark[];
  readonly actions: readonly { readonly label: string; readonly event: PageEvent }[];
}

/** Everything that can happen on the page, as plain data. `session` says in which lab; left out: in the page's own. */
export type PageEvent = { readonly session?: number } & ( // a lab was put on the page, or taken away
  | { readonly type: 'joined' | 'left'; readonly session: number }
  // a link, a preset or a file was opened; its faults have become notices
  | {
      readonly type: 'opened';
      readonly experiment: Experiment;
      /** Left out: as it was. */
      readonly view?: View;
      readonly drawing: ReadyDrawing | null;
      readonly notices: readonly Omit<Notice, 'id'>[];
      readonly preset: string | null;
      /** True where the address bar asked: its history has an entry already. */
      readonly fromAddress?: boolean;
      /** True where a script asked: a link is opened, also one whose settings are those of a preset. */
      readonly scripted?: boolean;
      /** With it the show of a first visit begins. */
      readonly show?: 'itself' | 'hand';
    }
  | TourEvent
  | {
      // a run from a file, or kept from before a reload
      readonly type: 'recorded';
      readonly run: RunRecord;
      /** What its `data` holds, decoded. */
      readonly drawing: ReadyDrawing | null;
      readonly notices: readonly Omit<Notice, 'id'>[];
    }
  // settings; `group` joins the changes of one drag into one step of undo
  | { readonly type: 'changed'; readonly changes: Partial<Experiment>; readonly group?: string }
  | { readonly type: 'settled' }
  | {
      readonly type: 'drawn';
      readonly data: string;
      readonly drawing: ReadyDrawing | null;
      /** What it is used for; left out: the picture. */
      readonly changes?: Partial<Experiment>;
    }
  | { readonly type: 'undo' }
  | { readonly type: 'redo' }
  // the run
  | ({ readonly type: 'train' } & TrainRequest)
  | { readonly type: 'pause' }
  | { readonly type: 'rewind' }
  // one click out of a divergence: changed settings, from step 0, training
  | { readonly type: 'retry'; readonly changes: Partial<Experiment> }
  | { readonly type: 'cancel' }
  | { readonly type: 'engine'; readonly message: WorkerMessage }
  | { readonly type: 'choose'; readonly choice: EngineChoice }
  // a drawing that is not in use yet
  | DraftEvent
  | CompareEvent
  // the view
  // `onward`: to something new, so that Back leads to the view that is left
  | { readonly type: 'viewed'; readonly changes: Partial<View>; readonly onward?: true }
  | { readonly type: 'look'; readonly step: number | null }
  | { readonly type: 'hover'; readonly hover: HoverPoint | null }
  | { readonly type: 'cell'; readonly cell: MatrixCell | null }
  | { readonly type: 'panel'; readonly panel: Panel | null }
  | { readonly type: 'screen'; readonly screen: Screen }
  // a class link that is being made
  | { readonly type: 'class'; readonly form: ClassForm }
  // what is to be swept, a step of undo; and the sweep itself
  | { readonly type: 'planned'; readonly changes: Partial<Pick<View, 'sweep' | 'repeat'>> }
  | { readonly type: 'sweep'; readonly sweep: SweepEvent }
  | { readonly type: 'merge'; readonly adapter: MergeInput }
  | { readonly type: 'define'; readonly definition: EffectiveRankKind }
  | { readonly type: 'theme'; readonly theme: Theme }
  // `right`: in the right place, whatever the column that it has in the grid
  | { readonly type: 'present'; readonly chart: number; readonly right?: boolean }
  // in Present: the axes of the charts stay as they are, or follow the run again
  | { readonly type: 'freeze'; readonly on: boolean }
  | { readonly type: 'tab'; readonly chart: number }
  | { readonly type: 'gradients'; readonly shown: boolean }
  | { readonly type: 'shortcuts'; readonly on: boolean }
  | { readonly type: 'hidden'; readonly hidden: boolean }
  | { readonly type: 'notice'; readonly notice: Omit<Notice, 'id'> }
  | { readonly type: 'dismiss'; readonly id: number }
  | ProgressEvent
  // a lesson shows the lab, or somebody asks for its numbers
  | { readonly type: 'needed' }
  | { readonly type: 'mine'; readonly mine: OwnExperiments }
  | { readonly type: 'wall'; readonly wall: Wall }
  | { readonly type: 'command'; readonly command: Command }
);

export type OpenedEvent = Extract<PageEvent, { readonly type: 'opened' }>;
