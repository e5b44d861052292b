import { expect, it } from 'vitest';
import { readNpy } from '../../experiment/matrix-file/npy.ts';
import { npyFile } from './npy.ts';

it.each([
  [1, 1],
  [3, 5],
  [640, 2],
])('a %i × %i matrix comes back as it was written', async (rows, cols) => {
  const data = Float32Array.from({ length: rows * cols }, (_, i) => Math.cos(i) * 10 ** (i % 7));
  const bytes = new Uint8Array(await npyFile(rows, cols, data).arrayBuffer());
  expect(bytes.length % 64).toBe((4 * data.length) % 64);
  const read = readNpy(bytes);
  expect(read).toMatchObject({ rows, cols });
  expect('data' in read && Array.from(read.data)).toEqual(Array.from(data));
});
