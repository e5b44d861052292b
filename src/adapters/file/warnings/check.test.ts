import { expect, it } from 'vitest';
import { digits, plural } from './check.ts';

it('numbers of a warning are as the browser writes them for English', () => {
  for (const x of [0, 1, -3, 0.0123, 0.00012345, 6.6549, 99.95, 999.6, 1234.5, -45678, 999_949, 12.3, 0.1])
    expect(digits(x)).toBe(x.toLocaleString('en-US', { maximumSignificantDigits: 3 }));
  for (const n of [0, 1, 12, 999, 1000, 12_345, 1_234_567])
    expect(plural(n, 'module')).toBe(`${n.toLocaleString('en-US')} module${n === 1 ? '' : 's'}`);
});
