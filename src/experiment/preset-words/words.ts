// What is said of a preset: loaded when somebody reads it, a file for each question.

import type { Experiment } from '../settings/params.ts';

/** Something to do in an experiment that opens: a button beside what to watch. */
export interface Act {
  readonly label: string;
  /** What it does to the run; or settings that are changed, upon which it trains again. */
  readonly does: 'train' | 'step' | 'merge' | Partial<Experiment>;
}

export const TRAIN: Act = { label: 'Train', does: 'train' };

/** By the name of the preset. */
export type WordsByName = Readonly<Record<string, PresetWords>>;
