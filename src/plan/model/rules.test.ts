import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLink } from '../../experiment/link/link.ts';
import { readCost } from './cost-link.ts';
import { headlineOf, planTitle } from './headline.ts';
import { MODELS } from './models.ts';
import { rulesOf } from './rules.ts';

const read = (text: string) => readCost(text).cost;
const titles = (text: string) => rulesOf(read(text)).map(({ title }) => title);
const all = (rank: number) => ['q', 'k', 'v', 'o', 'gate', 'up', 'down'].map((name) => `${name}:${rank}`).join(',');

describe('what could go wrong', () => {
  it.each([
    [all(16), ['Merging may swallow it.', 'Every trainer has its own α.']],
    ['q:16,alpha:4,tokens:512', ['s = 0.25 is small.', 'Merging may swallow it.', 'Every trainer has its own α.']],
    ['q:1,alpha:9,weights:f32', ['s = 9 is large.', 'Every trainer has its own α.']],
    // Break-even of 768 × 768: 384.
    [
      'model:vit-b16,o:385,weights:f32',
      ['Rank 385 trains more than attn.proj has.', 'A high rank can learn the noise.', 'Every trainer has its own α.'],
    ],
    ['model:gpt2,qkv:4,weights:f32', []],
    [
      'model:sd15-unet,self-q:16',
      ['Merging may swallow it.', 'Convolutions are not counted.', 'Every trainer has its own α.'],
    ],
    ['q:0', []],
    [
      'model:own,family:llama,layers:80,width:8192,heads:64,kvHeads:8,head:128,inner:28672,vocabulary:128256,q:16',
      ['Merging may swallow it.', 'Every trainer has its own α.'],
    ],
  ])('of %s', (text, expected) => {
    expect(titles(text)).toEqual(expected);
  });

  it('says what helps, in numbers', () => {
    expect(rulesOf(read('model:sd15-unet,self-q:16')).at(-1)?.text).toBe(
      'Without one, kohya takes α = 1: at rank 16 that is s = 0.063, and the rate must be higher.',
    );
  });

  it('is at most three rules, each with a link that can be read', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...MODELS),
        fc.integer({ min: 1, max: 768 }),
        fc.integer({ min: 1, max: 2000 }),
        (model, rank, alpha) => {
          const rules = rulesOf(
            read(`model:${model.name},${model.modules[0]?.name}:${Math.min(rank, 320)},alpha:${alpha}`),
          );
          expect(rules.length).toBeLessThanOrEqual(3);
          for (const { link } of rules) if (link) expect(parseLink(link.href).faults).toEqual([]);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('the plan in a sentence', () => {
  it.each([
    ['', 'Rank 16 on the attention of a 7B decoder is a 33.6 MB file, and trains on a 24 GB GPU; 16 GB only just.'],
    [all(16), 'Rank 16 on every module of a 7B decoder is an 80 MB file, and trains on a 24 GB GPU; 16 GB only just.'],
    // 12·(4·(2,304 + 768) + 8·(768 + 768)) = 294,912 numbers.
    ['model:gpt2,qkv:4,o:8', 'Ranks 4 to 8 on the attention of GPT-2 small is a 590 kB file, and trains in 0.7 GiB.'],
    ['q:8,up:8', 'Rank 8 on q_proj and up_proj of a 7B decoder is an 11.9 MB file, and trains on a 16 GB GPU.'],
    ['q:0', 'Nothing is adapted yet: check a module.'],
  ])('%s', (text, sentence) => {
    // A number and its unit stay on one line.
    const unbroken = sentence.replace(/(?<=\d) (?=[kM]B file|GiB)/g, '\u00a0');
    expect(headlineOf(read(text))).toBe(unbroken);
  });

  it('names the model in the title', () => {
    expect(planTitle(read(''))).toBe('7B decoder, rank 16 · Plan a run');
    expect(planTitle(read('model:sd15-unet,self-q:4'))).toBe('U-Net of Stable Diffusion 1.5, rank 4 · Plan a run');
  });
});
