import { describe, expect, it } from 'vitest';
import { blobSink, sourceOf } from '../file-source.ts';
import type { Header } from '../model.ts';
import { readHeader } from './header.ts';
import { readNumbers, toBytes } from './numbers.ts';
import { carried, type OutFile, sizeOfFile, writeSafetensors } from './write.ts';

/** A file of this header, whose length may be told wrong, and so many bytes of data. */
function fileOf(header: string, data = 0, length?: bigint) {
  const text = new TextEncoder().encode(header);
  const start = new Uint8Array(8);
  new DataView(start.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  return sourceOf(new Blob([start, text, new Uint8Array(data)]), 'lora.safetensors');
}
const f32 = (from: number, to: number, shape = `[${(to - from) / 4}]`, dtype = 'F32') =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":[${from},${to}]}`;

describe('a header', () => {
  it('is read with its tensors in the order of their bytes', async () => {
    const text = ` {"b" : ${f32(12, 20, '[ 1,2 ]')},"__metadata__":{"format":"pt","é\\n":"\\u00e9"},"a":${f32(0, 12)}}  `;
    const header = await readHeader(fileOf(text.trimStart(), 20));
    const dataFrom = 8 + new TextEncoder().encode(text.trimStart()).length;
    expect(header).toEqual({
      metadata: { format: 'pt', 'é\n': 'é' },
      tensors: [
        { name: 'a', dtype: 'F32', shape: [3], from: dataFrom, to: dataFrom + 12 },
        { name: 'b', dtype: 'F32', shape: [1, 2], from: dataFrom + 12, to: dataFrom + 20 },
      ],
      dataFrom,
    });
  });

  it('may have scalars, empty tensors and none at all', async () => {
    const text = `{"empty":${f32(4, 4, '[0,3]')},"scalar":${f32(0, 4, '[]')},"first":${f32(0, 0, '[0]')}}`;
    const header = (await readHeader(fileOf(text, 4))) as Header;
    expect(header.tensors.map(({ name }) => name)).toEqual(['first', 'scalar', 'empty']);
    expect(await readHeader(fileOf('{}'))).toEqual({ metadata: {}, tensors: [], dataFrom: 10 });
  });
});

it('writes what it reads', async () => {
  const values = [0, 1, -2.5, 3e38, 1e-45, 0.1];
  const tensors = (['F16', 'F32', 'BF16'] as const).map((dtype) => ({
    name: `of ${dtype}`,
    dtype,
    shape: [2, 3],
    bytes: async () => toBytes(values, dtype),
  }));
  const file: OutFile = { metadata: { format: 'pt' }, tensors };
  const sink = blobSink();
  expect(await writeSafetensors(file, sink)).toBe(sizeOfFile(file));
  const source = sourceOf(sink.blob(), 'new.safetensors');
  expect(source.size).toBe(sizeOfFile(file));
  const header = (await readHeader(source)) as Header;
  expect(header.dataFrom % 8).toBe(0);
  expect(header.tensors.map(({ name }) => name)).toEqual(['of F32', 'of BF16', 'of F16']);
  expect(await readNumbers(source, header.tensors[0])).toEqual(Float32Array.from(values));

  const again = blobSink();
  await writeSafetensors({ metadata: header.metadata, tensors: header.tensors.map((t) => carried(source, t)) }, again);
  expect(await again.blob().arrayBuffer()).toEqual(await sink.blob().arrayBuffer());
});
