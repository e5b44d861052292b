import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toRows } from '../../math/testing/rows.ts';
import { readMatrixText } from './read.ts';
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

  // Line and column are told by the browser, in Node only by some versions.
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
