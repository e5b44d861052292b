import { expect, it } from 'vitest';
import { CASE_NAMES } from '../cases/case.ts';
import { type ComplaintHit, diagnose } from './diagnose.ts';

const hits = (text: string): readonly ComplaintHit[] => {
  const found = diagnose(text);
  if (found.kind === 'refused') throw new Error(found.why);
  return found.hits;
};
const first = (text: string) => {
  const [hit] = hits(text);
  const evidence = hit?.evidence.map(({ start, end }) => text.slice(start, end));
  return hit && { name: hit.name, sure: hit.sure, reason: hit.reason, evidence };
};
const losses = (loss: (step: number) => number, n = 60) =>
  Array.from({ length: n }, (_, i) => loss(i).toFixed(5)).join('\n');

it('names what stands in the design: rank 64 with SGD, then B = 0, then two modules', () => {
  const text = `LoraConfig(
  r=64, lora_alpha=16,
  use_rslora=False,
  target_modules=["q_proj", "v_proj"],
)
TrainingArguments(optim="sgd",
  learning_rate=2e-2)`;
  expect(hits(text).map(({ name }) => name)).toEqual(['rank64', 'flat', 'modules']);
  expect(first(text)).toEqual({
    name: 'rank64',
    sure: 'likely',
    reason:
      's = 16/64 = 0.25, and SGD feels it: at rank 8 it would be 2. Write “lora_alpha=128”, or “use_rslora=True”.',
    evidence: ['r=64', 'lora_alpha=16', 'optim="sgd"'],
  });
  // Each cure takes its accusation away.
  expect(hits(text.replace('False', 'True')).map(({ name }) => name)).not.toContain('rank64');
  expect(hits(text.replace('alpha=16', 'alpha=128')).map(({ name }) => name)).not.toContain('rank64');
  expect(hits(text.replace('"sgd"', '"adamw_torch"').replace('2e-2', '2e-4')).map(({ name }) => name)).toEqual([
    'modules',
  ]);
});

it('counts how far Adam can move at a small rate', () => {
  const text = 'lora_r: 16\nlora_alpha: 32\nlearning_rate: 1e-5\nmax_steps: 300\n';
  expect(first(text)).toMatchObject({ name: 'nothing', evidence: ['learning_rate: 1e-5'] });
  expect(first(text)?.reason).toContain(
    '10⁻⁵: Adam moves an entry of B by about that much a step, at most 0.003 in 300 steps',
  );
  expect(hits(text.replace('1e-5', '2e-5'))).toEqual([]);
  // Training on preferences has such rates.
  expect(hits(`${text}rl: dpo\n`)).toEqual([]);
});

it('knows that α is 1 in kohya unless it is set', () => {
  const text = 'train_network.py --network_module=networks.lora --network_dim=32 --learning_rate=1e-4';
  expect(first(text)).toEqual({
    name: 'nothing',
    sure: 'likely',
    reason:
      'No α is set, so it is 1 at rank 32: s = 1/32 = 0.0313 leaves 3% of B·A. Write “--network_alpha 16”, half of the rank: s = 0.5.',
    evidence: ['--network_dim=32'],
  });
  expect(hits(`${text} --network_alpha=16`)).toEqual([]);
  expect(hits(text.replace('--learning_rate=1e-4', '--optimizer_type Prodigy --learning_rate=1'))).toEqual([]);
});

it('multiplies a rate by s', () => {
  const text = 'LoraConfig(r=8, lora_alpha=64)\nTrainingArguments(learning_rate=3e-3)';
  expect(first(text)).toMatchObject({ name: 'nan', sure: 'likely' });
  expect(first(text)?.reason).toContain(
    '0.003 and s = 64/8 = 8: a larger α breaks as a larger rate does, and together they are 0.024.',
  );
  expect(hits('LoraConfig(r=8, lora_alpha=8)\nTrainingArguments(learning_rate=3e-3)')).toEqual([]);
});

