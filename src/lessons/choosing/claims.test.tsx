import { describe, expect, it } from 'vitest';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { nodeBackends } from '../../engine/testing/node-backends.ts';
import { layerCache } from '../../experiment/layer/problem.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { decodeData } from '../../experiment/matrix-file/decode-data.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { svd } from '../../math/factor/svd.ts';
import { median } from '../../math/median.ts';
import { recordedFigures } from '../../math/testing/recorded-figures.ts';
import { claims } from '../testing/claims.tsx';
import { recordedLosses } from './held-out.ts';
import { energyShare, lesson } from './lesson.tsx';

const linkOf = (title: string) => lesson.steps.find((step) => step.title === title)?.link ?? '';

interface Ended {
  readonly error: number;
  /** By rank, from the singular values of ΔW* in float64. */
  readonly floors: readonly number[];
  readonly update: Float64Array;
  readonly target: Float64Array;
}

const FIGURES = new URL('./testing/seeds.json', import.meta.url);

/** The last W₀ and ΔW*, which runs of one step share. */
const cache = layerCache();
const known = new Map<string, Promise<Ended>>();

/** A run of a step's settings, with changes, to its end. */
function run(title: string, changes: Partial<Experiment> = {}): Promise<Ended> {
  const key = `${title} ${JSON.stringify(changes)}`;
  const made = known.get(key) ?? make(title, changes);
  known.set(key, made);
  return made;
}

async function make(title: string, changes: Partial<Experiment>): Promise<Ended> {
  const link = linkOf(title);
  const { experiment, faults } = parseLink(link);
  expect(faults).toEqual([]);
  const decoded = experiment.data === '' ? null : await decodeData(experiment.data);
  const drawing = decoded && 'drawing' in decoded ? decoded.drawing : null;
  const e = change(experiment, changes);
  const {
    problem,
    scalings: [scaling],
    observed,
    summary,
  } = await trainInBackground(e, {
    backends: nodeBackends,
    cache,
    drawing,
    observe: [e.steps],
  });
  const { d, k, rank, wanted } = problem.modules[0];
  if (!wanted) throw new Error('no target');
  const [{ A, B }] = observed[observed.length - 1].factors;
  const update = new Float64Array(d * k);
  for (let i = 0; i < d; i++)
    for (let q = 0; q < rank; q++)
      for (let j = 0; j < k; j++) update[i * k + j] += scaling * B[i * rank + q] * A[q * k + j];
  const target = Float64Array.from(wanted.matrix.data);
  return { error: summary.relativeError ?? Number.NaN, floors: floorsOf(target, d, k), update, target };
}

/** √(Σ_{i>r} σᵢ²/Σ σᵢ²) for r = 0, 1, … */
function floorsOf(matrix: Float64Array, d: number, k: number): number[] {
  const { S } = svd({ rows: d, cols: k, data: matrix });
  const tails = Array.from(S, (_, r) => S.slice(r).reduce((sum, s) => sum + s * s, 0));
  return [...tails, 0].map((tail) => Math.sqrt(tail / tails[0]));
}

/** ‖M − ΔW*‖/‖ΔW*‖ for M = ΔW cut to its leading directions. */
function errorAfterCut({ update, target }: Ended, rank: number): number {
  const { U, S, V } = svd({ rows: 64, cols: 64, data: update });
  let [gone, whole] = [0, 0];
  for (let i = 0; i < 64; i++)
    for (let j = 0; j < 64; j++) {
      let cut = 0;
      for (let q = 0; q < rank; q++) cut += U.data[i * U.cols + q] * S[q] * V.data[j * V.cols + q];
      gone += (cut - target[i * 64 + j]) ** 2;
      whole += target[i * 64 + j] ** 2;
    }
  return Math.sqrt(gone / whole);
}

const medians = (samples: 48 | 1024, of: 0 | 1) =>
  recordedLosses(samples).map((runs) => median(runs.map((one) => one[of])));
const text = (value: number) => value.toPrecision(3);

