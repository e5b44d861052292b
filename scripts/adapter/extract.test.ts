import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { madeUpPair } from '../../src/adapters/file/checkpoints/testing/made-up-pair.ts';
import { makeFile, type TestTensor } from '../../src/adapters/file/testing/make-file.ts';
import { runCommand as run } from './testing/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'extract-'));
const [BASE, FINE, NEW, LYING] = ['base.safetensors', 'fine', 'new', 'lying'].map((name) => join(folder, name));
const OUT = join(NEW, 'lora.safetensors');

async function put(path: string, tensors: readonly TestTensor[]): Promise<void> {
  const { blob } = await makeFile('x', tensors);
  writeFileSync(path, new Uint8Array(await blob.arrayBuffer()));
}

beforeAll(async () => {
  const { base, fine } = madeUpPair();
  for (const path of [FINE, NEW, LYING]) mkdirSync(path);
  await put(BASE, base);
  const shards = [fine.slice(0, 20), fine.slice(20)];
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'];
  const map = shards.flatMap((tensors, i) => tensors.map(({ name }) => [name, names[i]]));
  for (const [i, tensors] of shards.entries()) await put(join(FINE, names[i]), tensors);
  writeFileSync(
    join(FINE, 'model.safetensors.index.json'),
    JSON.stringify({ metadata: { total_size: 1 }, weight_map: Object.fromEntries(map) }),
  );
  writeFileSync(join(LYING, 'model.safetensors.index.json'), '{"weight_map":{"a":"../base.safetensors"}}');
});
afterEach(() => {
  for (const name of readdirSync(NEW)) rmSync(join(NEW, name));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('extract', () => {
  it('compares a file with a sharded folder, and prints fields for scripts', async () => {
    const { code, out } = await run('extract', BASE, FINE, '--json', '--intruders');
    expect(code).toBe(0);
    const { tensors, fine, lora, onlyBase } = JSON.parse(out);
    expect([tensors.length, fine.tensors, lora, onlyBase]).toEqual([50, 50, undefined, []]);
    const found = tensors.find(({ name }: { name: string }) => name === 'model.layers.0.self_attn.q_proj.weight');
    expect(found).toMatchObject({ shape: [32, 32], dtypes: ['F32', 'F32'], change: 'changed', odd: null });
    expect(found.spectrum).toMatchObject({ exact: true, upper: null, rest: null });
    expect(found.spectrum.rank99).toBeLessThanOrEqual(3);
    expect(found.spectrum.intruders).toMatchObject({ top: 10, epsilon: 0.5 });
    expect(found.relative).toBeCloseTo(found.norm / found.baseNorm, 12);
  });

  it('prints a table, and what did not change', async () => {
    const { code, out } = await run('extract', BASE, FINE);
    expect(code).toBe(0);
    expect(out).toMatch(/^base\.safetensors → fine: 50 tensors in both, 39 changed\n/);
    expect(out).toMatch(/\nmodel\.layers\.3\.mlp\.down_proj\.weight +32 × 48 .* exact +[\d.]+ +\d +\d +\d\n/);
    expect(out).toContain('Unchanged, bit for bit (11): ');
  });

  it.each(['peft', 'kohya'])('writes a LoRA under names of %s that loses what is foretold', async (names) => {
    const args = ['extract', BASE, FINE, '--rank', '2', '--dtype', 'F16', '--to', names, '--json'];
    const foretold = JSON.parse((await run(...args)).out).lora;
    expect(readdirSync(NEW)).toEqual([]);
    const { code, out } = await run(...args, '--out', OUT);
    expect(code).toBe(0);
    const { lora } = JSON.parse(out);
    expect([lora.error, lora.measured, lora.bytes]).toEqual([foretold.error, foretold.error, foretold.bytes]);
    expect([foretold.file, foretold.measured, lora.file]).toEqual([null, null, OUT]);
    expect(lora.bytes).toBe(readFileSync(OUT).length);
    const names2 = ['adapter_config.json', 'lora.safetensors'].slice(names === 'peft' ? 0 : 1);
    expect(readdirSync(NEW).sort()).toEqual(names2);
    const info = JSON.parse((await run('info', OUT, '--json')).out);
    expect(info).toMatchObject({ format: names, dtype: 'F16' });
    expect(info.modules.every((one: { rank: number; scaling: number }) => one.rank === 2 && one.scaling === 1)).toBe(
      true,
    );
  });

  it('the error over everything that changed has the rounding of the factors, too', async () => {
    const args = ['--energy', '1', '--dtype', 'BF16', '--to', 'kohya', '--json'];
    const { lora, tensors } = JSON.parse((await run('extract', BASE, FINE, ...args)).out);
    const normOf = (wanted: string) => tensors.find(({ name }: { name: string }) => name === wanted).norm;
    const left = Math.hypot(...lora.left.map(({ name }: { name: string }) => normOf(name)));
    const held = Math.hypot(...lora.modules.map(({ norm }: { norm: number }) => norm));
    expect(lora.error).toBeGreaterThan(1e-3);
    expect(lora.errorOfAll).toBeCloseTo(Math.hypot(lora.error * held, left) / Math.hypot(held, left), 12);
  });

  it.each<[readonly string[], string]>([
    [['extract', BASE], 'extract takes two files; 1 is named.'],
    [
      ['extract', BASE, FINE, '--rank', '2', '--energy', '0.9'],
      'extract takes one of --rank, --energy, --bytes; 2 are given.',
    ],
    [['extract', BASE, FINE, '--out', OUT], '--out needs one of --rank, --energy, --bytes: how a LoRA is cut.'],
    [['extract', BASE, FINE, '--rank', '2000'], '--rank 2000: expected a whole number from 1 to 1024.'],
    [['extract', BASE, FINE, '--rank', '2', '--to', 'onnx'], '--to onnx: expected peft or kohya.'],
    [['extract', BASE, FINE, '--bytes', '1000', '--out', OUT], '--bytes 1000: with one direction in each module'],
    [['extract', BASE, FINE, '--rank', '2', '--out', BASE, '--force'], 'is the input; choose another name'],
    [['extract', BASE, BASE, '--rank', '2', '--out', OUT], 'Nothing changed.'],
    [['extract', BASE, NEW], 'There is no model.'],
    [['extract', BASE, LYING], 'The index is damaged.'],
    [['extract', BASE, join(FINE, 'model-00001-of-00002.safetensors'), '--alpha', '2'], 'extract takes no --alpha.'],
  ])('%j is refused with a sentence, and nothing is written', async (args, sentence) => {
    const { code, out, error } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(sentence);
    expect(error.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(NEW)).toEqual([]);
  });
});
