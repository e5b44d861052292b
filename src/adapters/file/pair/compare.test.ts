import { describe, expect, it } from 'vitest';
import { svd } from '../../../math/factor/svd.ts';
import { frobenius, type Matrix64, multiply, scale, subtract, transpose } from '../../../math/matrix.ts';
import { gaussian, stream } from '../../../math/random.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import type { Adapter, ModuleFactors } from '../model.ts';
import { openAdapter } from '../open.ts';
import { makeFile, type TestTensor } from '../testing/make-file.ts';
import { figuresOfCore, matchModules, pairCore, pairFigures, sameNorm } from './compare.ts';

const plus = (x: Matrix64, y: Matrix64) => subtract(x, scale(y, -1));
const inner = (x: Matrix64, y: Matrix64) => x.data.reduce((sum, value, i) => sum + value * y.data[i], 0);
const formed = ({ B, A }: ModuleFactors, s: number) => scale(multiply(B, A), s);

function drawn(d: number, k: number, r: number, name: string): ModuleFactors {
  return { B: gaussian(d, r, stream(7, `${name}B`)), A: gaussian(r, k, stream(7, `${name}A`)) };
}

/** d, k, r₁, r₂, s₁, s₂, w₁, w₂: tall, wide, square, ranks above d, equal ranks. */
const CASES: readonly (readonly number[])[] = [
  [20, 12, 3, 5, 2, 0.5, 1, 1],
  [6, 40, 4, 4, 0.25, 1, 1, -0.5],
  [5, 7, 4, 4, 1, 3, 0.5, 2],
  [9, 9, 1, 1, 16, 1, -1, 0.3],
  [30, 31, 8, 2, 1, 1, 0, 1],
];

