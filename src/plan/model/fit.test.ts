import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCost, writeCost } from './cost-link.ts';
import { GIB, loraConfig, memoryOf, sumOf, totalsOf } from './counts.ts';
import { adviceOf, adviceWords, fitOf, fitWords, fixesOf, GPUS, largestRank, planBytes, SPARE } from './fit.ts';
import { headlineOf } from './headline.ts';
import { MODELS } from './models.ts';
import { takeAway } from './trainers.ts';

const read = (text: string) => {
  const { cost, faults } = readCost(text);
  expect(faults).toEqual([]);
  return cost;
};
const all = (rank: number) => ['q', 'k', 'v', 'o', 'gate', 'up', 'down'].map((name) => `${name}:${rank}`).join(',');

describe('published sizes', () => {
  /** Shapes of LLaMA (Touvron et al. 2023, table 2), which has 32,000 tokens. */
  const llama = (layers: number, width: number, heads: number, inner: number) =>
    `model:own,family:llama,layers:${layers},width:${width},heads:${heads},kvHeads:${heads},head:128,inner:${inner},vocabulary:32000`;
  const [seven, thirteen, thirty, sixtyFive] = [
    llama(32, 4096, 32, 11_008),
    llama(40, 5120, 40, 13_824),
    llama(60, 6656, 52, 17_920),
    llama(80, 8192, 64, 22_016),
  ];

  it('full fine-tuning of 65B takes more than 780 GB, QLoRA less than 48 (Dettmers et al. 2023, abstract)', () => {
    const cost = read(`${sixtyFive},${all(64)},tokens:512,quantised:1`);
    const { weights, gradients, optimiser } = memoryOf(cost).full;
    expect(Math.round((weights + gradients + optimiser) / 1e9)).toBeGreaterThan(780);
    expect((weights + gradients + optimiser) / 1e9).toBeLessThan(790);
    expect(fitOf({ ...cost, card: 48 }).verdict).toBe('fits');
    expect(fitOf({ ...cost, card: 32 }).verdict).toBe('no');
  });

  it('a second scale saves 0.373 bits of each number, about 3 GB of 65B (the same, section 3)', () => {
    const cost = read(`${sixtyFive},${all(64)}`);
    const { qlora } = memoryOf(cost);
    const single = memoryOf({ ...cost, assumed: { group: 0 } }).qlora;
    expect((single.weights - qlora.weights) / 1e9).toBeCloseTo(3, 1);
  });

  it('an adapter of 0.2% of 7B in 16 bits takes 26 MB (the same, section 3)', () => {
    const cost = read(`${seven},${all(8)}`);
    // Rank 8 is 0.3%; bytes go with the share.
    const { trained, share } = totalsOf(cost);
    expect((2 * trained * 0.002) / share / 2 ** 20).toBeCloseTo(25.7, 1);
  });

  it('GPT-3 at rank 4 on q and v has a checkpoint of roughly 35 MB, and weights of 350 GB (Hu et al. 2021, section 4.2)', () => {
    // q and v apart have as many numbers as q, k and v in one matrix: 4(2·2w) = 4(3w + w).
    const cost = read(
      'model:own,family:gpt2,layers:96,width:12288,heads:96,kvHeads:96,head:128,inner:49152,vocabulary:50257,positions:2048,tied:1,qkv:4',
    );
    expect((2 * totalsOf(cost).trained) / 2 ** 20 / 35).toBeCloseTo(1, 1);
    expect((2 * cost.model.parameters) / 1e9).toBeCloseTo(350, -1);
  });

  it.each([
    // The table of hardware in LLaMA-Factory's README (2024): GB for 16-bit LoRA and 4-bit QLoRA.
    ['LoRA of 7B', `${seven},${all(8)},tokens:512`, 16],
    ['LoRA of 13B', `${thirteen},${all(8)},tokens:512`, 32],
    ['QLoRA of 7B', `${seven},${all(8)},tokens:512,quantised:1`, 6],
    ['QLoRA of 13B', `${thirteen},${all(8)},tokens:512,quantised:1`, 12],
    ['QLoRA of 30B', `${thirty},${all(8)},tokens:512,quantised:1`, 24],
    ['QLoRA of 65B', `${sixtyFive},${all(8)},tokens:512,quantised:1`, 48],
  ])('%s takes at most what is published, and more than half', (_, text, gb) => {
    const bytes = planBytes(read(text));
    expect(bytes).toBeLessThan(gb * GIB);
    expect(bytes).toBeGreaterThan((gb / 2) * GIB);
  });
});

