/** One optimiser: a file in optimisers/ and a line in its index. Each stepper holds its form of the update. */
export interface Optimiser<Name extends string = string> {
  readonly name: Name;
  /** Place in lists, from 1. */
  readonly place: number;
  /** What the segmented control shows. */
  readonly label: string;
  readonly explanation: string;
  /** The update as a formula in text, PyTorch's conventions. */
  readonly formula: string;
  /** State matrices kept for each factor (0 for plain SGD). */
  readonly moments: 0 | 1 | 2;
  /**
   * The learning rate that the page proposes (mathematics.md, "Default learning rates").
   * `q` is the largest curvature met along the way, `root` is s·√(max(d, k)·r)·max(a, b).
   */
  readonly rate: (q: number, root: number) => number;
  /** True where 2/q is the edge of stability, so that the slider can mark it. */
  readonly hasEdge: boolean;
}

/** Keeps the name's literal type. */
export function optimiser<const Name extends string>(it: Optimiser<Name>): Optimiser<Name> {
  return it;
}
