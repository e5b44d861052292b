/** Every half and bfloat16 is read exactly, and products are rounded once to each type, as toBytes rounds them. */

import { describe, expect, it } from 'vitest';
import { fromBytes, toBytes } from '../../adapters/file/safetensors/numbers.ts';
import { stream } from '../random.ts';
import { simdKernel } from './kernel.ts';
import { type PackedMatrix, type PackedType, timesSmall } from './tall.ts';

const kernel = simdKernel();
if (!kernel) throw new Error('no WebAssembly here');
const TYPES = ['F32', 'F16', 'BF16'] as const satisfies readonly PackedType[];

/** All patterns of 16 bits, or as many random float32 numbers, as a matrix of 3 columns. */
function numbersOf(type: PackedType): Uint8Array<ArrayBuffer> {
  const count = 65_538;
  if (type !== 'F32') return new Uint8Array(Uint16Array.from({ length: count }, (_, i) => i % 65_536).buffer);
  const source = stream(5, 'float32');
  return new Uint8Array(
    Uint32Array.from({ length: count }, () => source.integer(65_536) * 65_536 + source.integer(65_536)).buffer,
  );
}

describe.each(TYPES)('numbers of %s', (type) => {
  it.each(TYPES)('become %s', (to) => {
    const bytes = numbersOf(type);
    const x = fromBytes(bytes, type);
    const one = { rows: x.length, cols: 1 };
    for (const order of ['rows', 'columns'] as const)
      for (const w of [1, -0.1, 3e-4]) {
        const tall: PackedMatrix = { ...one, bytes, type, order };
        const found = fromBytes(timesSmall(kernel, tall, { rows: 1, cols: 1, data: Float64Array.of(w) }, to), to);
        const wanted = fromBytes(
          toBytes(
            Float64Array.from(x, (value) => w * value),
            to,
          ),
          to,
        );
        // NaN and infinities stay what they are; the sign of a zero is free.
        expect(found.every((value, i) => Object.is(value + 0, wanted[i] + 0))).toBe(true);
      }
  });
});

it.each([
  [1, 1],
  [2, 3],
  [63, 5],
  [64, 4],
  [65, 7],
  [1024, 3],
  [1100, 6],
])('takes %i rows of %i columns in either order', (rows, cols) => {
  const source = stream(6, `${rows}`);
  const data = Float32Array.from({ length: rows * cols }, () => source.normal());
  const W = { rows: cols, cols: 3, data: Float64Array.from({ length: cols * 3 }, () => source.normal()) };
  const turned = Float32Array.from(
    { length: rows * cols },
    (_, at) => data[(at % rows) * cols + Math.floor(at / rows)],
  );
  const shape = { type: 'F32', rows, cols } as const;
  const byRows = timesSmall(kernel, { ...shape, bytes: new Uint8Array(data.buffer), order: 'rows' }, W, 'F32');
  const byColumns = timesSmall(kernel, { ...shape, bytes: new Uint8Array(turned.buffer), order: 'columns' }, W, 'F32');
  const [a, b] = [new Float32Array(byRows.buffer), new Float32Array(byColumns.buffer)];
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < 3; j++) {
      let sum = 0;
      for (let p = 0; p < cols; p++) sum += data[i * cols + p] * W.data[p * 3 + j];
      expect(a[i * 3 + j]).toBe(Math.fround(sum));
      expect(b[j * rows + i]).toBe(Math.fround(sum));
    }
});
