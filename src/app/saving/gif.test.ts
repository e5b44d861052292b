import { describe, expect, it } from 'vitest';
import { colourCounts, GIF_END, gifHead, gifPicture } from './recorder.ts';

interface Decoded {
  readonly width: number;
  readonly height: number;
  readonly repeats: number;
  /** Red, green and blue of every pixel, and hundredths of a second. */
  readonly pictures: readonly { readonly colours: readonly number[]; readonly time: number }[];
}

/** Reads a file by the text of the format: blocks, then codes of growing length. */
function decoded(bytes: Uint8Array): Decoded {
  const word = (at: number) => bytes[at] | (bytes[at + 1] << 8);
  expect(String.fromCharCode(...bytes.slice(0, 6))).toBe('GIF89a');
  const [width, height] = [word(6), word(8)];
  const table = bytes.slice(13, 13 + 3 * 256);
  expect(bytes[10] & 0x87).toBe(0x87);
  let at = 13 + table.length;
  let [repeats, time] = [-1, 0];
  const pictures: { colours: number[]; time: number }[] = [];
  const blocks = () => {
    const data: number[] = [];
    for (; bytes[at] > 0; at += bytes[at] + 1) data.push(...bytes.slice(at + 1, at + 1 + bytes[at]));
    at++;
    return data;
  };
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      const kind = bytes[at + 1];
      at += 2;
      const data = blocks();
      if (kind === 0xf9) time = data[1] | (data[2] << 8);
      else repeats = data[12] | (data[13] << 8);
    } else {
      expect(bytes[at]).toBe(0x2c);
      expect([1, 3, 5, 7].map((from) => word(at + from))).toEqual([0, 0, width, height]);
      const depth = bytes[at + 10];
      at += 11;
      const colours = codesOf(blocks(), depth).flatMap((index) => [...table.slice(3 * index, 3 * index + 3)]);
      pictures.push({ colours, time });
    }
  }
  expect(at).toBe(bytes.length - 1);
  return { width, height, repeats, pictures };
}

function codesOf(data: readonly number[], depth: number): number[] {
  const [clear, end] = [1 << depth, (1 << depth) + 1];
  const found: number[] = [];
  let strings: number[][] = [];
  let [bit, size] = [0, depth + 1];
  let before: number[] | null = null;
  for (;;) {
    let code = 0;
    for (let i = 0; i < size; i++, bit++) code |= ((data[bit >> 3] >> (bit & 7)) & 1) << i;
    if (code === end) return found;
    if (code === clear) {
      strings = Array.from({ length: end + 1 }, (_, i) => [i]);
      [size, before] = [depth + 1, null];
      continue;
    }
    const string: number[] = strings[code] ?? [...(before ?? []), (before ?? [0])[0]];
    found.push(...string);
    if (before && strings.length < 4096) strings.push([...before, string[0]]);
    if (strings.length === 1 << size && size < 12) size++;
    before = string;
  }
}

function fileOf(pictures: readonly Uint8ClampedArray[], width: number, height: number): Uint8Array {
  const counts = colourCounts();
  for (const picture of pictures) counts.add(picture);
  const palette = counts.palette();
  const parts = pictures.flatMap((picture, i) => gifPicture(palette.indices(picture), width, height, 5 + i));
  return Uint8Array.from([gifHead(width, height, palette), ...parts, GIF_END].flatMap((part) => [...part]));
}

const opaque = (width: number, height: number, colour: (i: number) => readonly number[]) =>
  Uint8ClampedArray.from(Array.from({ length: width * height }, (_, i) => [...colour(i), 255]).flat());
const coloursOf = (picture: Uint8ClampedArray) => [...picture].filter((_, i) => i % 4 < 3);

describe('a GIF', () => {
  it('holds its pictures in order, each with its time, and repeats for ever', () => {
    const pictures = [0, 1, 2].map((n) => opaque(7, 3, (i) => ((i + n) % 3 ? [251, 250, 246] : [27, 30, 34])));
    const file = decoded(fileOf(pictures, 7, 3));
    expect([file.width, file.height, file.repeats]).toEqual([7, 3, 0]);
    expect(file.pictures.map(({ time }) => time)).toEqual([5, 6, 7]);
    expect(file.pictures.map(({ colours }) => colours)).toEqual(pictures.map(coloursOf));
  });

  it('keeps colours exactly if there are few, in pictures of one pixel, of one colour, and of more strings than there are codes', () => {
    let q = 1;
    const random = () => {
      q = (16807 * q) % 2147483647;
      return q % 200;
    };
    for (const [width, height, colour] of [
      [1, 1, () => [1, 2, 3]],
      [60, 50, () => [90, 90, 90]],
      [300, 200, (i: number) => [4 * (i % 64), 8, 252]],
      [300, 200, () => [4 * (random() % 50), 4 * (random() % 4), 0]],
    ] as const) {
      const picture = opaque(width, height, colour);
      expect(decoded(fileOf([picture], width, height)).pictures[0].colours).toEqual(coloursOf(picture));
    }
  });

  it('comes close to colours if there are more than a palette holds', () => {
    const picture = opaque(64, 64, (i) => [4 * (i % 64), 4 * Math.floor(i / 64), 128]);
    const [{ colours }] = decoded(fileOf([picture], 64, 64)).pictures;
    const apart = coloursOf(picture).map((value, i) => Math.abs(value - colours[i]));
    expect(Math.max(...apart)).toBeLessThanOrEqual(16);
    expect(new Set(Array.from({ length: 64 * 64 }, (_, i) => colours.slice(3 * i, 3 * i + 3).join())).size).toBe(256);
  });
});
