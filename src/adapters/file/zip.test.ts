import { describe, expect, it } from 'vitest';
import { sourceOf } from './file-source.ts';
import type { ByteSource } from './model.ts';
import { type ZipMember, zipOf } from './testing/zip.ts';
import { isZip, openZip } from './zip.ts';

/** Of Python's zipfile, written to a pipe. */
const PYTHON =
  'UEsDBBQACAgIALsEe10AAAAAAAAAAAAAAAAWAAAAw6QvYWRhcHRlcl9jb25maWcuanNvbqtWKlKyUrDQUVDKyS9KjE/MKchIBAoYmtUCAFBLBwgt8h1m' +
  'GwAAABoAAABQSwMELQAICAAAAAAhAAAAAAD//////////xwAFADDpC9hZGFwdGVyX21vZGVsLnNhZmV0ZW5zb3JzAQAQAAAAAAAAAAAAAAAAAAAAAAAC' +
  'AAAAAAAAAHt9UEsHCPcVAAUKAAAAAAAAAAoAAAAAAAAAUEsBAhQDFAAICAgAuwR7XS3yHWYbAAAAGgAAABYAAAAAAAAAAAAAAIABAAAAAMOkL2FkYXB0' +
  'ZXJfY29uZmlnLmpzb25QSwECLQMtAAgIAAAAACEA9xUABQoAAAAKAAAAHAAAAAAAAAAAAAAAgAFfAAAAw6QvYWRhcHRlcl9tb2RlbC5zYWZldGVuc29y' +
  'c1BLBQYAAAAAAgACAI4AAADPAAAAHwBQSwUGIGlzIHdoYXQgYW4gZW5kIGJlZ2lucyB3aXRo';

const bytes = (text: string) => new TextEncoder().encode(text);
const MODEL: ZipMember = {
  path: 'out/adapter_model.safetensors',
  data: Uint8Array.from({ length: 5000 }, (_, i) => i % 251),
};
const CONFIG: ZipMember = { path: 'out/adapter_config.json', data: bytes('{"r":8}'), deflated: true };

const archive = (...args: Parameters<typeof zipOf>) => sourceOf(new Blob([zipOf(...args)]), 'adapter.zip');
async function contentsOf(source: ByteSource) {
  const found = await openZip(source);
  if ('fault' in found) throw new Error(`${found.fault} ${found.details}`);
  return Promise.all(found.map(async (entry) => [entry.name, await entry.read(0, entry.size)] as const));
}
async function faultOf(source: ByteSource) {
  const found = await openZip(source);
  if (!('fault' in found)) throw new Error('was opened');
  expect(found.fault).toMatch(/^[A-Z].{5,80}\.$/);
  expect(found.details).toMatch(/^[^\p{Cc}]{10,500}\.$/u);
  return `${found.fault} ${found.details}`;
}

describe('a zip archive', () => {
  it.each([{}, { zip64: true }])('%j is opened, whether its files are stored or packed', async (how) => {
    const source = archive([{ path: 'out/', data: bytes('') }, CONFIG, MODEL], how);
    expect(await isZip(source)).toBe(true);
    expect(await contentsOf(source)).toEqual([
      ['adapter_model.safetensors', MODEL.data],
      ['adapter_config.json', CONFIG.data],
    ]);
    const packed = await contentsOf(
      archive(
        [
          { ...CONFIG, deflated: false },
          { ...MODEL, deflated: true },
        ],
        how,
      ),
    );
    expect(packed.map(([, data]) => data)).toEqual([MODEL.data, CONFIG.data]);
  });

  it('has what belongs together together, and no hidden files', async () => {
    const paths = ['b/adapter_config.json', 'b/adapter_model.safetensors', 'a/x.safetensors', 'a/adapter_config.json'];
    const others = ['__MACOSX/b/._adapter_model.safetensors', 'b/README.md', 'b/tokenizer.json'];
    const found = await contentsOf(archive([...others, ...paths].map((path) => ({ path, data: bytes(path) }))));
    expect(found.map(([, data]) => new TextDecoder().decode(data))).toEqual([paths[2], paths[3], paths[1], paths[0]]);
  });

  it('is read in pieces where a file is stored in it', async () => {
    const source = archive([{ ...MODEL, data: new Uint8Array(1_000_000).fill(7, 500_000) }]);
    let read = 0;
    const counting: ByteSource = {
      ...source,
      read: (from, to) => {
        read += to - from;
        return source.read(from, to);
      },
    };
    const found = await openZip(counting);
    if ('fault' in found) throw new Error(found.fault);
    expect(await found[0].read(499_999, 500_001)).toEqual(Uint8Array.of(0, 7));
    expect(read).toBeLessThan(70_000);
  });

  it('is opened as other programs write it: sizes behind the data, a comment like a directory', async () => {
    const source = sourceOf(new Blob([Buffer.from(PYTHON, 'base64')]), 'python.zip');
    const found = await contentsOf(source);
    expect(found.map(([name, data]) => [name, new TextDecoder().decode(data)])).toEqual([
      ['adapter_model.safetensors', '\x02\0\0\0\0\0\0\0{}'],
      ['adapter_config.json', '{"r": 8, "lora_alpha": 16}'],
    ]);
  });

  it('stops unpacking when it is cancelled', async () => {
    const source = archive([{ ...MODEL, deflated: true }]);
    const signal = AbortSignal.abort(new Error('cancelled'));
    await expect(openZip(source, signal)).rejects.toThrow('cancelled');
  });
});

