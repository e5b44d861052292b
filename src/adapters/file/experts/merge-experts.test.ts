import { describe, expect, it } from 'vitest';
import { stream } from '../../../math/random.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { readEach } from '../factors.ts';
import { blobSink, sourceOf } from '../file-source.ts';
import type { AdapterSource, Fault, MergePlan, TensorEntry } from '../model.ts';
import { openAdapter } from '../open.ts';
import { matchModules } from '../pair/compare.ts';
import { mergeConflicts } from '../pair/conflicts.ts';
import { mergedFileSize, mergeOf } from '../pair/merged-file.ts';
import { compareGrown, grownFile } from '../resize/grown-file.ts';
import { readNumbers } from '../safetensors/numbers.ts';
import { type OutputAdapter, writeSafetensors } from '../safetensors/write.ts';
import { makeFile, normalMatrix, SUM_PLAN, type TestTensor } from '../testing/make-file.ts';
import { figuresOfCores, pairCores } from './pair-figures.ts';

const E = 3;
const SIZES = { gate_up_proj: { d: 6, k: 4 }, down_proj: { d: 4, k: 5 }, q_proj: { d: 5, k: 7 } } as const;
type Part = keyof typeof SIZES;
const OWNER = 'model.layers.0.mlp.experts';
const QUERY = 'model.layers.0.self_attn.q_proj';

interface Made {
  readonly seed: number;
  readonly rank: number;
  readonly alpha: number;
  readonly parts: readonly Part[];
  readonly rslora?: boolean;
}

/** Tensors as PEFT names them: of two parameters gate_up_proj lies inside. */
function nameOf(part: Part, parts: readonly Part[]): string {
  if (part === 'q_proj') return `base_model.model.${QUERY}`;
  return `base_model.model.${OWNER}${part === 'gate_up_proj' && parts.includes('down_proj') ? '.base_layer' : ''}`;
}

async function made({ seed, rank, alpha, parts, rslora = false }: Made): Promise<AdapterSource> {
  const tensors = parts.flatMap((part): TestTensor[] => {
    const { d, k } = SIZES[part];
    const r = part === 'q_proj' ? rank : E * rank;
    return [
      {
        name: `${nameOf(part, parts)}.lora_A.weight`,
        shape: [r, k],
        values: normalMatrix(r, k, seed, `A${part}`).data,
      },
      {
        name: `${nameOf(part, parts)}.lora_B.weight`,
        shape: [d, r],
        values: normalMatrix(d, r, seed, `B${part}`).data,
      },
    ];
  });
  const config = {
    ...{ peft_type: 'LORA', r: rank, lora_alpha: alpha, use_rslora: rslora, target_modules: ['q_proj'] },
    target_parameters: parts.flatMap((part) => (part === 'q_proj' ? [] : [`experts.${part}`])),
  };
  const file = await makeFile(`${seed}.safetensors`, tensors, { config });
  return { source: file.source, adapter: usable(await openAdapter(file.source, file.config, null)) };
}

function usable<T extends object>(of: T | Fault): T {
  if ('fault' in of) throw new Error(`${of.fault} ${of.details}`);
  return of;
}

async function written({ file, config }: OutputAdapter): Promise<AdapterSource & { readonly bytes: number }> {
  const sink = blobSink();
  const bytes = await writeSafetensors(file, sink);
  const source = sourceOf(sink.blob(), 'written.safetensors');
  return { source, adapter: usable(await openAdapter(source, config, null)), bytes };
}

type Update = readonly (readonly number[])[];

