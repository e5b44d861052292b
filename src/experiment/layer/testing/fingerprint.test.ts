import { expect, it } from 'vitest';
import { toFloat32, transpose, zeros32 } from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';
import { fingerprint } from './fingerprint.ts';

it('changes with one bit of one entry, with the order of entries, and with the shape', () => {
  const seen = new Set<string>();
  const m = toFloat32(gaussian(24, 24, stream(1, 'W0')));
  seen.add(fingerprint(m));
  const bits = new Uint32Array(m.data.buffer);
  for (let i = 0; i < bits.length; i++) {
    for (let bit = 0; bit < 32; bit += 3) {
      bits[i] ^= 1 << bit;
      seen.add(fingerprint(m));
      bits[i] ^= 1 << bit;
    }
  }
  seen.add(fingerprint(transpose(m)));
  for (const [rows, cols] of [
    [1, 1],
    [1, 2],
    [2, 1],
    [4, 3],
    [3, 4],
    [12, 1],
  ])
    seen.add(fingerprint(zeros32(rows, cols)));
  expect(seen.size).toBe(1 + 24 * 24 * 11 + 1 + 6);
  for (const hash of seen) expect(hash).toMatch(/^[0-9a-f]{16}$/);
});
