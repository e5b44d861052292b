import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFactors, readUpdate } from './factors.ts';
import { fileFigures } from './figures/file-figures.ts';
import { sourceOf } from './file-source.ts';
import { openAdapter } from './open.ts';
import { makeFile, type TestTensor } from './testing/make-file.ts';
import { warningsOf } from './warnings/warnings.ts';

const ENDINGS = [
  '.lora_A.weight',
  '.lora_B.weight',
  '.lora_A.x.weight',
  '.lora_embedding_A',
  '.lora_down.weight',
  '.lora_up.weight',
  '.lora_mid.weight',
  '.alpha',
  '.dora_scale',
  '.lora.down.weight',
  '.lora.up.weight',
  '_lora.down.weight',
  '_lora.up.weight',
  '.hada_w1_a',
  '.hada_w1_b',
  '.hada_w2_a',
  '.hada_w2_b',
  '.hada_t1',
  '.lokr_w1',
  '.lokr_w1_a',
  '.lokr_w1_b',
  '.lokr_w2',
  '.lokr_t2',
  '.diff',
  '.diff_b',
  '.lora_a',
  '.lora_b',
  '.m',
  '.weight',
  '',
  '.lora_B.bias',
  '.magnitude',
  '.lora_magnitude_vector',
];
const MODULES = [
  '__proto__',
  'constructor',
  'x',
  'transformer.h.0',
  'lora_unet_input_blocks_0_0',
  '',
  '.',
  'toString',
  '\u202e',
  'layers_1_x',
];

/** A file of 1 × 1 matrices of ones, written by hand because there are so many. */
function fileOfOnes(names: readonly string[]) {
  const entries = names.map((name, i) => {
    return `${JSON.stringify(name)}:{"dtype":"F32","shape":[1,1],"data_offsets":[${4 * i},${4 * i + 4}]}`;
  });
  const header = new TextEncoder().encode(`{${entries.join(',')}}`);
  const length = new BigUint64Array([BigInt(header.length)]);
  return sourceOf(new Blob([length, header, new Float32Array(names.length).fill(1)]), 'many.safetensors');
}

describe('hostile names', () => {
  it('and shapes give a fault or modules that can be read', async () => {
    const size = fc.constantFrom(0, 1, 2, 3);
    const tensor = fc.record({
      name: fc.tuple(fc.constantFrom(...MODULES), fc.constantFrom(...ENDINGS)).map((parts) => parts.join('')),
      shape: fc.array(size, { maxLength: 5 }),
    });
    const config = fc.option(
      fc.oneof(
        fc.json(),
        fc.constantFrom('{"lora_alpha":"x","rank_pattern":[1],"alpha_pattern":{"__proto__":3}}', '{', '[]'),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 20 }),
        config,
        async (list, text) => {
          const tensors = list.filter(({ name }) => name !== '' && name !== '__proto__');
          const made = tensors.map(({ name, shape }): TestTensor => {
            return { name, shape, values: new Float64Array(shape.reduce((n, m) => n * m, 1 as number)).fill(0.5) };
          });
          const { source } = await makeFile('hostile.safetensors', made);
          const adapter = await openAdapter(source, text, null);
          if ('fault' in adapter) {
            expect(adapter.fault).toMatch(/\.$/);
            return;
          }
          const kept = [
            ...adapter.others,
            ...adapter.unpaired.map(([of]) => of),
            ...adapter.modules.flatMap((m) => Object.values(m.tensors)),
          ];
          expect(kept.map(({ name }) => name).sort()).toEqual(tensors.map(({ name }) => name).sort());
          expect(new Set(adapter.modules.map(({ canonical }) => canonical)).size).toBe(adapter.modules.length);
          for (const module of adapter.modules) {
            const read = module.kind === 'lora' ? await readFactors(source, module) : await readUpdate(source, module);
            expect('fault' in read).toBe(false);
            if ('A' in read)
              expect([read.B.rows, read.B.cols, read.A.rows, read.A.cols]).toEqual([
                module.d,
                module.rank,
                module.rank,
                module.k,
              ]);
            if ('matrix' in read) expect([read.matrix.rows, read.matrix.cols]).toEqual([module.d, module.k]);
          }
          expect(
            warningsOf(
              adapter,
              adapter.modules.map(() => null),
            ).every(({ title }) => title.length < 300),
          ).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are shown without characters that turn the text around', async () => {
    const name = 'model.layers.0.mlp.\u202eup\u200b_proj';
    const { source } = await makeFile('turned.safetensors', [
      { name: `${name}.lora_A.weight`, shape: [1, 2], values: [1, 2] },
      { name: `${name}.lora_B.weight`, shape: [2, 1], values: [1, Number.NaN] },
    ]);
    const adapter = await openAdapter(source, null, null);
    if ('fault' in adapter) throw new Error(adapter.fault);
    const [{ place }] = adapter.modules;
    const figures = [await fileFigures(source, adapter.modules[0])];
    const said = warningsOf(adapter, figures).map(({ title, details }) => title + details);
    expect(place).toMatchObject({ layer: 'layer 0', type: '�up� proj' });
    expect(said.join()).toContain('layer 0 · mlp �up� proj');
    for (const text of [adapter.namesLike, ...said]) expect(text).not.toMatch(/\p{C}/u);
    // The name itself is written.
    expect(adapter.modules[0].name).toBe(name);
  });

  // Quadratic time in either would exceed the test's timeout.
  it('of 30,000 tensors and of 100 kB are read in a moment', async () => {
    const names: string[] = [];
    for (let i = 0; i < 10_000; i++) {
      const name = `lora_unet_${i % 3 ? `layers_${i}_` : `${i}_`}q`;
      names.push(`${name}.lora_down.weight`, `${name}.lora_up.weight`, `${name}.alpha`);
    }
    const long = `x.${'lora_A.layers_1_'.repeat(6000)}`;
    names.push(`${long}.lora_A.weight`, `${long}.lora_B.weight`);
    const source = fileOfOnes(names);
    const adapter = await openAdapter(source, null, null);
    if ('fault' in adapter) throw new Error(adapter.fault);
    expect(adapter.modules).toHaveLength(10_001);
    warningsOf(
      adapter,
      adapter.modules.map(() => null),
    );
  });
});
