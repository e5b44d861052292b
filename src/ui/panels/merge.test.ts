import { describe, expect, it } from 'vitest';
import type { MergeAnswer } from '../../state/view.ts';
import {
  intruderWords,
  mergedWords,
  mergeNames,
  mergeRows,
  mergeWays,
  mergeWaysWords,
  savedWords,
  smallWords,
} from './merge.tsx';

const numbers = (difference: number, bound: number, lost: number) => ({
  outputs: { difference, bound, share: 0.2 },
  worstCase: 4 * bound,
  unmerged: { difference: difference / 100, bound: bound / 100, share: 0.5 },
  lost,
});
const answer: MergeAnswer = {
  ...{ inputs: 16, size: 0.1, intruders: { before: 0, after: 3 } },
  float32: numbers(1.234e-6, 2.1e-5, 2e-7),
  bfloat16: numbers(0.0066, 0.031, 0.019),
};

describe('the words of merging', () => {
  it('put the largest difference first, with its bound beside it', () => {
    expect(mergedWords(answer, 1234)).toBe(
      'Merging changes the outputs by at most 1.2·10⁻⁶. That is rounding: float32 allows up to 2.1·10⁻⁵ (16 random inputs, step 1,234).',
    );
  });

  it('are a table of both formats', () => {
    const rows = mergeRows(answer, mergeNames('whole'));
    expect(rows.map((row) => [row.float32, row.bfloat16])).toEqual([
      ['1.2·10⁻⁶', '6.6·10⁻³'],
      ['2.1·10⁻⁵', '0.031'],
      ['8.4·10⁻⁵', '0.12'],
      ['1.2·10⁻⁸', '6.6·10⁻⁵'],
      ['2.1·10⁻⁷', '3.1·10⁻⁴'],
      ['less than 0.001%', '2%'],
    ]);
    expect(rows.filter((row) => row.bound)).toHaveLength(3);
  });

  it('write small shares in plain digits, and of an update of zero say that there is nothing to lose', () => {
    const lost = (share: number, size = 0.1) => {
      const some = { ...answer, size, float32: numbers(0, 1, share) };
      return [mergeRows(some, mergeNames('whole'))[5].float32, smallWords(some, mergeNames('whole'))];
    };
    expect(lost(0.000052)[0]).toBe('0.005%');
    expect(lost(0.0042)[0]).toBe('0.4%');
    const [cell, sentence] = lost(0, 0);
    expect(cell).toBe('nothing: ΔW = 0');
    expect(sentence).toContain('Here ΔW = 0, so there is nothing to lose.');
  });

  it('name what is frozen where an initialisation has moved a part of W₀, and then do not call s·B·A the update', () => {
    const names = mergeNames('moved');
    const all = [...mergeRows(answer, names).map((row) => row.what), smallWords(answer, names)].join(' ');
    expect(all).toContain('W_frozen');
    expect(all).not.toMatch(/ΔW|W₀/);
  });

  it('say what is saved, with the numbers of the layer', () => {
    expect(savedWords({ d: 4096, k: 4096, rank: 16 })).toContain('16,777,216 + 131,072');
    expect(savedWords({ d: 64, k: 64, rank: 8 })).toContain('The adapter adds 25%; merging removes it');
  });

  it('tell of intruders: how many, being counted, or why not', () => {
    expect(intruderWords(answer.intruders, 64, 64)).toBe(
      'Among the 10 leading directions: 0 at step 0, 3 in the merged weight.',
    );
    expect(intruderWords({ before: 0, after: 1 }, 64, 4)).toContain('the 4 leading');
    expect(intruderWords(null, 64, 64)).toBe('Counting …');
    expect(intruderWords({ why: 'it is too large' }, 64, 64)).toBe('Not counted: it is too large.');
  });
});

const WAYS = {
  trained: { error: 0.236, apart: 0 },
  quantised: { error: 0.2361, apart: 0.0066 },
  full: { error: 0.136, apart: 0.26 },
  again: { error: 0.363, apart: 0.28 },
};

it('lists each way with what is off it', () => {
  expect(mergeWays(WAYS).map(({ what, error, apart }) => `${what}: ${error}, ${apart}`)).toEqual([
    'not merged: Q + ΔW: 0.236, 0',
    'into Q, stored in bfloat16: 0.236, 6.6·10⁻³',
    'into W₀, stored in bfloat16: 0.136, 0.26',
    'into Q, then NF4 again: 0.363, 0.28',
  ]);
});

it('says which of the two ends nearer, and what took the difference', () => {
  expect(mergeWaysWords(WAYS, false)).toMatch(/^They differ by what NF4 took from W₀, 0\.26 of ‖ΔW\*‖/);
  expect(mergeWaysWords(WAYS, false)).toContain('W₀ ends nearer to the goal, 0.136 from W₀ + ΔW* where Q ends 0.236');
  const moved = { ...WAYS, full: { error: 1.94, apart: 1.8 } };
  expect(mergeWaysWords(moved, true)).toMatch(/^They differ by what A and B took from W₀, and NF4 from the rest, 1\.8/);
  expect(mergeWaysWords(moved, true)).toContain('W₀ ends farther from the goal, 1.94');
});
