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
  const numbers = new Map<unknown, number>();
  const numberOf = (name: string, value: unknown) => {
    const key = typeof value === 'object' ? value : `${name} ${value}`;
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  };
  const seen = new Set<number>();
  const pairsOf = (cell: Cell<A>) => {
    const at = Object.keys(axes).map((name) => numberOf(name, cell[name]));
    return at.flatMap((one, i) => at.slice(i + 1).map((other) => 10_000 * one + other));
  };
  const see = (cell: Cell<A>) => {
    for (const pair of pairsOf(cell)) seen.add(pair);
  };
  for (const cell of cells) see(cell);
  return cartesianProduct(axes).filter((candidate) => {
    const adds = pairsOf(candidate).some((pair) => !seen.has(pair)) && offered(candidate);
    if (adds) see(candidate);
    return adds;
  });
}

function coprime(from: number, n: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = Math.max(1, from);
  while (divisor(step, n) !== 1) step++;
  return step;
}
