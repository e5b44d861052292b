import { describe, expect, it } from 'vitest';
import { sourceOf } from '../file-source.ts';
import type { ByteSource, Header } from '../model.ts';
import { readHeader } from './header.ts';

/** A file of this header, with a possibly wrong length, and `data` bytes of data. */
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

  it('may have null for its metadata, as MLX writes it', async () => {
    const text = `{"__metadata__":null,"a":${f32(0, 4)}}`;
    expect(await readHeader(fileOf(text, 4))).toMatchObject({ metadata: {}, tensors: [{ name: 'a' }] });
    expect(await readHeader(fileOf('{"a":null}'))).toMatchObject({ fault: 'The header is damaged.' });
    expect(await readHeader(fileOf('{"__metadata__":nullnull}'))).toMatchObject({ fault: 'The header is damaged.' });
  });
});

const PLAIN = `{"a":${f32(0, 8)}}`;
const before = (start: string) => sourceOf(new Blob([start]), 'x.safetensors');

describe('a file is refused', () => {
  it.each<[what: string, source: ByteSource, why: RegExp]>([
    ['empty', before(''), /^The file is empty\. It has 0 bytes/],
    ['too short', before('12345678{'), /^The file is too short\. It has 9 bytes; .* at least 10/],
    ['text', before('Hello, this is no such file.'), /^This is not a \.safetensors file\..* 48 65 6c 6c 6f/],
    ['a pointer', before('version https://git-lfs.github.com/spec/v1\noid sha256:1'), /pointer.*git lfs pull/],
    ['a web page', before('<!DOCTYPE html><html></html>'), /web page/],
    ['a zip archive', before('PK\x03\x04 and so on'), /zip archive or a PyTorch checkpoint/],
    ['a pickle', sourceOf(new Blob([Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x2e, 0, 0, 0, 0, 0)]), 'x.pt'), /pickle/],
    ['GGUF', before('GGUF\x03\0\0\0 and more'), /GGUF/],
    ['a header longer than the file', fileOf(PLAIN, 8, 1000n), /cut off\. .* 1,000 bytes, but the file has/],
    ['a header over 100 MB', fileOf(PLAIN, 8, 100_000_001n), /too long.*100,000,001 bytes; the limit is 100 MB/],
    ['a header of 2⁶⁴ bytes', fileOf(PLAIN, 8, 2n ** 64n - 1n), /18,446,744,073,709,551,615 bytes; the limit/],
    ['a header cut short', fileOf(PLAIN, 8, 20n), /damaged.*the text ends there/],
    ['a header of one byte', fileOf(PLAIN, 8, 1n), /not a \.safetensors file/],
    ['a list', fileOf('[]'), /not a \.safetensors file/],
    [
      'no UTF-8',
      sourceOf(new Blob([new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff])]), 'x'),
      /not a text in UTF-8/,
    ],
    ['more than the header', fileOf('{} {}'), /continues after its closing brace, at character 4/],
    ['a missing comma', fileOf(`{"a":${f32(0, 4)} "b":1}`, 4), /“,” or “}” expected at character 55, found “"b":1}”/],
    ['a comma too many', fileOf(`{"a":${f32(0, 4)},}`, 4), /a text in quotation marks expected/],
    ['a tensor twice', fileOf(`{"a":${f32(0, 4)},"\\u0061":${f32(4, 8)}}`, 8), /the header has “a” twice/i],
    [
      'a field twice',
      fileOf('{"a":{"dtype":"F32","dtype":"F16","shape":[],"data_offsets":[0,2]}}', 2),
      /“a” has “dtype” twice/,
    ],
    ['metadata twice', fileOf('{"__metadata__":{},"__metadata__":{}}'), /“__metadata__” twice/],
    ['an entry of metadata twice', fileOf('{"__metadata__":{"a":"","a":""}}'), /__metadata__ has “a” twice/],
    ...['__proto__', 'constructor', 'prototype', 'toString'].map((name): [string, ByteSource, RegExp] => [
      name,
      fileOf(`{"${name}":${f32(0, 4)}}`, 4),
      new RegExp(`the header uses the name “${name}”, which is reserved`, 'i'),
    ]),
    ['__proto__ in disguise', fileOf(`{"_\\u005fproto__":${f32(0, 4)}}`, 4), /“__proto__”, which is reserved/],
    ['__proto__ in metadata', fileOf('{"__metadata__":{"__proto__":"x"}}'), /__metadata__ uses the name “__proto__”/],
    [
      'metadata that are no texts',
      fileOf('{"__metadata__":{"rank":8}}'),
      /entry “rank” of __metadata__: a text in quotation/,
    ],
    ['an unknown type', fileOf(`{"a":${f32(0, 4, '[1]', 'F31')}}`, 4), /tensor “a” has the unknown type “F31”/],
    ['an unknown field', fileOf('{"a":{"stride":[1]}}'), /tensor “a” has an unknown field “stride”/],
    ['a missing field', fileOf('{"a":{"dtype":"F32","shape":[1]}}'), /needs a dtype, a shape and two data_offsets/],
    ['one offset', fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}'), /two data_offsets/],
    ['three offsets', fileOf('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}'), /more than 2 numbers/],
    ['17 sides', fileOf(`{"a":${f32(0, 4, `[${Array(17).fill(1)}]`)}}`, 4), /more than 16 numbers/],
    ['a negative side', fileOf(`{"a":${f32(0, 4, '[-1]')}}`, 4), /shape of .*whole numbers from 0 .* found “-1]/],
    ['half a side', fileOf(`{"a":${f32(0, 4, '[1.5]')}}`, 4), /whole numbers/],
    ['1e0 sides', fileOf(`{"a":${f32(0, 4, '[1e0]')}}`, 4), /whole numbers/],
    ['a side beyond 2⁵³', fileOf(`{"a":${f32(0, 4, '[9007199254740993]')}}`, 4), /whole numbers/],
    [
      'another size',
      fileOf(`{"a":${f32(0, 8, '[3]')}}`, 8),
      /has the shape 3 in F32, which is 12 bytes, but .* give it 8/,
    ],
    [
      'a size beyond numbers',
      fileOf(`{"a":${f32(0, 8, '[999999999999999,999999999999999,9]')}}`, 8),
      /3\.60e\+31 bytes/,
    ],
    ['half a byte', fileOf(`{"a":${f32(0, 1, '[3]', 'F4')}}`, 1), /has the shape 3 in F4/],
    ['an end before its beginning', fileOf(`{"a":${f32(8, 4, '[1]')}}`, 8), /ends at 4, before it begins at 8/],
    ['a hole', fileOf(`{"a":${f32(0, 4)},"b":${f32(8, 12)}}`, 12), /“b” begins at 8, but “a” ends at 4: bytes between/],
    ['a hole in front', fileOf(`{"a":${f32(4, 8)}}`, 8), /begins at 4, but the data begin at 0: bytes between/],
    [
      'an overlap',
      fileOf(`{"a":${f32(0, 8)},"b":${f32(4, 12)}}`, 12),
      /“b” begins at 4, but “a” ends at 8: the two overlap/,
    ],
    ['the same place twice', fileOf(`{"a":${f32(0, 8)},"b":${f32(0, 8)}}`, 8), /overlap/],
    [
      'data cut off',
      fileOf(PLAIN, 5),
      /^The file is cut off\. Its tensors end at byte 70, but the file has 67 bytes\./,
    ],
    [
      'data to spare',
      fileOf(PLAIN, 9),
      /longer than its header says\. Its tensors end at byte 70, but the file has 71 bytes/,
    ],
  ])('%s', async (_, source, why) => {
    const found = await readHeader(source);
    if (!('fault' in found)) throw new Error('was read');
    expect(found.fault).toMatch(/^[A-Z].{5,80}\.$/);
    expect(found.details).toMatch(/^[^\p{Cc}]{10,400}\.$/u);
    expect(`${found.fault} ${found.details}`).toMatch(why);
  });
});
