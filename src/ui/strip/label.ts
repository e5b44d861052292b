import type { Plane } from '../../charts/matrices/plane.ts';
import { count, trimmed } from '../../experiment/numbers.ts';
import type { CaptionFacts } from './captions.ts';
import { namesOf } from './names.ts';
import type { Planes } from './planes.ts';

/** What a cell shows: one, and many. */
const CELLS = {
  entries: ['entry', 'entries'],
  means: ['block mean', 'block means'],
  // Where the largest is 0 so is every entry.
  extremes: ['entry', 'largest entries of blocks'],
} as const;

/** A matrix in words, for those who do not see its picture. While it trains its entries are not told: they change. */
export function labelOf(
  name: keyof Planes,
  rows: number,
  columns: number,
  plane: Plane | null,
  training: boolean,
  { drawn, shown, frozenFactor }: Pick<CaptionFacts, 'drawn' | 'shown' | 'frozenFactor'>,
): string {
  const said = name === frozenFactor ? `${name}, frozen` : namesOf(shown).of[name];
  const size = `Heat map of ${said}, ${count(rows)} × ${count(columns)}`;
  if (!plane) return size;
  if (training) return `${size}, in training`;
  const [low, high] = range(plane);
  const [one, many] = plane.blockRows * plane.blockCols === 1 ? CELLS.entries : CELLS[drawn];
  if (low === 0 && high === 0) return `${size}: every ${one} is 0`;
  return `${size}: ${many} from ${trimmed(low, 2)} to ${trimmed(high, 2)}`;
}

const ranges = new WeakMap<Plane, readonly [number, number]>();

/** Smallest and largest cell; looked for once a plane. */
function range(plane: Plane): readonly [number, number] {
  const known = ranges.get(plane);
  if (known) return known;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of plane.values) {
    if (v < low) low = v;
    if (v > high) high = v;
  }
  const found = [low, high] as const;
  ranges.set(plane, found);
  return found;
}
