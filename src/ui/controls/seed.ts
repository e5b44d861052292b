/** Short enough to be read aloud. */
const LARGEST = 9999;

/** Another seed than the one at hand: a new number in plain sight. */
export function freshSeed(present: number): number {
  const drawn = 1 + Math.floor(Math.random() * (LARGEST - 1));
  return drawn === present ? LARGEST : drawn;
}