describe('two modules of one place', () => {
  it.each(CASES)('%i × %i, ranks %i and %i: as the products formed whole', (d, k, r1, r2, s1, s2, w1, w2) => {
    const [fa, fb] = [drawn(d, k, r1, 'a'), drawn(d, k, r2, 'b')];
    const [x, y] = [formed(fa, s1), formed(fb, s2)];
    const sum = plus(scale(x, w1), scale(y, w2));
    const got = pairFigures(fa, s1, fb, s2, [w1, w2]);

    expect(got.cosine).toBeCloseTo(inner(x, y) / frobenius(x) / frobenius(y), 12);
    expect(got.ratio).toBeCloseTo(frobenius(y) / frobenius(x), 12);
    expect(got.frobenius[2]).toBeCloseTo(frobenius(sum), 10);
    expect(got.sigma.map((sigma) => sigma.length)).toEqual([
      Math.min(d, k, r1),
      Math.min(d, k, r2),
      Math.min(d, k, r1 + r2),
    ]);
    for (const [n, m] of [x, y, sum].entries()) {
      const sigma = singularValues(m);
      for (const [i, value] of got.sigma[n].entries()) expect(value).toBeCloseTo(sigma[i], 10);
    }
    const [u, v] = [svd(x), svd(y)];
    for (let i = 0; i < got.left.rows; i++) {
      for (let j = 0; j < got.left.cols; j++) {
        let [left, right] = [0, 0];
        for (let p = 0; p <= i; p++) {
          for (let q = 0; q <= j; q++) {
            left += column(u.U, p).reduce((s, value, n) => s + value * column(v.U, q)[n], 0) ** 2;
            right += column(u.V, p).reduce((s, value, n) => s + value * column(v.V, q)[n], 0) ** 2;
          }
        }
        expect(got.left.data[i * got.left.cols + j]).toBeCloseTo(left / (Math.min(i, j) + 1), 9);
        expect(got.right.data[i * got.left.cols + j]).toBeCloseTo(right / (Math.min(i, j) + 1), 9);
      }
    }
    if (r1 !== r2) expect(got.linear).toBeNull();
    else {
      const c = [Math.sqrt(Math.abs(w1 * s1)), Math.sqrt(Math.abs(w2 * s2))];
      const B = plus(scale(fa.B, c[0]), scale(fb.B, c[1]));
      const A = plus(scale(fa.A, Math.sign(w1) * c[0]), scale(fb.A, Math.sign(w2) * c[1]));
      expect(got.linear).toBeCloseTo(frobenius(subtract(multiply(B, A), sum)) / frobenius(sum), 10);
    }
  });

  it('moves a weight from the core alone', () => {
    const [fa, fb] = [drawn(20, 12, 3, 'a'), drawn(20, 12, 3, 'b')];
    const core = pairCore(fa, 2, fb, 1);
    expect(figuresOfCore(core, [0.5, -1])).toEqual(pairFigures(fa, 2, fb, 1, [0.5, -1]));
  });

  it('two equal adapters at ½ and ½: adding factors gives twice the sum', () => {
    const f = drawn(20, 12, 3, 'a');
    const got = pairFigures(f, 2, f, 2, [0.5, 0.5]);
    expect(got.cosine).toBeCloseTo(1, 12);
    expect(got.left.data.at(-1)).toBeCloseTo(1, 12);
    expect(got.linear).toBeCloseTo(1, 12);
  });

  it('two equal adapters at 1 and −1 leave nothing', () => {
    const f = drawn(20, 12, 3, 'a');
    const got = pairFigures(f, 2, f, 2, [1, -1]);
    expect([...got.sigma[2]]).toEqual(new Array(6).fill(0));
    expect(got.frobenius[2]).toBe(0);
  });

  it('at weights 1 and 0 the second leaks nothing', () => {
    const [fa, fb] = [drawn(20, 12, 3, 'a'), drawn(20, 12, 5, 'b')];
    const got = pairFigures(fa, 2, fb, 1e6, [1, 0]);
    const sigma = singularValues(formed(fa, 2));
    for (let i = 0; i < 8; i++) expect(got.sigma[2][i]).toBeCloseTo(i < 3 ? sigma[i] : 0, 9);
  });

  it('a zero update has no direction, and its cosine is 0', () => {
    const [fa, fb] = [drawn(20, 12, 3, 'a'), { ...drawn(20, 12, 3, 'b'), B: scale(drawn(20, 12, 3, 'b').B, 0) }];
    const got = pairFigures(fa, 1, fb, 1, [1, 1]);
    expect([got.cosine, got.ratio, got.left.cols, got.linear !== null]).toEqual([0, 0, 0, true]);
  });

  it('without s, cosine and overlaps hold; norms of sums do not', () => {
    const [fa, fb] = [drawn(20, 12, 3, 'a'), drawn(20, 12, 3, 'b')];
    const [got, known] = [pairFigures(fa, null, fb, 2, [1, 1]), pairFigures(fa, 4, fb, 2, [1, 1])];
    expect(got.cosine).toBeCloseTo(known.cosine, 12);
    expect(got.left).toEqual(known.left);
    expect([got.ratio, got.frobenius[2], got.linear]).toEqual([Number.NaN, Number.NaN, null]);
  });

  it('numbers that are not finite are said, not computed with', () => {
    const fa = drawn(20, 12, 3, 'a');
    fa.A.data[5] = Number.NaN;
    expect(pairFigures(fa, 1, drawn(20, 12, 3, 'b'), 1, [1, 1]).cosine).toBeNaN();
    // Finite factors whose product is not.
    const [fb, one] = [drawn(20, 12, 3, 'b'), drawn(20, 12, 3, 'c')];
    const large = { B: scale(fb.B, 1e200), A: scale(fb.A, 1e200) };
    expect([pairCore(large, 1, one, 1), pairCore(one, 1, large, null)]).toEqual([null, null]);
  });

  it('finds the weight of equal norms', () => {
    const pairs = [3, 4].map((r, i) => pairFigures(drawn(9, 8, r, `a${i}`), 1, drawn(9, 8, r, `b${i}`), 5, [1, 1]));
    const w = sameNorm(pairs, [-0.5, -1]);
    const all = (n: 0 | 1) => Math.hypot(...pairs.map((pair) => pair.frobenius[n]));
    expect(w).toBeCloseTo((-0.5 * all(0)) / all(1), 12);
  });
});

function column(m: Matrix64, j: number): Float64Array {
  return transpose(m).data.slice(j * m.rows, (j + 1) * m.rows);
}

