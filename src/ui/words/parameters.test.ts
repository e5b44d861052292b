import { describe, expect, it } from 'vitest';
import { parameterComparison, parameterLine, shareOf } from './parameters.ts';

const whole = (e: { readonly d: number; readonly k: number; readonly rank: number }) => ({ ...e, frozenFactor: null });

describe('the parameter line', () => {
  it('gives r(d + k), dk, the ratio and break-even', () => {
    expect(parameterLine(whole({ d: 64, k: 64, rank: 8 }))).toBe(
      'Trainable: r(d + k) = 1,024, against dk = 4,096 in W₀: 4× fewer. Break-even at r = 32.',
    );
    expect(parameterLine(whole({ d: 16, k: 96, rank: 1 }))).toContain('Break-even at r = 13.7.');
  });

  it('counts only the factor that trains where one is frozen', () => {
    const e = { d: 96, k: 64, rank: 8 };
    expect(parameterLine({ ...e, frozenFactor: 'B' })).toBe(
      'Trainable: rk = 512, against dk = 6,144 in W₀: 12× fewer. Break-even at r = d = 96.',
    );
    expect(parameterLine({ ...e, frozenFactor: 'A' })).toBe(
      'Trainable: rd = 768, against dk = 6,144 in W₀: 8× fewer. Break-even at r = k = 64.',
    );
    expect(shareOf({ d: 64, k: 64, rank: 8, frozenFactor: 'B' })).toBe('12.5%');
  });

  it.each([
    [1, '32× fewer'],
    [31, '1.03× fewer'],
    [32, 'as many as full fine-tuning'],
    [36, '12.5% more than full fine-tuning'],
    [64, '100% more than full fine-tuning'],
  ])('at rank %i of 64 × 64 says "%s"', (rank, words) => {
    expect(parameterComparison(whole({ d: 64, k: 64, rank }))).toBe(words);
  });

  it('never shows a saving where there is none', () => {
    for (let rank = 1; rank <= 16; rank++) {
      const more = rank * (16 + 96) > 16 * 96;
      expect(parameterComparison(whole({ d: 16, k: 96, rank })).includes('more')).toBe(more);
    }
  });
});

describe('the share of dk', () => {
  it.each([
    [{ d: 64, k: 64, rank: 8 }, '25%'],
    [{ d: 64, k: 64, rank: 1 }, '3.13%'],
    [{ d: 64, k: 64, rank: 32 }, '100%'],
    [{ d: 4096, k: 4096, rank: 16 }, '0.781%'],
    [{ d: 1000, k: 999, rank: 500 }, 'just over 100%'],
  ])('of %o is %s', (e, share) => {
    expect(shareOf(whole(e))).toBe(share);
  });
});