/** ΔWₑ of each expert from the tensors and the config alone: rows e·r + p of A, columns p·E + e of B, s = α/r or α/√r. */
async function updatesOf({ source, adapter }: AdapterSource): Promise<ReadonlyMap<Part, Update>> {
  const config = JSON.parse(adapter.config?.text ?? '');
  const owns = adapter.header.tensors.filter(({ name }) => name.includes('.experts'));
  const depths = new Set(owns.map(({ name }) => name.includes('.base_layer')));
  const found = new Map<Part, Update>();
  for (const A of adapter.header.tensors.filter(({ name }) => name.endsWith('.lora_A.weight'))) {
    const part = A.name.includes(QUERY) ? 'q_proj' : partOf(A, depths.size, config.target_parameters);
    const B = adapter.header.tensors.find(({ name }) => name === A.name.replace('lora_A', 'lora_B')) as TensorEntry;
    const [a, b] = [await readNumbers(source, A), await readNumbers(source, B)];
    const experts = part === 'q_proj' ? 1 : E;
    const [d, k, r] = [B.shape[0], A.shape[1], A.shape[0] / experts];
    const whole = part === 'q_proj' ? QUERY : `${OWNER}.${part}`;
    const alpha = config.alpha_pattern?.[whole] ?? config.lora_alpha;
    expect(config.rank_pattern?.[whole] ?? config.r).toBe(r);
    const s = config.use_rslora ? alpha / Math.sqrt(r) : alpha / r;
    const each = Array.from({ length: experts }, (_, e) =>
      Array.from({ length: d * k }, (_, at) => {
        const [i, j] = [Math.floor(at / k), at % k];
        let sum = 0;
        for (let p = 0; p < r; p++) sum += b[i * r * experts + p * experts + e] * a[(e * r + p) * k + j];
        return s * sum;
      }),
    );
    found.set(part, each);
  }
  return found;
}

function partOf({ name }: TensorEntry, depths: number, targets: readonly string[]): Part {
  if (depths === 2) return name.includes('.base_layer') ? 'gate_up_proj' : 'down_proj';
  const parts = (['gate_up_proj', 'down_proj'] as const).filter((part) => targets.some((one) => one.endsWith(part)));
  expect(parts).toHaveLength(1);
  return parts[0];
}

/** The papers' definitions, entry by entry. */
function expected(
  all: readonly { readonly of: readonly number[]; readonly file: number }[],
  plan: MergePlan,
  layer: string,
) {
  const kept = all.map(({ of, file }) => {
    const weighted = of.map((x) => plan.weights[file] * x);
    const { uniform } = stream(plan.seed, `dare ${file} ${layer}`);
    if (plan.method === 'dare') return weighted.map((x) => (uniform() < plan.density ? x / plan.density : 0));
    if (plan.method !== 'ties') return weighted;
    const order = [...of.keys()].sort((p, q) => Math.abs(of[q]) - Math.abs(of[p]) || p - q);
    const stays = new Set(order.slice(0, Math.max(1, Math.floor(plan.density * of.length))));
    return weighted.map((x, at) => (stays.has(at) ? x : 0));
  });
  return kept[0].map((_, at) => {
    const values = kept.map((of) => of[at]);
    const total = values.reduce((sum, x) => sum + x, 0);
    const agree = values.filter((x) => x !== 0 && Math.sign(x) === Math.sign(total));
    const mean = agree.length === 0 ? 0 : agree.reduce((sum, x) => sum + x, 0) / agree.length;
    return plan.method === 'ties' ? mean : total;
  });
}

const matrix = (data: readonly number[], cols: number) => ({
  ...{ rows: data.length / cols, cols, data: Float64Array.from(data) },
});
const off = (x: Update, y: Update) =>
  Math.hypot(...x.flatMap((one, e) => one.map((value, at) => value - y[e][at]))) / Math.hypot(...y.flat());

const BOTH: readonly Part[] = ['gate_up_proj', 'down_proj', 'q_proj'];