describe('a plan on a GPU', () => {
  it('needs the bytes of its method', () => {
    const cost = read('');
    expect([cost.card, cost.quantised]).toEqual([24, 0]);
    expect(planBytes(cost)).toBe(sumOf(memoryOf(cost).lora));
    expect(planBytes({ ...cost, quantised: 1 })).toBe(sumOf(memoryOf(cost).qlora));
  });

  it.each([
    ['', ['Fits on 24 GB:', '14.1 GiB, 9.9 left.']],
    ['card:16', ['Only just fits on 16 GB:', '14.1 GiB, 1.9 left, and buffers take 1 to 2 GiB.']],
    ['card:12', ['Does not fit on 12 GB:', '14.1 GiB, 2.1 too many.']],
    ['card:8,quantised:1', ['Fits on 8 GB:', '5.1 GiB, 2.9 left.']],
    ['q:0', ['Nothing is adapted yet.', 'Check a module.']],
  ])('%s: the verdict in words', (text, words) => {
    expect(fitWords(read(text))).toEqual(words);
  });

  it('rank and modules for 24 GB: all linear modules, and the largest rank that leaves 2 GiB', () => {
    const cost = read('');
    expect(adviceWords(cost)).toBe('rank 16 on all linear modules with LoRA, 14.4 GiB.');
    expect(loraConfig(adviceOf(cost)?.cost ?? cost)).toContain('"gate_proj", "up_proj", "down_proj"');
    // A rank of all linear modules has 32·(4·8,192 + 3·15,104) = 2,498,560 numbers of 16 bytes: 4 each for the number
    // and its gradient, 8 for Adam. Free are 22 GiB − 12.55 of weights − 1.3 of activations.
    const { weights, activations } = memoryOf({ ...cost, ranks: {} }).lora;
    const most = Math.floor((22 * GIB - weights - activations) / (16 * 2_498_560));
    expect(largestRank(cost, 'all', 0)).toBe(most);
    expect(most).toBe(219);
    expect(adviceWords(read('card:8'))).toBe('rank 16 on all linear modules with QLoRA, 5.5 GiB.');
    // One sample at a time if the plan's batch does not fit; with the gradients of all of them a step learns as much.
    const tight = read('card:8,batch:8,checkpoints:0');
    expect(adviceWords(tight)).toBe('rank 16 on all linear modules with QLoRA, checkpoints and a batch of 1, 5.5 GiB.');
    expect(adviceOf(tight)?.cost).toMatchObject({ batch: 1, accumulate: 8, checkpoints: true, quantised: 1 });
    expect(adviceWords(read('card:4'))).toMatch(/^nothing fits/);
  });

  it('says what would make it fit, each change by itself', () => {
    const texts = (text: string) => fixesOf(read(text)).map((fix) => fix.text);
    expect(texts('')).toEqual([]);
    expect(texts('card:12')).toEqual(['QLoRA']);
    expect(texts('card:24,batch:16')).toEqual([
      expect.stringMatching(/^a batch of \d, \d times per step$/),
      expect.stringMatching(/ tokens$/),
    ]);
    expect(texts('card:24,checkpoints:0,tokens:4096')).toContain('checkpoints');
    expect(texts(`${all(400)},card:24`)).toEqual(['QLoRA', 'rank 219']);
    // None is enough alone.
    expect(texts('card:8,batch:8,checkpoints:0')).toEqual([expect.stringContaining(', ')]);
    expect(texts('card:2')).toEqual([]);
  });

  it('fits after each of them, and they change nothing else; one more of each would not', () => {
    const cards = fc.constantFrom(...GPUS.map(([gb]) => gb));
    fc.assert(
      fc.property(
        fc.constantFrom(...MODELS),
        cards,
        fc.integer({ min: 1, max: 64 }),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 8192 }),
        fc.boolean(),
        (model, card, batch, rank, tokens, checkpoints) => {
          const name = model.modules[0]?.name;
          const length = model.tokens === null ? '' : `,tokens:${tokens}`;
          const cost = read(
            `model:${model.name},${name}:${rank},card:${card},batch:${batch}${length},checkpoints:${Number(checkpoints)}`,
          );
          const fixes = fixesOf(cost);
          if (fitOf(cost).verdict === 'fits') expect(fixes).toEqual([]);
          for (const fix of fixes) {
            expect(fitOf(fix.cost).left).toBeGreaterThanOrEqual(SPARE * GIB);
            expect(readCost(writeCost(fix.cost))).toEqual({ cost: fix.cost, faults: [] });
            expect(fix.cost.batch * fix.cost.accumulate).toBeGreaterThanOrEqual(cost.batch);
          }
          for (const fix of fixes.length > 1 ? fixes : []) {
            const { cost: to } = fix;
            if (to.batch < cost.batch) expect(fitOf({ ...to, batch: to.batch + 1 }).verdict).not.toBe('fits');
            if (to.tokens < cost.tokens) expect(fitOf({ ...to, tokens: to.tokens + 128 }).verdict).not.toBe('fits');
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it('a larger GPU never holds less', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MODELS), fc.integer({ min: 1, max: 200 }), (model, card) => {
        const cost = { ...read(`model:${model.name}`), card };
        for (const quantised of [0, 1] as const)
          expect(largestRank({ ...cost, card: card + 1 }, 'all', quantised)).toBeGreaterThanOrEqual(
            largestRank(cost, 'all', quantised),
          );
      }),
      { numRuns: 50 },
    );
  });
});

