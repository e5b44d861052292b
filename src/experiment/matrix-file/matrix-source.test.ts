import { expect, it } from 'vitest';
import { isStored } from '../targets/factored-matrix.ts';
import { ownMatrix } from './matrix-source.ts';

const found = (rows: number, cols: number) => ({
  ...{ rows, cols, format: 'CSV', remark: null },
  data: Float32Array.from({ length: rows * cols }, (_, i) => (i % 5) - 2),
});

it('an own matrix has its entries on the page; one too large for a text has them where workers read them', async () => {
  const small = await ownMatrix(found(3, 2));
  if ('fault' in small) throw new Error(small.fault);
  expect(small.drawing).toEqual({ rows: 3, cols: 2, data: Float64Array.of(-2, -1, 0, 1, 2, -2) });
  const source = found(4096, 612);
  const large = await ownMatrix(source);
  if ('fault' in large || !isStored(large.drawing)) throw new Error('not stored');
  expect(large.drawing).toMatchObject({ rows: 4096, cols: 612, rank: 0, text: large.link });
  expect(large.drawing.name).toBeUndefined();
  const bytes = new Float32Array(await large.drawing.values.arrayBuffer());
  expect(bytes.every((value, i) => value === source.data[i])).toBe(true);
});
