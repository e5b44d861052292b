import fc from 'fast-check';
import { expect, it } from 'vitest';
import { listed } from '../../experiment/numbers.ts';
import { fileText, memoryText, savingText, shareText, spanText } from './cost-text.ts';
import { GIB } from './counts.ts';

it('says how many times fewer, and never more than it is', () => {
  expect([128, 102.4, 97.52, 51.2, 1.5, 1, 0.99, 0].map(savingText)).toEqual([
    '128×',
    '102×',
    '97.5×',
    '51.2×',
    '1.5×',
    'as many',
    'more than full',
    'more than full',
  ]);
  fc.assert(
    fc.property(fc.double({ min: 1.000001, max: 1e7, noNaN: true }), (fewer) => {
      expect(Number(savingText(fewer).replace('×', '').replaceAll(',', ''))).toBeLessThanOrEqual(fewer);
    }),
  );
});

it('writes shares, files, spans and lists as one reads them', () => {
  expect([0, 0.0024898, 0.0000031, 0.1242, 1].map(shareText)).toEqual(['0%', '0.25%', '0.00031%', '12.4%', '100.0%']);
  expect([33_554_432, 999, 159_907_840, 1_500, 13.48e9].map(fileText)).toEqual([
    '33.6 MB',
    '999 bytes',
    '160 MB',
    '1.5 kB',
    '13.5 GB',
  ]);
  expect([spanText([160, 320, 640]), spanText([2048])]).toEqual(['160 to 640', '2,048']);
  expect([[], ['q'], ['q', 'v'], ['q', 'k', 'v']].map(listed)).toEqual(['', 'q', 'q and v', 'q, k and v']);
});

it('memory has one decimal, and from a thousand GiB on none', () => {
  expect([0.06, 12.64, 999.4, 999.6, 12345.6].map((gib) => memoryText(gib * GIB))).toEqual([
    '0.1',
    '12.6',
    '999.4',
    '1,000',
    '12,346',
  ]);
});
