/** Named lists of values, such as { rank: [1, 4], opt: ['sgd', 'adam'] }. */
export type Axes = Readonly<Record<string, readonly unknown[]>>;
export type Cell<A extends Axes> = { readonly [K in keyof A]: A[K][number] };

export function cartesianProduct<A extends Axes>(axes: A): Cell<A>[] {
  let cells: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries(axes))
    cells = cells.flatMap((cell) => values.map((value) => ({ ...cell, [name]: value })));
  return cells as Cell<A>[];
}

/**
 * A part of the product of all axes in which every pair of values occurs that `offered` permits: every combination of
 * `all`, each `times` times, with the combinations of `rotating` taken in turn by a step that has no factor in common
 * with their number; then one cell more for each pair that the turns have missed.
 */
export function pairwiseCover<A extends Axes, R extends Axes>(
  all: A,
  rotating: R,
  times: number,
  offered: (cell: Cell<A> & Cell<R>) => boolean,
): (Cell<A> & Cell<R>)[] {
  const turns = cartesianProduct(rotating);
  const stride = coprime(Math.floor(turns.length * 0.618), turns.length);
  let at = 0;
  const next = () => turns[(at++ * stride) % turns.length];
  const found: (Cell<A> & Cell<R>)[] = [];
  for (const cell of cartesianProduct(all)) {
    let wanted = times;
    for (let tried = 0; wanted > 0 && tried < turns.length; tried++) {
      const candidate = { ...cell, ...next() };
      if (!offered(candidate)) continue;
      found.push(candidate);
      wanted--;
    }
  }
  return [...found, ...missedBy(found, { ...all, ...rotating }, offered)];
}

/** A cell for each pair of values that the product of all axes offers and none of these cells has. */
export function missedBy<A extends Axes>(
  cells: readonly Cell<A>[],
  axes: A,
  offered: (cell: Cell<A>) => boolean,
): Cell<A>[] {
  // Each value of each axis has a number.
  let numbers = 0;
  const numbered = Object.entries(axes).map(
    ([name, values]) => [name, new Map(values.map((value) => [value, numbers++]))] as const,
  );
  const seen = new Set<number>();
  const at: number[] = [];
  /** Whether all of the cell's pairs were seen; they are from here on, if `see`. */
  const isSeen = (cell: Cell<A>, see: boolean): boolean => {
    for (const [i, [name, known]] of numbered.entries()) at[i] = known.get(cell[name]) ?? -1;
    let all = true;
    for (let i = 0; i < at.length; i++)
      for (let j = i + 1; j < at.length; j++) {
        const pair = numbers * at[i] + at[j];
        if (seen.has(pair)) continue;
        if (!see) return false;
        all = false;
        seen.add(pair);
      }
    return all;
  };
  for (const cell of cells) isSeen(cell, true);
  return cartesianProduct(axes).filter((candidate) => {
    const adds = !isSeen(candidate, false) && offered(candidate);
    if (adds) isSeen(candidate, true);
    return adds;
  });
}

function coprime(from: number, n: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = Math.max(1, from);
  while (divisor(step, n) !== 1) step++;
  return step;
}