describe('merges of experts', () => {
  it.each<[string, Partial<MergePlan>, readonly Part[], readonly Part[]]>([
    ['cat', {}, BOTH, BOTH],
    ['cat, the inner parameter first alone', {}, ['gate_up_proj', 'q_proj'], BOTH],
    ['cat, the outer first alone', {}, ['down_proj'], BOTH],
    ['svd', { rank: 2 }, BOTH, ['gate_up_proj', 'q_proj']],
    ['linear', { method: 'linear' }, BOTH, BOTH],
    ['TIES', { method: 'ties', density: 0.5, rank: 2 }, BOTH, BOTH],
    ['DARE', { method: 'dare', density: 0.5, seed: 7 }, BOTH, ['down_proj', 'q_proj']],
  ])('%s: ΔW of each expert by plain loops, error and size as foretold', async (_, change, first, second) => {
    const equal = change.method === 'linear';
    const files = [
      await made({ seed: 1, rank: 2, alpha: 4, parts: first, rslora: true }),
      await made({ seed: 2, rank: equal ? 2 : 1, alpha: 3, parts: second }),
    ];
    const plan: MergePlan = { ...SUM_PLAN, weights: [1, -0.7], ...change };
    const merge = usable(mergeOf(files, plan));
    const foretold = usable(await merge.foretell());
    const got = await written(merge);
    expect(got.bytes).toBe(
      mergedFileSize(
        files.map(({ adapter }) => adapter),
        plan,
      ),
    );
    expect(got.adapter.unpaired).toEqual([]);
    const measured = usable(await merge.measure(got));
    expect(measured.error).toBeCloseTo(foretold.error, 5);
    const [read, sources] = [await updatesOf(got), await Promise.all(files.map(updatesOf))];
    expect(new Set(read.keys())).toEqual(new Set([...first, ...second]));
    let [lost, whole] = [0, 0];
    for (const [part, each] of read) {
      const { module } = merge.modules.find(({ module: { name } }) => name.endsWith(part)) ?? merge.modules[0];
      const wanted = each.map((_, e) =>
        expected(
          sources.flatMap((of, file) => (of.has(part) ? [{ of: (of.get(part) as Update)[e], file }] : [])),
          plan,
          part === 'q_proj' ? module.canonical : `${module.canonical} ${e}`,
        ),
      );
      const error = off(each, wanted);
      expect(error).toBeCloseTo(foretold.errors[module.index] ?? Number.NaN, 5);
      lost = Math.hypot(lost, error * Math.hypot(...wanted.flat()));
      whole = Math.hypot(whole, ...wanted.flat());
      if (equal) continue;
      // No other file of this rank is nearer.
      const sigmas = wanted.map((one) => singularValues(matrix(one, module.k)));
      const least = Math.hypot(...sigmas.flatMap((sigma) => [...sigma.slice(module.rank)]));
      expect(error).toBeCloseTo(least / Math.hypot(...wanted.flat()), 5);
    }
    expect(foretold.error).toBeCloseTo(lost / whole, 5);
    if (plan.method === 'sum' && plan.rank === null) expect(lost / whole).toBeLessThan(1e-6);
  });

  it('cosine, σ of the sum and its cross terms are those of all experts as one block-diagonal matrix', async () => {
    const parts: readonly Part[] = ['down_proj'];
    const files = [
      await made({ seed: 3, rank: 2, alpha: 4, parts }),
      await made({ seed: 4, rank: 2, alpha: 1, parts }),
    ];
    const [[a], [b]] = files.map(({ adapter }) => adapter.modules);
    expect(matchModules(files[0].adapter, files[1].adapter).pairs).toEqual([[0, 0]]);
    const [fa, fb] = [usable(await readEach(files[0].source, a)), usable(await readEach(files[1].source, b))];
    const found = figuresOfCores(pairCores(fa, a.scaling, fb, b.scaling), [1, -2]);
    const [x, y] = (await Promise.all(files.map(updatesOf))).map((of) => of.get('down_proj') as Update);
    const inner = x.flat().reduce((sum, one, at) => sum + one * y.flat()[at], 0);
    expect(found.cosine).toBeCloseTo(inner / Math.hypot(...x.flat()) / Math.hypot(...y.flat()), 12);
    expect(found.ratio).toBeCloseTo(Math.hypot(...y.flat()) / Math.hypot(...x.flat()), 12);
    const sums = x.map((one, e) =>
      singularValues(
        matrix(
          one.map((value, at) => value - 2 * y[e][at]),
          SIZES.down_proj.k,
        ),
      ),
    );
    for (const [i, sigma] of found.sigma[2].entries())
      expect(sigma).toBeCloseTo(Math.hypot(...sums.map((of) => of[i])), 10);
    const linear = usable(await usable(mergeOf(files, { ...SUM_PLAN, weights: [1, -2], method: 'linear' })).foretell());
    expect(found.linear).toBeCloseTo(linear.error, 10);
    const conflicts = await mergeConflicts(files, usable(mergeOf(files, { ...SUM_PLAN, weights: [1, -2] })));
    const [u, v] = [x.flat(), y.flat().map((value) => -2 * value)];
    const opposed = u.map((value, at) => (value * v[at] < 0 ? value ** 2 + v[at] ** 2 : 0));
    const sum = (of: readonly number[]) => of.reduce((all, one) => all + one, 0);
    expect(conflicts.signs).toBeCloseTo(sum(opposed) / sum(u.map((value, at) => value ** 2 + v[at] ** 2)), 12);
  });

  it.each<[string, (other: AdapterSource) => AdapterSource, RegExp]>([
    [
      'another number of experts',
      (of) => ({
        ...of,
        adapter: {
          ...of.adapter,
          modules: of.adapter.modules.map((one) => (one.experts ? { ...one, experts: 4 } : one)),
        },
      }),
      /has 3 experts in one file and 4 in another/,
    ],
    [
      'names of another tool',
      (of) => ({ ...of, adapter: { ...of.adapter, naming: 'mlx' } }),
      /one A and one B for all experts of a layer, which PEFT alone reads/,
    ],
  ])('%s is a sentence', async (what, change, sentence) => {
    const one = await made({ seed: 1, rank: 2, alpha: 4, parts: BOTH });
    const other = change(
      await made({ seed: 2, rank: 2, alpha: 4, parts: what.startsWith('names') ? ['q_proj'] : BOTH }),
    );
    const merge = mergeOf(what.startsWith('names') ? [other, one] : [one, other], SUM_PLAN);
    expect('fault' in merge && `${merge.fault} ${merge.details}`).toMatch(sentence);
  });
});

