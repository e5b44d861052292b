import type { LessonEntry } from '../step.tsx';

/** The text of a lesson. */
export const textOf = once((entry) => entry.load());

/** What is said to whoever teaches with it. */
export const notesOf = once((entry) => entry.notes());

/** Fetches a part of each lesson once; one that could not be fetched is asked for again. */
function once<T>(load: (entry: LessonEntry) => Promise<T>): (entry: LessonEntry) => Promise<T> {
  const loaded = new Map<string, Promise<T>>();
  return (entry) => {
    const known = loaded.get(entry.name) ?? load(entry);
    loaded.set(entry.name, known);
    known.catch(() => loaded.delete(entry.name));
    return known;
  };
}
