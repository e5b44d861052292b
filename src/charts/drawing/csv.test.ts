import { expect, it } from 'vitest';
import { tableCsv } from './csv.ts';

it('is RFC 4180 with comments in front and full precision', () => {
  const table = {
    columns: ['step', 'a, "b"'],
    rows: [
      [0, 0.1 + 0.2],
      [1, null],
      ['x\ny', 1e-300],
    ],
  };
  expect(tableCsv(table, ['first', 'two\nlines'])).toBe(
    '# first\r\n# two\r\n# lines\r\nstep,"a, ""b"""\r\n0,0.30000000000000004\r\n1,\r\n"x\ny",1e-300\r\n',
  );
});

it('has no formula of a name, in a cell, a header or a comment; numbers stay numbers', () => {
  const names = ['=HYPERLINK("x")', '+1', '-1', '@x'];
  const text = tableCsv({ columns: names, rows: [names, [-1, -0.5, 1e-9, -2]] }, [`a,${names[0]}`]);
  const cells = `"'=HYPERLINK(""x"")",'+1,'-1,'@x`;
  expect(text.split('\r\n')).toEqual(['"# a,=HYPERLINK(""x"")"', cells, cells, '-1,-0.5,1e-9,-2', '']);
});
