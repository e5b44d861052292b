// What is said of a preset: loaded when somebody reads it, a file for each question.

import type { Experiment } from '../../../experiment/settings/params.ts';

/** Something to do in an experiment that opens: a button beside what to watch. */
export interface PresetAction {
  readonly label: string;
  /** What it does to the run; or settings that are changed, upon which it trains again. */
  readonly does: 'train' | 'step' | 'merge' | Partial<Experiment>;
}

export const TRAIN: PresetAction = { label: 'Train', does: 'train' };

/** What is said of one preset. */
export interface PresetWords {
  /** What a run shows: one sentence that a test checks. */
  readonly claim: string;
  /** What to watch. */
  readonly watch: string;
  /** When it does not hold. */
  readonly limits: string;
  /** The paper it comes from. */
  readonly source?: string;
  /** In the order in which they are to be done. */
  readonly acts: readonly PresetAction[];
}

/** By the name of the preset. */
export type WordsByName = Readonly<Record<string, PresetWords>>;
