import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnsTimes } from '../../src/adapters/file/checkpoints/panel-products.ts';
import { makeFile, makePair, normalMatrix, type TestTensor } from '../../src/adapters/file/testing/make-file.ts';
import { svd } from '../../src/math/factor/svd.ts';
import { frobenius, leadingColumns, multiply, scale, subtract, transpose } from '../../src/math/matrix.ts';
import { runCommand as run } from './testing/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'base-'));
const [FILE, DORA, BASE, OTHER] = ['style', 'dora', 'base', 'other'].map((name) => join(folder, `${name}.safetensors`));
const [D, K, ALPHA] = [32, 64, 6];
const SIGMA = [0.5, 0.25];
const layers = ['model.layers.0.self_attn.q_proj', 'model.layers.1.self_attn.q_proj', 'model.layers.2.mlp.up_proj'];
const weights = layers.map((name) => scale(normalMatrix(D, K, 1, name), 1 / 8));
const pairs = layers.map((name) => makePair(D, K, SIGMA, 1, name));

async function put(path: string, tensors: readonly TestTensor[]): Promise<void> {
  const { blob } = await makeFile('x', tensors);
  writeFileSync(path, new Uint8Array(await blob.arrayBuffer()));
}

beforeAll(async () => {
  const factors = layers.flatMap((name, i) => [
    { name: `base_model.model.${name}.lora_A.weight`, shape: [SIGMA.length, K], values: pairs[i].A.data },
    { name: `base_model.model.${name}.lora_B.weight`, shape: [D, SIGMA.length], values: pairs[i].B.data },
  ]);
  await put(FILE, factors);
  const magnitude = { name: `base_model.model.${layers[0]}.lora_magnitude_vector`, shape: [D] };
  await put(DORA, [...factors.slice(0, 2), { ...magnitude, values: new Float64Array(D).fill(1.2) }]);
  // The third layer is missing from the base.
  await put(
    BASE,
    weights.slice(0, 2).map(({ data }, i) => ({ name: `${layers[i]}.weight`, shape: [D, K], values: data })),
  );
  await put(OTHER, [{ name: 'something.weight', shape: [D, K], values: weights[0].data }]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const info = (...args: string[]) => run('info', ...args, '--alpha', String(ALPHA));

describe('info --base', () => {
  it('prints fields for scripts, of each module and in all, and says what has no W₀', async () => {
    const { code, out } = await info(FILE, '--base', BASE, '--json', '--leading');
    expect(code).toBe(0);
    const { base, modules } = JSON.parse(out);
    const sizes = pairs.map(({ B, A }) => (ALPHA / SIGMA.length) * frobenius(multiply(B, A)));
    for (const i of [0, 1]) {
      const found = modules[i].base;
      expect(found).toMatchObject({ tensor: `${layers[i]}.weight`, dtype: 'F32', turned: false, dora: null });
      expect(found.norm).toBeCloseTo(sizes[i], 10);
      expect(found.norm).toBeCloseTo(modules[i].frobenius, 10);
      expect(found.relative).toBeCloseTo(sizes[i] / frobenius(weights[i]), 10);
      expect(found.alignment).toMatchObject({ rank: 2, leading: { randomLeft: 2 / D, randomRight: 2 / K } });
      expect(found.merged.map(({ type }: { type: string }) => type)).toEqual(['F32', 'BF16', 'F16', 'NF4']);
    }
    expect(modules[2]).toMatchObject({ base: null, noBase: `“base.safetensors” has no tensor for “${layers[2]}”.` });
    expect(base).toMatchObject({ name: 'base.safetensors', tensors: 2, modules: 2 });
    expect(base.norm).toBeCloseTo(Math.hypot(sizes[0], sizes[1]), 10);
    const lost = [0, 1].map((i) => modules[i].base.merged[1].lost * sizes[i]);
    expect(base.merged[1].lost).toBeCloseTo(Math.hypot(...lost) / base.norm, 12);
  });

  it('prints a table, and one of DoRA', async () => {
    const plain = await info(FILE, '--base', BASE);
    expect(plain.code).toBe(0);
    expect(plain.out).toMatch(
      /\nbase\.safetensors: W₀ of 2 of 3 modules\. ‖ΔW‖ is [\d.]+% of ‖W₀‖\. Merging loses of ΔW /,
    );
    expect(plain.out).toMatch(/\nmodel\.layers\.0\.self_attn\.q_proj .* [\d.]+ × /);
    expect(plain.out).toContain(`has no tensor for “${layers[2]}”.`);
    const dora = await info(DORA, '--base', BASE);
    expect(dora.out).toMatch(/\nDoRA +‖ΔW‖ +ΔM +ΔD +σ₁ +bound +90% +95% +99%\n.* exact +\d+ +\d+ +\d+/);
  });

  it('prints ΔW of an adapter that began from W₀', async () => {
    const config = join(folder, 'begun.json');
    writeFileSync(config, JSON.stringify({ init_lora_weights: 'pissa', r: SIGMA.length, lora_alpha: ALPHA }));
    const { out } = await run('info', FILE, '--config', config, '--base', BASE);
    expect(out).toMatch(/\nΔW without its start +start +‖ΔW‖ +σ₁ +bound +90% +95% +99%\n.* PiSSA .* exact +\d/);
    const { modules } = JSON.parse((await run('info', FILE, '--config', config, '--base', BASE, '--json')).out);
    const { U, S, V } = svd(weights[0]);
    const began = multiply(leadingColumns(U, 2), transpose(columnsTimes(leadingColumns(V, 2), S.subarray(0, 2))));
    const change = subtract(scale(multiply(pairs[0].B, pairs[0].A), ALPHA / SIGMA.length), began);
    expect(modules[0].base.norm / frobenius(change)).toBeCloseTo(1, 6);
    expect(modules[0].base.begun.spectrum.sigma).toHaveLength(4);
  });

  it.each<[readonly string[], string]>([
    [[FILE, '--leading'], '--leading needs --base BASE: the model with W₀.'],
    [[FILE, '--base', OTHER], 'The base has the weights of no module.'],
    [[FILE, '--base', FILE], 'The base is an adapter.'],
    [[FILE, '--base', join(folder, 'none')], 'there is no such file.'],
  ])('%j is refused with a sentence', async (args, sentence) => {
    const { code, out, error } = await info(...args);
    expect([code, out]).toEqual([2, '']);
    expect(error).toContain(sentence);
    expect(error.trim().split('\n')).toHaveLength(1);
  });
});
