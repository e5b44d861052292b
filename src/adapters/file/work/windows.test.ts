import { describe, expect, it } from 'vitest';
import { sourceOf } from '../file-source.ts';
import type { ByteRange, ByteSource } from '../model.ts';
import { inWindows } from './window-figures.ts';

const MB = 1e6;
const BYTES = Uint8Array.from({ length: 24 * MB }, (_, i) => (i * 2654435761) >>> 24);

function counting() {
  const reads: ByteRange[] = [];
  const source: ByteSource = {
    name: '',
    size: BYTES.length,
    read: async (from, to) => {
      reads.push({ from, to });
      return BYTES.slice(from, to);
    },
  };
  return { reads, source };
}

const neighbours = (count: number, size: number): ByteRange[] =>
  Array.from({ length: count }, (_, i) => ({ from: i * size + 7, to: (i + 1) * size }));

describe('reading in windows', () => {
  it('reads neighbours in one go, each byte once, whatever is on its way at a time', async () => {
    const ranges = neighbours(40, 600_000);
    const { reads, source } = counting();
    const windowed = inWindows(source, ranges);
    for (let i = 0; i < ranges.length; i += 8)
      await Promise.all(
        ranges.slice(i, i + 8).map(async ({ from, to }) => {
          // As two tensors of one module.
          const middle = from + 1000;
          expect(await windowed.read(from, middle)).toEqual(BYTES.slice(from, middle));
          expect(await windowed.read(middle, to)).toEqual(BYTES.slice(middle, to));
        }),
      );
    expect(reads.length).toBe(Math.ceil(40 / 6));
    for (const [i, { from }] of reads.entries()) expect(from).toBeGreaterThanOrEqual(reads[i - 1]?.to ?? 0);
  });

  it('gives every caller bytes of its own, which may be sent to a thread', async () => {
    const windowed = inWindows(counting().source, neighbours(4, 1000));
    const first = await windowed.read(7, 1000);
    expect(first.buffer.byteLength).toBe(first.byteLength);
    structuredClone(first, { transfer: [first.buffer] });
    expect(await windowed.read(7, 1000)).toEqual(BYTES.slice(7, 1000));
  });

  it('reads one by one what does not lie together, what is large, and what is long past', async () => {
    const { reads, source } = counting();
    const apart = neighbours(6, 1_000_000).reverse();
    const windowed = inWindows(source, apart);
    for (const { from, to } of apart) expect(await windowed.read(from, to)).toEqual(BYTES.slice(from, to));
    expect(reads).toEqual(apart);
    const large = counting();
    const wide = neighbours(3, 5 * MB);
    for (const { from, to } of wide) await inWindows(large.source, wide).read(from, to);
    expect(large.reads).toEqual(wide);
    const many = neighbours(40, 600_000);
    const past = counting();
    const again = inWindows(past.source, many);
    for (const { from, to } of many) await again.read(from, to);
    await again.read(many[0].from, many[0].to);
    expect(past.reads.at(-1)).toEqual(many[0]);
  });
});

it('a Blob gives the bytes of many ranges one after another, and says so if it is too short', async () => {
  const source = sourceOf(new Blob([BYTES.subarray(0, 1000)]), 'a');
  const ranges = [
    { from: 10, to: 12 },
    { from: 500, to: 500 },
    { from: 4, to: 11 },
  ];
  expect(await source.gather?.(ranges)).toEqual(
    Uint8Array.from(ranges.flatMap(({ from, to }) => [...BYTES.slice(from, to)])),
  );
  await expect(source.gather?.([{ from: 990, to: 1010 }])).rejects.toThrow('changed');
});
