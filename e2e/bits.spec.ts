import { bitsTest, expectRecordedStarts, expectRegimeBits } from './bits.ts';
import { expectDialBits } from './dials.ts';
import { test } from './fixtures.ts';

bitsTest('WebGPU', '?backend=webgpu', 5);
bitsTest('the processor', '?backend=cpu');

test('four knobs turned together by powers of two change no bit, and all bits are those of Node', ({ page }) =>
  expectDialBits(page));

test('every method has the recorded start', ({ page }) => expectRecordedStarts(page, '?backend=cpu'));

test('runs in float16, clipped and decaying end at the recorded bits', ({ page }) => expectRegimeBits(page));
