import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toRows } from '../../math/testing/rows.ts';
import { readMatrixFile, readMatrixText } from './read.ts';
import { bitsOf, matrices } from './testing/arbitrary.ts';

const SHAPE = 'expected a list of rows of numbers, as in [[1, 2], [3, 4]]';

const notJson = (why: string) => `the text is not JSON (${why}); ${SHAPE}.`;

describe('a matrix in JSON', () => {
  it.each([
    ['[[1, -2.5e1], [0, 3]]'],
    [' [\n[1,-25],\r\n\t[0,3.0]\n]\n'],
    ['{"data": [[1, -25], [0, 3]]}'],
    ['{"columns": ["a", "b]\\""], "index": {"x": [null, true]}, "data": [[1,-25],[0,3]], "rows": 2}'],
  ])('%j', (text) => {
    const read = readMatrixText(text);
    expect(read).toMatchObject({ rows: 2, cols: 2, format: 'JSON', remark: null });
    if ('data' in read)
      expect(toRows(read)).toEqual([
        [1, -25],
        [0, 3],
      ]);
  });

  it.each([
    ['[[1, 2], [3, NaN]]', notJson('found NaN in line 1, column 14, which JSON does not have')],
    ['[[1,\n -Infinity]]', notJson('found -Infinity in line 2, column 2, which JSON does not have')],
    ['[[1, null]]', 'row 1, column 2: expected a number, found null.'],
    ['[[1, true]]', 'row 1, column 2: expected a number, found true.'],
    ['[[1, "2"]]', 'row 1, column 2: expected a number, found the text "2".'],
    ['[[1, [2]]]', 'row 1, column 2: expected a number, found a list.'],
    ['[[1, {}]]', 'row 1, column 2: expected a number, found an object.'],
    ['[[]]', 'row 1, column 1: expected a number, found nothing.'],
    ['[[1e999]]', 'row 1, column 1: expected a number of at most 10³⁰ in size, found ∞.'],
    ['[[1, 2], [3]]', 'row 2 has 1 number, but the row above has 2.'],
    ['[[1], [2], [3, 4]]', 'row 3 has 2 numbers, but the rows above have 1.'],
    ['[1, 2]', `row 1: found 1; ${SHAPE}.`],
    ['[]', `found an empty list; ${SHAPE}.`],
    ['{}', `the object has no "data"; ${SHAPE}, or an object whose "data" is one.`],
    ['{"__proto__": {"data": [[1]]}}', `the object has no "data"; ${SHAPE}, or an object whose "data" is one.`],
    ['{"data": 1}', `found 1; ${SHAPE}.`],
    ['{"data": {"data": [[1]]}}', `found an object; ${SHAPE}.`],
    [`{"a": ${'['.repeat(100)}1`, notJson('nested more than 100 deep')],
    ['[[0, -0.0]]', 'every number is 0, so there is nothing to learn; use another matrix.'],
    [`[[${'1,'.repeat(4096)}1]]`, 'row 1 has more than 4096 numbers; the limit is 4096.'],
    [`[${'[1],'.repeat(4096)}[1]]`, 'more than 4096 rows; the limit is 4096.'],
  ])('%j is refused with its place', (text, fault) => {
    expect(readMatrixText(text)).toEqual({ fault });
  });

  // The browser reports line and column, Node only in some versions.
  it.each([
    '[[1, 0x10]]',
    '[[1, 01]]',
    '[[1, +1]]',
    '[[1,]]',
    '[[1, 2],\n [3 4]]',
    '[[1, 2]',
    '[',
    '[[1]] x',
    '{"a": [1, "b',
    '{"a": , "data": [[1]]}',
  ])('%j is no JSON', (text) => {
    const read = readMatrixText(text);
    expect('fault' in read && read.fault).toMatch(
      /^the text is not JSON \((line \d+, column \d+|it is damaged or cut off)\); expected a list of rows/,
    );
  });

  it('brackets in texts are no depth', () => {
    const beside = '['.repeat(500);
    expect(readMatrixText(`{"a": "\\"${beside}", "data": [[1]]}`)).toMatchObject({ rows: 1 });
  });

  it.each([['['], ['{"a":'], ['[['], ['{"a": "'], ['\\"'], ['[1,'], ['\u00a0'], ['\n'], ['9']])(
    'stops in megabytes of %j',
    (piece) => {
      for (const before of ['', '[', '[[', '{', '{"a": ', '{"a": ['])
        expect(readMatrixText(before + piece.repeat(2_000_000 / piece.length))).toHaveProperty('fault');
    },
  );

  it('of another prototype stays data', () => {
    expect(readMatrixText('{"__proto__": {"data": [[1]]}, "data": [[2]]}')).toMatchObject({
      data: Float32Array.of(2),
    });
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const near = fc.array(fc.constantFrom('[', ']', ',', '1', '-2.5', '0', 'e3', '.', ' ', '{', '}', '"data"', ':'), {
      maxLength: 14,
    });
    fc.assert(
      fc.property(near, (parts) => {
        const text = `[[3${parts.join('')}`;
        if ('fault' in readMatrixText(text)) return;
        expect(Array.isArray(JSON.parse(text))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('comes back bit for bit', () => {
    fc.assert(
      fc.property(matrices(), fc.integer({ min: 0, max: 3 }), (m, indent) => {
        const read = readMatrixText(JSON.stringify(toRows(m), null, indent));
        expect(read).toMatchObject({ rows: m.rows, cols: m.cols });
        // JSON.stringify writes −0 as 0.
        if ('data' in read) expect(bitsOf(read.data)).toEqual(bitsOf(m.data.map((v) => (v === 0 ? 0 : v))));
      }),
    );
  });
});

const WANTED = [
  [1.5, -2],
  [300, 0.25],
];

describe('a table of numbers', () => {
  it.each([
    ['commas', '1.5,-2\n300,0.25', 'CSV'],
    ['a newline at the end', '1.5,-2\n300,0.25\n', 'CSV'],
    ['lines that end as on Windows', '1.5,-2\r\n300,0.25\r\n', 'CSV'],
    ['lines that end as on an old Mac', '1.5,-2\r300,0.25\r', 'CSV'],
    ['a byte order mark', '\ufeff1.5,-2\n300,0.25', 'CSV'],
    ['blanks behind commas and blank lines', '\n 1.5, -2 \n\n300 ,0.25\n \n', 'CSV'],
    ['semicolons', '1.5;-2\n300;0.25', 'CSV'],
    ['semicolons and decimal commas', '1,5;-2\n300;0,25', 'CSV'],
    ['tabs', '1.5\t-2\n300\t0.25', 'TSV'],
    ['tabs and decimal commas', '1,5\t-2\n300\t0,25', 'TSV'],
    ['blanks', '  1.5   -2\n300 0.25 ', 'CSV'],
    ['quotes', '"1.5","-2"\n"300","0.25"', 'CSV'],
    ['quotes around decimal commas', '"1,5";"-2"\n"300";"0,25"', 'CSV'],
    ['exponents and signs', '+15e-1,-2.\n3E+2,.25', 'CSV'],
    ['the sign that is typeset', '1.5,−2\n300,0.25', 'CSV'],
    ['a header', 'first,"second, or ""last"""\n1.5,-2\n300,0.25', 'CSV'],
    ['a header of words over blanks', 'a b\n1.5 -2\n300 0.25', 'CSV'],
    ['remarks', '# numpy.savetxt writes these\n1.5 -2\n300 0.25', 'CSV'],
    ['names as pandas writes them', ',0,1\n0,1.5,-2\n1,300,0.25', 'CSV'],
    ['names as R writes them', '"","V1","V2"\n"1",1.5,-2\n"2",300,0.25', 'CSV'],
  ])('with %s', (_, text, format) => {
    const read = readMatrixText(text);
    expect(read).toMatchObject({ rows: 2, cols: 2, format });
    if ('data' in read) expect(toRows(read)).toEqual(WANTED);
  });

  it.each([
    ['1,2\n3,4', null],
    ['a,b\n1,2', 'The first line is a header and was left out.'],
    [',a\nx,1', 'The first line and the first column are names and were left out.'],
    ['1,5;2\n3;4', 'Its commas were read as decimal commas.'],
    ['a;b\n1,5;2', 'The first line is a header and was left out. Its commas were read as decimal commas.'],
  ])('%j says what was decided', (text, remark) => {
    expect(readMatrixText(text)).toMatchObject({ remark });
  });

  it.each([
    ['1,2,3,4,5\n1,2,3,4,5\n1,2,3,4,abc', 'line 3, column 5: expected a number, found "abc".'],
    ['1,2\n\n3,', 'line 3, column 2: expected a number, found nothing.'],
    ['1,2\n3,0x10', 'line 2, column 2: expected a number, found "0x10".'],
    ['0x10,0x20\n3,4', 'line 1, column 1: expected a number, found "0x10".'],
    ['NaN,inf\n3,4', 'line 1, column 1: expected a number, found "NaN".'],
    ['NA,n/a\n3,4', 'line 1, column 1: expected a number, found "NA".'],
    ['-,-\n3,4', 'line 1, column 1: expected a number, found "-".'],
    ['1,-Infinity', 'line 1, column 2: expected a number, found "-Infinity".'],
    ['1,1e999', 'line 1, column 2: expected a number of at most 10³⁰ in size, found "1e999".'],
    ['1,-1.1e30', 'line 1, column 2: expected a number of at most 10³⁰ in size, found "-1.1e30".'],
    ['1,2 3', 'line 1, column 2: expected a number, found "2 3".'],
    ['1,"2', 'line 1, column 2: expected a number, found ""2".'],
    ['1,"2,5"', 'line 1, column 2: expected a number, found "2,5".'],
    ['1;2.000,5', 'line 1, column 2: expected a number, found "2.000,5".'],
    [
      '0.5;2\n1,5;2',
      'line 2, column 1: found "1,5", but line 1 has a decimal point ("0.5"); use one of the two throughout.',
    ],
    ['1,2,3\n1,2', 'line 2 has 2 numbers, but the line above has 3.'],
    ['1,2\n3,4\n5', 'line 3 has 1 number, but the lines above have 2.'],
    ['a,b,c\n1,2', 'line 2 has 2 numbers, but the header above has 3 names.'],
    ['a,1\n2,3', 'line 1, column 1: expected a number, found "a".'],
    ['hello', 'line 1, column 1: expected a number, found "hello".'],
    ['# nothing', 'there is no number in it; expected rows of numbers, one row per line.'],
    ['0,0\n-0,0.0', 'every number is 0, so there is nothing to learn; use another matrix.'],
    [
      '0,0\n-0,5e-324',
      'every number becomes 0 in float32, as does anything below 7·10⁻⁴⁶ in size (the largest is 5·10⁻³²⁴); multiply them all by one factor, such as 10³⁰⁰.',
    ],
    [' \n', 'there is nothing in it; expected a matrix as CSV, TSV, JSON or .npy.'],
    ['1,'.repeat(4096) + 1, 'line 1 has more than 4096 numbers; the limit is 4096 columns.'],
    ['1\n'.repeat(4097), 'line 4097: more than 4096 rows; the limit is 4096 rows.'],
  ])('%j is refused with its place', (text, fault) => {
    expect(readMatrixText(text)).toEqual({ fault });
  });

  it('takes a matrix at its limits', () => {
    expect(readMatrixText(`${'1,'.repeat(1023)}1\n`)).toMatchObject({ rows: 1, cols: 1024 });
    expect(readMatrixText('1e30\n'.repeat(1024))).toMatchObject({ rows: 1024, cols: 1 });
    expect(readMatrixText('7')).toMatchObject({ rows: 1, cols: 1, data: Float32Array.of(7) });
  });

  it.each([
    ['numbers', '1,', 'more than 4096 numbers'],
    ['names', 'a,', 'line 1, column 1'],
    ['separators', ',', 'column 1'],
    ['quotes', '"', 'column 1'],
    ['blanks', ' ', 'nothing in it'],
    ['digits', '1', 'column 1: expected a number, found "1111'],
    ['blank lines', '\n', 'nothing in it'],
    ['blank lines after a number', '\n', '50,000 lines', '1'],
  ])('stops at the first limit in megabytes of %s', (_, piece, why, before = '') => {
    const read = readMatrixText(before + piece.repeat(16_000_000 / piece.length));
    expect(read).toHaveProperty('fault');
    if ('fault' in read) expect(read.fault).toContain(why);
  });

  it('comes back bit for bit, whatever separates the numbers', () => {
    fc.assert(
      fc.property(matrices(), fc.constantFrom(',', ';', '\t', ' '), fc.boolean(), (m, separator, comma) => {
        // A single column with decimal commas reads as two columns.
        const decimal = comma && m.cols > 1 && (separator === ';' || separator === '\t');
        const written = (v: number) => (Object.is(v, -0) ? '-0' : String(v)).replace('.', decimal ? ',' : '.');
        const text = toRows(m)
          .map((row) => row.map(written).join(separator))
          .join('\n');
        const read = readMatrixText(text);
        expect(read).toMatchObject({ rows: m.rows, cols: m.cols });
        if ('data' in read) expect(bitsOf(read.data)).toEqual(bitsOf(m.data));
      }),
    );
  });
});

describe('a file of text', () => {
  const utf16 = (text: string) => Uint8Array.from(Buffer.from(`\ufeff${text}`, 'utf16le'));

  it('is read in UTF-8 and UTF-16, whatever its name', () => {
    const rows = { rows: 1, cols: 2, data: Float32Array.of(1, 2), format: 'TSV' };
    expect(readMatrixFile('a.csv', new TextEncoder().encode('\ufeff1\t2'))).toMatchObject(rows);
    expect(readMatrixFile('a.json', utf16('1\t2'))).toMatchObject(rows);
    expect(
      readMatrixFile(
        'a',
        utf16('1\t2').map((_, i, all) => all[i ^ 1]),
      ),
    ).toMatchObject(rows);
    expect(readMatrixFile('a.csv', new TextEncoder().encode('[[1, 2]]'))).toMatchObject({ ...rows, format: 'JSON' });
  });

  it.each([
    ['empty', '', 'the file is empty; expected a matrix as CSV, TSV, JSON or .npy.'],
    ['a picture', '\x89PNG\r\n\x1a\n', 'the file is a picture (PNG); expected a matrix as CSV, TSV, JSON or .npy.'],
    [
      'an archive',
      'PK\x03\x04',
      'the file is a zip archive, as .npz, .xlsx and .pt are; save one array as .npy or one sheet as CSV.',
    ],
    ['no text', '1,2\0', 'the file is not text and not .npy; expected a matrix as CSV, TSV, JSON or .npy.'],
  ])('that is %s is refused', (_, text, fault) => {
    expect(readMatrixFile('a.csv', Uint8Array.from(Buffer.from(text, 'latin1')))).toEqual({ fault });
  });

  it('over 32 MB is not looked at', () => {
    expect(readMatrixFile('a.csv', new Uint8Array(32 * 2 ** 20 + 1))).toEqual({
      fault: 'the file is 33 MB; the limit is 32 MB.',
    });
  });
});
