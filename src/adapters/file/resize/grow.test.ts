import { describe, expect, it } from 'vitest';
import { multiply, scale } from '../../../math/matrix.ts';
import { stream } from '../../../math/random.ts';
import { readFactors } from '../factors.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { AdapterSource, Fault, ModuleFactors, OutputType } from '../model.ts';
import { openAdapter } from '../open.ts';
import { readNumbers } from '../safetensors/numbers.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { makeFile, normalMatrix, type TestFile, type TestTensor } from '../testing/make-file.ts';
import { compareGrown, type Growth, grownFile } from './grown-file.ts';

function value<T extends object>(of: T | Fault): T {
  if ('fault' in of) throw new Error(`${of.fault} ${of.details}`);
  return of;
}

async function opened({ source, config }: TestFile): Promise<AdapterSource> {
  return { source, adapter: value(await openAdapter(source, config, null)) };
}

async function written({ file, config }: Growth): Promise<AdapterSource> {
  const sink = blobSink();
  await writeSafetensors(file, sink);
  const source = sourceOf(sink.blob(), 'grown.safetensors');
  return { source, adapter: value(await openAdapter(source, config, null)) };
}

const factorsOf = async ({ source, adapter }: AdapterSource, i: number): Promise<ModuleFactors> =>
  value(await readFactors(source, adapter.modules[i]));

interface TestPair {
  readonly name: string;
  readonly rank: number;
  readonly dtype?: OutputType;
  readonly alpha?: number;
  readonly kernel?: boolean;
}

/** Modules of 6 × 8, or 6 × (2·2·2), in kohya's names. */
const kohyaFile = (pairs: readonly TestPair[]) =>
  makeFile(
    'kohya.safetensors',
    pairs.flatMap(({ name, rank, dtype = 'F16', alpha = 4, kernel }, i): TestTensor[] => [
      {
        name: `${name}.lora_down.weight`,
        shape: kernel ? [rank, 2, 2, 2] : [rank, 8],
        values: normalMatrix(rank, 8, i, 'A').data,
        dtype,
      },
      {
        name: `${name}.lora_up.weight`,
        shape: kernel ? [6, rank, 1, 1] : [6, rank],
        values: normalMatrix(6, rank, i, 'B').data,
        dtype,
      },
      { name: `${name}.alpha`, shape: [], values: [alpha], dtype },
    ]),
    { metadata: { ss_network_dim: '2', ss_network_alpha: '4', other: 'kept' } },
  );

const layer = (i: number) => `lora_unet_down_blocks_${i}_attentions_0_proj_in`;

/** ΔW is the same to the bit, new rows of A are within ±1/√k and not zero, new columns of B are zero. */
async function expectGrown(before: AdapterSource, after: AdapterSource, rank: number): Promise<void> {
  for (const [i, module] of before.adapter.modules.entries()) {
    const grown = after.adapter.modules[i];
    expect(grown.name).toBe(module.name);
    expect(Object.is(grown.scaling, module.scaling)).toBe(true);
    const [old, now] = [await factorsOf(before, i), await factorsOf(after, i)];
    const s = module.scaling ?? Number.NaN;
    expect(scale(multiply(now.B, now.A), s).data).toEqual(scale(multiply(old.B, old.A), s).data);
    if (module.rank >= rank) continue;
    expect([now.B.cols, now.A.rows, grown.rank]).toEqual([rank, rank, rank]);
    const rows = now.A.data.subarray(module.rank * module.k);
    for (const x of rows) expect(Math.abs(x)).toBeLessThanOrEqual(1 / Math.sqrt(module.k));
    expect(new Set(rows).size).toBeGreaterThan(rows.length / 2);
  }
  expect(await compareGrown(before, after)).toBe(0);
}

