/** Models that are damaged, lie or hold what cannot be compared: a sentence each. */

import { describe, expect, it } from 'vitest';
import { sourceOf } from '../file-source.ts';
import type { ByteSource } from '../model.ts';
import { makeFile, normalMatrix } from '../testing/make-file.ts';
import { type CheckpointFiles, openCheckpoint, readIndex } from './checkpoint.ts';
import { differenceFigures } from './difference-figures.ts';
import { differenceLora } from './lora-file.ts';
import { matchTensors } from './match-tensors.ts';
import { matched, opened, openedFiles } from './testing/made-up-pair.ts';

const tensor = (name: string, shape: readonly number[] = [2, 2]) => ({
  name,
  shape,
  values: new Float64Array(shape.reduce((x, y) => x * y, 1)).fill(1),
});
const file = async (name: string, ...names: readonly string[]) =>
  (
    await makeFile(
      name,
      names.map((one) => tensor(one)),
    )
  ).source;
const index = (map: Readonly<Record<string, string>>) =>
  JSON.stringify({ metadata: { total_size: 8 }, weight_map: map });
const [ONE, TWO] = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];

/** A file by its header, whatever that says. */
function raw(header: string, data: number): ByteSource {
  const text = new TextEncoder().encode(header);
  const blob = new Blob([new BigUint64Array([BigInt(text.length)]), text, new Uint8Array(data)]);
  return sourceOf(blob, 'model.safetensors');
}
const entry = (dtype: string, shape: readonly number[], from: number, to: number) =>
  `{"dtype":"${dtype}","shape":[${shape}],"data_offsets":[${from},${to}]}`;

describe('shards', () => {
  it('are one model under their index, which may say more', async () => {
    const files = [
      await file(ONE, 'a.weight'),
      await file(TWO, 'b.weight'),
      await file('other.safetensors', 'a.weight'),
    ];
    const text = JSON.stringify({
      metadata: { total_size: 1.5e10, nested: [{ deep: [null, true, -1e-3, ''] }, []] },
      weight_map: { 'a.weight': ONE, 'b.weight': TWO },
    });
    const { tensors, bytes } = await openedFiles('model', files, `\uFEFF${text}`);
    expect([...tensors.keys()]).toEqual(['a.weight', 'b.weight']);
    expect(bytes).toBe(files[0].size + files[1].size);
  });

  it.each<[string, () => Promise<Omit<CheckpointFiles, 'name'>>, RegExp]>([
    ['none', async () => ({ index: null, files: [] }), /^There is no model\. .* has no \.safetensors file\.$/],
    [
      'a tensor that its shard lacks',
      async () => ({ index: index({ a: ONE, b: ONE }), files: [await file(ONE, 'a')] }),
      /^A shard lies\. The index puts “b” into “model-00001-of-00002\.safetensors”, which does not have it\./,
    ],
    [
      'a tensor in another shard',
      async () => ({ index: index({ a: TWO, b: TWO }), files: [await file(ONE), await file(TWO, 'a', 'b', 'c')] }),
      /^A shard lies\. “c” is in “model-00002.*”, but the index does not list it\./,
    ],
    [
      'a shard with the tensor of another one',
      async () => ({ index: index({ a: ONE, b: TWO }), files: [await file(ONE, 'a', 'b'), await file(TWO, 'b')] }),
      /^A shard lies\. “b” is in “model-00001.*”, but the index puts it into “model-00002/,
    ],
    [
      'a shard that is not there',
      async () => ({ index: index({ a: ONE, b: TWO }), files: [await file(ONE, 'a')] }),
      /^A shard is missing\. The index names “model-00002-of-00002\.safetensors”, which is not among the files\./,
    ],
    [
      'a shard twice',
      async () => ({ index: null, files: [await file(ONE, 'a'), await file(ONE, 'b')] }),
      /^A file is there twice\./,
    ],
    [
      'a tensor twice',
      async () => ({ index: null, files: [await file(ONE, 'a', 'b'), await file(TWO, 'b')] }),
      /^A tensor is there twice\. “b” is in “model-00001.*” and in “model-00002/,
    ],
    [
      'overlapping tensors',
      async () => ({
        index: null,
        files: [raw(`{"a":${entry('F32', [2], 0, 8)},"b":${entry('F32', [2], 4, 12)}}`, 12)],
      }),
      /^The header is damaged\. .*the two overlap/,
    ],
    [
      'a tensor twice in a file',
      async () => ({ index: null, files: [raw(`{"a":${entry('F32', [1], 0, 4)},"a":${entry('F32', [1], 4, 8)}}`, 8)] }),
      /^The header is damaged\. .*“a” twice/,
    ],
    [
      'a file that is cut off',
      async () => ({ index: null, files: [raw(`{"a":${entry('F32', [9], 0, 36)}}`, 8)] }),
      /^The file is cut off\./,
    ],
    [
      'float8 with block scales',
      async () => ({
        index: null,
        files: [raw(`{"m.weight":${entry('F8_E4M3', [4], 0, 4)},"m.weight_scale_inv":${entry('F32', [1], 4, 8)}}`, 8)],
      }),
      /^float8 with scales is not read\. “m\.weight” is float8 and “m\.weight_scale_inv” scales it/,
    ],
    [
      'float8 with a mark of scales',
      async () => ({
        index: null,
        files: [raw(`{"m.weight":${entry('F8_E4M3', [4], 0, 4)},"scaled_fp8":${entry('F8_E4M3', [2], 4, 6)}}`, 6)],
      }),
      /^float8 with scales is not read\./,
    ],
  ])('%s: a sentence', async (_, files, sentence) => {
    const found = await openCheckpoint({ name: 'model', ...(await files()) });
    expect('fault' in found ? `${found.fault} ${found.details}` : 'opened').toMatch(sentence);
  });
});

