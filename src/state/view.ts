import type { DraftResultMessage, Ground } from '../engine/protocol/draft.ts';
import type { MergeMessage } from '../engine/protocol/page-messages.ts';
import type { MergedMessage } from '../engine/protocol/worker-messages.ts';
import type { OwnReading } from '../experiment/matrix-file/matrix-source.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import type { DataMatrix, FactoredMatrix } from '../experiment/targets/factored-matrix.ts';

/** Small parts of the page's state that events carry too. */

export type Panel =
  | {
      readonly name:
        | 'share'
        | 'keep'
        | 'export'
        | 'keys'
        | 'inits'
        | 'difference'
        | 'rail'
        | 'merge'
        | 'about'
        | 'handin';
    }
  | { readonly name: 'explain'; readonly chart: string }
  | { readonly name: 'table'; readonly chart: string }
  | {
      readonly name: 'matrix';
      /** What was read of the matrix that a person brought; null before there is one. */
      readonly read: OwnReading | 'reading' | null;
    };

/**
 * What stands in the main column. `compare`: runs side by side in the place of the matrices; all but that and the lab take
 * the place of the rail too.
 */
export type Screen = 'lab' | 'compare' | 'sweep' | 'experiments' | 'class';

/** Whether there is something to present: the lab, or runs side by side. */
export const canPresent = ({ screen }: { readonly screen: Screen }): boolean =>
  screen === 'lab' || screen === 'compare';

export type Theme = 'system' | 'light' | 'dark';
/** A cell of one of the d × k matrices, from 0. */
export interface MatrixCell {
  readonly row: number;
  readonly column: number;
}
export type HoverPoint =
  | { readonly axis: 'rank'; readonly index: number }
  | { readonly axis: 'step'; readonly step: number };

/** What `data` holds, decoded. */
export type ReadyDrawing = DataMatrix;
/** What is drawn or painted. */
export type Sheet = Exclude<DataMatrix, FactoredMatrix>;

/** The adapter of a module at one step, to be merged. */
export interface MergeInput extends Pick<MergeMessage, 'module' | 'A' | 'B' | 'scaling'> {
  readonly step: number;
}

/** What the worker found, whichever merge it was. */
export type MergeAnswer = Omit<MergedMessage, 'type' | 'run' | 'order'>;

/** A merge that was asked of the worker, and what it answered so far. */
export interface Merge extends MergeInput {
  /** The number of its run. */
  readonly run: number;
  /** Grows with every merge, so that an old answer is told from a new one. */
  readonly order: number;
  readonly answer: MergedMessage | null;
}

/** The first visit: the opening experiment trains slowly by itself, with a caption for each of three moments. */
export interface Tour {
  /** 1: before the first step; 2: while it trains; 3: at the end, and what a person may do next. */
  readonly caption: 1 | 2 | 3;
  /** By hand nothing moves before a person asks for the next caption. */
  readonly by: 'itself' | 'hand';
  /** True once a person has chosen a pace: the run keeps to that. */
  readonly ownPace?: boolean;
}

export interface TourEvent {
  readonly type: 'show';
  /** Which caption; null: the show is over, and the run goes on. */
  readonly caption: Tour['caption'] | null;
  readonly by?: Tour['by'];
  /** With the last caption: other settings, upon which it trains again. */
  readonly changes?: Partial<Experiment>;
  /** With the last caption: the rest of the run is made at full speed. */
  readonly atOnce?: boolean;
}

/** What a person draws on. */
export type { Ground } from '../engine/protocol/draft.ts';

/** What the worker has found of a sheet. */
export type DraftResult = DraftResultMessage;

/** What was painted on a sheet, row by row: grey levels 0 … 1, NO_PAINT where the ground shows. */
export type Paint = Float64Array;

/** A drawing that is not in use yet. It stays when the editor is closed by something else than its own buttons. */
export interface Draft {
  readonly paint: Paint;
  /** The sheet before each stroke, the newest last. */
  readonly past: readonly Paint[];
  /** Counts the sheets, so that the answer to an old one is told from that to this one. */
  readonly order: number;
  /** Of this sheet or of one before it. */
  readonly answer: DraftResult | null;
}

export type DraftEvent =
  // the editor opens in the place of the matrices and charts, or closes and keeps its sheet
  | { readonly type: 'draw'; readonly on: Ground | null }
  // a stroke, or whatever else Undo takes back in one
  | { readonly type: 'painted'; readonly paint: Paint }
  | { readonly type: 'unpainted' }
  // the sheet is thrown away, or in use now
  | { readonly type: 'discarded'; readonly on: Ground }
  | { readonly type: 'drafted'; readonly answer: DraftResult };
