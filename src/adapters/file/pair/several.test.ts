import { describe, expect, it } from 'vitest';
import { frobenius, type Matrix64, multiply, scale, subtract, zeros } from '../../../math/matrix.ts';
import { type Stream, stream } from '../../../math/random.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { readFactors } from '../factors.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { AdapterSource, Fault, MergePlan, OutputType } from '../model.ts';
import { openAdapter } from '../open.ts';
import { writeSafetensors } from '../safetensors/write.ts';
import { makeFile, normalMatrix, type TestTensor } from '../testing/make-file.ts';
import { mergeConflicts } from './conflicts.ts';
import { denseMerge, linearFactors, nthLargest, type WeightedFactors } from './dense-merge.ts';
import golden from './golden/merges.json' with { type: 'json' };
import { mergedFileSize, mergeOf } from './merged-file.ts';

const PLAN: MergePlan = {
  weights: [1, 1, 1],
  method: 'sum',
  rank: null,
  density: 0.5,
  seed: 0,
  others: 'carried',
  dtype: null,
};

const matrix = (rows: readonly (readonly number[])[]): Matrix64 => ({
  rows: rows.length,
  cols: rows[0].length,
  data: Float64Array.from(rows.flat()),
});

function value<T extends object>(of: T | Fault): T {
  if ('fault' in of) throw new Error(`${of.fault} ${of.details}`);
  return of;
}

const off = (x: Matrix64, y: Matrix64) => frobenius(subtract(x, y)) / (frobenius(y) || 1);

describe("NumPy's merges by the papers' definitions", () => {
  it.each(golden.map((of, i) => [i, of] as const))('case %i: TIES, DARE and the sum of factors', (_, of) => {
    const all = of.pairs.map(({ s, B, A }, file): WeightedFactors => {
      return { file, factors: { B: matrix(B), A: matrix(A) }, by: of.weights[file] * s };
    });
    for (const method of ['ties', 'dare'] as const) {
      const made = denseMerge(all, of.layer, { method, density: of.density, seed: of.seed });
      const [wanted, sum] = [matrix(of[method]), matrix(of.sum)];
      expect(off(made?.update ?? zeros(wanted.rows, wanted.cols), wanted)).toBeLessThan(1e-13);
      expect(made?.sum).toBeCloseTo(frobenius(sum), 10);
      expect(made?.offSum).toBeCloseTo(frobenius(subtract(wanted, sum)), 10);
    }
    const { B, A } = linearFactors(all);
    expect(off(multiply(B, A), matrix(of.linear))).toBeLessThan(1e-13);
  });
});

interface TestAdapter {
  readonly layers: readonly number[];
  readonly rank: number;
  readonly seed: number;
  readonly alpha: number;
  readonly dtype?: OutputType;
  readonly rslora?: boolean;
  readonly kohya?: boolean;
}

const D = 7;
const colsOf = (layer: number) => 8 + layer;

/** A decoder in PEFT's or kohya's names. */
async function adapterOf(of: TestAdapter): Promise<AdapterSource> {
  const { layers, rank, seed, alpha, dtype = 'F32', kohya = false, rslora = false } = of;
  const tensors = layers.flatMap((layer): TestTensor[] => {
    const name = kohya
      ? `lora_transformer_model_layers_${layer}_mlp_up_proj`
      : `base_model.model.model.layers.${layer}.mlp.up_proj`;
    const [down, up] = kohya ? ['.lora_down.weight', '.lora_up.weight'] : ['.lora_A.weight', '.lora_B.weight'];
    const k = colsOf(layer);
    return [
      { name: name + down, shape: [rank, k], values: normalMatrix(rank, k, seed, `A${layer}`).data, dtype },
      { name: name + up, shape: [D, rank], values: normalMatrix(D, rank, seed, `B${layer}`).data, dtype },
      ...(kohya ? [{ name: `${name}.alpha`, shape: [], values: [alpha] } as const] : []),
    ];
  });
  const config = { r: rank, lora_alpha: alpha, use_rslora: rslora, target_modules: ['up_proj'] };
  const file = await makeFile(`${seed}.safetensors`, tensors, kohya ? {} : { config });
  return { source: file.source, adapter: value(await openAdapter(file.source, file.config, null)) };
}

