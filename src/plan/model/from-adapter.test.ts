import { expect, it } from 'vitest';
import { type AdaptedModule, planLike, readAdapterConfig } from './from-adapter.ts';
import { defaultCost } from './setting.ts';

const each = (layers: number, names: readonly string[], shape: AdaptedModule['shape'], rank = 8, alpha = 16) =>
  Array.from({ length: layers }, (_, layer) =>
    names.map((name): AdaptedModule => ({ name: name.replace('#', String(layer)), shape, rank, alpha })),
  ).flat();
const usual = defaultCost();

it('finds the model by the shapes of the modules, with their ranks and α', () => {
  const gpt2 = planLike(each(12, ['transformer.h.#.attn.c_attn'], { d: 2304, k: 768 }), usual);
  expect(gpt2?.sameModel).toBe(true);
  expect(gpt2?.cost.model.name).toBe('gpt2');
  const small = { ...usual, card: 8, quantised: 1 };
  const onSmall = planLike(each(12, ['transformer.h.#.attn.c_attn'], { d: 2304, k: 768 }), small);
  expect(onSmall?.cost).toMatchObject({ card: 8, quantised: 1 });
  // α = 16 is twice the rank, which is the plan's own rule.
  expect([gpt2?.cost.ranks, gpt2?.cost.alpha]).toEqual([{ qkv: 8 }, 0]);
  const llama = planLike(
    each(32, ['model.layers.#.self_attn.q_proj', 'model.layers.#.self_attn.o_proj'], { d: 4096, k: 4096 }, 16, 16),
    usual,
  );
  // The 7B decoder is smaller than the 8B one, which has the same q and o.
  expect(llama?.cost.model.name).toBe('llama-2-7b');
  expect([llama?.cost.ranks, llama?.cost.alpha]).toEqual([{ q: 16, o: 16 }, 16]);
  // Grouped keys: only the 8B decoder has them.
  const grouped = planLike(each(32, ['model_layers_#_self_attn_k_proj'], { d: 1024, k: 4096 }), usual);
  expect(grouped?.cost.model.name).toBe('llama-3-8b');
});

it('takes over kinds, rank and α if the model is another one, and nothing if no kind is known', () => {
  // 40 layers, more than either decoder has; and a width that none has.
  for (const [layers, shape] of [
    [40, { d: 4096, k: 4096 }],
    [4, { d: 5120, k: 5120 }],
  ] as const) {
    const other = planLike(each(layers, ['model.layers.#.self_attn.q_proj'], shape, 4, 32), usual);
    expect(other).toMatchObject({ sameModel: false, cost: { model: usual.model, ranks: { q: 4 }, alpha: 32 } });
  }
  expect(planLike(each(2, ['encoder.mystery'], { d: 8, k: 8 }), usual)).toBeNull();
  // A rank above what fits is the largest one.
  const vast = planLike(each(1, ['q_proj'], null, 5000, 1), usual);
  expect(vast?.cost.ranks).toEqual({ q: 4096 });
});

it('reads an adapter_config.json, hostile or not', () => {
  const read = (config: unknown) => readAdapterConfig(typeof config === 'string' ? config : JSON.stringify(config));
  const found = read({ r: 8, lora_alpha: 32, target_modules: ['q_proj', 'v_proj', 7], peft_type: 'LORA' });
  expect(found?.map(({ name }) => name)).toEqual(['q_proj', 'v_proj']);
  const plan = planLike(found ?? [], usual);
  expect([plan?.cost.ranks, plan?.cost.alpha]).toEqual([{ q: 8, v: 8 }, 32]);
  const all = planLike(read({ r: 4, target_modules: 'all-linear' }) ?? [], usual);
  expect(Object.keys(all?.cost.ranks ?? {})).toEqual(['q', 'k', 'v', 'o', 'gate', 'up', 'down']);
  // GPT-2's kinds by the short names of a config.
  const short = planLike(read({ r: 4, target_modules: ['c_attn'] }) ?? [], defaultCost(gpt2Model()));
  expect(short?.cost.ranks).toEqual({ qkv: 4 });
  for (const bad of [
    '',
    '[]',
    'null',
    '{"r":0}',
    { hidden_size: 4096 },
    { r: 8 },
    '{"r":1e400,"target_modules":["q"]}',
  ])
    expect(read(bad)).toBeNull();
  expect(read({ r: 8, lora_alpha: 1e308, target_modules: ['q_proj'] })?.[0].alpha).toBeNull();
});

it('reads back the ranks of the config that a plan writes, each kind its own', () => {
  const config = (more: object) =>
    JSON.stringify({ r: 8, lora_alpha: 16, target_modules: ['q_proj', 'v_proj'], ...more });
  const plan = (more: object) => planLike(readAdapterConfig(config(more)) ?? [], usual)?.cost;
  const patterns = { rank_pattern: { v_proj: 4 }, alpha_pattern: { v_proj: 8 } };
  expect(plan(patterns)).toMatchObject({ ranks: { q: 8, v: 4 }, alpha: 0 });
  expect(plan({ rank_pattern: { v_proj: 4 } })).toMatchObject({ ranks: { q: 8, v: 4 }, alpha: 16 });
  for (const bad of [null, 7, 'v_proj', ['v_proj'], { v_proj: '4' }, { v_proj: 0 }, { '.*v_proj': 4 }])
    expect(plan({ rank_pattern: bad, alpha_pattern: bad })).toMatchObject({ ranks: { q: 8, v: 8 }, alpha: 0 });
});

function gpt2Model() {
  const found = planLike(each(12, ['transformer.h.#.attn.c_attn'], { d: 2304, k: 768 }), usual);
  if (!found) throw new Error('GPT-2 is known');
  return found.cost.model;
}
