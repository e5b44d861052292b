import { expect } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { floorOf } from '../../experiment/layer/floor.ts';
import { encodePainting } from '../../experiment/link/drawing.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { scalingOf } from '../../experiment/settings/rate.ts';
import { editedOwl } from '../../experiment/targets/edited-owl.ts';
import { NO_PAINT } from '../../experiment/targets/painting.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { claims } from '../testing/claims.tsx';
import { lesson } from './lesson.tsx';

const [owl, , , one, , weak] = lesson.steps.map(({ link }) => parseLink(link ?? '').experiment);

async function run(e: Experiment) {
  const { problem, points, summary, observed } = await trainInBackground(e, {
    backends: [typescriptBackend],
    observe: [0],
  });
  const [{ wanted, base, A, B }] = problem.modules;
  return {
    error: summary.relativeError ?? Number.NaN,
    errors: Array.from(points.series.relativeError ?? []),
    floor: floorOf(wanted.spectrum.values),
    base: base.data,
    numbers: { A: A.data.length, B: B.data.length },
    firstB: observed[0].factors[0].B,
  };
}

const glasses = run(change(owl, { steps: 20 }));
const whole = run(owl);
const bar = run(one);
const of = async (edit: Experiment['edit']) => (await run(change(owl, { edit, steps: 1 }))).floor;
/** A black stroke on the owl, cell by cell. */
type Stroke = (row: number, column: number) => boolean;
const shadeOf =
  (stroke: Stroke): Parameters<typeof editedOwl>[0] =>
  (x, y) =>
    stroke(Math.floor(y * 64), Math.floor(x * 64)) ? 1 : null;

function valuesOf(stroke: Stroke): Float64Array {
  const made = editedOwl(shadeOf(stroke), 64, 64);
  if ('why' in made) throw new Error(made.why);
  return singularValues(made.difference);
}
const patternsOf = (stroke: Stroke) => valuesOf(stroke).filter((v, _, all) => v > 1e-9 * all[0]).length;

/** Two crossing strokes, of which one is slanted: with rank 8 something is missing. */
const CROSS: Stroke = (row, column) => (row > 10 && row < 30 && column === row + 10) || (row === 40 && column > 20);
const drawn = (async () => {
  const grid = Float64Array.from({ length: 64 * 64 }, (_, i) => (CROSS(Math.floor(i / 64), i % 64) ? 1 : NO_PAINT));
  const drawing = { rows: 64, cols: 64, data: grid };
  const experiment = change(owl, { data: await encodePainting(drawing) });
  const { summary } = await trainInBackground(experiment, { backends: [typescriptBackend], drawing });
  return { floor: floorOf(valuesOf(CROSS)), ended: { error: summary.relativeError ?? Number.NaN } };
})();

/** The exact floors of the sunglasses at rank 1, 4 and 8, from an independent computation. */
const FLOORS = [0.6442, 0.214, 0.0733];

const three = (value: number) => value.toPrecision(3);

