import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Matrix32 } from '../../math/matrix.ts';
import { decodeDrawing, encodeDrawing } from '../link/drawing.ts';
import { isMatrixData, isNamedMatrix, MAX_MATRIX_LENGTH } from '../settings/data-kind.ts';
import { decodeMatrix, encodeMatrix } from './matrix-data.ts';
import { bitsOf, matrices } from './testing/arbitrary.ts';

const row = (...values: number[]): Matrix32 => ({ rows: 1, cols: values.length, data: Float32Array.from(values) });
const packed = (kind: number, rows: number, cols: number, planes: Uint8Array, level = 6) =>
  Buffer.concat([
    Uint8Array.of(kind, rows >> 8, rows & 255, cols >> 8, cols & 255),
    deflateRawSync(planes, { level }),
  ]).toString('base64url');
/** 1 in float32 is 3f800000: the two upper planes of a row of ones. */
const ones = (n: number) => new Uint8Array(4 * n).fill(0x80, 2 * n).fill(0x3f, 3 * n);
const [withNaN, withInfinity, ofZeros] = await Promise.all(
  [row(1, Number.NaN), row(-Infinity), row(0, -0)].map(encodeMatrix),
);

describe('a matrix in a link', () => {
  it('comes back bit for bit', async () => {
    await fc.assert(
      fc.asyncProperty(matrices(), async (m) => {
        const text = await encodeMatrix(m);
        expect(text).toMatch(/^[A-Za-z0-9_-]+$/);
        const back = await decodeMatrix(text);
        expect(back).toMatchObject({ rows: m.rows, cols: m.cols });
        if ('data' in back) expect(bitsOf(back.data)).toEqual(bitsOf(m.data));
      }),
    );
  });

  it('keeps −0, subnormals and the largest number', async () => {
    const m = row(-0, 1.401298464324817e-45, -1e-40, 1e30, 1.1754943508222875e-38);
    const back = await decodeMatrix(await encodeMatrix(m));
    expect('data' in back && bitsOf(back.data)).toEqual(bitsOf(m.data));
  });

  it('has the format that is written down: header, then the low bytes of all values, then the next', async () => {
    expect(await decodeMatrix(packed(15, 2, 3, ones(6)))).toEqual({
      rows: 2,
      cols: 3,
      data: new Float32Array(6).fill(1),
    });
    expect(await decodeMatrix(packed(15, 1, 2, Uint8Array.of(1, 2, 0, 0, 0x80, 0, 0x3f, 0x40)))).toEqual(
      row(1 + 2 ** -23, 2 + 2 * 2 ** -22),
    );
  });

  it('may be as large as a link can hold, and not compress at all', async () => {
    const [rows, cols] = [768, 3072];
    const data = new Float32Array(rows * cols);
    let bits = 1;
    for (let i = 0; i < data.length; i++) {
      bits = (Math.imul(bits, 1664525) + 1013904223) >>> 0;
      data[i] = bits / 2 ** 32 - 0.5;
    }
    const bytes = new Uint8Array(data.buffer);
    const planes = new Uint8Array(bytes.length);
    for (let p = 0; p < 4; p++) for (let i = 0; i < data.length; i++) planes[p * data.length + i] = bytes[4 * i + p];
    const text = packed(15, rows, cols, planes, 0);
    expect(text.length).toBeLessThan(MAX_MATRIX_LENGTH);
    const back = await decodeMatrix(text);
    expect('data' in back && Buffer.compare(Buffer.from(back.data.buffer), Buffer.from(data.buffer))).toBe(0);
    const part = { rows: 1024, cols: 32, data: data.slice(0, 1024 * 32) };
    expect(await decodeMatrix(await encodeMatrix(part))).toEqual(part);
  });

  it('that is larger has a name there: the same for the same values and no other', async () => {
    const data = new Float32Array(4096 * 4096).fill(1);
    const name = await encodeMatrix({ rows: 4096, cols: 4096, data });
    expect(name.length).toBeLessThan(32);
    expect([isMatrixData(name), isNamedMatrix(name)]).toEqual([true, true]);
    expect(await encodeMatrix({ rows: 4096, cols: 4096, data: data.slice() })).toBe(name);
    data[4096 * 4096 - 1] = -1;
    expect(await encodeMatrix({ rows: 4096, cols: 4096, data })).not.toBe(name);
    expect(isNamedMatrix(await encodeMatrix({ rows: 4096, cols: 1, data: data.slice(0, 4096) }))).toBe(false);
  });

  it('is never taken for a drawing, nor a drawing for it', async () => {
    const pixels = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(matrices(), pixels, async (m, shades) => {
        const matrix = await encodeMatrix(m);
        const drawing = await encodeDrawing({ rows: 1, cols: shades.length, data: Float64Array.from(shades) });
        expect([isMatrixData(matrix), isMatrixData(drawing)]).toEqual([true, false]);
        expect(await decodeDrawing(matrix)).toHaveProperty('fault');
        expect(await decodeMatrix(drawing)).toHaveProperty('fault');
      }),
      { numRuns: 30 },
    );
    // Whatever follows "Dw": its first byte, 15, begins no deflate stream.
    for (let i = 0; i < 20; i++) expect(await decodeDrawing(`Dw${'AQgwD_-e'.repeat(i)}`)).toHaveProperty('fault');
  });

  it.each([
    ['nothing', '', 'it is a drawing or damaged'],
    ['a few letters', 'DwAB', 'it is cut off'],
    ['no base64', 'Dw$%', 'it is damaged'],
    ['garbage', 'DwABAAF_____', 'it is damaged or cut off'],
    ['cut off', packed(15, 8, 8, ones(64)).slice(0, 12), 'it is damaged or cut off'],
    ['100 MB', packed(15, 8, 8, new Uint8Array(100e6)), 'it holds more than its 8 × 8 values'],
    [
      '100 MB and a large header',
      packed(15, 1024, 1024, new Uint8Array(100e6)),
      'it holds more than its 1024 × 1024 values',
    ],
    ['one byte more', packed(15, 1, 1, new Uint8Array(5)), 'it holds more than its 1 × 1 values'],
    ['one byte less', packed(15, 1, 2, new Uint8Array(7)), 'it holds 1 of 2 values'],
    ['a large header', packed(15, 4097, 8, ones(8)), 'it says 4097 × 8'],
    [
      '60 MB by its header',
      packed(15, 4096, 4095, new Uint8Array(1e6)),
      'it says 4096 × 4095, more than the 2,500,000 values of a link',
    ],
    [
      'a name without a matrix',
      packed(31, 4096, 4096, new Uint8Array(0)),
      'this one, 4096 × 4096, is too large for a link or a run file: open its own file',
    ],
    ['no rows', packed(15, 0, 8, new Uint8Array(0)), 'it says 0 × 8'],
    ['NaN', withNaN, 'row 1, column 2: expected a finite number, found NaN'],
    ['∞', withInfinity, 'row 1, column 1: expected a number of at most 10³⁰ in size, found −∞'],
    ['zeros', ofZeros, 'every entry is 0, so there is nothing to learn'],
    ['millions of letters', 'Dw'.repeat(7e6), 'it has 14,000,000 characters'],
  ])('that is %s is refused with a sentence', async (_, text, why) => {
    expect(await decodeMatrix(text)).toEqual({ fault: `a matrix of up to 4096 × 4096; ${why}` });
  });

  it('is not made from what no reader would take', async () => {
    await expect(encodeMatrix({ rows: 2, cols: 2, data: new Float32Array(3) })).rejects.toThrow(RangeError);
    await expect(encodeMatrix({ rows: 1, cols: 4097, data: new Float32Array(4097) })).rejects.toThrow(RangeError);
  });
});
