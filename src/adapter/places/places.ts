import type { Place } from '../model.ts';

/** Where modules stand in their model, one for each canonical name; null where it does not tell. */
export function placesOf(canonical: readonly string[]): readonly (Place | null)[] {
  return canonical.map(() => null);
}
