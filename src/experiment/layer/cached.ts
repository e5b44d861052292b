/** A function of an object that does not change, computed once for each. */
export function cached<K extends object, T>(of: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, { readonly value: T }>();
  return (key) => {
    const kept = known.get(key) ?? { value: of(key) };
    known.set(key, kept);
    return kept.value;
  };
}

/** A function whose first result is kept, whatever it is called with later. */
export function once<Given extends readonly unknown[], T>(make: (...given: Given) => T): (...given: Given) => T {
  let made: { readonly value: T } | null = null;
  return (...given) => {
    made ??= { value: make(...given) };
    return made.value;
  };
}