describe('an index', () => {
  it.each([
    ['{', /ends there/],
    ['[]', /“{” expected/],
    ['{"metadata":{}}', /no weight_map/],
    ['{"weight_map":{}}', /no weight_map/],
    ['{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}', /“a” twice/],
    ['{"weight_map":{"__proto__":"x.safetensors"}}', /reserved/],
    ['{"weight_map":{"a":1}}', /a text in quotation marks/],
    ['{"weight_map":{"a":"../x.safetensors"}}', /own folder/],
    ['{"weight_map":{"a":"/etc/x.safetensors"}}', /own folder/],
    ['{"weight_map":{"a":"sub\\\\x.safetensors"}}', /own folder/],
    ['{"weight_map":{"a":".x.safetensors"}}', /own folder/],
    ['{"weight_map":{"a":"pytorch_model.bin"}}', /own folder/],
    ['{"weight_map":{"a":"x.safetensors"}} more', /continues after/],
    [`{"metadata":${'['.repeat(50)}${']'.repeat(50)},"weight_map":{"a":"x.safetensors"}}`, /nested more than/],
    ['{"metadata":nul,"weight_map":{"a":"x.safetensors"}}', /a value of JSON/],
  ])('%s is refused with a sentence', (text, sentence) => {
    const found = readIndex(text);
    expect('fault' in found ? `${found.fault} ${found.details}` : 'read').toMatch(sentence);
  });
});

describe('two models', () => {
  it('without a name in common are refused, and an adapter is called one', async () => {
    const base = await opened([tensor('a.weight')], 'base');
    const other = await opened([tensor('b.weight')], 'fine');
    expect(matchTensors(base, other)).toMatchObject({ fault: 'The two models have no tensor in common.' });
    const adapter = await opened([tensor('m.lora_A.weight')], 'adapter');
    expect(matchTensors(base, adapter)).toMatchObject({ fault: 'One of the two is an adapter.' });
  });

  it('match if one has a word in front of its names', async () => {
    const names = ['h.0.attn.weight', 'h.1.attn.weight', 'wte.weight'];
    const base = await opened(
      names.map((name) => tensor(name)),
      'base',
    );
    const fine = await opened(
      [...names.map((name) => tensor(`transformer.${name}`)), tensor('lm_head.weight')],
      'fine',
    );
    const matches = matchTensors(base, fine);
    if ('fault' in matches) throw new Error(matches.fault);
    expect(matches.prefix).toBe('transformer.');
    expect(matches.pairs.map(({ name }) => name)).toEqual(names.map((name) => `transformer.${name}`));
    expect(matches.onlyFine.map(({ name }) => name)).toEqual(['lm_head.weight']);
  });

  it.each([
    [Number.NaN, 'has NaN at [1, 2]'],
    [Infinity, 'has an infinity at [1, 2]'],
    [-Infinity, 'has an infinity at [1, 2]'],
  ])('with %s somewhere: that module is named, left out, and the rest is measured', async (value, words) => {
    const values = normalMatrix(3, 4, 1, 'odd').data;
    const odd = values.slice();
    odd[6] = value;
    const rest = { name: 'good.weight', shape: [3, 4], values };
    const { pairs } = await matched(
      [rest, { name: 'odd.weight', shape: [3, 4], values }],
      [
        { ...rest, values: values.map((x) => x + 1) },
        { name: 'odd.weight', shape: [3, 4], values: odd },
      ],
    );
    const figures = [];
    for (const pair of pairs) figures.push(await differenceFigures(pair));
    const found = figures[pairs.findIndex(({ name }) => name === 'odd.weight')];
    expect(found).toMatchObject({ change: 'not finite', norm: Number.NaN, spectrum: null });
    expect(found.odd).toContain(words);
    const lora = differenceLora(pairs, figures, { way: { by: 'rank', rank: 1 }, names: 'peft', dtype: null });
    if ('fault' in lora) throw new Error(lora.fault);
    expect(lora.adapter.modules.map(({ name }) => name)).toEqual(['good']);
    expect(lora.left[0][1]).toContain(words);
  });

  it('with NaN in the same bits did not change', async () => {
    const values = [1, Number.NaN, 2, 3];
    const { pairs } = await matched([{ ...tensor('a.weight'), values }], [{ ...tensor('a.weight'), values }]);
    expect(await differenceFigures(pairs[0])).toMatchObject({ change: 'same bits' });
  });
});
