/** One experiment that teaches: a file in presets/ and a line in its index. A test runs its claim. */
export interface Preset<Name extends string = string> {
  readonly name: Name;
  /** Place in the list, from 1. */
  readonly place: number;
  /** What the list and the bar show. */
  readonly label: string;
  /** What a run shows: one sentence that a test checks. */
  readonly claim: string;
  /** What to watch. */
  readonly watch: string;
  /** When it does not hold. */
  readonly limits: string;
  /** The fragment that it opens. */
  readonly link: string;
}

/** Keeps the name's literal type. */
export function preset<const Name extends string>(it: Preset<Name>): Preset<Name> {
  return it;
}
