import { expect, it } from 'vitest';
import { multiply, toFloat32, transpose } from '../matrix.ts';
import { gaussian, stream } from '../random.ts';
import { times, transposeTimes } from './times.ts';

it.each([
  [1, 1],
  [7, 9],
  [8, 3],
  [17, 20],
  [33, 8],
])('%s × %s by a vector, from both sides', (rows, cols) => {
  const source = stream(rows, 'times');
  const M = toFloat32(gaussian(rows, cols, source));
  const [v, u] = [gaussian(cols, 1, source), gaussian(rows, 1, source)];
  const [forth, back] = [multiply(M, v), multiply(transpose(M), u)];
  for (const [i, x] of times(M, v.data).entries()) expect(x).toBeCloseTo(forth.data[i], 12);
  for (const [j, x] of transposeTimes(M, u.data).entries()) expect(x).toBeCloseTo(back.data[j], 12);
});
