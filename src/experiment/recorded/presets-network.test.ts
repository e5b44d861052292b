import { describe, expect, it } from 'vitest';
import { partOf } from '../../math/testing/part-of.ts';
import { ADAPTATIONS, adaptationsOf } from '../network/adaptations.ts';
import type { Experiment } from '../settings/params.ts';
import type { SmallLine, SmallPicture } from './small-picture.ts';
import { checkOverSeeds } from './testing/check-over-seeds.ts';
import { accuracyAfterCut, gain, type NetworkRun, rankOf, trainNetwork, whenGained } from './testing/network-run.ts';

const share = (value: number) => `${(100 * value).toFixed(1)}%`;
const FULL = { method: 'full' } as const;
const rank = (rank: number) => ({ rank });

const bars = (shares: Readonly<Record<string, number>>): SmallPicture => ({
  kind: 'bars',
  bars: Object.entries(shares).map(([label, share]) => ({ label, share })),
});

type Point = NetworkRun['points'][number];

function line(
  { points }: NetworkRun,
  label: string,
  look: SmallLine['look'],
  of: (point: Point) => number,
  at: (point: Point) => number = ({ step }) => step,
): SmallLine {
  return { label, look, points: points.map((point) => [at(point), of(point)] as const) };
}

const learned = ({ accuracy }: Point) => accuracy;
const kept = ({ old }: Point) => old;

const lines = (axis: string, ...lines: readonly SmallLine[]): SmallPicture => ({
  kind: 'lines',
  ...{ axis, high: 1, lines },
});

