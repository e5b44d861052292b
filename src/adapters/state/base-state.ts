import type { BaseFigures } from '../file/base/base-figures.ts';
import type { Fault } from '../file/model.ts';
import type { AdaptersNews, ImportedFile, MatchedBase, ReadingProgress } from '../worker/protocol.ts';
import { type ChosenModel, chosenModels, readingOf, stoppedReading, withRun } from './reading.ts';

/** The model that the first file was trained on. */
export interface BaseState {
  readonly model: ChosenModel;
  /** null until it is opened. */
  readonly matched: MatchedBase | null;
  /** By module; null until it is measured, a sentence where there is no figure. */
  readonly figures: readonly (BaseFigures | string | null)[];
  readonly reading: ReadingProgress | null;
  /** The module of whose W₀ the leading directions are being found. */
  readonly leading: number | null;
}

export type BaseEvent =
  | { readonly type: 'base-close' }
  | { readonly type: 'base-leading'; readonly module: number }
  | Extract<AdaptersNews, { readonly type: 'base-matched' | 'base-measured' }>;

/** A base of these files. A Fault if they are no model, or several. */
export function baseOf(files: readonly ImportedFile[]): BaseState | Fault {
  const found = chosenModels(files, 1);
  if ('fault' in found) return found;
  return { model: found[0], matched: null, figures: [], reading: null, leading: null };
}

/** The base of a file with so many modules after an event; null: closed. */
export function updateBase(state: BaseState | null, event: BaseEvent, modules: number): BaseState | null {
  if (state === null || event.type === 'base-close') return null;
  if (event.type === 'base-matched') return { ...unmeasured(state, modules), matched: event.base };
  if (event.type === 'base-leading') return { ...state, leading: event.module };
  return { ...state, ...withRun(state, event), leading: null };
}

/** The same model once more, for a file that was read again. */
export const reopened = ({ model }: BaseState): BaseState => ({
  model: { ...model },
  matched: null,
  figures: [],
  reading: null,
  leading: null,
});

/** With another α all is measured again. */
export const unmeasured = (state: BaseState, modules: number): BaseState => ({
  ...state,
  figures: new Array(modules).fill(null),
  reading: readingOf(modules),
  leading: null,
});

/** Measuring stops, or goes on with the rest. */
export const withBaseStopped = (state: BaseState | null, stopped: boolean): BaseState | null =>
  state && { ...state, reading: stoppedReading(state.reading, stopped), leading: null };

/** The figures of a module; null: none, or not yet. */
export function figuresBeside(state: BaseState | null, module: number): BaseFigures | null {
  const of = state?.figures[module] ?? null;
  return typeof of === 'string' ? null : of;
}

/** ‖ΔW‖/‖W₀‖ of each module. */
export const relativeNorms = (state: BaseState | null): readonly (number | null)[] =>
  (state?.figures ?? []).map((of) => (typeof of === 'string' ? null : relativeNorm(of)));

/** ‖ΔW‖/‖W₀‖; null if there is no figure, or W₀ = 0. */
export function relativeNorm(of: BaseFigures | null): number | null {
  return of && of.baseNorm > 0 ? of.norm / of.baseNorm : null;
}