async function written(made: ReturnType<typeof mergeOf>): Promise<AdapterSource & { readonly bytes: number }> {
  const { file, config } = value(made);
  const sink = blobSink();
  const bytes = await writeSafetensors(file, sink);
  const source = sourceOf(sink.blob(), 'merged.safetensors');
  return { source, adapter: value(await openAdapter(source, config, null)), bytes };
}

/** sᵢ·BᵢAᵢ of every module, by canonical name. */
async function updates({ source, adapter }: AdapterSource): Promise<ReadonlyMap<string, Matrix64>> {
  const all = new Map<string, Matrix64>();
  for (const module of adapter.modules) {
    const { B, A } = value(await readFactors(source, module));
    all.set(module.canonical, scale(multiply(B, A), module.scaling ?? Number.NaN));
  }
  return all;
}

/** By plain loops from the definitions; undefined where a file has no such module or weighs nothing. */
function expected(deltas: readonly (Matrix64 | undefined)[], plan: MergePlan, layer: string): Matrix64 {
  const summands = deltas.flatMap((of, file) => (of && plan.weights[file] !== 0 ? [{ of, file }] : []));
  const { rows, cols } = summands[0].of;
  const size = rows * cols;
  const out = zeros(rows, cols);
  const kept = summands.map(({ of, file }) => {
    const weighted = Array.from(of.data, (x) => plan.weights[file] * x);
    if (plan.method === 'dare') {
      const { uniform } = stream(plan.seed, `dare ${file} ${layer}`);
      return weighted.map((x) => (uniform() < plan.density ? x / plan.density : 0));
    }
    if (plan.method !== 'ties') return weighted;
    const order = Array.from(weighted.keys()).sort((p, q) => Math.abs(of.data[q]) - Math.abs(of.data[p]) || p - q);
    const stays = new Set(order.slice(0, Math.max(1, Math.floor(plan.density * size))));
    return weighted.map((x, e) => (stays.has(e) ? x : 0));
  });
  for (let e = 0; e < size; e++) {
    const values = kept.map((of) => of[e]);
    const total = values.reduce((sum, x) => sum + x, 0);
    const agree = values.filter((x) => x !== 0 && Math.sign(x) === Math.sign(total));
    if (plan.method !== 'ties') out.data[e] = total;
    else if (agree.length > 0) out.data[e] = agree.reduce((sum, x) => sum + x, 0) / agree.length;
  }
  return out;
}

const pick = <T>({ uniform }: Stream, of: readonly T[]): T => of[Math.floor(uniform() * of.length)];

