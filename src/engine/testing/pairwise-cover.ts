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
  const seen = pairsOf(found);
  for (const candidate of cartesianProduct({ ...all, ...rotating }) as (Cell<A> & Cell<R>)[]) {
    const pairs = [...pairsOf([candidate])];
    if (pairs.every((pair) => seen.has(pair)) || !offered(candidate)) continue;
    found.push(candidate);
    for (const pair of pairs) seen.add(pair);
  }
  return found;
}

export function pairsOf(cells: readonly Readonly<Record<string, unknown>>[]): Set<string> {
  const found = new Set<string>();
  for (const cell of cells) {
    const entries = Object.entries(cell).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    for (const [i, one] of entries.entries()) for (const other of entries.slice(i + 1)) found.add(`${one}, ${other}`);
  }
  return found;
}

function coprime(from: number, n: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let step = Math.max(1, from);
  while (divisor(step, n) !== 1) step++;
  return step;
}
