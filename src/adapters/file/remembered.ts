/** Memoises the last call of a function by its arguments. */
export function remembered<A extends readonly unknown[], R>(work: (...given: A) => R): (...given: A) => R {
  let last: { readonly given: A; readonly result: R } | null = null;
  return (...given) => {
    const before = last;
    if (before?.given.every((one, i) => Object.is(one, given[i]))) return before.result;
    const result = work(...given);
    last = { given, result };
    return result;
  };
}
