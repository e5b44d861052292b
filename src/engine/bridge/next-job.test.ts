import { describe, expect, it } from 'vitest';
import { defaults } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { isBrief, matricesOf, nextJob } from './next-job.ts';

const job = (more: Partial<Experiment>) => {
  const one = { experiment: { ...defaults(), ...more } };
  return { job: one, matrices: matricesOf(one) };
};

describe('the next job of a worker', () => {
  const nobody = { made: '', taken: new Set<string>() };
  const of = (ranks: readonly number[]) => ranks.map((rank) => job({ rank, steps: 300 }));
  const next = (jobs: ReturnType<typeof of>, shared: boolean) => {
    const [first, ...others] = jobs;
    return nextJob([first, ...others], { ...nobody, shared }).job.experiment.rank;
  };

  it('is the first of many, and the longest of the last ones where workers share them', () => {
    expect(next(of([1, 2, 3, 4, 5, 6, 7, 8, 16]), true)).toBe(1);
    expect(next(of([1, 2, 16, 4]), true)).toBe(16);
    expect(next(of([1, 2, 16, 4]), false)).toBe(1);
  });

  it('ends the last jobs of two workers at about the same time', () => {
    const ranks = [1, 2, 4, 8, 16, 32];
    const ends = [0, 0];
    for (let left = of(ranks); left.length > 0; ) {
      const rank = next(left, true);
      left = left.filter(({ job: { experiment } }) => experiment.rank !== rank);
      ends[ends[0] <= ends[1] ? 0 : 1] += rank;
    }
    // In order it would be 42 and 21.
    expect(ends).toEqual([32, 31]);
  });
});

it('takes a run for brief by what its steps multiply, and none on samples', () => {
  expect(isBrief(job({ d: 64, k: 64, rank: 32, steps: 300 }).job)).toBe(true);
  expect(isBrief(job({ d: 64, k: 64, rank: 32, steps: 3000 }).job)).toBe(false);
  expect(isBrief(job({ d: 256, k: 256, rank: 8, steps: 300 }).job)).toBe(false);
  expect(isBrief(job({ target: 'regression', d: 8, k: 8, rank: 1, steps: 10 }).job)).toBe(false);
});