claims(
  lesson,
  [
    {
      step: 'One large matrix is frozen',
      says: 'This one has 64 rows and 64 columns: 4,096 numbers, all set by earlier training.',
      shows: async () => {
        expect([owl.d, owl.k, (await glasses).base.length]).toEqual([64, 64, 4096]);
        return '64 · 64 = 4096';
      },
    },
    {
      step: 'One large matrix is frozen',
      says: 'W has begun to wear sunglasses.',
      shows: async () => {
        const { error } = await glasses;
        expect(error).toBeLessThan(0.5);
        return `relative error ${three(error)} after 20 steps`;
      },
    },
    {
      step: 'One large matrix is frozen',
      says: 'In W₀ not one of the 4,096 numbers has changed.',
      shows: async () => {
        const [after, before] = [(await whole).base, (await run(change(owl, { steps: 1 }))).base];
        expect(after).toEqual(before);
        return `${after.length} of ${before.length} numbers are the same after 300 steps`;
      },
    },
    {
      step: 'Two thin ones are trained',
      says: 'ΔW is as large as W₀, but it is not trained directly.',
      shows: async () => {
        const { A, B } = (await whole).numbers;
        expect(A + B).toBeLessThan(4096);
        return `trained: ${A} in A and ${B} in B`;
      },
    },
    {
      step: 'Two thin ones are trained',
      says: 'They hold 1,024 numbers, a quarter of W₀’s.',
      shows: async () => {
        const { A, B } = (await whole).numbers;
        expect([A, B, (A + B) / 4096]).toEqual([512, 512, 1 / 4]);
        return `${A} + ${B} = ${A + B}`;
      },
    },
    {
      step: 'Two thin ones are trained',
      says: 'In a large layer, with 4,096 rows and columns, and 16 columns in B, it is 128 times fewer.',
      shows: () => {
        const [full, trained] = [4096 * 4096, 16 * (4096 + 4096)];
        expect([full, trained, full / trained]).toEqual([16_777_216, 131_072, 128]);
        return `${full} / ${trained} = ${full / trained}`;
      },
    },
    {
      step: 'Two thin ones are trained',
      says: 'B starts at zero, and with it ΔW: at first the layer does exactly what it did before.',
      shows: async () => {
        const { firstB } = await whole;
        expect(firstB.every((value) => value === 0)).toBe(true);
        return `all ${firstB.length} numbers of B are 0 at step 0`;
      },
    },
    {
      step: 'Two thin ones are trained',
      says: 'The relative error has fallen from 1 to ….',
      shows: async () => {
        const { error } = await whole;
        expect(error / FLOORS[2]).toBeLessThan(1.01);
        return three(error);
      },
    },
    {
      step: 'The rank is the limit',
      says: 'The error stops at ….',
      shows: async () => {
        const { error } = await bar;
        expect(error / FLOORS[0]).toBeLessThan(1.01);
        return `${three(error)} at rank 1`;
      },
    },
    {
      step: 'The rank is the limit',
      says: 'More training does not help: no matrix of rank 1 gets closer than ….',
      shows: async () => {
        const [, floor] = (await bar).floor;
        expect(floor).toBeCloseTo(FLOORS[0], 4);
        return `floor ${three(floor)}`;
      },
    },
    {
      step: 'How high must the rank be?',
      says: 'Every further rank adds one pattern, and 128 numbers to train.',
      shows: async () => {
        const { A, B } = (await bar).numbers;
        expect(A + B).toBe(128);
        return `${A} + ${B} numbers at rank 1`;
      },
    },
    {
      step: 'How high must the rank be?',
      says: 'For these sunglasses the floor falls from … at rank 1 to … at rank 8.',
      shows: async () => {
        const { floor } = await bar;
        const found = [1, 4, 8].map((rank) => floor[rank]);
        for (const [i, value] of found.entries()) expect(value).toBeCloseTo(FLOORS[i], 4);
        return found.map(three).join(', ');
      },
    },
    {
      step: 'How high must the rank be?',
      says: 'At rank … nothing is left: the sunglasses are made of exactly that many patterns.',
      shows: async () => {
        const { floor } = await bar;
        expect([floor[12] > 1e-3, floor[13] < 1e-9]).toEqual([true, true]);
        return `${three(floor[12])} at rank 12, 0 at rank 13`;
      },
    },
    {
      step: 'How high must the rank be?',
      says: 'At rank … the error is …, with … numbers trained.',
      shows: async () => {
        const [{ error }, { numbers }] = [await whole, await whole];
        expect([error < 0.08, numbers.A + numbers.B]).toEqual([true, 1024]);
        return `at rank 8: ${three(error)}, 1024 numbers`;
      },
    },
    {
      step: 'How high must the rank be?',
      says: 'Other changes need other ranks: a hat needs fewer patterns, confetti nearly all 64.',
      shows: async () => {
        const first = (floor: Float64Array) => floor.findIndex((error) => error < 1e-9);
        const found = [first(await of('hat')), first(await of('confetti'))];
        expect(found).toEqual([8, 60]);
        return `hat ${found[0]}, confetti ${found[1]}`;
      },
    },
    {
      step: 'Draw the sunglasses yourself',
      says: 'A change in two rows of cells is a sum of at most two patterns, however long it is.',
      shows: () => {
        const patterns = [10, 40, 64].map((long) =>
          patternsOf((row, column) => (row === 20 || row === 21) && column < long),
        );
        expect(patterns.every((n) => n >= 1 && n <= 2)).toBe(true);
        return `${patterns.join(', ')} patterns for strokes of 10, 40 and 64 cells`;
      },
    },
    {
      step: 'Draw the sunglasses yourself',
      says: 'A slanted one needs about one for every row that it crosses.',
      shows: () => {
        const patterns = [5, 20, 40].map((rows) => patternsOf((row, column) => row === column && row < rows));
        // Two of its cells are black already.
        expect(patterns).toEqual([5, 20, 38]);
        return `${patterns.join(', ')} patterns for strokes across 5, 20 and 40 rows`;
      },
    },
    {
      step: 'Draw the sunglasses yourself',
      says: 'Your drawing is a sum of … patterns.',
      shows: async () => {
        const { floor, ended } = await drawn;
        const patterns = patternsOf(CROSS);
        expect([floor[patterns] < 1e-9, floor[patterns - 1] > 1e-3, ended.error < 0.5]).toEqual([true, true, true]);
        return `${patterns} for a cross of two strokes: floor ${three(floor[patterns - 1])} one rank below, then 0`;
      },
    },
    {
      step: 'Draw the sunglasses yourself',
      says: 'At rank … the error is …; no matrix of that rank gets closer than ….',
      shows: async () => {
        const { floor, ended } = await drawn;
        expect(ended.error).toBeGreaterThanOrEqual(floor[8] - 1e-6);
        return `at rank 8 of the cross: error ${three(ended.error)}, floor ${three(floor[8])}`;
      },
    },
    {
      step: 'Draw the sunglasses yourself',
      says: 'An error below 0.25 takes at least rank ….',
      shows: async () => {
        const { floor } = await drawn;
        const enough = floor.findIndex((error) => error < 0.25);
        expect(floor[enough - 1]).toBeGreaterThanOrEqual(0.25);
        return `rank ${enough} for the cross: floor ${three(floor[enough])}, ${three(floor[enough - 1])} one rank lower`;
      },
    },
    {
      step: 'α sets the strength',
      says: 'α does not change what rank r can reach.',
      shows: async () => {
        const [slow, quick] = [await run(weak), await run(change(weak, { alpha: 16 }))];
        expect(quick.floor).toEqual(slow.floor);
        return `floor ${three(slow.floor[8])} with α = 1 and α = 16`;
      },
    },
    {
      step: 'α sets the strength',
      says: 'With α = 1, s is 1/8.',
      shows: () => {
        expect([weak.alpha, weak.rank, scalingOf(weak)]).toEqual([1, 8, 1 / 8]);
        return String(scalingOf(weak));
      },
    },
    {
      step: 'α sets the strength',
      says: 'Set α to 16, so that s is 2.',
      shows: () => {
        expect(scalingOf(change(weak, { alpha: 16 }))).toBe(2);
        return '2';
      },
    },
    {
      step: 'α sets the strength',
      says: 'The same 30 steps now reach an error of ….',
      shows: async () => {
        expect([weak.steps, weak.lr]).toEqual([30, 0.005]);
        const [slow, quick] = [await run(weak), await run(change(weak, { alpha: 16 }))];
        expect(quick.error).toBeLessThan(slow.error / 2);
        return `${three(quick.error)}, instead of ${three(slow.error)}`;
      },
    },
    {
      step: 'α sets the strength',
      says: 'If α is far too large, training becomes unstable.',
      shows: async () => {
        const wild = await run(change(weak, { alpha: 1000 }));
        expect(Math.max(...wild.errors)).toBeGreaterThan(2);
        return `with α = 1,000 the error rises to ${three(Math.max(...wild.errors))}`;
      },
    },
    {
      step: 'α sets the strength',
      says: 'Elsewhere in this lab the learning rate is set automatically, and makes up for part of such a change.',
      shows: async () => {
        const [fixed, automatic] = [{ lr: 0.005 }, { lr: null }].map(({ lr }) =>
          [1, 16, 1000].map((alpha) => run(change(weak, { alpha, lr }))),
        );
        const spread = async (runs: typeof fixed) => {
          const worst = (await Promise.all(runs)).map(({ errors }) => Math.max(...errors.slice(1)));
          const last = (await Promise.all(runs)).map(({ error }) => error);
          return { worst: Math.max(...worst), slow: last[0] / last[1] };
        };
        const [one, other] = [await spread(fixed), await spread(automatic)];
        expect(other.worst).toBeLessThan(1.01);
        expect(other.slow).toBeLessThan(one.slow);
        expect(other.slow).toBeGreaterThan(1.1);
        return `α = 1 ends at ${three(other.slow)} times the error of α = 16, instead of ${three(one.slow)}; with 1,000 no error above ${three(other.worst)}`;
      },
    },
    {
      step: 'Questions',
      says: '512: 64 × 4 in B and 4 × 64 in A.',
      shows: async () => {
        const { A, B } = (await run(change(owl, { rank: 4, steps: 1 }))).numbers;
        expect([A, B]).toEqual([256, 256]);
        return `${B} + ${A} = ${A + B}`;
      },
    },
    {
      step: 'Questions',
      says: 'Find the lowest rank at which the sunglasses can be learned with an error below 0.25.',
      shows: async () => {
        const { error, floor } = await run(change(owl, { rank: 4 }));
        expect([floor[3] >= 0.25, error < 0.25]).toEqual([true, true]);
        return `rank 4: ${three(error)}; no matrix of rank 3 gets below ${three(floor[3])}`;
      },
    },
  ],
  {
    plain: [
      'At rank … the error is ….',
      'LoRA, low-rank adaptation, trains 20 steps, and the layer puts on sunglasses.',
      'How many of the 4,096 numbers in W₀ have changed?',
      'Train 20 steps.',
      'B, with 8 columns, and A, with 8 rows.',
      'This measures how far ΔW is from the target, the exact sunglasses: 1 means that nothing has been learned, 0 that nothing is missing.',
      'Set the rank to 1, a single pattern.',
      'Here the learning rate is fixed at 0.005, α is 1, and there are 30 steps.',
      // With its source.
      'In GPT-3, with two kinds of matrices adapted, ranks from 1 to 64 did about equally well (arXiv 2106.09685, section 7.2).',
      'W₀ has 64 rows and 64 columns, and the rank is 4.',
      'B has 64 rows and 4 columns.',
      'A has 4 rows and 64 columns.',
      'At rank 8, α is doubled.',
      'The number of patterns is the rank, and that is still 8.',
    ],
  },
);
