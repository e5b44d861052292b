import { describe, expect, it } from 'vitest';
import { lookedAt, readPasted } from './read.ts';

const read = (text: string) => {
  const run = readPasted(text);
  if ('refused' in run) throw new Error(run.refused);
  return run;
};
const values = (text: string) =>
  Object.fromEntries(Object.entries(read(text).settings).map(([field, setting]) => [field, setting.value]));

it('reads a command with continuations, quotes and both forms of an option', () => {
  const text =
    'accelerate launch "train network.py" \\\n  --network_dim=32 --network_alpha \\\r\n 16 ^\n --network_args "algo=lokr" \'factor=4\' `\n --unet_lr 1e-4 # not --network_dim 4\n --max_grad_norm=0';
  expect(values(text)).toEqual({
    rank: 32,
    alpha: 16,
    networkArgs: ['algo=lokr', 'factor=4'],
    unetRate: 1e-4,
    clip: 0,
  });
});

it('reads Python with comments, names, products and calls inside calls', () => {
  const text = `# LoraConfig(r=4)
r = 64   # rank
trainer = SFTTrainer(model, args=SFTConfig(learning_rate=2e-4, fp16=not bf16, num_train_epochs=3,
    optim="adamw_8bit",), peft_config=LoraConfig(r=r, lora_alpha=2*r, target_modules="all-linear", init_lora_weights='pissa'))
note = "TrainingArguments(learning_rate=9)"`;
  expect(values(text)).toEqual({
    ...{ rank: 64, alpha: 128, targets: ['all-linear'], init: 'pissa' },
    ...{ rate: 2e-4, epochs: 3, optimiser: 'adamw_8bit' },
  });
});

it('reads the optimiser that is made by name, and merging', () => {
  const text =
    'opt = torch.optim.SGD(model.parameters(), lr=0.02)\nconfig = LoraConfig(r=8)\nmodel = model.merge_and_unload(safe_merge=True)';
  expect(values(text)).toMatchObject({ optimiser: 'SGD', rate: 0.02, merge: true, rank: 8 });
});

it('reads weights of adapters in calls and in prompts', () => {
  expect(values('model.add_weighted_adapter(["a", "b"], [0.7, 0.3], "ab", combination_type="cat")')).toEqual({
    ...{ weights: [0.7, 0.3], combination: 'cat' },
  });
  expect(values('pipe.set_adapters(["a", "b"], adapter_weights=[1, 0.5])')).toEqual({
    together: ['a', 'b'],
    weights: [1, 0.5],
  });
  expect(read('a cat <lora:one:1>, <lora:two:0.6:0.8>').promptWeights.map(({ weight }) => weight)).toEqual([1, 0.6]);
});

it('reads JSON with NaN, single quotes and commas at the end', () => {
  const text = `{'r': 16, "lora_alpha": 32, "target_modules": ["q_proj",], 'lora_dropout': 0.0,}`;
  expect(values(text)).toEqual({ rank: 16, alpha: 32, targets: ['q_proj'], dropout: 0 });
  const { losses } = read(
    '{"log_history": [{"loss": 1.5, "step": 1}, {"loss": NaN, "step": 2}, {"loss": Infinity, "step": 3}]}',
  );
  expect(losses?.series[0].values).toEqual([1.5, Number.NaN, Number.POSITIVE_INFINITY]);
});

it('reads nested YAML, lists under and beside their key, and quoted keys; aliases are not followed', () => {
  const text = `base: &base x
adapter: lora
"lora_r": 64
lora_target_modules:
- q_proj
- "v_proj"   # attention
lora_modules_to_save: [embed_tokens, lm_head]
notes: |
  lora_r: 8
  learning_rate: 5
datasets:
  - path: a
    lora_r: 1
learning_rate: 2e-4
num_epochs: *base
`;
  expect(values(text)).toEqual({
    ...{ method: 'lora', rank: 64, targets: ['q_proj', 'v_proj'], saved: ['embed_tokens', 'lm_head'], rate: 2e-4 },
  });
});

it('reads TOML with tables, lists over lines and a comment after a value', () => {
  const text = `[network_arguments]\nnetwork_dim = 32 # dim\nnetwork_args = [\n  "algo=loha", # a\n  "conv_dim=4",\n]\n\n[[datasets.subsets]]\nnum_repeats = 10\nnetwork_dim = 1\n`;
  expect(values(text)).toEqual({ rank: 32, networkArgs: ['algo=loha', 'conv_dim=4'], repeats: 10 });
});

it('reads settings without any frame, and a block of code in words', () => {
  expect(values('r=64, lora_alpha=16,\nuse_rslora=False')).toEqual({ rank: 64, alpha: 16, rslora: false });
  expect(values('I use this:\n```yaml\nlora_rank: 8\nlora_target: all\n```\nand r = 4 did not help.')).toEqual({
    ...{ rank: 8, targets: ['all'] },
  });
});