describe('a higher rank', () => {
  it('kohya: linear layers and convolutions, α in tensors, metadata that tell', async () => {
    const before = await opened(
      await kohyaFile([
        { name: layer(0), rank: 2 },
        { name: layer(1), rank: 4, kernel: true, alpha: 3 },
        { name: layer(2), rank: 9 },
      ]),
    );
    const made = value(grownFile(before.source, before.adapter, { rank: 8, seed: 1 }));
    const after = await written(made);
    await expectGrown(before, after, 8);
    expect(after.adapter.modules.map(({ rank, alpha, dtype }) => [rank, alpha, dtype])).toEqual([
      [8, 16, 'F16'],
      [8, 6, 'F16'],
      [9, 4, 'F16'],
    ]);
    expect(after.adapter.modules[1].tensors.down?.shape).toEqual([8, 2, 2, 2]);
    expect(after.adapter.modules[1].tensors.up?.shape).toEqual([6, 8, 1, 1]);
    expect(after.adapter.header.metadata).toEqual({
      ss_network_dim: 'Dynamic',
      ss_network_alpha: 'Dynamic',
      other: 'kept',
    });
    expect(made.modules.map(({ kept }) => kept)).toEqual([null, null, 'has rank 9 already']);
  });

  it.each([false, true])('PEFT: r, lora_alpha and patterns of the config, use_rslora %s', async (rslora) => {
    const names = ['q_proj', 'v_proj'];
    const tensors = names.flatMap((name, i): TestTensor[] => {
      const [rank, front] = [i === 0 ? 3 : 4, `base_model.model.model.layers.0.self_attn.${name}`];
      return [
        { name: `${front}.lora_A.weight`, shape: [rank, 8], values: normalMatrix(rank, 8, i, 'A').data, dtype: 'BF16' },
        { name: `${front}.lora_B.weight`, shape: [6, rank], values: normalMatrix(6, rank, i, 'B').data, dtype: 'BF16' },
      ];
    });
    const config = { peft_type: 'LORA', r: 4, lora_alpha: 7, use_rslora: rslora, rank_pattern: { q_proj: 3 } };
    const before = await opened(await makeFile('peft.safetensors', tensors, { config }));
    const after = await written(value(grownFile(before.source, before.adapter, { rank: 6, seed: 1 })));
    await expectGrown(before, after, 6);
    const said = JSON.parse(after.adapter.config?.text ?? '');
    expect([said.r, said.rank_pattern, said.use_rslora]).toEqual([6, {}, rslora]);
    // s of q is 7/3 or 7/√3, of v 7/4 or 7/2: α′ is s·6 or s·√6.
    const s = rslora ? [7 / Math.sqrt(3), 7 / 2] : [7 / 3, 7 / 4];
    const alphas = [said.lora_alpha, ...Object.values(said.alpha_pattern)] as number[];
    const wanted = s.map((x) => x * (rslora ? Math.sqrt(6) : 6));
    for (const alpha of wanted) expect(alphas.some((one) => Math.abs(one / alpha - 1) < 1e-14)).toBe(true);
  });

  it('MLX: A and B lie transposed, and scale stays', async () => {
    const name = 'model.layers.3.self_attn.q_proj';
    const file = await makeFile(
      'adapters.safetensors',
      [
        { name: `${name}.lora_a`, shape: [8, 2], values: normalMatrix(8, 2, 1, 'A').data },
        { name: `${name}.lora_b`, shape: [2, 6], values: normalMatrix(2, 6, 1, 'B').data },
      ],
      { config: { lora_parameters: { rank: 2, scale: 20 } } },
    );
    const before = await opened(file);
    const after = await written(value(grownFile(before.source, before.adapter, { rank: 5, seed: 1 })));
    await expectGrown(before, after, 5);
    expect(JSON.parse(after.adapter.config?.text ?? '').lora_parameters).toEqual({ rank: 5, scale: 20 });
  });

  it('an α′ that its type cannot hold becomes float32, and what float32 cannot hold either is said', async () => {
    const before = await opened(
      await kohyaFile([
        // s = 1/4: α′ = 513/4, which float16 has in steps of 1/8 and bfloat16 of 1.
        { name: layer(0), rank: 4, alpha: 1, dtype: 'BF16' },
        // s = 1/3, and α′ = 171.
        { name: layer(1), rank: 3, alpha: 1, dtype: 'BF16' },
        // s = 1/7: α′ = 513/7 ends in no type.
        { name: layer(2), rank: 7, alpha: 1, dtype: 'BF16' },
      ]),
    );
    const made = value(grownFile(before.source, before.adapter, { rank: 513, seed: 1 }));
    const after = await written(made);
    expect(after.adapter.modules.map(({ tensors }) => tensors.alpha?.dtype)).toEqual(['F32', 'BF16', 'F32']);
    const off = after.adapter.modules.map(({ scaling }, i) =>
      Math.abs((scaling ?? 0) / (before.adapter.modules[i].scaling ?? 0) - 1),
    );
    expect(made.modules.map((one) => one.off)).toEqual(off);
    expect(off[0]).toBe(0);
    expect(off[2]).toBeGreaterThan(0);
    expect(off[2]).toBeLessThan(6e-8);
    expect(made.error).toBe(Math.max(...off));
    expect(await compareGrown(before, after)).toBe(made.error);
  });

  it('a seed draws the same rows, another one others; each module its own', async () => {
    const before = await opened(await kohyaFile([0, 1].map((i) => ({ name: layer(i), rank: 2 }))));
    const rows = async (seed: number) => {
      const after = await written(value(grownFile(before.source, before.adapter, { rank: 4, seed })));
      return Promise.all([0, 1].map(async (i) => [...(await factorsOf(after, i)).A.data.subarray(16)]));
    };
    const [first, again, other] = [await rows(1), await rows(1), await rows(2)];
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expect(first[0]).not.toEqual(first[1]);
  });

  it('a gradient reaches B at once: ∂L/∂B = s·∂L/∂ΔW·Aᵀ is not zero in its new columns', async () => {
    const before = await opened(await kohyaFile([{ name: layer(0), rank: 2 }]));
    const after = await written(value(grownFile(before.source, before.adapter, { rank: 4, seed: 1 })));
    const { A } = await factorsOf(after, 0);
    const G = normalMatrix(6, 8, 3, 'gradient');
    for (let p = 2; p < 4; p++) {
      let squares = 0;
      for (let i = 0; i < 6; i++) {
        let sum = 0;
        for (let j = 0; j < 8; j++) sum += G.data[i * 8 + j] * A.data[p * 8 + j];
        squares += sum * sum;
      }
      expect(squares).toBeGreaterThan(0.01);
    }
  });

  it('random files keep every bit of A and B, and s wherever a type holds α′', async () => {
    const { uniform } = stream(1, 'growths');
    for (let n = 0; n < 60; n++) {
      const rank = 1 + Math.floor(6 * uniform());
      const dtype = (['F32', 'F16', 'BF16'] as const)[Math.floor(3 * uniform())];
      const pairs = [{ name: layer(n), rank, dtype, alpha: [1, 2, 0.5, 3, 16][Math.floor(5 * uniform())] }];
      const before = await opened(await kohyaFile(pairs));
      const to = rank + 1 + Math.floor(20 * uniform());
      const made = value(grownFile(before.source, before.adapter, { rank: to, seed: n }));
      const after = await written(made);
      expect(await compareGrown(before, after)).toBe(made.error);
      const [old, now] = [before.adapter.modules[0], after.adapter.modules[0]];
      // (α·r′/r) has an end in float32 if r divides α·r′ up to a power of two.
      if (made.error > 0) expect(Math.fround(((old.alpha ?? 0) * to) / rank)).not.toBe(((old.alpha ?? 0) * to) / rank);
      const { tensors } = now;
      if (!tensors.up || !old.tensors.up) throw new Error('no B');
      const [x, y] = [await readNumbers(before.source, old.tensors.up), await readNumbers(after.source, tensors.up)];
      for (let i = 0; i < 6; i++)
        expect([...y.subarray(i * to, (i + 1) * to)]).toEqual([
          ...x.subarray(i * rank, (i + 1) * rank),
          ...new Array(to - rank).fill(0),
        ]);
    }
  });

  it('is refused with the reason', async () => {
    const before = await opened(await kohyaFile([{ name: layer(0), rank: 4 }]));
    const grown = (rank: number) => grownFile(before.source, before.adapter, { rank, seed: 0 });
    expect(grown(4)).toMatchObject({ fault: 'No module grows.', details: `“${layer(0)}” has rank 4 already.` });
    expect(grown(5000)).toMatchObject({ fault: 'Rank 5000 is not possible.' });
    const { adapter } = before;
    const without = {
      ...adapter,
      modules: adapter.modules.map((module) => ({ ...module, alpha: null, scaling: null })),
    };
    expect(grownFile(before.source, without, { rank: 8, seed: 0 })).toMatchObject({ fault: 'α is not known.' });
  });
});