it('says which step is not a number, and what was before', () => {
  expect(first('step,loss\n0,1.5\n10,32\n20,nan\n30,nan')).toEqual({
    name: 'nan',
    sure: 'likely',
    reason: 'The loss is NaN at step 20; before, it was 32.0.',
    evidence: ['10,32', '20,nan'],
  });
});

it('finds stairs of a known length, and none on smooth curves', () => {
  const stairs = (step: number) => 3 * 0.6 ** Math.floor(step / 25) + 0.02 * Math.sin(step * 12.9898);
  expect(first(losses(stairs, 150))).toMatchObject({ name: 'staircase', sure: 'likely' });
  expect(first(losses(stairs, 150))?.reason).toMatch(
    /^The loss drops every 25 values, the first time from 3\.0\d to 1\.\d+;/,
  );
  for (const rate of [5, 20, 60, 200]) {
    const smooth = (step: number) => 0.2 + 2 * Math.exp(-step / rate) + 0.02 * Math.sin(step * 12.9898);
    expect(hits(losses(smooth, 150)).map(({ name }) => name)).not.toContain('staircase');
  }
});

it('finds where the held-out loss turns', () => {
  const rows = Array.from(
    { length: 20 },
    (_, i) => `${10 * i},${(2 * 0.8 ** i).toFixed(4)},${(1.5 + ((i - 6) / 10) ** 2).toFixed(4)}`,
  );
  const text = `step,loss,val_loss\n${rows.join('\n')}`;
  expect(first(text)).toMatchObject({ name: 'overfit', sure: 'likely' });
  // Lowest at i = 6; the mean of the last three of 1.5 + ((i − 6)/10)² is 2.946….
  expect(first(text)?.reason).toContain('turns at step 60: 1.50 there, 2.95 as the mean of the last 3');
  const falling = rows.map((row, i) => row.replace(/[^,]+$/, (3 * 0.9 ** i).toFixed(4)));
  expect(hits(`step,loss,val_loss\n${falling.join('\n')}`)).toEqual([]);
});

it('tells a loss that does not fall from one that is flat at first, and both from one that falls', () => {
  expect(first(losses((i) => 2 - i * 1e-5))).toMatchObject({ name: 'nothing', sure: 'likely' });
  expect(first(losses(() => 2.5))).toMatchObject({
    name: 'zeros',
    reason: 'All 60 losses are 2.5: no gradient reaches a trained factor, as if both were 0.',
  });
  expect(first(losses((i) => 2 / (1 + Math.exp((i - 30) / 5))))).toMatchObject({ name: 'flat', sure: 'likely' });
  expect(hits(losses((i) => 0.1 + 2 * Math.exp(-i / 10)))).toEqual([]);
  expect(first(losses((i) => 2 * 1.2 ** i))).toMatchObject({ name: 'nan' });
});

it('adds up the weights of adapters', () => {
  const text = 'model.add_weighted_adapter(["a", "b", "c"], [1.0, 0.5, 0.5], "abc", combination_type="svd")';
  expect(first(text)?.reason).toContain('3 adapters are added with weights that sum to 2:');
  expect(hits(text.replace('[1.0, 0.5, 0.5]', '[0.5, 0.3, 0.2]'))).toEqual([]);
});

it('compares columns that are named after ranks and methods', () => {
  const table = (a: string, b: string, ends: readonly [number, number]) =>
    `step,${a},${b}\n${Array.from({ length: 10 }, (_, i) => `${i},${2 - (i * (2 - ends[0])) / 9},${2 - (i * (2 - ends[1])) / 9}`).join('\n')}`;
  expect(first(table('r=8', 'r=64', [0.3, 0.8]))).toMatchObject({
    name: 'rank64',
    reason: expect.stringContaining('Rank 64 ends at 0.800, rank 8 at 0.300'),
  });
  expect(hits(table('r=8', 'r=64', [0.3, 0.1]))).toEqual([]);
  expect(first(table('lora', 'oft', [0.3, 0.8]))?.name).toBe('variant');
  expect(hits(table('lora', 'oft', [0.8, 0.3]))).toEqual([]);
});

