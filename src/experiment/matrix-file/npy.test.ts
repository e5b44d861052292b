import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMatrixFile } from './read.ts';
import { bitsOf, matrices } from './testing/arbitrary.ts';
import {
  ascii,
  bytesOf,
  type Descr,
  NUMPY_FILES,
  NUMPY_OTHERS,
  NUMPY_VALUES,
  npyFile,
  npyOf,
} from './testing/files.ts';

const read = (bytes: Uint8Array) => readMatrixFile('weights.npy', bytes);
const WANTED =
  'expected a two-dimensional array of float16, float32, float64, integers or bool, as numpy.save(name, matrix) writes it.';
const plain = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }";
const two = Uint8Array.from([0, 0, 128, 63, 0, 0, 0, 64]);

describe('an .npy file', () => {
  it.each(Object.entries(NUMPY_FILES))('that numpy wrote in %s', (_, base64) => {
    const matrix = read(bytesOf(base64));
    expect(matrix).toMatchObject({ rows: 2, cols: 3, format: 'npy', remark: null });
    if ('data' in matrix) expect(bitsOf(matrix.data)).toEqual(bitsOf(Float32Array.from(NUMPY_VALUES)));
  });

  it('of one dimension is one row, and says so', () => {
    expect(read(bytesOf(NUMPY_OTHERS.row))).toEqual({
      rows: 1,
      cols: 3,
      data: Float32Array.of(1, 2, 3),
      format: 'npy',
      remark: 'It has one dimension and was read as a single row.',
    });
  });

  it('is known by its first byte, whatever its name and whatever lies around it in memory', () => {
    const file = npyFile({ header: plain, body: two });
    const inside = new Uint8Array(file.length + 20).fill(7);
    inside.set(file, 3);
    expect(readMatrixFile('a.csv', inside.subarray(3, 3 + file.length))).toMatchObject({ rows: 1, cols: 2 });
  });

  it.each([
    ["{'shape':(1,2),\"descr\":'<f4','fortran_order':True}"],
    ["{ 'descr' : '<f4' ,\n 'fortran_order' : False , 'shape' : ( 1L , 2L , ) , }"],
  ])('may have the header %j', (header) => {
    expect(read(npyFile({ header, body: two }))).toMatchObject({ data: Float32Array.of(1, 2) });
  });

  it.each([
    ['complex numbers', npyFile({ header: plain.replace('f4', 'c8') }), 'its numbers are of type "<c8"'],
    ['text', npyFile({ header: plain.replace('<f4', '<U8') }), 'its numbers are of type "<U8"'],
    ['Python objects', npyFile({ header: plain.replace('<f4', '|O') }), 'its numbers are of type "|O"'],
    ['long doubles', npyFile({ header: plain.replace('f4', 'f16') }), 'its numbers are of type "<f16"'],
    ['three-byte numbers', npyFile({ header: plain.replace('f4', 'i3') }), 'its numbers are of type "<i3"'],
    ['wide bools', npyFile({ header: plain.replace('f4', 'b4') }), 'its numbers are of type "<b4"'],
    [
      'integers without a byte order',
      npyFile({ header: plain.replace('<f4', '|i8') }),
      'its numbers are of type "|i8", which does not say in which order their bytes are',
    ],
    ['three dimensions', bytesOf(NUMPY_OTHERS.cube), 'it has 3 dimensions (2 × 2 × 2)'],
    ['named fields', bytesOf(NUMPY_OTHERS.structured), 'its header does not have one simple value for "descr"'],
    [
      'the byte order of its writer',
      npyFile({ header: plain.replace('<', '=') }),
      'its numbers are of type "=f4", which does not say in which order their bytes are',
    ],
    [
      'no byte order',
      npyFile({ header: plain.replace('<', '|') }),
      'its numbers are of type "|f4", which does not say in which order their bytes are',
    ],
    [
      'a type from the prototype',
      npyFile({ header: plain.replace('<f4', 'constructor') }),
      'its numbers are of type "constructor"',
    ],
    ['no dimension', npyFile({ header: plain.replace('1, 2', '') }), 'it has 0 dimensions'],
    [
      'version 4.0',
      npyFile({ header: plain, version: [4, 0] }),
      'its .npy version is 4.0, but only 1.0, 2.0 and 3.0 can be read',
    ],
    ['another beginning', ascii('\x93NUMPI\x01\0'), 'it does not begin as an .npy file does (\\x93NUMPY)'],
    ['text in it', ascii('1,2,3'), 'it does not begin as an .npy file does (\\x93NUMPY)'],
    [
      'a header of megabytes',
      npyFile({ header: ' '.repeat(1e6), version: [2, 0] }),
      'its header says that it has 1000052 bytes; the limit is 10000',
    ],
    [
      'code in its header',
      npyFile({ header: "__import__('os').system('x')" }),
      `its header has "__import__('os').system('x')" instead of a value`,
    ],
    [
      'code for a value',
      npyFile({ header: plain.replace('False', 'not True') }),
      `its header has "not True, 'shape': (1, 2), }" instead of a value`,
    ],
    ['a header that is no dict', npyFile({ header: '(1, 2)' }), 'its header does not begin with {'],
    [
      'a shape of fractions',
      npyFile({ header: plain.replace('1, 2', '1.5, 2') }),
      `its header has "1.5, 2), }" instead of a value`,
    ],
    [
      'a negative shape',
      npyFile({ header: plain.replace('1, 2', '-1, 2') }),
      `its header has "-1, 2), }" instead of a value`,
    ],
    [
      'a key twice',
      npyFile({ header: plain.replace('{', "{'shape': (2, 1), ") }),
      'its header does not have one simple value for "shape"',
    ],
    [
      'a key too many',
      npyFile({ header: plain.replace('{', "{'x': True, ") }),
      'its header must have descr, fortran_order and shape, and nothing else',
    ],
    [
      'a key too few',
      npyFile({ header: "{'descr': '<f4'}" }),
      'its header must have descr, fortran_order and shape, and nothing else',
    ],
    ['an open dict', npyFile({ header: plain.replace('}', '') }), 'its header is damaged or cut off'],
    ['more behind its dict', npyFile({ header: `${plain} {}` }), 'its header continues after its }'],
  ])('of %s is refused with what is allowed', (_, bytes, why) => {
    expect(read(bytes)).toEqual({ fault: `${why}; ${WANTED}` });
  });

  it.each([
    ['too wide', plain.replace('1, 2', '1, 4097'), two, 'the matrix is 1 × 4097; the limit is 4096 × 4096.'],
    [
      'of 100 million numbers',
      plain.replace('1, 2', '10000, 10000'),
      two,
      'the matrix is 10000 × 10000; the limit is 4096 × 4096.',
    ],
    ['empty', plain.replace('1, 2', '0, 2'), two, 'the matrix is 0 × 2; expected at least one row and one column.'],
    ['short', plain, two.subarray(0, 7), 'the file is cut off: it holds 1 of 2 numbers.'],
    ['too long', plain, new Uint8Array(9), 'the file continues after its 2 numbers; expected one array.'],
    ['zero', plain, new Uint8Array(8), 'every number is 0, so there is nothing to learn; use another matrix.'],
  ])('that is %s is refused', (_, header, body, fault) => {
    expect(read(npyFile({ header, body }))).toEqual({ fault });
  });

  it.each([
    [Number.NaN, 'expected a finite number, found NaN.'],
    [Number.POSITIVE_INFINITY, 'expected a number of at most 10³⁰ in size, found ∞.'],
    [-1e39, 'expected a number of at most 10³⁰ in size, found −10³⁹.'],
    [1.1e30, 'expected a number of at most 10³⁰ in size, found 1.1·10³⁰.'],
  ])('with %s names its place in either order', (value, why) => {
    for (const fortran of [false, true])
      expect(read(npyOf(2, 3, [1, 2, 3, 4, value, 6], '<f8', fortran))).toEqual({ fault: `row 2, column 2: ${why}` });
  });

  it('whose numbers are 0 only in float32 is told so, and comes through once it is scaled as it is told', () => {
    const tiny = [1.25e-50, -3e-50, 0, 2e-51];
    const fault =
      'every number becomes 0 in float32, as does anything below 7·10⁻⁴⁶ in size (the largest is 3·10⁻⁵⁰); multiply them all by one factor, such as 10⁵⁰.';
    expect(read(npyOf(2, 2, tiny, '<f8', false))).toEqual({ fault });
    const scaled = tiny.map((x) => x * 1e50);
    expect(read(npyOf(2, 2, scaled, '<f8', false))).toMatchObject({ data: Float32Array.from([1.25, -3, 0, 0.2]) });
  });

  it('cut off anywhere is refused', () => {
    for (const base64 of Object.values(NUMPY_FILES)) {
      const whole = bytesOf(base64);
      for (let length = 0; length < whole.length; length++)
        expect(read(whole.subarray(0, length)), `${length} bytes`).toHaveProperty('fault');
    }
  });

  it('comes back bit for bit from every type and order', () => {
    const types = fc.constantFrom<Descr>('<f4', '>f4', '<f8', '>f8');
    fc.assert(
      fc.property(matrices(), types, fc.boolean(), (m, descr, fortran) => {
        const matrix = read(npyOf(m.rows, m.cols, m.data, descr, fortran));
        expect(matrix).toMatchObject({ rows: m.rows, cols: m.cols });
        if ('data' in matrix) expect(bitsOf(matrix.data)).toEqual(bitsOf(m.data));
      }),
    );
  });

  // The tests' own writer, byte by byte from the format's description.
  it.each<[string, number[], number[]]>([
    ['|b1', [0, 1, 1, 0], [0, 1, 1, 0]],
    ['|u1', [0, 127, 128, 255], [0, 127, 128, 255]],
    ['|i1', [0, 127, 128, 255], [0, 127, -128, -1]],
    ['<i1', [1, 2, 3, 0xfe], [1, 2, 3, -2]],
    ['<u2', [1, 0, 0, 1, 0xff, 0xff, 0, 0x80], [1, 256, 65535, 32768]],
    ['>u2', [1, 0, 0, 1, 0xff, 0xff, 0, 0x80], [256, 1, 65535, 128]],
    ['<i2', [1, 0, 0, 1, 0xff, 0xff, 0, 0x80], [1, 256, -1, -32768]],
    ['>i2', [0xff, 0xfe, 0, 3, 0x80, 0, 0x7f, 0xff], [-2, 3, -32768, 32767]],
    ['<i4', [0xfe, 0xff, 0xff, 0xff, 0, 0, 1, 0, 0, 0, 0, 0x80, 9, 0, 0, 0], [-2, 65536, -(2 ** 31), 9]],
    ['>u4', [0, 0, 0, 5, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], [5, 2 ** 31, 65536, 0]],
    ['<u4', [5, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 1, 0, 0, 0, 0, 0], [5, 2 ** 31, 65536, 0]],
    ['>i4', [0xff, 0xff, 0xff, 0xfe, 0, 1, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 9], [-2, 65536, -(2 ** 31), 9]],
    ['<i8', [...[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], ...[0, 0, 0, 0, 1, 0, 0, 0]], [-1, 2 ** 32]],
    ['>u8', [...[0x80, 0, 0, 0, 0, 0, 0, 0], ...[0, 0, 0, 0, 0, 0, 0, 7]], [2 ** 63, 7]],
    // Half precision: 1, −2, 65504 (the largest), 2⁻²⁴ (the smallest), 2⁻¹⁴ (the smallest that is normal), ⅓ rounded.
    ['<f2', [0, 0x3c, 0, 0xc0, 0xff, 0x7b, 1, 0, 0, 4, 0x55, 0x35], [1, -2, 65504, 2 ** -24, 2 ** -14, 0.333251953125]],
    ['>f2', [0x3c, 0, 0xc0, 0, 0x7b, 0xff, 0, 1, 4, 0, 0x35, 0x55], [1, -2, 65504, 2 ** -24, 2 ** -14, 0.333251953125]],
  ])('of type %s has the values that its bytes stand for', (descr, body, values) => {
    const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (2, ${values.length / 2}), }`;
    const found = read(npyFile({ header, body: Uint8Array.from(body) }));
    expect(found).toMatchObject({ rows: 2, cols: values.length / 2, data: Float32Array.from(values) });
  });

  it('of integers that numpy wrote', () => {
    expect(read(bytesOf(NUMPY_OTHERS.integers))).toMatchObject({ data: Float32Array.of(1, 2, 3, 4) });
  });

  it('of half precision names what is not finite', () => {
    const header = "{'descr': '<f2', 'fortran_order': False, 'shape': (1, 2), }";
    const half = (high: number, low: number) => read(npyFile({ header, body: Uint8Array.of(0, 0x3c, low, high) }));
    expect(half(0x7e, 0)).toEqual({ fault: 'row 1, column 2: expected a finite number, found NaN.' });
    expect(half(0xfc, 0)).toEqual({
      fault: 'row 1, column 2: expected a number of at most 10³⁰ in size, found −∞.',
    });
  });

  it('may have 4096 × 4096 numbers, and a file that only says so holds no memory', () => {
    const header = (side: number) => `{'descr': '|u1', 'fortran_order': True, 'shape': (${side}, ${side}), }`;
    const body = new Uint8Array(4096 * 4096);
    body[4096 * 3 + 2] = 5;
    const found = read(npyFile({ header: header(4096), body }));
    expect('data' in found && [found.data.length, found.data[2 * 4096 + 3]]).toEqual([4096 * 4096, 5]);
    expect(read(npyFile({ header: header(4096), body: two }))).toEqual({
      fault: 'the file is cut off: it holds 8 of 16777216 numbers.',
    });
  });
});
