import fc from 'fast-check';
import { anyText } from '../../../math/testing/any-text.ts';
import { ascii, bytesOf, NUMPY_FILES, NUMPY_OTHERS, npyFile, npyOf, PICTURES } from './files.ts';

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

const tables = fc
  .tuple(fc.array(fc.array(cells, { maxLength: 6 }), { maxLength: 6 }), separators, ends)
  .map(([rows, separator, end]) => utf8(rows.map((row) => row.join(separator)).join(end)));
const lists = fc.json({ depthSize: 'small' }).map(utf8);
const rows = fc.array(fc.array(fc.oneof(fc.double(), fc.constant(null)), { maxLength: 4 }), { maxLength: 4 });
const shapes = fc.array(fc.constantFrom(0, 1, 2, 3, 1024, 4096, 4097, 1e4, 1e15), { maxLength: 4 });
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
/** A valid file with a few bytes changed, cut off, or extended. */
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
/** Any dropped file: garbage, nearly right files, right ones. */
export const anyFile: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  anyText.map(utf8),
  ...[tables, lists, rows.map((r) => utf8(JSON.stringify(r))), headers, doubles, same, pictures],
  { weight: 4, arbitrary: mutated },
);