const zeros = new Uint8Array(11_000_000);
const adapter = (change: Partial<ZipMember>) => archive([{ ...MODEL, ...change }, CONFIG]);
const cut = (from: number, to: number) => sourceOf(new Blob([zipOf([MODEL, CONFIG]).slice(from, to)]), 'cut.zip');

describe('what is refused', () => {
  it.each<[what: string, source: () => ByteSource, why: RegExp]>([
    ['a bomb of zeros', () => adapter({ data: zeros, deflated: true }), /would grow from 10,7\d\d bytes to 11 MB/],
    [
      'a bomb that lies',
      () => adapter({ data: zeros, deflated: true, lies: { size: 900 } }),
      /unpack to 900 bytes, but there are more/,
    ],
    ['less than promised', () => adapter({ deflated: true, lies: { size: 6000 } }), /only 5,000 bytes/],
    ['more than 2 GB', () => adapter({ lies: { size: 3e9, packed: 3e9 } }), /overlap/],
    [
      'more than 2 GB, packed',
      () => adapter({ deflated: true, lies: { size: 3e9 } }),
      /3,000 MB; the limit is 2,147 MB/,
    ],
    ['sizes that differ', () => adapter({ lies: { size: 4000 } }), /5,000 bytes in the archive, but should have 4,000/],
    ['a wrong checksum', () => adapter({ deflated: true, lies: { crc: 7 } }), /checksum/],
    ['damaged data', () => adapter({ method: 8 }), /packed data of “out\/adapter_model.safetensors” are damaged/],
    ['another method', () => adapter({ method: 14 }), /packed by method 14; only deflate/],
    ['an encrypted file', () => adapter({ flags: 1 }), /encrypted/],
    ['overlapping entries', () => archive([MODEL, { ...CONFIG, lies: { from: 0 } }]), /entries overlap/],
    ['an entry elsewhere', () => adapter({ lies: { from: 3 } }), /is not where the directory/],
    ['an entry beyond the end', () => archive([{ ...MODEL, lies: { from: 4e9 } }]), /overlap/],
    ['the same name twice', () => archive([MODEL, MODEL]), /twice/],
    ['more files than listed', () => archive([MODEL, CONFIG], { count: 1 }), /longer than the files that it lists/],
    ['fewer files than listed', () => archive([MODEL, CONFIG], { count: 3 }), /Entry 3 of its directory is damaged/],
    ['65,535 files', () => archive([MODEL], { count: 65535 }), /lists 65,535 files; the limit is 10,000/],
    ['a directory elsewhere', () => archive([MODEL], { from: 12 }), /directory should stand from byte 12 to/],
    [
      'a directory elsewhere, zip64',
      () => archive([MODEL], { from: 2 ** 52, zip64: true }),
      /zip64 record is not where/,
    ],
    ['a directory of another size', () => archive([MODEL], { size: 3 }), /directory should stand/],
    ['a beginning that is missing', () => cut(10, 1e6), /directory should stand/],
    ['an end that is missing', () => cut(0, 5090), /may be cut off/],
    ['nothing', () => archive([]), /no \.safetensors file\. It is empty\./],
    [
      'no adapter',
      () => archive([CONFIG, { path: 'a.txt', data: bytes('') }]),
      /It has “out\/adapter_config.json”, “a.txt”\./,
    ],
    ['a checkpoint', () => archive([{ path: 'archive/data.pkl', data: bytes('') }]), /PyTorch checkpoint/],
  ])('%s', async (_, source, why) => expect(await faultOf(source())).toMatch(why));
});

it('tells a zip archive from other files', async () => {
  for (const start of ['', 'PK', 'PK\x03\x03', 'not a zip archive, but long enough'])
    expect(await isZip(sourceOf(new Blob([start.padEnd(start ? 40 : 0)]), 'x'))).toBe(false);
});
