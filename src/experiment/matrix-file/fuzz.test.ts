import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMatrix, encodeMatrix } from './data.ts';
import { imageSize } from './image-size.ts';
import { readMatrixFile } from './read.ts';
import { ascii, bytesOf, NUMPY_FILES, NUMPY_OTHERS, npyFile, npyOf, PICTURES } from './testing/files.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const cells = fc.constantFrom(
  '1',
  '-2.5',
  '1e30',
  '1e31',
  'NaN',
  'inf',
  '',
  '"3"',
  '0',
  '0x1',
  'abc',
  '1,5',
  '9'.repeat(500),
);
const separators = fc.constantFrom(',', ';', '\t', ' ', ', ', '|');
const ends = fc.constantFrom('\n', '\r\n', '\r', '\n\n');

/** Rows of any length, with anything in them. */
const tables = fc
  .tuple(fc.array(fc.array(cells, { maxLength: 6 }), { maxLength: 6 }), separators, ends)
  .map(([rows, separator, end]) => utf8(rows.map((row) => row.join(separator)).join(end)));
const lists = fc.json({ depthSize: 'small' }).map(utf8);
const rows = fc.array(fc.array(fc.oneof(fc.double(), fc.constant(null)), { maxLength: 4 }), { maxLength: 4 });
const shapes = fc.array(fc.constantFrom(0, 1, 2, 3, 1024, 1025, 1e4, 1e15), { maxLength: 4 });
const headers = fc
  .tuple(shapes, fc.constantFrom('<f4', '>f8', '<i4', '=f4', '|O'), fc.constantFrom('True', 'False', '1'))
  .map(([shape, descr, order]) =>
    npyFile({
      header: `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape.join(', ')},), }`,
      body: new Uint8Array(24),
    }),
  );
const doubles = fc
  .array(fc.constantFrom(1, Number.NaN, Infinity, -Infinity, 1e30, -1e31, 0, -0), { minLength: 4, maxLength: 4 })
  .map((values) => npyOf(2, 2, values, '<f8', true));
const same = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.float())
  .map(([n, v]) => npyOf(n, 1, new Array(n).fill(v), '>f4', false));
const png = (width: number) =>
  ascii(`\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0${String.fromCharCode(width >> 8, width & 255)}\0\0\x27\x10`);
const pictures = fc.oneof(
  fc.constantFrom(...PICTURES.map(([, , , base64]) => bytesOf(base64))),
  fc.nat(0xffff).map(png),
);

const valid = [
  ...Object.values({ ...NUMPY_FILES, ...NUMPY_OTHERS }).map(bytesOf),
  ...PICTURES.map(([, , , base64]) => bytesOf(base64)),
  ...['1,2\n3,4', 'a;b\n1,5;2', '[[1, 2], [3, 4]]', '{"index": [0], "data": [[1e30]]}', '7'].map(utf8),
];
/** A valid file with a few bytes changed, cut off somewhere, or gone on. */
const mutated = fc
  .tuple(
    fc.constantFrom(...valid),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
    fc.double({ min: 0, max: 1.2, noNaN: true }),
  )
  .map(([file, changes, length]) => {
    const bytes = new Uint8Array(Math.floor(Math.max(1, file.length * length)));
    bytes.set(file.subarray(0, bytes.length));
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
    return bytes;
  });
const files = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.string({ unit: 'binary' }).map(utf8),
  ...[tables, lists, rows.map((r) => utf8(JSON.stringify(r))), headers, doubles, same, pictures],
  { weight: 4, arbitrary: mutated },
);

/** A sentence that a person can read: no stack, no raw control character, not a page long. */
function expectSentence(fault: string) {
  expect(fault).toMatch(/^[^\p{Cc}]{10,300}\.$/u);
  expect(fault).not.toMatch(/undefined|\[object|Error/);
}

describe('whatever is dropped on the page', () => {
  it('ends as a matrix within the limits or as a sentence', () => {
    const name = fc.constantFrom('a.csv', 'a.npy', 'a.json', 'a.png', '', '__proto__');
    fc.assert(
      fc.property(files, name, (bytes, called) => {
        const read = readMatrixFile(called, bytes);
        if ('fault' in read) return expectSentence(read.fault);
        expect(read.data.length).toBe(read.rows * read.cols);
        expect(read.data.every((v) => Math.abs(v) <= Math.fround(1e30))).toBe(true);
        expect(read.data.some((v) => v !== 0)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('has a size as a picture or a sentence', () => {
    fc.assert(
      fc.property(files, (bytes) => {
        const size = imageSize(bytes);
        if ('fault' in size) return expectSentence(size.fault);
        expect(size.width * size.height).toBeLessThanOrEqual(40e6);
        expect(Math.min(size.width, size.height)).toBeGreaterThanOrEqual(1);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('whatever a link holds', () => {
  it('ends as a matrix or as what is allowed', async () => {
    const start = await encodeMatrix({ rows: 3, cols: 4, data: Float32Array.from({ length: 12 }, (_, i) => i / 7) });
    const letter = fc.constantFrom(...'ABCDEFwxyz0189-_');
    const near = fc
      .tuple(fc.array(fc.tuple(fc.nat(), letter), { maxLength: 3 }), fc.nat(start.length + 8))
      .map(([changes, length]) => {
        const letters = [...start.padEnd(length, 'A').slice(0, length)];
        for (const [at, to] of changes) if (letters.length > 0) letters[at % letters.length] = to;
        return letters.join('');
      });
    const any = fc.array(letter, { maxLength: 40 }).map((letters) => `Dw${letters.join('')}`);
    await fc.assert(
      fc.asyncProperty(fc.oneof(near, any, fc.string()), async (text) => {
        const read = await decodeMatrix(text);
        if ('fault' in read) expect(read.fault).toMatch(/^a matrix of up to 1024 × 1024; [^\p{Cc}]{5,120}$/u);
        else expect(read.data.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
