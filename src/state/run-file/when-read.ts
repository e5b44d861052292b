/**
 * Gives an object properties that are made when they are first read, and are plain ones from then on. To whoever lists,
 * copies or serialises the object they are there from the beginning, after those that it has; they may be written.
 */
export function whenRead<O extends object, T extends object>(
  object: O,
  makers: { readonly [K in keyof T]: () => T[K] },
): O & T {
  for (const key of Object.keys(makers) as (keyof T)[]) {
    const settle = <V>(value: V): V => {
      Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
      return value;
    };
    const get = () => settle(makers[key]());
    Object.defineProperty(object, key, { get, set: settle, enumerable: true, configurable: true });
  }
  return object as O & T;
}