it('says what was looked at if nothing fits', () => {
  const found = diagnose('lora_rank: 8\nlora_target: all\nlearning_rate: 1.0e-4\n');
  expect(found).toEqual({
    kind: 'read',
    tool: 'llamafactory',
    hits: [],
    looked: ['3 settings in the words of LLaMA-Factory (YAML): lora_rank, lora_target, learning_rate'],
  });
});

it('names each complaint for some text', () => {
  const texts = [
    ...[
      'learning_rate: 1e-6\nlora_r: 8',
      'LoraConfig(r=8)\ntorch.optim.SGD(p, lr=0.02)',
      'lora_up max 0.0',
      '1\n2\nnan',
    ],
    ...['num_epochs: 20\nlora_r: 8', 'LoraConfig(r=64, lora_alpha=8)\ntorch.optim.SGD(p, lr=0.02)'],
    ...[
      'finetuning_type: lora\nlora_rank: 8\nlora_target: up_proj,down_proj',
      'model.merge_and_unload()\nload_in_4bit = True',
    ],
    ...[
      'lora_modules_to_save: [lm_head]',
      '<lora:a:1> <lora:b:1>',
      'VeraConfig(r=64, peft_type="VERA")\nTrainingArguments(learning_rate=2e-4)',
    ],
  ];
  const named = new Set(texts.flatMap((text) => hits(text).map(({ name }) => name)));
  expect([...CASE_NAMES].filter((name) => !named.has(name))).toEqual([]);
});

it('says both reasons of one complaint', () => {
  const text =
    'train_network.py --network_module=networks.lora --network_dim=32 --unet_lr=1e-5 --optimizer_type AdamW8bit';
  const found = first(text);
  expect(found).toMatchObject({ name: 'nothing', sure: 'likely' });
  expect(found?.reason).toContain('10⁻⁵');
  expect(found?.reason).toContain('s = 1/32');
});

it('sees a held-out loss that rises at each of three epochs, and no flat start in the treads of stairs', () => {
  const log = (evals: readonly number[]) =>
    JSON.stringify({
      log_history: Array.from({ length: 60 }, (_, i) => [
        // Three epochs of 20 values: 2.3, 1.6 and 1.1.
        { loss: [2.3, 1.6, 1.1][Math.floor(i / 20)] + 0.01 * Math.sin(5 * i), step: i + 1, epoch: (i + 1) / 20 },
        ...(i % 20 === 19 ? [{ eval_loss: evals[(i - 19) / 20], step: i + 1, epoch: (i + 1) / 20 }] : []),
      ]).flat(),
    });
  const found = hits(log([1.98, 2.07, 2.31]));
  expect(found.map(({ name, sure }) => [name, sure])).toEqual([
    ['staircase', 'likely'],
    ['overfit', 'possible'],
  ]);
  expect(found[0].reason).toContain('drops at the end of each epoch, the first time');
  expect(found[1].reason).toContain('1.98 there, 2.31 at the end');
  expect(hits(log([1.98, 1.7, 2.31])).map(({ name }) => name)).toEqual(['staircase']);
  expect(hits(log([2.31, 2.07, 1.98])).map(({ name }) => name)).toEqual(['staircase']);
});

