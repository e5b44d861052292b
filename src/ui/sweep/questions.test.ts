import { describe, expect, it } from 'vitest';
import { sweepSentence } from '../../charts/sweep/sentence.ts';
import { rankAxis, runFigures, sweepScene } from '../../charts/testing/sweep-scene.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { readSweep } from '../../experiment/plan/sweep.ts';
import { presets } from '../../experiment/presets.ts';
import { trainPreset } from '../../experiment/recorded/testing/preset-run.ts';
import { noiseNorm } from '../../experiment/targets/low-rank.ts';
import { recordedFigures } from '../../math/testing/recorded-figures.ts';
import { COMPARE_QUESTIONS, pacedSeconds, rankSweepLink, runsOf, SWEEP_QUESTIONS } from './questions.ts';

const named = (title: string) => {
  const question = [...SWEEP_QUESTIONS, ...COMPARE_QUESTIONS].find((one) => one.title === title);
  if (!question) throw new Error(title);
  return question;
};

const FIGURES = new URL('./testing/questions.json', import.meta.url);

const bySeed = (a: { seed: number }, b: { seed: number }) => a.seed - b.seed;

describe('ready questions', () => {
  it('are links without a fault that start by themselves, with the runs that their text counts', () => {
    for (const question of [...SWEEP_QUESTIONS, ...COMPARE_QUESTIONS]) {
      const { faults, view, experiment } = parseLink(question.link);
      expect([...faults, ...readSweep(view.sweep, experiment).faults]).toEqual([]);
      expect(view.run).toBe(true);
    }
    expect([...SWEEP_QUESTIONS, ...COMPARE_QUESTIONS].map((question) => runsOf(question).length)).toEqual([
      7 * 3,
      6 * 3,
      5 * 2,
      6 * 12 * 3,
      4,
      5,
      3,
    ]);
    const ranks = (title: string) => runsOf(named(title)).map(({ rank }) => rank);
    expect(ranks('What does a higher rank buy?')).toEqual([8, 1, 2, 4]);
    expect(ranks('How many directions do two edits take?')).toEqual([8, 4, 12]);
  });

  it('which rank is enough: rank 8, by the headline of the runs themselves', async () => {
    // Those of one seed share W₀ and ΔW*.
    const runs = runsOf(named('Which rank is enough?')).toSorted(bySeed);
    const errors = await recordedFigures(
      FIGURES,
      'errors',
      runs,
      async ({ rank, seed }) => (await trainPreset('true-rank', { rank, seed })).error,
    );
    const ranks = [...new Set(runs.map(({ rank }) => rank))];
    const [{ rank: lowest, seed: first }] = runs;
    const { floors, module, experiment } = await trainPreset('true-rank', { rank: lowest, seed: first });
    const noise = noiseNorm(experiment) / module.wanted.norm;
    // Signal and noise are nearly at right angles: 0.05/√(1 + 0.05²).
    expect(noise).toBeCloseTo(0.0499, 3);
    const errorOf = (at: number, nth: number) => {
      const run = runs.findIndex(({ rank, seed }) => rank === ranks[at] && seed === first + nth);
      return errors[run] ?? Number.NaN;
    };
    const scene = sweepScene([rankAxis(ranks)], 3, ([i = 0], nth) => runFigures(errorOf(i, nth)), {
      measure: 'error',
      floors,
      noise,
    });
    expect(sweepSentence(scene)).toBe(
      'From rank 8 on, only noise is gained. Above rank 32, LoRA trains more parameters than W₀ has.',
    );
  });

  it('does a higher rank always help: no, by the headline of the runs themselves', async () => {
    const runs = runsOf(named('Does a higher rank always help?')).toSorted(bySeed);
    const ranks = [...new Set(runs.map(({ rank }) => rank))];
    const losses = await recordedFigures(FIGURES, 'held-out losses', runs, async ({ rank, seed }) => {
      const { losses } = await trainPreset('rank-regularises', { rank, seed });
      return losses?.heldOut ?? Number.NaN;
    });
    const [{ seed: first }] = runs;
    const figures = ([i = 0]: readonly number[], nth: number) => {
      const run = runs.findIndex(({ rank, seed }) => rank === ranks[i] && seed === first + nth);
      return runFigures(1, null, { heldOut: losses[run] ?? null });
    };
    const scene = sweepScene([rankAxis(ranks)], 3, figures, { measure: 'heldOut', samples: true });
    expect(sweepSentence(scene)).toBe(
      'The held-out loss is lowest at r = 4 in 3 of 3 seeds; at r = 32 it is 2.3 times as large.',
    );
  });

  it('sweep the rank of every experiment about ranks, up to its full rank, without what is pinned beside it', () => {
    for (const { name } of presets.all.filter(({ group }) => group === 'rank')) {
      const { faults, view, experiment } = parseLink(rankSweepLink(name));
      expect([...faults, ...readSweep(view.sweep, experiment).faults]).toEqual([]);
      expect([view.run, view.compare]).toEqual([true, '']);
      const ranks = runsOf({ link: rankSweepLink(name) }).map(({ rank }) => rank);
      expect(ranks).toHaveLength(3 * (experiment.d === 32 ? 6 : 7));
      expect(Math.max(...ranks)).toBe(Math.min(64, experiment.d));
    }
  });

  it('count the time of the run on screen at its pace: 300 steps at 50 a second; a sweep has no pace', () => {
    expect(pacedSeconds(named('What does a higher rank buy?'))).toBe(6);
    expect(pacedSeconds(named('Which rank is enough?'))).toBe(0);
  });

  it('what a higher rank buys: each of ranks 1, 2, 4 and 8 comes closer than the one before', async () => {
    const runs = runsOf(named('What does a higher rank buy?')).toSorted((a, b) => a.rank - b.rank);
    const errors: number[] = [];
    for (const { rank, alpha } of runs) errors.push((await trainPreset('sunglasses', { rank, alpha })).error);
    expect(errors).toEqual(errors.toSorted((a, b) => b - a));
    expect(errors[0]).toBeCloseTo(0.644, 3);
    expect(errors[3]).toBeCloseTo(0.073, 3);
  });

  it('where training starts: two of five initialisations never get below 0.84', async () => {
    const ends: number[] = [];
    for (const { init } of runsOf(named('Does it matter where training starts?')))
      ends.push((await trainPreset('own-floors', { init })).error);
    expect(ends.filter((error) => error > 0.84)).toHaveLength(2);
    expect(ends.filter((error) => error < 0.3)).toHaveLength(3);
  });
});
