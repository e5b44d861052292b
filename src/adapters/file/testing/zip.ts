import { crc32, deflateRawSync } from 'node:zlib';

/** A file for an archive, and the false values of its headers. */
export interface ZipMember {
  readonly path: string;
  readonly data: Uint8Array;
  readonly deflated?: boolean;
  readonly lies?: { readonly size?: number; readonly packed?: number; readonly crc?: number; readonly from?: number };
  readonly flags?: number;
  readonly method?: number;
}

/** A zip archive after APPNOTE.TXT: each file behind its local header, then the directory and its end. */
export function zipOf(
  files: readonly ZipMember[],
  lies: { readonly count?: number; readonly from?: number; readonly size?: number; readonly zip64?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let at = 0;
  const add = (list: Uint8Array[], bytes: Uint8Array) => {
    list.push(bytes);
    return bytes.length;
  };
  for (const { path, data, deflated = false, lies: said = {}, flags = 0x800, method } of files) {
    const name = new TextEncoder().encode(path);
    const packed = deflated ? deflateRawSync(data) : data;
    const about = [method ?? (deflated ? 8 : 0), 0, 0x5a21] as const;
    const sum = said.crc ?? crc32(data);
    const sizes = [said.packed ?? packed.length, said.size ?? data.length] as const;
    const from = said.from ?? at;
    at += add(
      parts,
      fields([4, 0x04034b50], [2, 20], [2, flags], ...two(about), [4, sum], ...four(sizes), [2, name.length], [2, 0]),
    );
    at += add(parts, name) + add(parts, packed);
    // 64-bit numbers are in an extra field, with all ones in their places.
    const wide = lies.zip64 ? fields([2, 1], [2, 24], [8, sizes[1]], [8, sizes[0]], [8, from]) : new Uint8Array();
    const ones = 0xffffffff;
    add(directory, fields([4, 0x02014b50], [2, 20], [2, 20], [2, flags], ...two(about), [4, sum]));
    add(directory, fields(...four(lies.zip64 ? [ones, ones] : sizes), [2, name.length], [2, wide.length]));
    add(directory, fields([2, 0], [2, 0], [2, 0], [4, 0], [4, lies.zip64 ? ones : from]));
    add(directory, name);
    add(directory, wide);
  }
  const size = lies.size ?? directory.reduce((sum, { length }) => sum + length, 0);
  const from = lies.from ?? at;
  const count = lies.count ?? files.length;
  if (lies.zip64) {
    const record = [
      [2, 45],
      [2, 45],
      [4, 0],
      [4, 0],
      [8, count],
      [8, count],
      [8, size],
      [8, from],
    ] as const;
    add(directory, fields([4, 0x06064b50], [8, 44], ...record));
    add(directory, fields([4, 0x07064b50], [4, 0], [8, from + size], [4, 1]));
  }
  const [min, much] = lies.zip64 ? [0xffff, 0xffffffff] : [count, undefined];
  add(
    directory,
    fields([4, 0x06054b50], [2, 0], [2, 0], [2, min], [2, min], [4, much ?? size], [4, much ?? from], [2, 0]),
  );
  return new Uint8Array(Buffer.concat([...parts, ...directory]));
}

type Field = readonly [size: 2 | 4 | 8, value: number];
const two = (values: readonly number[]) => values.map((value): Field => [2, value]);
const four = (values: readonly number[]) => values.map((value): Field => [4, value]);

function fields(...all: readonly Field[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(all.reduce((sum, [size]) => sum + size, 0)));
  let at = 0;
  for (const [size, value] of all) {
    if (size === 2) view.setUint16(at, value, true);
    else if (size === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += size;
  }
  return new Uint8Array(view.buffer);
}
