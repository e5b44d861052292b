import type { Adapter, Figures } from '../model.ts';

/** What the sentence on top of a file says, in numbers: of the modules that are read and of which the spectrum is known. */
export interface Summary {
  /** Modules in the file, read ones, and those that are counted here. */
  readonly modules: number;
  readonly read: number;
  readonly counted: number;
  /** Modules by rank, the commonest first. */
  readonly ranks: readonly (readonly [rank: number, modules: number])[];
  /** By the number of directions for 95% of the energy, ascending, how many modules need so many. */
  readonly for95: readonly (readonly [directions: number, modules: number])[];
  /** How many modules need all of their directions for 95%, and how many half of them or fewer. */
  readonly needAll: number;
  readonly needHalf: number;
  /** Σ of the ranks, and of the directions for 95%. */
  readonly directions: number;
  readonly directions95: number;
  /** Modules whose ΔW is zero, and whose numbers are not finite. */
  readonly zero: number;
  readonly notFinite: number;
}

export function summary(adapter: Adapter, figures: readonly (Figures | null)[]): Summary {
  const read = adapter.modules.flatMap((module, index) => {
    const of = figures[index] ?? null;
    return of === null ? [] : [{ rank: module.rank, of }];
  });
  const counted = read.filter(({ of }) => of.finite && of.sigma.length > 0);
  const moved = counted.filter(({ of }) => of.rank95 > 0);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    modules: adapter.modules.length,
    read: read.length,
    counted: counted.length,
    ranks: tally(adapter.modules.map(({ rank }) => rank)).sort((a, b) => b[1] - a[1] || b[0] - a[0]),
    for95: tally(moved.map(({ of }) => of.rank95)).sort((a, b) => a[0] - b[0]),
    needAll: moved.filter(({ of }) => of.rank95 === of.sigma.length).length,
    needHalf: moved.filter(({ of }) => 2 * of.rank95 <= of.sigma.length).length,
    directions: sum(counted.map(({ of }) => of.sigma.length)),
    directions95: sum(moved.map(({ of }) => of.rank95)),
    zero: read.filter(({ of }) => of.finite && of.frobenius === 0).length,
    notFinite: read.filter(({ of }) => !of.finite).length,
  };
}

function tally(values: readonly number[]): [value: number, count: number][] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
}
