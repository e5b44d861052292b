import fc from 'fast-check';
import type { Matrix32 } from '../../../math/matrix.ts';

/** Every float32 up to 1e30 in size, including −0 and subnormals; not all of them zero. */
export const matrices = (largest = 12): fc.Arbitrary<Matrix32> =>
  fc.tuple(fc.integer({ min: 1, max: largest }), fc.integer({ min: 1, max: largest })).chain(([rows, cols]) =>
    fc
      .array(fc.float({ noNaN: true, min: -Math.fround(1e30), max: Math.fround(1e30) }), {
        minLength: rows * cols,
        maxLength: rows * cols,
      })
      .filter((values) => values.some((v) => v !== 0))
      .map((values) => ({ rows, cols, data: Float32Array.from(values) })),
  );

/** The bits, so that −0 and 0 differ. */
export const bitsOf = (data: Float32Array) => [...new Uint32Array(data.slice().buffer)];
