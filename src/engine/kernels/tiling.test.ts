import { expect, it } from 'vitest';
import { blockOf, gramBlockOf, rowsOf, sharedEntriesOf, threadsOf, tilingFor, widthOf } from './tiling.ts';

const tilings = Array.from({ length: 256 }, (_, i) =>
  [true, false].flatMap((emulated) =>
    (['direct', 'algebraic'] as const).map((form) => ({ rank: i + 1, tiling: tilingFor(i + 1, form, emulated) })),
  ),
).flat();

it('fits every rank up to 256 with what every device has', () => {
  for (const { rank, tiling } of tilings) {
    expect(widthOf(tiling)).toBeGreaterThanOrEqual(rank);
    expect(threadsOf(tiling)).toBeLessThanOrEqual(256);
    expect(16 * sharedEntriesOf(tiling)).toBeLessThanOrEqual(16384);
  }
});

it('wastes no more than the rounding to four, and to four for each chunk', () => {
  for (const { rank, tiling } of tilings) expect(widthOf(tiling) - rank).toBeLessThan(4 * tiling.chunks);
});

it('divides as the kernels take for granted', () => {
  for (const { tiling } of tilings) {
    // The tree over the threads halves; blocks of rows fill the padding exactly; so do those of the Gram matrix.
    expect(Number.isInteger(Math.log2(threadsOf(tiling)))).toBe(true);
    expect(rowsOf(tiling) % blockOf(tiling)).toBe(0);
    expect((widthOf(tiling) / 4) % gramBlockOf(tiling)).toBe(0);
  }
});

it('leaves the algebraic form where Gram matrices are large', () => {
  expect(tilingFor(64, 'algebraic', false).form).toBe('algebraic');
  expect(tilingFor(65, 'algebraic', false).form).toBe('direct');
});