it('growing keeps every bit of ΔW of each expert; new rows of A stand below those of their expert', async () => {
  const before = await made({ seed: 5, rank: 2, alpha: 4, parts: BOTH });
  const grown = usable(grownFile(before.source, before.adapter, { rank: 4, seed: 3 }));
  const after = await written(grown);
  expect(await compareGrown(before, after)).toBe(0);
  expect(await updatesOf(after)).toEqual(await updatesOf(before));
  const module = after.adapter.modules.find(({ name }) => name.endsWith('gate_up_proj'));
  expect(module).toMatchObject({ kind: 'experts', experts: E, rank: 4, alpha: 8 });
  const { down, up } = module?.tensors ?? {};
  const [a, b] = [
    await readNumbers(after.source, down as TensorEntry),
    await readNumbers(after.source, up as TensorEntry),
  ];
  const [{ d, k }, old] = [SIZES.gate_up_proj, normalMatrix(2 * E, SIZES.gate_up_proj.k, 5, 'Agate_up_proj').data];
  const added = new Set<number>();
  for (let e = 0; e < E; e++) {
    for (let p = 0; p < 4; p++) {
      for (let j = 0; j < k; j++) {
        const value = a[(e * 4 + p) * k + j];
        if (p < 2) expect(value).toBe(old[(e * 2 + p) * k + j]);
        else added.add(value);
      }
      if (p >= 2) for (let i = 0; i < d; i++) expect(b[i * 4 * E + p * E + e]).toBe(0);
    }
  }
  expect(added.size).toBe(2 * E * k);
  for (const value of added) expect(Math.abs(value)).toBeLessThanOrEqual(1 / Math.sqrt(k));
});