it('reads losses one a line, in two columns, with a head, and in progress bars', () => {
  const series = (text: string) =>
    read(text).losses?.series.map(({ name, steps, values: all, heldOut }) => ({ name, steps, all, heldOut }));
  expect(series('1.5\n1.25\nnan\n')).toEqual([
    { name: 'loss', steps: [1, 2, 3], all: [1.5, 1.25, Number.NaN], heldOut: false },
  ]);
  expect(series('0 2.5\n10 2.25\n20 2')).toEqual([
    { name: 'loss', steps: [0, 10, 20], all: [2.5, 2.25, 2], heldOut: false },
  ]);
  expect(
    series(`${'"Step";"train/loss";"eval/loss";"eval/loss__MIN"\n1;3;4;4\n2;2,5;4;4'.replace(',', '.')}\n3;2;5;4`),
  ).toEqual([
    { name: 'train/loss', steps: [1, 2, 3], all: [3, 2.5, 2], heldOut: false },
    { name: 'eval/loss', steps: [1, 2, 3], all: [4, 4, 5], heldOut: true },
  ]);
  const bar = (step: number, loss: number) => `steps:  10%|#| ${step}/2000 [00:57<18:14,  1.74it/s, avr_loss=${loss}]`;
  expect(series([bar(100, 0.0725), bar(200, 0.0715), bar(300, 0.07)].join('\r'))).toEqual([
    { name: 'avr_loss', steps: [100, 200, 300], all: [0.0725, 0.0715, 0.07], heldOut: false },
  ]);
});

it('does not take the rates of a log for settings', () => {
  const lines = [1, 2, 3].map(
    (i) => `{'loss': ${3 - i}, 'grad_norm': 0.5, 'learning_rate': ${i}e-06, 'epoch': 0.${i}}`,
  );
  const { tool, losses } = read(lines.join('\n'));
  expect(tool).toBeNull();
  expect(losses?.rates?.values).toEqual([1e-6, 2e-6, 3e-6]);
  expect(losses?.series[0].epochs).toEqual([0.1, 0.2, 0.3]);
});

it('sees factors that are printed as zeros, and no others', () => {
  const zeros = (text: string) => read(`${text}\nlearning_rate: 1`).zeros.length;
  expect(zeros("layers.0.q_proj.lora_B.default.weight tensor([[0., 0., 0.], device='cuda:0')")).toBe(1);
  expect(zeros('lora_up max 0.0')).toBe(1);
  expect(zeros('lora_B.weight torch.Size([64, 8])')).toBe(0);
  expect(zeros('lora_B.default.weight tensor([[0.01, 0.]])')).toBe(0);
  expect(zeros('lora_B is trained')).toBe(0);
});

it('reads commands of diffusers, and a config of Weights & Biases', () => {
  const text =
    'accelerate launch train_dreambooth_lora.py --rank=4 --learning_rate=1e-4 --lr_warmup_steps=0 --max_train_steps=500';
  expect(read(text).tool).toBe('peft');
  expect(values(text)).toEqual({ rank: 4, rate: 1e-4, warmupSteps: 0, steps: 500 });
  expect(values('lora_r:\n    value: 16\nlearning_rate:\n    desc: null\n    value: 0.0002\n')).toEqual({
    rank: 16,
    rate: 2e-4,
  });
});

it('ignores names of prototypes', () => {
  expect(values('{"__proto__": {"r": 4}, "constructor": 1, "toString": 2, "r": 8}')).toEqual({ rank: 8 });
  expect(values('__proto__ = 4\nnetwork_dim = 8')).toEqual({ rank: 8 });
  expect(({} as Record<string, unknown>).r).toBeUndefined();
});

it('reads settings above and below losses, and averages under a config', () => {
  const config = 'adapter: lora\nlora_r: 16\nlora_alpha: 32\nval_set_size: 0.05\n';
  const table = 'step,loss\n1,2.5\n2,2.25\n3,2';
  for (const text of [`${config}\n${table}`, `${table}\n\n${config}`, `${config}2.5\n2.25\n2`]) {
    expect(values(text)).toEqual({ method: 'lora', rank: 16, alpha: 32, heldOut: 0.05 });
    expect(read(text).losses?.series.map(({ values: all }) => all)).toEqual([[2.5, 2.25, 2]]);
    expect(lookedAt(read(text)).join()).toContain('val_set_size');
  }
  // Within a table other lines are few.
  expect(() => read(`1\n2\n3\n${'words\n7\n'.repeat(20)}`)).toThrow(/No setting/);
});

