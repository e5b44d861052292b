import { crc32 } from '../../math/crc32.ts';
import { deflate } from '../link/deflate.ts';

/** Text is stored as UTF-8. */
export interface ZipEntry {
  readonly name: string;
  readonly content: string | Uint8Array<ArrayBuffer>;
}

/** Already compressed formats are stored as they are. */
const PACKED = /\.(safetensors|woff2|png|webp|zip)$/;

const UTF8 = 0x0800;
const [STORED, DEFLATED] = [0, 8];
/** The version of the format that a reader must support: folders and deflate. */
const VERSION = 20;
/** 1 January 1980, the start of the format's clock: the same files make the same archive. */
const DAY = 0x21;

/**
 * Files as a ZIP archive (PKWARE's APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12 and 4.3.16): each with a local header, then
 * the central directory. Up to 4 GB and 65,535 files.
 */
export async function zip(entries: readonly ZipEntry[]): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  const keep = (part: Uint8Array<ArrayBuffer>) => {
    parts.push(part);
    at += part.length;
  };
  for (const { name, content } of entries) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const path = new TextEncoder().encode(name);
    const packed = PACKED.test(name) ? bytes : await deflate(bytes);
    const small = packed.length < bytes.length;
    const body = small ? packed : bytes;
    // Version, flags, method, time, date; checksum, sizes; length of the name, of further fields.
    const facts = [
      ...numbers(2, VERSION, UTF8, small ? DEFLATED : STORED, 0, DAY),
      ...numbers(4, crc32(bytes), body.length, bytes.length),
      ...numbers(2, path.length, 0),
    ];
    const from = at;
    keep(joined([Uint8Array.of(0x50, 0x4b, 3, 4, ...facts), path]));
    keep(body);
    // Creator; then the same facts; comment, disk, attributes, and the offset of the local header.
    const place = [...numbers(2, 0, 0, 0), ...numbers(4, 0, from)];
    directory.push(Uint8Array.of(0x50, 0x4b, 1, 2, ...numbers(2, VERSION), ...facts, ...place), path);
  }
  const list = joined(directory);
  const start = at;
  const count = entries.length;
  keep(list);
  keep(
    Uint8Array.of(0x50, 0x4b, 5, 6, ...numbers(2, 0, 0, count, count), ...numbers(4, list.length, start), ...[0, 0]),
  );
  return joined(parts);
}

function numbers(size: 2 | 4, ...values: readonly number[]): number[] {
  return values.flatMap((value) => Array.from({ length: size }, (_, i) => (value >>> (8 * i)) & 0xff));
}

function joined(parts: readonly Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
