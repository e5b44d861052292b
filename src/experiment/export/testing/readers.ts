/** Readers of exports, written from the formats' descriptions and not from the writers. */

import { inflateRawSync } from 'node:zlib';

/** The files of an archive, found by its central directory; every local header must agree with it. */
export function unzip(bytes: Uint8Array): Map<string, Buffer> {
  const file = Buffer.from(bytes);
  const end = file.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const [count, at] = [file.readUInt16LE(end + 10), file.readUInt32LE(end + 16)];
  const files = new Map<string, Buffer>();
  for (let i = 0, here = at; i < count; i++) {
    if (file.toString('latin1', here, here + 4) !== 'PK\x01\x02') throw new Error('no entry of the directory');
    const [method, sum, packed, size] = [
      file.readUInt16LE(here + 10),
      file.readUInt32LE(here + 16),
      file.readUInt32LE(here + 20),
      file.readUInt32LE(here + 24),
    ];
    const [n, extra, comment, local] = [
      file.readUInt16LE(here + 28),
      file.readUInt16LE(here + 30),
      file.readUInt16LE(here + 32),
      file.readUInt32LE(here + 42),
    ];
    const name = file.toString('utf8', here + 46, here + 46 + n);
    if (file.toString('latin1', local, local + 4) !== 'PK\x03\x04') throw new Error(`${name}: no local header`);
    if (file.toString('utf8', local + 30, local + 30 + n) !== name) throw new Error(`${name}: another local name`);
    if (!file.subarray(local + 6, local + 28).equals(file.subarray(here + 8, here + 30)))
      throw new Error(`${name}: the headers disagree`);
    const from = local + 30 + n + file.readUInt16LE(local + 28);
    const body = file.subarray(from, from + packed);
    const content = method === 8 ? inflateRawSync(body) : body;
    if (content.length !== size || checksum(content) !== sum) throw new Error(`${name}: damaged`);
    files.set(name, content);
    here += 46 + n + extra + comment;
  }
  return files;
}

/** CRC-32 bit by bit. */
function checksum(bytes: Buffer): number {
  let rest = 0xffffffff;
  for (const byte of bytes) {
    rest ^= byte;
    for (let i = 0; i < 8; i++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}

export interface ReadTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** The tensors of a .safetensors file; its data must begin at a multiple of 8 and have no holes. */
export function readSafetensors(bytes: Uint8Array): Map<string, ReadTensor> {
  const file = Buffer.from(bytes);
  const length = Number(file.readBigUInt64LE(0));
  if (length % 8 !== 0) throw new Error('the data are not aligned');
  const header = JSON.parse(file.toString('utf8', 8, 8 + length));
  let expected = 0;
  const tensors = new Map<string, ReadTensor>();
  for (const [name, about] of Object.entries<{ dtype: string; shape: number[]; data_offsets: [number, number] }>(
    header,
  )) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets } = about;
    const [from, to] = data_offsets;
    if (from !== expected) throw new Error(`${name}: a hole`);
    expected = to;
    const data = file.subarray(8 + length + from, 8 + length + to);
    const values = Array.from({ length: (to - from) / 4 }, (_, i) =>
      dtype === 'F32' ? data.readFloatLE(4 * i) : data.readInt32LE(4 * i),
    );
    tensors.set(name, { dtype, shape, values });
  }
  if (8 + length + expected !== file.length) throw new Error('bytes after the last tensor');
  return tensors;
}
