// Texts about presets, one file per question, loaded on demand.

import type { Experiment } from '../../../experiment/settings/params.ts';

export interface PresetAction {
  readonly label: string;
  /** An action on the run, or changed settings, after which it trains again. */
  readonly does: 'train' | 'step' | 'merge' | Partial<Experiment>;
}

export const TRAIN: PresetAction = { label: 'Train', does: 'train' };

export interface PresetWords {
  /** One sentence, checked by a test. */
  readonly claim: string;
  /** Above runs side by side: the claim in few words. Default: which run comes closest. */
  readonly headline?: string;
  readonly watch: string;
  /** Conditions under which the claim fails. */
  readonly limits: string;
  readonly source?: string;
  readonly acts: readonly PresetAction[];
}

export type WordsByName = Readonly<Record<string, PresetWords>>;
