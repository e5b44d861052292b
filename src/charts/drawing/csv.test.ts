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