it('takes no clock and no step for a loss, and reads the settings above a table', () => {
  // A diffusion loss around 0.12: noise of ± 0.06, no fall.
  const rows = Array.from(
    { length: 400 },
    (_, i) => `${1.76e9 + 2.5 * i},${i},${(0.12 + 0.06 * Math.sin(7.3 * i)).toFixed(4)}`,
  );
  const table = `Wall time,Step,Value\n${rows.join('\n')}`;
  expect(diagnose(table)).toMatchObject({ kind: 'read', hits: [], looked: ['400 values of Value'] });
  const config = 'network_module = "networks.lora"\nnetwork_dim = 32\nnetwork_alpha = 16\nlearning_rate = 1e-4\n';
  const both = diagnose(`${config}\n${table}`);
  expect(both).toMatchObject({ kind: 'read', hits: [] });
  expect(both.kind === 'read' && both.looked.join()).toMatch(/network_dim.*400 values of Value/);
});

it('reads a log from its first step, and no number that is not finite', () => {
  // Newest first: 3, 2.94, … falls from the first step to the last.
  const rows = Array.from({ length: 60 }, (_, i) => `${59 - i},${(3 * 0.97 ** (59 - i)).toFixed(4)}`);
  expect(hits(`step,loss\n${rows.join('\n')}`)).toEqual([]);
  for (const text of ['lora_r: 8\nlora_alpha: 16\nlearning_rate: 1e999\n', 'r: 1e999\nlora_alpha: 1e999\n'])
    expect(JSON.stringify(diagnose(text))).not.toMatch(/Infinity|undefined/);
});

it('takes a column for a loss by its name, or if it stands alone', () => {
  const table = (head: string, row: (i: number) => string) =>
    `${head}\n${Array.from({ length: 60 }, (_, i) => row(i)).join('\n')}`;
  const falling = (i: number) => (1.2 + 1.2 * 0.95 ** i).toFixed(4);
  expect(diagnose(table('step,tokens_seen,gpu_mem', (i) => `${i},${1950 * i},${40 + (i % 3)}`)).kind).toBe('refused');
  expect(diagnose(table('step,accuracy', (i) => `${i},${0.1 + 0.01 * i}`)).kind).toBe('refused');
  for (const head of ['step,tokens_seen,loss', 'step,tokens_seen,Value'])
    expect(diagnose(table(head, (i) => `${i},${1950 * i},${falling(i)}`))).toMatchObject({
      kind: 'read',
      hits: [],
      looked: [expect.stringMatching(/^60 values of (loss|Value)$/)],
    });
  expect(diagnose(table('step,perplexity', (i) => `${i},${falling(i)}`))).toMatchObject({ kind: 'read', hits: [] });
});

it('does not say of losses of diffusion that they do not fall', () => {
  const averages = (level: number, n: number) => losses((i) => level - 0.0001 * i, n);
  const config = 'network_module = "networks.lora"\nnetwork_dim = 32\nnetwork_alpha = 16\nunet_lr = 1e-4\n';
  expect(hits(averages(0.12, 20))).toEqual([]);
  expect(hits(averages(0.35, 15))).toEqual([]);
  expect(hits(`${config}\n${averages(0.6, 30)}`)).toEqual([]);
  const train = 'accelerate launch train_text_to_image_lora.py --rank=8 --learning_rate=1e-4\n';
  expect(hits(`${train}\n${averages(0.6, 30)}`)).toEqual([]);
  expect(first(averages(0.6, 30))).toMatchObject({ name: 'nothing', sure: 'likely' });
});

it('finds no stairs where the config rules them out', () => {
  const log = losses((i) => [1.8, 1.1, 0.6][Math.floor(i / 30)] + 0.02 * Math.sin(5 * i), 90);
  const config = (epochs: number) => `adapter: lora\nlora_r: 16\nlora_alpha: 16\nnum_epochs: ${epochs}\n\n`;
  expect(first(config(3) + log)).toMatchObject({ name: 'staircase' });
  expect(hits(config(1) + log).map(({ name }) => name)).not.toContain('staircase');
});

