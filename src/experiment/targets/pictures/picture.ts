/** One picture: a file in pictures/ and a line in its index. */
export interface Picture<Name extends string = string> {
  readonly name: Name;
  /** Place in lists, from 1. */
  readonly place: number;
  readonly label: string;
  /** Grey level 0 … 1 at (x, y), both 0 … 1, y down. Only + − × ÷ √ and the project's own elementary functions. */
  readonly shade: (x: number, y: number) => number;
}

/** Keeps the name's literal type. */
export function picture<const Name extends string>(it: Picture<Name>): Picture<Name> {
  return it;
}
