import { describe, expect, it } from 'vitest';
import { readGoal } from '../../experiment/plan/goal.ts';
import type { Status } from '../../experiment/run-file/run-file.ts';
import { emptyTrace } from '../../experiment/run-file/run-record.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { extend, newRun } from '../../state/run/run.ts';
import { entries } from '../../state/testing/page.ts';
import { goalWords } from './goal-words.ts';

/** For a 64 × 64 layer: r(64 + 64) numbers train. */
function said(goal: string, relativeError: number[], status: Status, rank = 2) {
  const experiment = change(defaults(), { d: 64, k: 64, rank, steps: 200 });
  const list = Float64Array.from(relativeError);
  const trace = extend(emptyTrace(), entries(0, list, { relativeError: list }));
  const run = { ...newRun(1, experiment), trace, status };
  const read = readGoal(goal).goal;
  if (!read) throw new Error(goal);
  const words = goalWords(read, { run, next: null, experiment });
  return { ...words, all: [words.first, ...words.parts].join(' ') };
}

describe('the goal of a class', () => {
  it('says how far the run is', () => {
    const { state, parts, said: told } = said('error:0.05,numbers:600', [1], 'idle');
    expect(state).toBe('open');
    expect(parts).toEqual(['error ≤ 0.05: now 1.00', 'numbers ≤ 600: 256 ✓', 'step 0 of 200']);
    expect(told).toBe('');
  });

  it('counts to the steps that are allowed', () => {
    expect(said('error:0.05,steps:100', [1, 0.5], 'training').parts.at(-1)).toBe('step 1 of 100');
  });

  it('is reached at the first step within it, with that score, even if the error rises again', () => {
    const { state, first, said: told } = said('error:0.05', [1, 0.2, 0.04, 0.3], 'training');
    expect(state).toBe('reached');
    expect(first).toBe('Goal reached at step 2:');
    expect(told).toContain('error 0.0400 with 256 trained parameters');
  });

  it('is missed where the run has ended, and not before', () => {
    expect(said('error:0.05', [1, 0.5], 'paused').state).toBe('open');
    for (const status of ['finished', 'converged', 'diverged'] as const)
      expect(said('error:0.05', [1, 0.5], status)).toMatchObject({
        state: 'missed',
        said: 'Goal missed: error 0.500 at the end.',
      });
  });

  it('is missed where it was reached too late, or no step that counts is left', () => {
    expect(said('error:0.05,steps:1', [1, 0.5, 0.04], 'paused').all).toContain('reached too late, after step 1');
    expect(said('error:0.05,steps:1', [1, 0.5, 0.4], 'paused').said).toBe('Goal missed: error 0.500 at the end.');
  });

  it('names the numbers that are too many', () => {
    const { state, all } = said('error:0.05,numbers:600', [1, 0.01], 'finished', 8);
    expect(state).toBe('missed');
    expect(all).toContain('1,024 trained parameters, at most 600 allowed');
  });
});