describe('merges of several files', () => {
  it('200 random cases: ΔW by plain loops, the error that was foretold, the least possible, the size to the byte', async () => {
    const source = stream(5, 'several');
    for (let n = 0; n < 200; n++) {
      const method = pick(source, ['sum', 'sum', 'linear', 'ties', 'dare'] as const);
      const count = pick(source, [2, 3, 3, 4]);
      const dtype = pick(source, ['F32', 'F32', 'F16', 'BF16'] as const);
      const rank = pick(source, [1, 2, 3]);
      const files = await Promise.all(
        Array.from({ length: count }, (_, i) =>
          adapterOf({
            layers: i === 0 ? [0, 1] : pick(source, [[0], [0, 1], [0, 1, 2], [0, 2]]),
            rank: method === 'linear' ? rank : pick(source, [1, 2, 3]),
            seed: 10 * n + i,
            alpha: pick(source, [1, 2, 3, 5]),
            kohya: pick(source, [true, false]),
            rslora: pick(source, [true, false]),
            dtype,
          }),
        ),
      );
      const plan: MergePlan = {
        ...PLAN,
        method,
        weights: files.map((_, i) => pick(source, i === 0 ? [1, -1, 0.3] : [1, -0.5, 0, 0.7, 2])),
        rank: method === 'linear' ? null : pick(source, [null, 1, 2, 4]),
        density: pick(source, [0.1, 0.5, 0.9, 1]),
        seed: n,
      };
      const made = value(mergeOf(files, plan));
      const foretold = value(await made.foretell());
      const got = await written(made);
      expect(got.bytes).toBe(
        mergedFileSize(
          files.map(({ adapter }) => adapter),
          plan,
        ),
      );
      const measured = value(await made.measure(got));
      const [all, read] = [await Promise.all(files.map(updates)), await updates(got)];
      const rounding = { F32: 1e-6, F16: 3e-3, BF16: 2.5e-2 }[dtype];
      expect(Math.abs(measured.error - foretold.error)).toBeLessThan(rounding * (1 + foretold.error));
      for (const [i, { module }] of made.modules.entries()) {
        const wanted = expected(
          all.map((of) => of.get(module.canonical)),
          plan,
          module.canonical,
        );
        const error = off(read.get(module.canonical) as Matrix64, wanted);
        expect(Math.abs(error - (foretold.errors[i] ?? Number.NaN))).toBeLessThan(rounding * (1 + error));
        if (method === 'linear') continue;
        const sigma = singularValues(wanted);
        const lost = Math.hypot(...sigma.slice(module.rank)) / (Math.hypot(...sigma) || 1);
        expect(Math.abs((foretold.errors[i] ?? Number.NaN) - lost)).toBeLessThan(1e-5);
      }
      const named = new Set(
        files.flatMap((of, i) => (plan.weights[i] === 0 ? [] : of.adapter.modules.map((m) => m.canonical))),
      );
      expect(new Set(read.keys())).toEqual(named);
    }
  });

  const three = () =>
    Promise.all([1, 2, 3].map((seed) => adapterOf({ layers: [0, 1], rank: 2, seed, alpha: 4, kohya: seed === 2 })));

  it('a third file of weight 0 leaks nothing, by any method', async () => {
    const files = await three();
    for (const method of ['sum', 'linear', 'ties', 'dare'] as const) {
      const [two, all] = [
        await written(mergeOf(files.slice(0, 2), { ...PLAN, method, weights: [1, 0.5] })),
        await written(mergeOf(files, { ...PLAN, method, weights: [1, 0.5, 0] })),
      ];
      expect(await updates(all)).toEqual(await updates(two));
    }
  });

  it('TIES of one file with itself is the file, trimmed, and not twice it', async () => {
    const [a] = await three();
    const got = await updates(await written(mergeOf([a, a, a], { ...PLAN, method: 'ties', density: 1, rank: 2 })));
    for (const [name, of] of await updates(a)) expect(off(got.get(name) as Matrix64, of)).toBeLessThan(1e-6);
  });

  it('DARE divides what it keeps by the density: over many seeds the mean is the sum', async () => {
    const [B, A] = [normalMatrix(6, 2, 1, 'B'), normalMatrix(2, 5, 1, 'A')];
    const all = [{ file: 0, factors: { B, A }, by: 1.5 }];
    const mean = zeros(6, 5);
    const seeds = 4000;
    for (let seed = 0; seed < seeds; seed++) {
      const made = denseMerge(all, 'x', { method: 'dare', density: 0.25, seed });
      for (let e = 0; e < 30; e++) mean.data[e] += (made?.update.data[e] ?? 0) / seeds;
    }
    // Of one entry the standard deviation is √(1/density − 1) times it.
    expect(off(mean, scale(multiply(B, A), 1.5))).toBeLessThan(4 * Math.sqrt(3 / seeds));
  });

  it('another seed drops other entries, the same one the same', async () => {
    const files = await three();
    const by = async (seed: number) =>
      (await updates(await written(mergeOf(files, { ...PLAN, method: 'dare', seed })))).get('layers_0_mlp_up_proj');
    expect(await by(1)).toEqual(await by(1));
    expect(await by(1)).not.toEqual(await by(2));
  });

  it('“linear” is refused if ranks differ, and TIES if ΔW is too large to be formed', async () => {
    const [a, b] = [
      await adapterOf({ layers: [0], rank: 2, seed: 1, alpha: 4 }),
      await adapterOf({ layers: [0], rank: 3, seed: 2, alpha: 4 }),
    ];
    const plan = { ...PLAN, weights: [1, 1] };
    expect(mergeOf([a, b], { ...plan, method: 'linear' })).toMatchObject({ fault: '“Linear” needs equal ranks.' });
    const large = (of: AdapterSource): AdapterSource => ({
      ...of,
      adapter: { ...of.adapter, modules: of.adapter.modules.map((module) => ({ ...module, d: 14336, k: 4096 })) },
    });
    expect(mergeOf([large(a), large(b)], { ...plan, method: 'ties' })).toMatchObject({
      details: expect.stringContaining('ΔW of 14336 × 4096 has to be formed, and up to 4096² entries are.'),
    });
    expect(mergeOf([a, b], { ...plan, method: 'dare', density: 0 })).toMatchObject({
      fault: 'Density 0 is not possible.',
    });
  });

  it('is refused if a third file has nothing in common with the others', async () => {
    const [a, b] = await three();
    const other = await makeFile('other.safetensors', [
      { name: 'lora_unet_mid_block_attentions_0_proj_in.lora_down.weight', shape: [1, 9], values: new Float64Array(9) },
      { name: 'lora_unet_mid_block_attentions_0_proj_in.lora_up.weight', shape: [7, 1], values: new Float64Array(7) },
      { name: 'lora_unet_mid_block_attentions_0_proj_in.alpha', shape: [], values: [1] },
    ]);
    const c = { source: other.source, adapter: value(await openAdapter(other.source, null, null)) };
    expect(mergeOf([a, b, c], PLAN)).toMatchObject({ fault: 'File 3 has no module in common with the others.' });
  });
});

