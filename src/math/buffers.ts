/** The buffers of all arrays of numbers in a message: they move to where it goes, instead of being copied. */
export function buffersOf(message: unknown): ArrayBuffer[] {
  return [...buffersIn(message)];
}

function buffersIn(value: unknown): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) return new Set(value.buffer instanceof ArrayBuffer ? [value.buffer] : []);
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(Object.values(value).flatMap((part) => [...buffersIn(part)]));
}
