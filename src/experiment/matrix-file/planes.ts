import type { Matrix32 } from '../../math/matrix.ts';
import { written } from '../numbers.ts';
import { entryFault } from './limits.ts';

/**
 * float32 values as deflate packs them best: all low bytes come first, then the next, the high ones last. Signs and
 * exponents repeat, and deflate finds that only where they stand together.
 */
export function planesOf(data: Float32Array): Uint8Array<ArrayBuffer> {
  const n = data.length;
  const bits = new Uint32Array(data.slice().buffer);
  const planes = new Uint8Array(4 * n);
  for (let p = 0; p < 4; p++) for (let i = 0; i < n; i++) planes[p * n + i] = bits[i] >>> (8 * p);
  return planes;
}

export function joined(planes: Uint8Array): Float32Array<ArrayBuffer> {
  const n = planes.length / 4;
  const bits = new Uint32Array(n);
  for (let p = 0; p < 4; p++) for (let i = 0; i < n; i++) bits[i] |= planes[p * n + i] << (8 * p);
  return new Float32Array(bits.buffer);
}

/** The first entry that is not finite or too large, with its place, in words; null where all may stand. */
export function oddEntry({ cols, data }: Matrix32): string | null {
  for (let i = 0; i < data.length; i++) {
    const why = entryFault(data[i]);
    const place = `row ${Math.floor(i / cols) + 1}, column ${(i % cols) + 1}`;
    if (why) return `${place}: expected ${why}, found ${written(data[i])}`;
  }
  return null;
}