describe('conflicts', () => {
  it('of sign and of subspace, by plain loops', async () => {
    const files = await Promise.all(
      [1, 2, 3].map((seed) => adapterOf({ layers: [0], rank: 2, seed, alpha: 2 + seed })),
    );
    const plan = { ...PLAN, weights: [1, -0.5, 2] };
    const found = await mergeConflicts(files, value(mergeOf(files, plan)));
    const deltas = await Promise.all(files.map(updates));
    const all = deltas.map((of, i) => scale(of.get('layers_0_mlp_up_proj') as Matrix64, plan.weights[i]));
    let [energy, opposed] = [0, 0];
    for (let e = 0; e < all[0].data.length; e++) {
      const values = all.map(({ data }) => data[e]);
      const squares = values.reduce((sum, x) => sum + x * x, 0);
      energy += squares;
      if (new Set(values.map(Math.sign)).size > 1) opposed += squares;
    }
    expect(found.signs).toBeCloseTo(opposed / energy, 12);
    expect(found.layers[0]?.signs).toBeCloseTo(opposed / energy, 12);
  });

  it('of a file with itself are none, with its negative all of it', async () => {
    const a = await adapterOf({ layers: [0, 1], rank: 2, seed: 1, alpha: 4 });
    for (const [weights, signs] of [
      [[1, 1], 0],
      [[1, -1], 1],
    ] as const) {
      const found = await mergeConflicts([a, a], value(mergeOf([a, a], { ...PLAN, weights })));
      expect([found.signs, Math.round(1e9 * (found.overlap ?? 0)) / 1e9]).toEqual([signs, 1]);
    }
  });
});

it('the n-th largest of any numbers, many of them equal', () => {
  const { uniform } = stream(1, 'nth');
  for (let times = 0; times < 300; times++) {
    const values = Float64Array.from({ length: 1 + Math.floor(40 * uniform()) }, () => Math.floor(9 * uniform()));
    const sorted = values.toSorted().reverse();
    const n = 1 + Math.floor(values.length * uniform());
    expect(nthLargest(values.slice(), n)).toBe(sorted[n - 1]);
  }
});
