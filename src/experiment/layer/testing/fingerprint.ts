import type { Matrix32 } from '../../../math/matrix.ts';

/**
 * 64 bits, in hexadecimal, of a matrix's shape and bits: two FNV-1a hashes (Fowler, Noll and Vo), for comparing only.
 */
export function fingerprint(m: Matrix32): string {
  let low = 0x811c9dc5;
  let high = 0xcbf29ce4;
  const take = (word: number) => {
    low = Math.imul(low ^ word, 0x01000193);
    low ^= low >>> 15; // a product carries only upwards; this brings high bits down
    high = Math.imul(high ^ ((word << 16) | (word >>> 16)), 0x01000193);
    high ^= high >>> 13;
  };
  take(m.rows);
  take(m.cols);
  const words = new Uint32Array(m.data.buffer, m.data.byteOffset, m.data.length);
  for (const word of words) take(word);
  return hex(high) + hex(low);
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, '0');
}
