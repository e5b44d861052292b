import type { BackgroundRunRecord } from '../engine/protocol/background-messages.ts';
import type { DraftResultMessage, Ground } from '../engine/protocol/draft.ts';
import type { MergeMessage } from '../engine/protocol/page-messages.ts';
import type { MergedMessage } from '../engine/protocol/worker-messages.ts';
import type { OwnReading } from '../experiment/matrix-file/matrix-source.ts';
import type { HandSets } from '../experiment/network/digits.ts';
import type { HandAdapter } from '../experiment/network/hand-adapter.ts';
import type { Rounds } from '../experiment/network/rounds.ts';
import type { Experiment } from '../experiment/settings/params.ts';
import type { WholeMatrix } from '../experiment/targets/factored-matrix.ts';

type PlainPanel =
  | 'share'
  | 'share-owl'
  | 'keep'
  | 'export'
  | 'keys'
  | 'inits'
  | 'difference'
  | 'rail'
  | 'merge'
  | 'about'
  | 'forget'
  | 'handin'
  | 'dials'
  | 'fight';

/** `read`: the reading of the imported matrix; null before there is one. */
export type Panel =
  | { readonly name: PlainPanel }
  | { readonly name: 'explain' | 'table'; readonly chart: string }
  | { readonly name: 'matrix'; readonly read: OwnReading | 'reading' | null };

export type Theme = 'system' | 'light' | 'dark';
export interface MatrixCell {
  readonly row: number;
  readonly column: number;
}
export type HoverPoint =
  | { readonly axis: 'rank'; readonly index: number }
  | { readonly axis: 'step'; readonly step: number };

export type { ReadyDrawing } from '../experiment/targets/factored-matrix.ts';
export type Sheet = WholeMatrix;

/** The adapter of a module at one step, to be merged. */
export interface MergeInput extends Pick<MergeMessage, 'module' | 'A' | 'B' | 'scaling'> {
  readonly step: number;
}

export type MergeAnswer = Omit<MergedMessage, 'type' | 'run' | 'order'>;

export interface Merge extends MergeInput {
  readonly run: number;
  /** Grows with every merge, to identify outdated answers. */
  readonly order: number;
  readonly answer: MergedMessage | null;
}

/** The plan of a lesson that a teacher has chosen. */
export interface Teaching {
  readonly plan: string;
  /** The line on screen, from 0; null: not begun. */
  readonly line: number | null;
}

/** The owl trained at one rank, for Share my owl. */
export interface OwlRun {
  readonly experiment: Experiment;
  /** Null: in training. */
  readonly result: BackgroundRunRecord | { readonly why: string } | null;
}

/** Replaces the runs of the panel; null: they are dropped. */
export interface OwlEvent {
  readonly type: 'owl';
  readonly owl: readonly OwlRun[] | null;
}

/** The visitor's drawings of digits, which stay on this device: those drawn so far, and as a network gets them. */
export interface OwnHand {
  readonly rounds: Rounds;
  readonly sets: HandSets;
}

/** Replaces the drawings; afterwards a run on them is made again and trained, or only made, or stays. */
export interface HandEvent {
  readonly type: 'hand';
  readonly hand: OwnHand;
  readonly does: 'train' | 'prepare' | null;
}

/** An adapter of rank 1 for the QR code of a hand, trained on the drawings of the run on screen. */
export interface HandCode {
  /** The number of that run. */
  readonly run: number;
  /** Null: in training. */
  readonly result: HandAdapter | { readonly why: string } | null;
}

export interface HandCodeEvent {
  readonly type: 'hand-code';
  readonly code: HandCode;
}

export type { Ground } from '../engine/protocol/draft.ts';

export type DraftResult = DraftResultMessage;

/** A painted sheet, row by row: grey levels 0 … 1, NO_PAINT where the ground is visible. */
export type Paint = Float64Array;

/** A drawing not in use yet. It stays if the editor is closed by anything but its own buttons. */
export interface Draft {
  readonly paint: Paint;
  /** The sheet before each stroke, newest last. */
  readonly past: readonly Paint[];
  /** Counts the sheets, to identify outdated answers. */
  readonly order: number;
  /** Of this sheet or of an earlier one. */
  readonly answer: DraftResult | null;
}

export type DraftEvent =
  | { readonly type: 'draw'; readonly on: Ground | null }
  | { readonly type: 'painted'; readonly paint: Paint }
  | { readonly type: 'unpainted' }
  | { readonly type: 'discarded'; readonly on: Ground }
  | { readonly type: 'drafted'; readonly answer: DraftResult };

/** What the charts of a network show. */
export type ChartsOf = 'task' | 'matrix';