it('reads JSON and what stands around it; of one setting, the first', () => {
  const json = '{"peft_type": "LORA", "r": 64, "lora_alpha": 16}';
  const toml = 'learning_rate = 1e-4\nr = 8\n';
  const call = 'TrainingArguments(learning_rate=2e-4, optim="sgd")\n';
  expect(values(`${json}\n\n${call}`)).toEqual({ method: 'LORA', rank: 64, alpha: 16, rate: 2e-4, optimiser: 'sgd' });
  expect(values(`${json}\n\n${toml}`)).toEqual({ method: 'LORA', rank: 64, alpha: 16, rate: 1e-4 });
  expect(values(`${toml}\n${json}\n`)).toEqual({ method: 'LORA', rank: 8, alpha: 16, rate: 1e-4 });
  expect(lookedAt(read(`${json}\n\n${call}`))[0]).toMatch(
    /^5 settings in the words of PEFT \(JSON and Python\): peft_type, r, lora_alpha, learning_rate, optim$/,
  );
});

it('reads losses in one line, and a list in brackets over lines', () => {
  const listed = (text: string) => read(text).losses?.series[0].values;
  expect(listed('2.31, 2.28, 2.20, 2.1, nan')).toEqual([2.31, 2.28, 2.2, 2.1, Number.NaN]);
  expect(listed('losses = [2.31, 2.28,\n  2.20, 2.1, 2.0,\n]')).toEqual([2.31, 2.28, 2.2, 2.1, 2]);
  expect(listed('r = 8\nlora_alpha = 16\n\n[2.31, 2.28, 2.20, 2.1, 2.0]')).toEqual([2.31, 2.28, 2.2, 2.1, 2]);
  expect(listed('{"losses": [2.31, 2.28, 2.20, 2.1, 2.0]}')).toEqual([2.31, 2.28, 2.2, 2.1, 2]);
  expect(read('network_dim = 32\nbetas = [\n 0.9,\n 0.999,\n 0.1,\n]').losses).toBeNull();
});

it('reads the table of a notebook, whose first losses are not logged', () => {
  const text = 'Epoch\tTraining Loss\tValidation Loss\n1\tNo log\t1.3\n2\t0.9\t1.2\n3\t0.8\t1.15';
  expect(read(text).losses?.series.map(({ name, steps, values: all }) => [name, steps, all])).toEqual([
    ['Validation Loss', [1, 2, 3], [1.3, 1.2, 1.15]],
    ['Training Loss', [2, 3], [0.9, 0.8]],
  ]);
});

it('reads losses after a blank, and the steps of LLaMA-Factory', () => {
  expect(read('step 10 loss 2.5\nstep 20 loss 2.25\nstep 30 loss 2').losses?.series[0]).toMatchObject({
    ...{ steps: [10, 20, 30], values: [2.5, 2.25, 2] },
  });
  const lines = [1, 2, 3].map((i) => `{"current_steps": ${10 * i}, "total_steps": 90, "loss": ${3 - i}}`).join('\n');
  expect(read(lines).losses?.series[0].steps).toEqual([10, 20, 30]);
});

describe('tables without a head, and numbers as tools write them', () => {
  const looked = (text: string) => {
    const run = readPasted(text);
    return 'refused' in run ? run.refused : run.losses?.series.map(({ name, values }) => `${values.length} ${name}`);
  };
  const rows = (row: (i: number) => string) => Array.from({ length: 40 }, (_, i) => row(i)).join('\n');
  const loss = (i: number) => (0.12 + 0.01 * Math.sin(7 * i)).toFixed(6);

  it('takes no clock and no step for a loss', () => {
    expect(looked(rows((i) => `${1763371200.4 + 1.3 * i},${i + 1},${loss(i)}`))).toEqual(['40 loss']);
    expect(looked(rows((i) => `${i + 1},${loss(i)},${loss(i)},${loss(i)}`))).toEqual(['40 loss']);
    expect(looked(rows((i) => `${i + 1}\t${loss(i)}\t${loss(i + 3)}`))).toEqual(['40 loss', '40 held-out loss']);
  });

  it('reads thousands in quotes and between tabs, and decimal commas beside semicolons', () => {
    const thousands = (i: number) => (980 + i).toLocaleString('en');
    expect(looked(`"Step","Value"\n${rows((i) => `"${thousands(i)}","${loss(i)}"`)}`)).toEqual(['40 Value']);
    expect(looked(`Step\tTraining Loss\n${rows((i) => `${thousands(i)}\t${loss(i)}`)}`)).toEqual(['40 Training Loss']);
    expect(looked(`Step;Loss\n${rows((i) => `${i + 1};${loss(i).replace('.', ',')}`)}`)).toEqual(['40 Loss']);
  });
});
