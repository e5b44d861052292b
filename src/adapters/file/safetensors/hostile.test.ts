import { expect, it } from 'vitest';
import { stream } from '../../../math/random.ts';
import { quarterOf } from '../../../math/testing/part-of.ts';
import { sourceOf } from '../file-source.ts';
import type { ByteSource, Fault, Header } from '../model.ts';
import { readHeader } from './header.ts';

const MODULES = ['q_proj', 'v_proj'].flatMap((m) => [
  `base_model.model.layers.0.${m}.lora_A.weight`,
  `${m}.lora_B.weight`,
]);
const entries = MODULES.map(
  (name, i) => `"${name}":{"dtype":"F16","shape":[4,8],"data_offsets":[${64 * i},${64 * i + 64}]}`,
);
const GOOD = `{"__metadata__":{"format":"pt","ss_tag":"{\\"a\\": 1}"},${entries.join()},"alpha":{"dtype":"F32","shape":[],"data_offsets":[256,260]}}`;

const utf8 = new TextEncoder();
function fileOf(header: Uint8Array<ArrayBuffer>, data: number, length = header.length): ByteSource {
  const start = new Uint8Array(8);
  new DataView(start.buffer).setBigUint64(0, BigInt(length), true);
  return sourceOf(new Blob([start, header, new Uint8Array(data)]), 'lora.safetensors');
}

function expectSentences({ fault, details }: Fault) {
  expect(fault).toMatch(/^[A-Z][^\p{Cc}]{5,80}\.$/u);
  expect(details).toMatch(/^[^\p{Cc}]{10,500}\.$/u);
  expect(fault + details).not.toMatch(/undefined|NaN|\[object|Error/);
}

/** Any header that is read equals JSON.parse's result; each tensor has its own bytes, without gaps. */
function expectWhole(header: Header, text: string, size: number) {
  const { __metadata__ = {}, ...tensors } = JSON.parse(text);
  expect(header.metadata).toEqual(__metadata__);
  expect(header.tensors.length).toBe(Object.keys(tensors).length);
  let end = header.dataFrom;
  for (const { name, dtype, shape, from, to } of header.tensors) {
    const data_offsets = [from - header.dataFrom, to - header.dataFrom];
    expect({ dtype, shape, data_offsets }).toEqual(tensors[name]);
    expect(from).toBe(end);
    end = to;
  }
  expect(end).toBe(size);
}

/** Fragments for a header: with a meaning in it, and without. */
const PIECES = [
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u',
    '\\ud800',
    ' ',
    '\0',
    '\n',
    '-',
    '.',
    'e9',
    '0',
    '1',
    '64',
    '256',
    '9'.repeat(17),
  ],
  ...[
    'null',
    'true',
    '[]',
    '{}',
    '"F32"',
    '"F8_E4M3"',
    '"__proto__":{},',
    '"constructor"',
    '"dtype":"F16",',
    '"shape":[0],',
  ],
  ...[
    '"data_offsets":[0,64]',
    '"__metadata__":{},',
    entries[0],
    `${entries[1]},`,
    '\u2028',
    'é',
    '{"a":'.repeat(50),
    '['.repeat(500),
  ],
].map((piece) => utf8.encode(piece));

it('10,000 damaged headers, here a quarter, are each read whole, or refused in a sentence', async () => {
  const random = stream(12, 'damaged headers');
  const good = utf8.encode(GOOD);
  const decoder = new TextDecoder();
  let read = 0;
  const runs = quarterOf(10_000);
  for (let i = 0; i < runs; i++) {
    let header = good;
    for (let edits = random.integer(4); edits >= 0; edits--) {
      const at = random.integer(header.length + 1);
      const rest = at + (random.integer(2) ? 0 : random.integer(random.integer(4) ? 4 : 80));
      const piece = random.integer(8) ? PIECES[random.integer(PIECES.length)] : Uint8Array.of(random.integer(256));
      const added = random.integer(4) ? piece : new Uint8Array();
      header = new Uint8Array([...header.subarray(0, at), ...added, ...header.subarray(rest)]);
    }
    const length = random.integer(10) ? header.length : random.integer(2 * header.length);
    const source = fileOf(header, random.integer(10) ? 260 : random.integer(600), length);
    const found = await readHeader(source);
    if ('fault' in found) expectSentences(found);
    else {
      expectWhole(found, decoder.decode(header.subarray(0, length)), source.size);
      read++;
    }
  }
  // Spaces and changed names do no harm.
  expect(read).toBeGreaterThan(0.03 * runs);
  expect(read).toBeLessThan(0.5 * runs);
});

it('a file cut off anywhere is refused', async () => {
  const blob = new Blob([await fileOf(utf8.encode(GOOD), 260).read(0, 8 + GOOD.length + 260)]);
  expect(await readHeader(sourceOf(blob, 'whole.safetensors'))).toHaveProperty('tensors.length', 5);
  for (let size = 0; size < blob.size; size++) {
    const found = await readHeader(sourceOf(blob.slice(0, size), 'cut.safetensors'));
    if (!('fault' in found)) throw new Error(`${size} bytes were taken for the whole`);
    expectSentences(found);
  }
});

const scalar = (i: number) => `"${i}":{"dtype":"U8","shape":[],"data_offsets":[${i},${i + 1}]}`;
const many = (count: number) => utf8.encode(`{${Array.from({ length: count }, (_, i) => scalar(i)).join()}}`);

it('100,000 tensors are read, and no more', async () => {
  const max = (await readHeader(fileOf(many(100_000), 100_000))) as Header;
  expect(max.tensors.length).toBe(100_000);
  expect(max.tensors[99_999]).toMatchObject({ name: '99999', shape: [], to: max.dataFrom + 100_000 });
  const found = (await readHeader(fileOf(many(100_001), 100_001))) as Fault;
  expectSentences(found);
  expect(found.details).toMatch(/more than 100,000 tensors/);
});

it.each<[what: string, start: string, piece: string, why: RegExp]>([
  ['brackets', '{"a":{"shape":', '[', /shape of the tensor “a”: whole numbers/],
  ['braces', '{"a":', '{"a":', /unknown field “a”/],
  ['zeros', '{"a":{"shape":[0', ',0', /more than 16 numbers/],
  ['entries of metadata', '{"__metadata__":{"a":""', ',"a":""', /“a” twice/],
  ['a name without an end', '{"a', 'aaaaaaaa', /not a text of JSON/],
  ['quotation marks', '{"a', '\\"\\"', /not a text of JSON/],
])('20 MB of %s are refused before they are laid out', async (_, start, piece, why) => {
  const found = (await readHeader(fileOf(utf8.encode(start + piece.repeat(2e7 / piece.length)), 0))) as Fault;
  expectSentences(found);
  expect(found.details).toMatch(why);
});
