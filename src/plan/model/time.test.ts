import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCost } from './cost-link.ts';
import { scoreShare, stepSamples, timeOf, totalsOf } from './counts.ts';

const ALL = 'q:16,k:16,v:16,o:16,gate:16,up:16,down:16';
const read = (text: string) => {
  const { cost, faults } = readCost(text);
  expect(faults).toEqual([]);
  return cost;
};

describe('the time of a run', () => {
  // By hand, for the 7B decoder: matrices 6,476,005,376, output 32,000 × 4,096, A and B at rank 16 39,976,960.
  const FROZEN = 6_476_005_376 + 32_000 * 4096;
  const ADAPTER = 39_976_960;

  it('is passes × 2 × multiply-adds × tokens × steps ÷ speed', () => {
    const time = timeOf(read(ALL));
    // Two passes and one for checkpoints; 1,000 steps of 2,048 tokens at 40 TFLOP/s: 34 minutes.
    expect(time?.seconds).toBeCloseTo((3 * 2 * (FROZEN + ADAPTER) * 2048 * 1000) / 40e12, 6);
    expect(Math.round((time?.seconds ?? 0) / 60)).toBe(34);
    expect(time?.full).toBeCloseTo((4 * 2 * FROZEN * 2048 * 1000) / 40e12, 6);
    expect(time?.passes).toBe(3);
  });

  it('has two thirds of the passes of full fine-tuning without checkpoints', () => {
    const time = timeOf(read('q:1,checkpoints:0'));
    expect((time?.seconds ?? 0) / (time?.full ?? 0)).toBeCloseTo(2 / 3, 3);
  });

  it('takes the seconds of a step, if they were measured, for any model', () => {
    expect(timeOf(read('steps:250,seconds:1.5'))).toEqual({ seconds: 375, full: null, passes: null });
    expect(timeOf(read('model:sd15-unet,self-q:4,seconds:2'))?.seconds).toBe(2000);
  });

  it('is not estimated for a U-Net, whose convolutions are not counted', () => {
    expect(timeOf(read('model:sd15-unet,self-q:4'))).toBeNull();
  });

  it('counts the 197 tokens of a picture', () => {
    // ViT-B/16: 12·(4·768² + 2·768·3072) = 84,934,656 numbers in its matrices, and rank 4 of 12 matrices 2,304 × 768.
    const adapter = 12 * 4 * (2304 + 768);
    expect(timeOf(read('model:vit-b16,qkv:4,batch:64,steps:100'))?.seconds).toBeCloseTo(
      (3 * 2 * (84_934_656 + adapter) * 64 * 197 * 100) / 40e12,
      9,
    );
  });

  it('grows with batches per step, but not with GPUs, each of which has its own batch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 64 }), (accumulate, gpus) => {
        const cost = read(`${ALL},accumulate:${accumulate},gpus:${gpus}`);
        expect(timeOf(cost)?.seconds).toBeCloseTo(accumulate * (timeOf(read(ALL))?.seconds ?? 0), 3);
        expect(stepSamples(cost)).toBe(accumulate * gpus);
        expect(totalsOf(cost)).toEqual(totalsOf(read(ALL)));
      }),
    );
  });

  it('leaves out the attention scores, and says how much they are', () => {
    // Per token and layer q·k and the sum of v: 2 × 1,024 earlier tokens on average × 4,096.
    expect(scoreShare(read(ALL))).toBeCloseTo((32 * 2 * 1024 * 4096) / FROZEN, 12);
    // Qwen3-0.6B: 16 heads of 128 are twice as wide as the model.
    const qwen3 = read(
      'model:own,family:llama,layers:28,width:1024,heads:16,kvHeads:8,head:128,inner:3072,vocabulary:151936,tied:1,q:1',
    );
    const frozen = 28 * (2 * 2048 * 1024 + 2 * 1024 * 1024 + 3 * 3072 * 1024) + 151_936 * 1024;
    expect(scoreShare(qwen3)).toBeCloseTo((28 * 2 * 1024 * 16 * 128) / frozen, 12);
    // A share of one token is none of a picture whose blocks differ in tokens.
    expect(scoreShare(read('model:sd15-unet,self-q:4'))).toBeNull();
  });
});
