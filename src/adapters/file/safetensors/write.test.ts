import { describe, expect, it } from 'vitest';
import { blobSink, sourceOf } from '../file-source.ts';
import type { ByteSink, Header } from '../model.ts';
import { readHeader } from './header.ts';
import { readNumbers, toBytes } from './numbers.ts';
import { copiedTensor, type OutputFile, type OutputTensor, sizeOfFile, writeSafetensors } from './write.ts';

const tensor = (name: string, dtype: string, shape: readonly number[], bytes: ArrayLike<number>): OutputTensor => ({
  name,
  dtype,
  shape,
  bytes: async () => new Uint8Array(bytes),
});

async function write(file: OutputFile) {
  const sink = blobSink();
  const size = await writeSafetensors(file, sink);
  return { size, source: sourceOf(sink.blob(), 'new.safetensors'), bytes: await sink.blob().bytes() };
}

describe('a new file', () => {
  it('is written byte for byte as safetensors writes it', async () => {
    const tensors = [
      tensor('b', 'F16', [1], [0, 0x3c]),
      tensor('rank', 'I64', [], [8, 0, 0, 0, 0, 0, 0, 0]),
      tensor('a', 'F32', [1, 1], [0, 0, 0x80, 0x3f]),
      tensor('10', 'F32', [0], []),
      tensor('9', 'BF16', [1], [0x80, 0x3f]),
    ];
    // By the rules of its own writer: types by their alignment, then names; padded with spaces.
    const header =
      '{"__metadata__":{"format":"pt"},"rank":{"dtype":"I64","shape":[],"data_offsets":[0,8]},' +
      '"10":{"dtype":"F32","shape":[0],"data_offsets":[8,8]},"a":{"dtype":"F32","shape":[1,1],"data_offsets":[8,12]},' +
      '"9":{"dtype":"BF16","shape":[1],"data_offsets":[12,14]},"b":{"dtype":"F16","shape":[1],"data_offsets":[14,16]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    const { bytes, size } = await write({ metadata: { format: 'pt' }, tensors });
    const wanted = [
      ...[padded.length & 255, padded.length >> 8, 0, 0, 0, 0, 0, 0],
      ...new TextEncoder().encode(padded),
    ];
    expect([...bytes]).toEqual([...wanted, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0x80, 0x3f, 0, 0x3c]);
    expect(size).toBe(bytes.length);
    expect(sizeOfFile({ metadata: { format: 'pt' }, tensors })).toBe(size);
  });

  it('carries what it read, byte for byte and in pieces', async () => {
    const values = Float32Array.from({ length: 1_100_000 }, (_, i) => i / 7);
    const metadata = { format: 'pt', ss_network_dim: '4', 'ä "\n': '\ud800' };
    const first = await write({
      metadata,
      tensors: [
        tensor('m.lora_A.weight', 'F32', [values.length], toBytes(values, 'F32')),
        tensor('h', 'F16', [3], toBytes([1, -0.1, 65504], 'F16')),
        tensor('e', 'F8_E8M0', [2], [1, 2]),
        tensor('four', 'F4', [3, 2], [1, 2, 3]),
      ],
    });
    const header = (await readHeader(first.source)) as Header;
    expect(header.metadata).toEqual(metadata);
    expect(header.dataFrom % 8).toBe(0);
    const read32 = toBytes(await readNumbers(first.source, header.tensors[0]), 'F32');
    expect(Buffer.compare(read32, toBytes(values, 'F32'))).toBe(0);
    expect([...(await readNumbers(first.source, header.tensors[1]))]).toEqual([1, -0.0999755859375, 65504]);

    const asked: number[] = [];
    const read = (from: number, to: number) => {
      asked.push(to - from);
      return first.source.read(from, to);
    };
    const tensors = header.tensors.map((entry) => copiedTensor({ ...first.source, read }, entry));
    const again = await write({ metadata: header.metadata, tensors });
    expect(Buffer.compare(again.bytes, first.bytes)).toBe(0);
    expect(Math.max(...asked)).toBe(4_000_000);
    const renamed = copiedTensor(first.source, header.tensors[1], 'other');
    expect([renamed.name, renamed.dtype, renamed.shape]).toEqual(['other', 'F16', [3]]);
  });
});

/** Records its calls. */
function noting() {
  const calls: string[] = [];
  const sink: ByteSink = {
    write: async (bytes) => {
      calls.push(`write ${bytes.length}`);
    },
    close: async () => {
      calls.push('close');
    },
    abort: async () => {
      calls.push('abort');
    },
  };
  return { calls, sink };
}

describe('writing', () => {
  const tensors = Array.from({ length: 1000 }, (_, i) => tensor(`t${i}`, 'U8', [3], [1, 2, 3]));

  it('gathers small tensors, asks for one at a time, and tells how far it is', async () => {
    const { calls, sink } = noting();
    const told: number[] = [];
    let open = 0;
    const one = tensors.map((out) => ({
      ...out,
      bytes: async () => {
        expect(open++).toBe(0);
        const bytes = await (out.bytes() as Promise<Uint8Array<ArrayBuffer>>);
        open--;
        return bytes;
      },
    }));
    const size = await writeSafetensors({ metadata: {}, tensors: one }, sink, { progress: (done) => told.push(done) });
    expect(calls).toEqual([`write ${size}`, 'close']);
    expect(told).toEqual(tensors.map((_, i) => i + 1));
  });

  it.each<[string, OutputFile, AbortSignal | undefined, RegExp]>([
    ['is cancelled', { metadata: {}, tensors }, AbortSignal.abort(new Error('cancelled')), /cancelled/],
    [
      'gets too few bytes',
      { metadata: {}, tensors: [tensor('a', 'F32', [2], [1])] },
      undefined,
      /a came with 1 bytes instead of 8/,
    ],
    ['gets a name twice', { metadata: {}, tensors: [tensors[0], tensors[0]] }, undefined, /t0 twice/],
    ['gets an unknown type', { metadata: {}, tensors: [tensor('a', 'F31', [2], [1])] }, undefined, /F31/],
  ])('leaves nothing when it %s', async (_, file, signal, why) => {
    const { calls, sink } = noting();
    await expect(writeSafetensors(file, sink, { signal })).rejects.toThrow(why);
    expect(calls).toEqual(['abort']);
  });
});