/** An adapter whose modules have these names, each identified by its size. */
async function adapter(names: readonly string[], [down, up]: readonly [string, string], d = 3): Promise<Adapter> {
  const tensors = names.flatMap((name, i): TestTensor[] => [
    { name: name + down, shape: [1, 5 + i], values: new Float64Array(5 + i) },
    { name: name + up, shape: [d, 1], values: new Float64Array(d) },
  ]);
  const opened = await openAdapter((await makeFile('a.safetensors', tensors)).source, null, null);
  if ('fault' in opened) throw new Error(opened.details);
  return opened;
}

const KOHYA = ['.lora_down.weight', '.lora_up.weight'] as const;
const DIFFUSERS = ['.lora.down.weight', '.lora.up.weight'] as const;
const PEFT = ['.lora_A.weight', '.lora_B.weight'] as const;

/** Pairs by their columns, so that order does not matter. */
function matched(a: Adapter, b: Adapter) {
  const { pairs, onlyFirst, onlySecond, unlike } = matchModules(a, b);
  const name = (of: Adapter, i: number) => of.modules[i].name;
  return {
    pairs: pairs.map(([i, j]) => [name(a, i), name(b, j)]),
    onlyFirst: onlyFirst.map((i) => name(a, i)),
    onlySecond: onlySecond.map((j) => name(b, j)),
    unlike: unlike.map(([i, j]) => [name(a, i), name(b, j)]),
  };
}

describe('modules of two files', () => {
  it('belong together across namings', async () => {
    const a = await adapter(
      [
        'lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_k',
        'lora_te1_text_model_encoder_layers_3_self_attn_q_proj',
        'lora_te2_text_model_encoder_layers_3_self_attn_q_proj',
      ],
      KOHYA,
    );
    const b = await adapter(
      [
        'unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_k',
        'text_encoder.text_model.encoder.layers.3.self_attn.q_proj',
        'text_encoder_2.text_model.encoder.layers.3.self_attn.q_proj',
      ],
      DIFFUSERS,
    );
    const { pairs, onlyFirst, onlySecond } = matched(a, b);
    expect(new Map(pairs.map(([x, y]) => [x, y]))).toEqual(
      new Map([
        [
          'lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_k',
          'unet.down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_k',
        ],
        [
          'lora_te1_text_model_encoder_layers_3_self_attn_q_proj',
          'text_encoder.text_model.encoder.layers.3.self_attn.q_proj',
        ],
        [
          'lora_te2_text_model_encoder_layers_3_self_attn_q_proj',
          'text_encoder_2.text_model.encoder.layers.3.self_attn.q_proj',
        ],
      ]),
    );
    expect([onlyFirst, onlySecond]).toEqual([[], []]);
  });

  it('belong together where one file has its model wrapped once more', async () => {
    const a = await adapter(['base_model.model.language_model.model.layers.0.self_attn.q_proj'], PEFT);
    const b = await adapter(['base_model.model.model.layers.0.self_attn.q_proj'], PEFT);
    expect(matched(a, b).pairs).toEqual([
      ['language_model.model.layers.0.self_attn.q_proj', 'model.layers.0.self_attn.q_proj'],
    ]);
  });

  it('are not guessed where an end fits several, or another network', async () => {
    const a = await adapter(['vision.layers.0.mlp.fc1', 'text.layers.0.mlp.fc1'], PEFT);
    const b = await adapter(['whole.layers.0.mlp.fc1'], PEFT);
    expect(matched(a, b).pairs).toEqual([]);
    const te = await adapter(['lora_te2_text_model_encoder_layers_0_mlp_fc1'], KOHYA);
    const other = await adapter(['lora_te1_text_model_encoder_layers_0_mlp_fc1'], KOHYA);
    expect(matched(te, other)).toMatchObject({ pairs: [], onlyFirst: [te.modules[0].name] });
  });

  it('of other shapes are unlike', async () => {
    const [a, b] = [
      await adapter(['model.layers.0.mlp.fc1'], PEFT),
      await adapter(['model.layers.0.mlp.fc1'], PEFT, 4),
    ];
    expect(matched(a, b)).toMatchObject({ pairs: [], onlyFirst: [], onlySecond: [] });
    expect(matchModules(a, b).unlike).toEqual([[0, 0]]);
  });
});
