import { inflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { palettePng } from './palette-png.ts';

/** Colours 0xRRGGBB of a PNG with a palette and rows without a filter, read by its specification. */
function read(png: Buffer): { readonly width: number; readonly colours: readonly number[] } {
  const parts = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
    parts.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const [header, palette, data] = ['IHDR', 'PLTE', 'IDAT'].map((name) => parts.get(name) ?? Buffer.alloc(0));
  const width = header.readUInt32BE(0);
  const rows = inflateSync(data);
  const indices = [...rows].filter((_, i) => i % (width + 1) !== 0);
  return { width, colours: indices.map((i) => palette.readUIntBE(3 * i, 3)) };
}
const rgba = (colours: readonly number[]) =>
  Uint8Array.from(colours.flatMap((of) => [of >> 16, (of >> 8) & 255, of & 255, 255]));

it('a picture of few colours keeps each of its pixels', () => {
  const colours = Array.from({ length: 6 * 50 }, (_, i) => (i % 60) * 0x10305);
  const png = palettePng(rgba(colours), 6, 50);
  expect(png.subarray(0, 8)).toEqual(Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]));
  expect(read(png)).toEqual({ width: 6, colours });
});

it('of many colours the rare ones are the nearest of the others', () => {
  const frequent = Array.from({ length: 64 }, (_, i) => [i * 0x20000, i * 0x20000]).flat();
  const rare = [0x640001, 0x0a0300];
  const { colours } = read(palettePng(rgba([...frequent, ...rare]), 2, 65));
  expect(colours.slice(-2)).toEqual([0x640000, 0x0a0000]);
});
