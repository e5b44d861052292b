import type { QuietedMessage } from './protocol/quiet-messages.ts';
import type { Up } from './protocol/up.ts';

/** The buffers of a message, which move to the page instead of being copied. */
export function buffersOf(message: Up | QuietedMessage): ArrayBuffer[] {
  return [...buffersIn(message)];
}

function buffersIn(value: unknown): Set<ArrayBuffer> {
  if (ArrayBuffer.isView(value)) return new Set(value.buffer instanceof ArrayBuffer ? [value.buffer] : []);
  if (typeof value !== 'object' || value === null) return new Set();
  return new Set(Object.values(value).flatMap((part) => [...buffersIn(part)]));
}
