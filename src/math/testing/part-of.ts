const all = Boolean(process.env.ALL_SEEDS || process.env.UPDATE_RECORDED);

/** Every n-th of a test's cases, from case `from` on, counted round; with ALL_SEEDS=1 all of them. */
export const partOf = <T>(cases: readonly T[], n: number, from = 0): readonly T[] =>
  all ? cases : cases.filter((_, i) => i % n === from % n);

/** A quarter of a number of random cases; with ALL_SEEDS=1 all of them. */
export const quarterOf = (runs: number): number => (all ? runs : Math.ceil(runs / 4));
