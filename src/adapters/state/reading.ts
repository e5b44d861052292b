import { type ModelFiles, modelsAmong } from '../file/checkpoints/model-files.ts';
import type { Fault } from '../file/model.ts';
import type { FigureRun, ImportedFile, ReadingProgress } from '../worker/protocol.ts';

/** Figures that come one after the other; null until they are there. */
interface FiguresOwner<F> {
  readonly figures: readonly (F | null)[];
  readonly reading: ReadingProgress | null;
}

/** Before the first of so many; null: there are none. */
export const readingOf = (length: number): ReadingProgress | null =>
  length > 0 ? { done: 0, secondsLeft: null, stopped: false } : null;

/** With consecutive figures that have come. */
export function withRun<F>(
  { figures: before, reading }: FiguresOwner<F>,
  { from, figures: run, secondsLeft }: FigureRun<F>,
): FiguresOwner<F> {
  const figures = [...before.slice(0, from), ...run, ...before.slice(from + run.length)];
  const done = figures.filter((one) => one !== null).length;
  const over = done === figures.length;
  return { figures, reading: over ? null : { done, secondsLeft, stopped: reading?.stopped ?? false } };
}

/** Reading stops, or goes on with the rest. */
export const stoppedReading = (reading: ReadingProgress | null, stopped: boolean): ReadingProgress | null =>
  reading && { ...reading, stopped, secondsLeft: null };

export type ChosenModel = ModelFiles<ImportedFile>;

export const filesOf = ({ index, files }: ChosenModel): readonly ImportedFile[] => (index ? [...files, index] : files);

/** The models among these files, at most so many. */
export function chosenModels(files: readonly ImportedFile[], most: 1 | 2): readonly ChosenModel[] | Fault {
  const found = modelsAmong(files);
  if ('fault' in found || found.length <= most) return found;
  return {
    fault: 'These are several models.',
    details: `${found.length} models are among these files: ${found.map(({ name }) => name).join(', ')}. Choose the files of one.`,
  };
}