describe('QLoRA as the method', () => {
  it('is in the link, in the sentence, and in the notebook', () => {
    const cost = read('card:8,quantised:1');
    expect(writeCost(cost)).toMatch(/,card:8,quantised:1$/);
    expect(headlineOf(cost)).toMatch(/ and trains with QLoRA in 5\.1\sGiB\.$/);
    const notebook = takeAway(cost, 'notebook');
    const text = 'text' in notebook ? notebook.text : '';
    expect(text).toContain('load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True');
    expect(text).toContain('torch_dtype="auto", quantization_config=bits)');
    expect(text).toContain('prepare_model_for_kbit_training(model, use_gradient_checkpointing=True)');
    expect(takeAway(read('card:8'), 'notebook')).not.toMatchObject({ text: expect.stringContaining('bits') });
    expect(takeAway(read('base:int8,quantised:1'), 'notebook')).toMatchObject({
      text: expect.stringContaining('BitsAndBytesConfig(load_in_8bit=True)'),
    });
    const config = takeAway(cost, 'peft');
    expect(config).toMatchObject({
      text: expect.stringMatching(
        /BitsAndBytesConfig\(load_in_4bit=True, bnb_4bit_quant_type="nf4"[\s\S]*LoraConfig\(/,
      ),
    });
    expect(takeAway(read('card:8'), 'peft')).not.toMatchObject({ text: expect.stringContaining('bits') });
    // timm has no such loader.
    expect(takeAway(read('model:vit-b16,qkv:4,quantised:1'), 'notebook')).toMatchObject({
      remark: expect.stringContaining('It loads the weights in full.'),
    });
  });
});
