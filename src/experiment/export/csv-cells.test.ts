import { csvParseRows } from 'd3-dsv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { csvComment, csvField } from '../numbers.ts';

const FORMULAS = ['=HYPERLINK("http://x","y")', '+1', '-1', '@x', '\t=1', ' =1'];

it.each(FORMULAS)('%s as a text is no formula', (text) => {
  expect(csvParseRows(`a,${csvField(text)}`)).toEqual([['a', `'${text}`]]);
});

it('numbers stay numbers, and what is not there is empty', () => {
  expect([-1, -1e-300, 0.1 + 0.2, null, undefined, 'sgd', ''].map(csvField)).toEqual([
    ...['-1', '-1e-300', '0.30000000000000004', '', '', 'sgd', ''],
  ]);
});

it('a comment begins with its #, and is one field where it would hold a formula', () => {
  expect(csvComment('rank 2, seed 1')).toBe('# rank 2, seed 1');
  expect(csvComment('=1')).toBe('# =1');
  expect(csvComment('a,=HYPERLINK("x")')).toBe('"# a,=HYPERLINK(""x"")"');
});

it('no cell of any comment is a formula, whatever separates cells', () => {
  const text = fc.array(fc.constantFrom('=1', '+1', '-1', '@x', ',', ';', '\t', '"', "'", ' ', 'a', '\n'), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(text, (pieces) => {
      const line = csvComment(pieces.join(''));
      const rows = line.startsWith('"') ? csvParseRows(line) : [line.split(/[,;\t]/)];
      expect(rows).toHaveLength(1);
      for (const cell of rows[0] ?? []) expect(cell).not.toMatch(/^["'\s]*[=+\-@]/);
    }),
  );
});