describe('a network of digits', () => {
  it('turned: from 1 in 10 to about 94% with 1,320 of 8,832 numbers', async () => {
    const measure = async (seed: number) => {
      const run = await trainNetwork('turned', { seed });
      const { layers, modules } = run.run.problem;
      expect(modules.reduce((sum, { d, k, rank }) => sum + rank * (d + k), 0)).toBe(1320);
      expect(layers.reduce((sum, { d, k }) => sum + d * k, 0)).toBe(8832);
      const [before] = run.points;
      expect(before.old).toBeGreaterThan(0.97);
      return {
        figures: { 'turned, before': before.accuracy, after: run.accuracy, 'upright, after': run.old },
        holds: before.accuracy < 0.12 && run.accuracy > 0.92 && run.old < 0.9,
      };
    };
    const own = await trainNetwork('turned', {}, 10);
    const picture = async () =>
      lines('right answers, 300 steps', line(own, 'turned', 'dw', learned), line(own, 'upright', 'w0', kept));
    await checkOverSeeds('turned', measure, picture, share);
  });

  it('nearly-full: rank 8 gains 95% of what full fine-tuning gains on each task, rank 1 on one of seven', async () => {
    // A visitor's hand is no fixed task.
    const names = adaptationsOf('digits').filter((name) => name !== 'hand');
    expect(names).toHaveLength(7);
    const measure = async (seed: number) => {
      const figures: Record<string, number> = {};
      for (const adapt of partOf(names, 4)) {
        const task = { adapt, seed };
        const full = await trainNetwork('nearly-full', { ...task, ...FULL });
        const [low, high] = [
          gain(await trainNetwork('nearly-full', { ...task, ...rank(1) }), full),
          gain(await trainNetwork('nearly-full', task), full),
        ];
        figures[`${ADAPTATIONS[adapt]}: gain at rank 8`] = high;
        figures[`${ADAPTATIONS[adapt]}, at rank 1`] = low;
      }
      const holds = (all: Readonly<Record<string, number>>) =>
        names.every((adapt) => {
          const [high, low] = [all[`${ADAPTATIONS[adapt]}: gain at rank 8`], all[`${ADAPTATIONS[adapt]}, at rank 1`]];
          return high >= 0.95 && low < high && (low < 0.95 || adapt === 'five-to-nine');
        });
      return { figures, holds };
    };
    const of = async (changes: Partial<Experiment>) => (await trainNetwork('nearly-full', changes)).accuracy;
    const picture = async () => bars({ 'r = 1': await of(rank(1)), 'r = 8': await of({}), full: await of(FULL) });
    await checkOverSeeds('nearly-full', measure, picture, share);
  }, 300_000);

  it('inverted-rank-1: one direction a matrix is too few, eight are enough', async () => {
    const measure = async (seed: number) => {
      const [low, high, full] = [
        await trainNetwork('inverted-rank-1', { seed }),
        await trainNetwork('inverted-rank-1', { seed, ...rank(8) }),
        await trainNetwork('inverted-rank-1', { seed, ...FULL }),
      ];
      return {
        figures: { 'rank 1': low.accuracy, 'rank 8': high.accuracy, full: full.accuracy },
        holds: low.accuracy < 0.8 && high.accuracy > 0.93 && full.accuracy > 0.95,
      };
    };
    const of = async (changes: Partial<Experiment>) => (await trainNetwork('inverted-rank-1', changes)).accuracy;
    const picture = async () =>
      bars({ 'r = 1': await of({}), 'r = 2': await of(rank(2)), 'r = 8': await of(rank(8)), full: await of(FULL) });
    await checkOverSeeds('inverted-rank-1', measure, picture, share);
  });

  it('full-spectrum: an effective rank of about 28 and 32 of 64; rank 8 gains 95% of it with 5 and 4', async () => {
    const measure = async (seed: number) => {
      const full = await trainNetwork('full-spectrum', { seed, ...FULL });
      const low = await trainNetwork('full-spectrum', { seed });
      const ranks = [full, low].flatMap((run) => [rankOf(run, 'in'), rankOf(run, 'hidden')]);
      return {
        figures: {
          'effective rank of in: full': ranks[0],
          'rank 8': ranks[2],
          'of hidden: full': ranks[1],
          'at rank 8': ranks[3],
          'share of full’s gain': gain(low, full),
        },
        holds: ranks[0] > 25 && ranks[1] > 29 && ranks[2] < 6 && ranks[3] < 5 && gain(low, full) > 0.95,
      };
    };
    const points = async (changes: Partial<Experiment>) => {
      const sigma = (await trainNetwork('full-spectrum', changes)).spectra.get('hidden') ?? [];
      return Array.from(sigma, (value, i) => [i + 1, value / sigma[0]] as const);
    };
    const picture = async (): Promise<SmallPicture> =>
      lines(
        'σᵢ/σ₁ of ΔW, hidden',
        { label: 'full', look: 'dwt', points: await points(FULL) },
        { label: 'r = 8', look: 'dw', points: [...(await points({})), [64, 0]] },
      );
    await checkOverSeeds('full-spectrum', measure, picture);
  });

  it('cut-full: full fine-tuning cut to rank 4 reads far fewer than LoRA trained at 4; cut to 16 it reads more', async () => {
    const measure = async (seed: number) => {
      const full = await trainNetwork('cut-full', { seed, ...FULL });
      const trained = await trainNetwork('cut-full', { seed });
      const [at4, at16] = [4, 16].map((rank) => accuracyAfterCut(full, rank));
      return {
        figures: {
          'full, cut to 4': at4,
          'trained at 4': trained.accuracy,
          'full, cut to 16': at16,
          full: full.accuracy,
        },
        holds: at4 < 0.7 && trained.accuracy > 0.9 && at16 > trained.accuracy,
      };
    };
    const picture = async () => {
      const full = await trainNetwork('cut-full', FULL);
      return bars({
        'cut to 4': accuracyAfterCut(full, 4),
        trained: (await trainNetwork('cut-full')).accuracy,
        full: full.accuracy,
      });
    };
    await checkOverSeeds('cut-full', measure, picture, share);
  });

  async function byModules(preset: string, seed: number | null = null) {
    const of = async (modules: string) =>
      (await trainNetwork(preset, { modules, ...(seed === null ? {} : { seed }) })).accuracy;
    return { in: await of('in'), hidden: await of('hidden'), out: await of('out') };
  }

  it('new-answers: the last matrix alone learns other answers, the first alone does not', async () => {
    const measure = async (seed: number) => {
      const figures = await byModules('new-answers', seed);
      return { figures, holds: figures.out > 0.92 && figures.in < figures.out - 0.05 };
    };
    await checkOverSeeds('new-answers', measure, async () => bars(await byModules('new-answers')), share);
  });

  it('new-pictures: the first matrix alone learns turned digits better than the last alone', async () => {
    const measure = async (seed: number) => {
      const figures = await byModules('new-pictures', seed);
      return { figures, holds: figures.in > 0.88 && figures.out < figures.in - 0.05 };
    };
    await checkOverSeeds('new-pictures', measure, async () => bars(await byModules('new-pictures')), share);
  });

  it('one-matrix: no matrix alone inverts at rank 4, the first two together do', async () => {
    const two = async (changes: Partial<Experiment> = {}) =>
      (await trainNetwork('one-matrix', { modules: 'in,hidden', ...changes })).accuracy;
    const measure = async (seed: number) => {
      const figures = { ...(await byModules('one-matrix', seed)), 'in and hidden': await two({ seed }) };
      const alone = Math.max(figures.in, figures.hidden, figures.out);
      return { figures, holds: alone < 0.86 && figures['in and hidden'] > alone + 0.05 };
    };
    await checkOverSeeds(
      'one-matrix',
      measure,
      async () => bars({ ...(await byModules('one-matrix')), 'in, hid.': await two() }),
      share,
    );
  });

  it('slower-keeps: a fifth of the rate learns the same and keeps four times as much', async () => {
    const measure = async (seed: number) => {
      const fast = await trainNetwork('slower-keeps', { seed });
      const slow = await trainNetwork('slower-keeps', { seed, lr: 0.002 });
      return {
        figures: {
          'turned at 0.01': fast.accuracy,
          'upright at 0.01': fast.old,
          'turned at 0.002': slow.accuracy,
          'upright at 0.002': slow.old,
        },
        holds: Math.abs(fast.accuracy - slow.accuracy) < 0.03 && slow.old > 2 * fast.old && slow.old > 0.65,
      };
    };
    const picture = async () =>
      lines(
        'upright, 300 steps',
        line(await trainNetwork('slower-keeps', { lr: 0.002 }, 10), '0.002', 'dw', kept),
        line(await trainNetwork('slower-keeps', {}, 10), '0.01', 'ink-3', kept),
      );
    await checkOverSeeds('slower-keeps', measure, picture, share);
  });

  it('kept-at-equal: at 95% of full’s gain LoRA at rank 4 has forgotten more than full fine-tuning', async () => {
    const measure = async (seed: number) => {
      const full = await trainNetwork('kept-at-equal', { seed, ...FULL }, 5);
      const low = await trainNetwork('kept-at-equal', { seed }, 5);
      const [one, other] = [full, low].map((run) => whenGained(run, full, 0.95));
      if (!one || !other) throw new Error('it never gets there');
      return {
        figures: { 'upright, full': one.old, 'rank 4': other.old, 'steps, full': one.step, 'at rank 4': other.step },
        holds: other.old < one.old - 0.05,
      };
    };
    const picture = async () =>
      lines(
        'upright by mirrored',
        line(await trainNetwork('kept-at-equal', FULL, 5), 'full', 'dwt', kept, learned),
        line(await trainNetwork('kept-at-equal', {}, 5), 'r = 4', 'dw', kept, learned),
      );
    await checkOverSeeds('kept-at-equal', measure, picture, (value) => (value > 1 ? String(value) : share(value)));
  });

  it('only-five-to-nine: 0 to 4 are forgotten; taught all ten, they are kept', async () => {
    const measure = async (seed: number) => {
      const only = await trainNetwork('only-five-to-nine', { seed });
      const all = await trainNetwork('only-five-to-nine', { seed, adapt: 'zero-to-nine' });
      expect(only.points[0].old).toBeGreaterThan(0.97);
      return {
        figures: {
          'taught 5–9: of 5–9': only.accuracy,
          'of 0–4': only.old,
          'taught all ten: of all': all.accuracy,
          'of 0–4 then': all.old,
        },
        holds: only.accuracy > 0.94 && only.old < 0.03 && all.accuracy > 0.95 && all.old > 0.97,
      };
    };
    const picture = async () =>
      lines(
        '0–4, 300 steps',
        line(await trainNetwork('only-five-to-nine', { adapt: 'zero-to-nine' }, 10), 'all ten', 'dw', kept),
        line(await trainNetwork('only-five-to-nine', {}, 10), '5–9 only', 'ink-3', kept),
      );
    await checkOverSeeds('only-five-to-nine', measure, picture, share);
  });

  it('contradiction: with other answers to the same pictures nothing of the old task is left', async () => {
    const measure = async (seed: number) => {
      const low = await trainNetwork('contradiction', { seed });
      const full = await trainNetwork('contradiction', { seed, ...FULL });
      return {
        figures: { 'new answers': low.accuracy, 'old ones': low.old, 'old ones, full': full.old },
        holds: low.accuracy > 0.93 && low.old < 0.03 && full.old < 0.03,
      };
    };
    const own = await trainNetwork('contradiction', {}, 10);
    const picture = async () =>
      lines('right answers, 300 steps', line(own, '9 − d', 'dw', learned), line(own, 'd', 'w0', kept));
    await checkOverSeeds('contradiction', measure, picture, share);
  });

  it('digit-starts: after 50 steps LoRA-GA is first and EVA second; after 300 all are near', async () => {
    const starts = ['kaiming-uniform', 'pissa', 'task-informed', 'lora-ga'] as const;
    const names = ['usual', 'PiSSA', 'EVA', 'LoRA-GA'];
    const measure = async (seed: number) => {
      const figures: Record<string, number> = {};
      const at: number[] = [];
      const ends: number[] = [];
      for (const [i, init] of starts.entries()) {
        const { points, accuracy } = await trainNetwork('digit-starts', { seed, init });
        at.push(points[1].accuracy);
        ends.push(accuracy);
        expect(points[1].step).toBe(50);
        figures[`${names[i]} after 50 steps`] = points[1].accuracy;
        figures[`${names[i]} after 300`] = accuracy;
      }
      return {
        figures,
        holds: at[3] > at[2] && at[2] > Math.max(at[0], at[1]) + 0.05 && Math.min(...ends) > Math.max(...ends) - 0.06,
      };
    };
    const of = async (init: Experiment['init'], label: string, look: SmallLine['look']) =>
      line(await trainNetwork('digit-starts', { init, steps: 100 }, 5), label, look, learned);
    const picture = async () =>
      lines(
        'inverted, 100 steps',
        await of('lora-ga', 'LoRA-GA', 'dw'),
        await of('task-informed', 'EVA', 'a'),
        await of('pissa', 'PiSSA', 'b'),
        await of('kaiming-uniform', 'usual', 'ink-3'),
      );
    await checkOverSeeds('digit-starts', measure, picture, share);
  });

  it('which-matrices: up and down alone do not learn to reverse, q and v alone do', async () => {
    const runs = [
      ['up and down', 'up,down', 6144],
      ['q and v', 'q,v', 4096],
      ['all six', '', 14336],
    ] as const;
    const measure = async (seed: number) => {
      const figures: Record<string, number> = {};
      for (const [name, modules, numbers] of partOf<(typeof runs)[number]>(runs, 3)) {
        const { run, points, accuracy } = await trainNetwork('which-matrices', { modules, seed }, 400);
        expect(run.problem.modules.reduce((sum, { d, k, rank }) => sum + rank * (d + k), 0)).toBe(numbers);
        expect(points[0].old).toBeGreaterThan(0.99);
        figures.before = points[0].accuracy;
        figures[name] = accuracy;
      }
      const holds = (all: Readonly<Record<string, number>>) =>
        all['up and down'] < 1 / 6 && all['q and v'] > 0.98 && all['all six'] > 0.85;
      return { figures, holds };
    };
    const picture = async (own: Readonly<Record<string, number>>) =>
      bars({ 'up, down': own['up and down'], 'q, v': own['q and v'], 'all six': own['all six'] });
    await checkOverSeeds('which-matrices', measure, picture, share);
  }, 900_000);
});
