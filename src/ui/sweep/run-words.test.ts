import { expect, it } from 'vitest';
import { runCountWords, timeWords } from './run-words.ts';

it.each([
  [null, ''],
  [0.4, 'less than a second'],
  [12, 'about 12 s'],
  [62, 'about 1 min'],
  [84, 'about 1½ min'],
  [150, 'about 2½ min'],
  [284, 'about 4½ min'],
  [290, 'about 5 min'],
  [900, 'about 15 min'],
])('%s seconds are %s', (seconds, text) => expect(timeWords(seconds)).toBe(text));

it.each([
  [{ done: 48, failed: 0, possible: 48 }, '48 runs'],
  [{ done: 48, failed: 1, possible: 48 }, '47 of 48 runs'],
  [{ done: 20, failed: 0, possible: 48 }, '20 of 48 runs'],
  [{ done: 1, failed: 0, possible: 1 }, '1 run'],
])('counts only the runs that came to an end: %o', (progress, text) => expect(runCountWords(progress)).toBe(text));
