import { SHELF, storedNames, storedText, storedTexts } from '../../kit/storage.ts';
import type { PageEvent } from '../../state/events.ts';
import { noticeEvent } from '../../state/notices.ts';

/** Known: the note was shown here, or is not needed. */
const PLACES = storedText('lora-explorer/places');

/** Whether the note may still be needed: else nobody has to ask what is stored. */
export const awaitsNote = (): boolean => PLACES.get() === null;

/** Whether anything was stored here before this visit: asked before the page stores something itself. */
export async function isReturning(): Promise<boolean> {
  const parts = [storedTexts('lora-explorer/'), { shelf: SHELF, prefix: 'lora-explorer/' }];
  const names = await Promise.all(parts.map(storedNames));
  // As old as the places.
  return names.flat().some((name) => name !== 'lora-explorer/charts');
}

/**
 * The note on where Runs, Compare and Sweep have gone, once, in the lab, for those who come back from before the
 * places. Who comes for the first time never gets it, however often they return.
 */
export function placesNote(returning: boolean, inLab: boolean): PageEvent | null {
  if (!awaitsNote() || (returning && !inLab)) return null;
  PLACES.set('known');
  if (!returning) return null;
  return noticeEvent('places', 'plain', 'Runs, Compare and Sweep are tabs of the Lab now.', [
    'They are beside This run: All runs, Compare and Sweep.',
  ]);
}
