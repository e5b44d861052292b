import type { Experiment, ParamKey } from './params.ts';

/** The settings that may change while a run goes on: those of the table whose effect is `tune`. */
export const TUNED = ['alpha', 'scaling', 'opt', 'lr', 'ratio', 'steps'] as const satisfies readonly ParamKey[];

export type TunedKey = (typeof TUNED)[number];

/** A change made while a run was going: from step `step` on (before entry `step` is measured), `key` is `value`. */
export interface Change {
  readonly step: number;
  readonly key: TunedKey;
  readonly value: number | string;
}

/** The tune parameters, the learning rate resolved to a number. */
export type Tuning = Pick<Experiment, Exclude<TunedKey, 'lr'>> & { readonly lr: number };
