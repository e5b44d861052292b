import { expect, it } from 'vitest';
import { errorWords, megabytes, timeLeftWords } from './size-words.ts';

it.each([
  [999, '999 bytes'],
  [89_100, '89.1 kB'],
  [439_000, '0.439 MB'],
  [3_226_184, '3.23 MB'],
  [36_700_160, '36.7 MB'],
  [751_000_000, '751 MB'],
  [1_940_000_000, '1.94 GB'],
])('%i bytes are %s', (bytes, words) => expect(megabytes(bytes)).toBe(words));

it.each([
  [0, '0'],
  [0.1654, '0.165'],
  [0.001, '0.001'],
])('an error of %d is %s', (error, words) => expect(errorWords(error)).toBe(words));
it('a small error has its power of ten', () => expect(errorWords(3.2e-8)).toContain('10'));

it.each([
  [null, ''],
  [0.2, ''],
  [1.4, ', about 1 s left'],
  [200, ', about 3 min left'],
])('with %s s left: "%s"', (seconds, words) => expect(timeLeftWords(seconds)).toBe(words));