const CASE = 'A case to decide';
// The 7B decoder by hand: sides, layers, tokens; activations with checkpoints, logits and their gradient, as in lesson 3.
const [D, FF, LAYERS, TOKENS, VOCABULARY, PARAMETERS] = [4096, 11_008, 32, 2048, 32_000, 6_738_415_616];
const ACTIVATIONS = TOKENS * ((LAYERS * D + 8 * D + 4 * FF) * 2 + VOCABULARY * 8);
/** Weights in bfloat16; for each trained number 4 bytes, its gradient and Adam's state. */
const loraBytes = (trained: number) => 2 * PARAMETERS + (4 + 4 + 8) * trained + ACTIVATIONS;
const inGib = (bytes: number) => (bytes / 2 ** 30).toFixed(1);

describe('the share of the energy', () => {
  it('is what the leading directions of the target hold', async () => {
    const { floors, target } = await run('How much to keep');
    const { S } = svd({ rows: 64, cols: 64, data: target });
    const all = S.reduce((sum, s) => sum + s * s, 0);
    for (const rank of [1, 4, 8, 20])
      expect(energyShare(floors[rank])).toBeCloseTo(S.slice(0, rank).reduce((sum, s) => sum + s * s, 0) / all, 10);
  });
});

claims(
  lesson,
  [
    {
      step: 'More rank, better on new data?',
      says: 'At rank 4: its median is 1.99, against 3.11 at rank 1 and 4.11 at rank 32.',
      shows: () => {
        const held = medians(48, 0);
        expect([held[2], held[0], held[5]].map(text)).toEqual(['1.99', '3.11', '4.11']);
        expect(Math.min(...held)).toBe(held[2]);
        return held.map(text).join(', ');
      },
    },
    {
      step: 'More rank, better on new data?',
      says: 'The training loss falls with every rank, to 0.492 at rank 32: that run has learned the noise too.',
      shows: () => {
        for (const seed of [0, 1, 2, 3, 4]) {
          const losses = recordedLosses(48).map((runs) => runs[seed][1]);
          for (let i = 1; i < losses.length; i++) expect(losses[i]).toBeLessThan(losses[i - 1]);
        }
        expect(text(medians(48, 1)[5])).toBe('0.492');
        return medians(48, 1).map(text).join(', ');
      },
    },
    {
      step: 'More rank, better on new data?',
      says: 'Rank 32 has the lowest training loss, 0.492: it has learned the noise of the 48 samples too.',
      shows: () => {
        const training = medians(48, 1);
        expect(Math.min(...training)).toBe(training[5]);
        return text(training[5]);
      },
    },
    {
      step: 'With enough samples',
      says: 'From rank 4 on the held-out loss is flat: 1.52 at rank 4 and 1.52 at rank 32.',
      shows: () => {
        const held = medians(1024, 0).slice(2);
        expect([held[0], held[3]].map(text)).toEqual(['1.52', '1.52']);
        expect(Math.max(...held) / Math.min(...held)).toBeLessThan(1.01);
        return held.map((loss) => loss.toPrecision(4)).join(', ');
      },
    },
    {
      step: 'With enough samples',
      says: 'A rank that is too low still costs: 3.00 at rank 1.',
      shows: () => {
        expect(text(medians(1024, 0)[0])).toBe('3.00');
        return text(medians(1024, 0)[0]);
      },
    },
    {
      step: 'How much to keep',
      says: 'For this picture 90% of the energy takes rank …, 95% rank … and 99% rank ….',
      shows: async () => {
        const { floors } = await run('How much to keep');
        const ranks = [0.9, 0.95, 0.99].map((share) => floors.findIndex((floor) => 1 - floor * floor >= share));
        for (const [i, share] of [0.9, 0.95, 0.99].entries()) expect(1 - floors[ranks[i] - 1] ** 2).toBeLessThan(share);
        return ranks.join(', ');
      },
    },
    {
      step: 'How much to keep',
      says: 'But 90% of the energy leaves a relative error of 0.32, and 99% one of 0.1.',
      shows: () => {
        expect(Math.sqrt(1 - 0.9)).toBeCloseTo(0.32, 2);
        expect(Math.sqrt(1 - 0.99)).toBeCloseTo(0.1, 10);
        return '0.316, 0.1';
      },
    },
    {
      step: 'How much to keep',
      says: 'The run ends at an error of …: 95% of the energy is an error of √0.05 = 0.224.',
      shows: async () => {
        const { floors } = await run('How much to keep');
        const rank = floors.findIndex((floor) => 1 - floor * floor >= 0.95);
        const { error } = await run('How much to keep', { rank });
        expect(Math.sqrt(1 - 0.95).toFixed(3)).toBe('0.224');
        // The run is above the floor by so little that the rank still keeps the share.
        expect(1 - error * error).toBeGreaterThan(0.95);
        return `√0.05 = ${Math.sqrt(1 - 0.95).toFixed(3)}; rank ${rank} ends at ${text(error)}`;
      },
    },
    {
      step: 'Two tasks need more',
      says: 'The hat alone needs rank 4 for an error of 0.040, the sunglasses rank 8 for 0.073.',
      shows: async () => {
        const hat = (await run('A guide for your own case')).floors[4];
        const glasses = (await run('A guide for your own case', { edit: 'sunglasses', steps: 1 })).floors[8];
        expect([hat.toFixed(3), glasses.toFixed(3)]).toEqual(['0.040', '0.073']);
        return `${hat.toFixed(4)}, ${glasses.toFixed(4)}`;
      },
    },
    {
      step: 'Two tasks need more',
      says: 'Together they leave 0.297 at rank 4 and 0.136 at rank 8.',
      shows: async () => {
        const [four, eight] = [
          await run('Two tasks need more'),
          await run('Two tasks need more', { rank: 8, alpha: 16 }),
        ];
        expect([four.error, eight.error].map((error) => error.toFixed(3))).toEqual(['0.297', '0.136']);
        return [four.error, eight.error].map(text).join(', ');
      },
    },
    {
      step: 'Two tasks need more',
      says: 'Only from rank 11 on is the error below 0.073: where two tasks share no directions, their ranks nearly add up.',
      shows: async () => {
        const { floors } = await run('Two tasks need more');
        const { error } = await run('Two tasks need more', { rank: 11, alpha: 22 });
        expect(floors[10]).toBeGreaterThan(0.0733);
        expect(error).toBeLessThan(0.0733);
        return `floor at 10 ${text(floors[10])}, a run at 11 ${text(error)}`;
      },
    },
    {
      step: 'Train high, then cut',
      says: 'For this picture it helps: trained at rank 32, the run is still 1.3 to 1.6 times the floor after 300 steps.',
      shows: async () => {
        const seeds = Array.from({ length: 60 }, (_, i) => i + 1);
        const ratios = await recordedFigures(FIGURES, 'over the floor at rank 32', seeds, async (seed) => {
          const { error, floors } = await run('Train high, then cut', { seed });
          return error / floors[32];
        });
        expect(parseLink(linkOf('Train high, then cut')).experiment.steps).toBe(300);
        const ends = [Math.min(...ratios), Math.max(...ratios)];
        expect(ends.map((ratio) => ratio.toFixed(1))).toEqual(['1.3', '1.6']);
        return `${ends.map((ratio) => ratio.toFixed(2)).join(' to ')} over ${ratios.length} seeds`;
      },
    },
    {
      step: 'Train high, then cut',
      says: 'Trained at rank 64 and cut to 32, it is on the floor.',
      shows: async () => {
        const high = await run('Train high, then cut', { rank: 64, alpha: 64 });
        const ratio = errorAfterCut(high, 32) / high.floors[32];
        expect(ratio).toBeLessThan(1.02);
        return `${ratio.toFixed(3)} times the floor`;
      },
    },
    {
      step: 'Train high, then cut',
      says: 'Cut to rank 32 its error is the floor there, …: spare directions make training quicker.',
      shows: async () => {
        const [low, high] = [
          await run('Train high, then cut'),
          await run('Train high, then cut', { rank: 64, alpha: 64 }),
        ];
        expect(errorAfterCut(high, 32)).toBeLessThan(low.error / 1.3);
        return `${text(errorAfterCut(high, 32))}, against ${text(low.error)}`;
      },
    },
    {
      step: 'Train high, then cut',
      says: 'The gain is speed, and it costs memory while it lasts: rank 64 trains 8,192 numbers here, twice as many as dk.',
      shows: () => {
        expect(64 * (64 + 64)).toBe(2 * 64 * 64);
        return `${64 * 128} beside ${64 * 64}`;
      },
    },
    {
      step: 'Train high, then cut',
      says: 'Where the spectrum falls slowly, both end at the same error.',
      shows: async () => {
        // The singular values of a rotation do not fall at all.
        const [low, high] = [
          await run('When no rank is enough', { rank: 32, alpha: 32 }),
          await run('When no rank is enough', { rank: 64, alpha: 64 }),
        ];
        const cut = errorAfterCut(high, 32);
        expect(Math.abs(low.error / cut - 1)).toBeLessThan(0.01);
        return `${low.error.toFixed(3)} and ${cut.toFixed(3)} for a rotation`;
      },
    },
    {
      step: 'When no rank is enough',
      says: 'At rank 8 of 64 that is 0.935, and at rank 32, where LoRA trains as many numbers as W₀ has, still 0.707.',
      shows: async () => {
        const { floors, error } = await run('When no rank is enough');
        expect([floors[8], error].map(text)).toEqual(['0.935', '0.935']);
        expect(text(floors[32])).toBe('0.707');
        for (const r of [1, 8, 32, 63]) expect(floors[r]).toBeCloseTo(Math.sqrt(1 - r / 64), 5);
        expect(32 * 128).toBe(64 * 64);
        return [floors[8], floors[32]].map(text).join(', ');
      },
    },
    {
      step: 'When no rank is enough',
      says: 'A rotation keeps the length of every input: all its singular values are equal, and rank r leaves an error of √(1 − r/d) however long it trains.',
      shows: async () => {
        const { target, floors, error } = await run('When no rank is enough');
        const x = Float64Array.from({ length: 64 }, (_, j) => Math.sin(1 + j));
        const turned = Array.from({ length: 64 }, (_, i) =>
          x.reduce((sum, value, j) => sum + target[i * 64 + j] * value, 0),
        );
        const length = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0));
        expect(length(turned) / length(x)).toBeCloseTo(1, 5);
        const { S } = svd({ rows: 64, cols: 64, data: target });
        expect(Math.max(...S) - Math.min(...S)).toBeLessThan(1e-5);
        expect(error).toBeGreaterThan(floors[8] - 1e-6);
        return `σ from ${Math.min(...S).toFixed(5)} to ${Math.max(...S).toFixed(5)}`;
      },
    },
    {
      step: 'When no rank is enough',
      says: 'The error is ….',
      shows: async () => {
        const { error } = await run('When no rank is enough', { rank: 32 });
        expect(text(error)).toBe('0.707');
        return text(error);
      },
    },
    {
      step: CASE,
      says: 'It takes 16.2 GiB, which is more than she has.',
      shows: () => {
        const bytes = loraBytes(64 * LAYERS * (4 * (D + D) + 3 * (D + FF)));
        expect([inGib(bytes), bytes > 16 * 2 ** 30]).toEqual(['16.2', true]);
        return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
      },
    },
    {
      step: CASE,
      says: 'Nor is it safe: with the 48 noisy samples of step 1 the held-out loss was 1.99 at rank 4 and 4.11 at rank 32.',
      shows: () => {
        const [, , four, , , full] = medians(48, 0);
        expect([text(four), text(full)]).toEqual(['1.99', '4.11']);
        return `medians of five seeds: ${text(four)} and ${text(full)}`;
      },
    },
    {
      step: CASE,
      says: 'It takes 14.1 GiB at rank 16, and fits.',
      shows: () => {
        const bytes = loraBytes(16 * LAYERS * 4 * (D + D));
        expect([inGib(bytes), bytes < 16 * 2 ** 30]).toEqual(['14.1', true]);
        return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
      },
    },
    {
      step: CASE,
      says: 'Held-out letters show which rank has learned the style and not the mistakes, as in step 1: rank 1 was too low there, at 3.11, and rank 32 too high, at 4.11.',
      shows: () => {
        const losses = medians(48, 0);
        expect([text(losses[0]), text(losses[5]), Math.min(...losses)]).toEqual(['3.11', '4.11', losses[2]]);
        return `medians by rank: ${losses.map(text).join(', ')}`;
      },
    },
    {
      step: CASE,
      says: 'It takes 76.6 GiB.',
      shows: () => {
        expect(inGib((2 + 2 + 8) * PARAMETERS + ACTIVATIONS)).toBe('76.6');
        return '12 bytes for each of 6,738,415,616 parameters, and the activations';
      },
    },
    {
      step: CASE,
      says: 'And what is within reach are the mistakes, too: at full rank, 32 in step 1, the training loss was lowest and the held-out loss highest.',
      shows: () => {
        const [heldOut, training] = [medians(48, 0), medians(48, 1)];
        expect([training.indexOf(Math.min(...training)), heldOut.indexOf(Math.max(...heldOut))]).toEqual([5, 5]);
        return `at rank 32: training ${text(training[5])}, held out ${text(heldOut[5])}`;
      },
    },
    {
      step: 'Questions',
      says: '√(1 − 0.96) = √0.04 = 0.2.',
      shows: () => {
        expect(Math.sqrt(1 - 0.96)).toBeCloseTo(0.2, 12);
        return '0.2';
      },
    },
    {
      step: 'Questions',
      says: 'Rank 8 of 64 leaves an error of 0.935.',
      shows: () => {
        expect(text(Math.sqrt(1 - 8 / 64))).toBe('0.935');
        return text(Math.sqrt(1 - 8 / 64));
      },
    },
    {
      step: 'Questions',
      says: 'They are, but each holds only 1/d of the energy: a low rank leaves nearly all of it.',
      shows: async () => {
        const { floors } = await run('When no rank is enough');
        expect(1 - floors[1] ** 2).toBeCloseTo(1 / 64, 6);
        return `${(1 - floors[1] ** 2).toFixed(4)} of 1 with d = 64`;
      },
    },
  ],
  {
    plain: [
      // Habits, and where they are discussed.
      ...['4 to 16', '8 to 64, often r or 2r', ...[2, 3, 4, 5].map((n) => `lesson ${n}`)],
      'Here an update of true rank 4 is to be learned from 48 noisy samples.',
      'Look at the same task with 1,024 samples.',
      // Checked by “the share of the energy” above.
      'Rank r can keep the share 1 − floor² of all of it.',
      'Set the lowest rank that keeps 95% of the energy.',
      'Rank … can keep ….',
      'At rank … the error is ….',
      'The other way is two adapters, one per task (lesson 11).',
      'Train at rank 64.',
      'The floor at rank 32, where its cut would be, is the dashed curve at 32.',
      'Rank 64 ends at ….',
      'Try rank 32.',
      ...['1', '32 to 64', '48 samples', 'The hat at rank 1', 'The hat at rank 4', 'Two tasks at rank 32'],
      'Adapters of language models were as good at 4 as at 64 (LoRA, arXiv 2106.09685, table 6; not shown here).',
      'Rank 32, slowly',
      'Then tune the learning rate at that rank: lesson 4 shows what α and the rate do to each other.',
      'Mara wants the 7B decoder to answer letters in the style of her town’s office.',
      'She has one card of 16 GB and 50 answered letters, some of them with mistakes.',
      'Find the lowest rank whose run ends with a relative error below 0.1.',
      'A rank keeps 96% of the energy.',
      'Lost energy is 1 − 0.96; take the square root.',
      'Your held-out loss rises from rank 8 on while the training loss keeps falling.',
    ],
  },
);