it('sees a held-out loss of few values that rises after its lowest', () => {
  const log = (evals: readonly number[]) =>
    [
      ...Array.from(
        { length: 30 },
        (_, i) => `{"current_steps": ${10 * i + 10}, "loss": ${(2 * 0.9 ** i).toFixed(4)}}`,
      ),
      ...evals.map((x, i) => `{"current_steps": ${60 * i + 60}, "eval_loss": ${x}}`),
    ].join('\n');
  expect(first(log([1.5, 1.2, 1.3, 1.5, 1.8]))).toMatchObject({ name: 'overfit', sure: 'possible' });
  expect(first(log([1.5, 1.2, 1.3, 1.5, 1.8]))?.reason).toContain('turns at step 120');
  expect(hits(log([1.5, 1.3, 1.2, 1.22, 1.21]))).toEqual([]);
});

it('writes what to set in the words of the tool and of the syntax', () => {
  const reason = (text: string) => first(text)?.reason;
  expect(reason('train_network.py --network_module networks.lora --network_dim 64 --network_alpha 1')).toContain(
    'Write “--network_alpha 32”, half of the rank: s = 0.5.',
  );
  expect(reason('adapter: lora\nlora_r: 8\nlearning_rate: 2e-4\nwarmup_steps: 100\nmax_steps: 200\n')).toContain(
    'Write “warmup_steps: 20”, a tenth of the run.',
  );
  expect(reason('lora_rank: 8\nfinetuning_type: lora\nlearning_rate: 1e-6\n')).toContain(
    'Write “learning_rate: 1e-4”.',
  );
  expect(reason('LoraConfig(r=64, lora_alpha=8)\ntorch.optim.SGD(p, lr=0.02)')).toContain(
    'Write “lora_alpha=64”, or “use_rslora=True”.',
  );
  expect(reason('lora_r: 64\nlora_alpha: 8\nadapter: lora\noptimizer: sgd\nlearning_rate: 0.02\n')).toContain(
    'Write “lora_alpha: 64”, or “peft_use_rslora: true”.',
  );
  expect(
    reason(
      'network_module = "networks.lora"\nnetwork_dim = 64\nnetwork_alpha = 8\nunet_lr = 0.01\noptimizer_type = "SGDNesterov"\n',
    ),
  ).toMatch(/Write “network_alpha = 64”\.$/);
});

it('names what overflows with what to write, and the rate only of a run that broke', () => {
  const command =
    'train_network.py --network_module=networks.lora --network_dim=128 --network_alpha=128 --learning_rate=1e-3 --optimizer_type=AdamW8bit --mixed_precision=fp16 --full_fp16';
  const log = 'steps: 48/1600 [01:02<33:10, avr_loss=0.131]\nsteps: 60/1600 [01:18<33:01, avr_loss=nan]\n';
  expect(first(command)).toMatchObject({ name: 'nan', sure: 'possible' });
  expect(first(command)?.reason).toContain('Write “--mixed_precision bf16” and “--full_bf16”, in place of float16.');
  // One loss that is no number is enough.
  expect(first(log)?.reason).toContain('NaN at step 60; before, it was 0.131');
  expect(first(`${command}\n${log}`)).toMatchObject({ name: 'nan', sure: 'likely' });
  expect(first(`${command}\n${log}`)?.reason).toContain('The rate is 0.001; 10⁻⁴ is usual');
  expect(first(`${command.replace('1e-3', '1e-4')}\n${log}`)?.reason).not.toContain('The rate is');
  // sd-scripts stops at this before it trains.
  expect(hits(command.replace('precision=fp16', 'precision=bf16')).map(({ name }) => name)).not.toContain('nan');
});

it('says that two losses are too few, and what α and r make', () => {
  expect(diagnose("{'loss': 2.314, 'epoch': 0.1}\n{'loss': 2.314, 'epoch': 0.2}")).toMatchObject({
    why: expect.stringContaining('fewer than 3 losses'),
  });
  expect(diagnose('LoraConfig(r=64, lora_alpha=16)')).toMatchObject({
    looked: expect.arrayContaining(['s = 0.25']),
  });
});
