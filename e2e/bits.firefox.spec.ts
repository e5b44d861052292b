import { bitsTest, expectRecordedStarts, expectRegimeBits } from './bits.ts';
import { expectDialBits } from './dials.ts';
import { test } from './fixtures.ts';

bitsTest('Firefox', '');

test('Firefox: four knobs turned together by powers of two change no bit, and all bits are those of Node', ({ page }) =>
  expectDialBits(page));

test('Firefox: every method has the recorded start', ({ page }) => expectRecordedStarts(page, ''));

test('Firefox: runs in float16, clipped and decaying end at the recorded bits', ({ page }) => expectRegimeBits(page));
