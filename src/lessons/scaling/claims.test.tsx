import { expect } from 'vitest';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { nodeBackends } from '../../engine/testing/node-backends.ts';
import { floorOf } from '../../experiment/layer/floor.ts';
import { layerCache } from '../../experiment/layer/problem.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { presets } from '../../experiment/presets.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import type { Scaling } from '../../experiment/settings/rate.ts';
import { frobenius, multiply, transpose } from '../../math/matrix.ts';
import { recordedFigures } from '../../math/testing/recorded-figures.ts';
import { initialState } from '../../state/state.ts';
import { claims } from '../testing/claims.tsx';
import { checkAlpha, lesson } from './lesson.tsx';
import { RECORDED } from './recorded.ts';
import { firstSteps } from './testing/float64.ts';

const FIGURES = new URL('./testing/seeds.json', import.meta.url);

/** The last W₀ and ΔW*, which runs of one link share. */
const cache = layerCache();

const made = new Map<string, ReturnType<typeof madeOf>>();
function run(link: string, changes: Partial<Experiment> = {}) {
  const key = link + JSON.stringify(changes);
  const found = made.get(key) ?? madeOf(link, changes);
  made.set(key, found);
  return found;
}

/** Errors at the end of a run, also over the floor of its rank. */
async function madeOf(link: string, changes: Partial<Experiment>) {
  const e = { ...parseLink(link).experiment, ...changes };
  const { problem, points, summary } = await trainInBackground(e, { backends: nodeBackends, cache });
  const [module] = problem.modules;
  const floor = floorOf(module.wanted?.spectrum.values ?? [])[e.rank];
  const error = summary.status === 'diverged' ? Number.POSITIVE_INFINITY : (summary.relativeError ?? Number.NaN);
  return {
    error,
    floor,
    ratio: error / floor,
    errors: points.series.relativeError ?? new Float64Array(),
    module,
    points,
    summary,
  };
}

const FIXED = presets.byName('scaling-rule').link;
const MAP = { sgd: presets.byName('largest-rate').link, adam: presets.byName('best-rate').link } as const;
const RATES = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10];
/** For claims beyond the page's own draw. */
const SEEDS = Array.from({ length: 20 }, (_, i) => i + 1);
const RULES: readonly Scaling[] = ['standard', 'rslora', 'none'];

/** Error over floor of a cell of the maps; infinite if it diverges. */
const cell = async (opt: 'sgd' | 'adam', scaling: Scaling, rank: number, lr: number, seed = 1) =>
  (await run(MAP[opt], { scaling, rank, lr, seed })).ratio;

/** The largest rate that trains, searched from one that does. */
async function edge(scaling: Scaling, rank: number, from: number, seed = 1): Promise<number> {
  let last = 0;
  for (const lr of RATES.slice(RATES.indexOf(from))) {
    if (!Number.isFinite(await cell('sgd', scaling, rank, lr, seed))) return last;
    last = lr;
  }
  return last;
}

/** The rates within 10% of the best among some. */
async function good(opt: 'sgd' | 'adam', scaling: Scaling, rank: number, rates: readonly number[]) {
  const ratios: number[] = [];
  for (const lr of rates) ratios.push(await cell(opt, scaling, rank, lr));
  const best = Math.min(...ratios);
  return rates.filter((_, i) => ratios[i] <= 1.1 * best);
}

/** ‖∂L/∂B‖ at step 0 from its formula: s·‖ΔW*·Aᵀ‖. */
async function firstGradient(scaling: Scaling, rank: number, seed = 1): Promise<number> {
  const { module } = await run(FIXED, { scaling, rank, seed, steps: 1 });
  const s = { standard: 16 / rank, rslora: 16 / Math.sqrt(rank), none: 1 }[scaling];
  if (!module.wanted) throw new Error('a matrix target');
  return s * frobenius(multiply(module.wanted.matrix, transpose(module.A)));
}

const three = (value: number) => value.toPrecision(3);
const errorAt = async (rank: number, changes: Partial<Experiment> = {}) => run(FIXED, { rank, ...changes });
const sOf = { standard: (a: number, r: number) => a / r, rslora: (a: number, r: number) => a / Math.sqrt(r) };

const turns = async () => {
  const errors = [];
  for (const rank of [4, 8, 16, 32, 64]) errors.push((await errorAt(rank)).error);
  expect(errors[1]).toBeLessThan(errors[0]);
  expect(errors[2]).toBeLessThan(errors[1]);
  expect(errors[3]).toBeGreaterThan(errors[2]);
  expect(errors[4]).toBeGreaterThan(errors[3]);
  expect(errors[2]).toBeCloseTo(0.76, 2);
  return `error ${errors.map(three).join(', ')} at rank 4, 8, 16, 32, 64`;
};

const ADAM = 'With Adam nothing stalls';
const EDGE = 'The largest learning rate that still trains';
const LOW = 'Tune at a low rank, then raise it';
const BOTH = 'α and the rate act together';
const RULE = 'Three rules, four habits';
const STALL = 'Why a high rank stalls';

const together = (changes: Partial<Experiment>) => run(lesson.steps[6].link ?? '', changes);
const SLOW = lesson.steps[7].link ?? '';

claims(
  lesson,
  [
    {
      step: 'One rate for every rank?',
      says: 'The target of steps 1 to 4 is a matrix of 128 × 128 whose singular values fall slowly, as 1/√i.',
      shows: async () => {
        const { module } = await run(FIXED, { rank: 4, scaling: 'standard' });
        const values = module.wanted?.spectrum.values ?? [];
        expect([module.d, module.k, values.length]).toEqual([128, 128, 128]);
        for (const i of [1, 4, 16, 100]) expect(values[i - 1] / values[0]).toBeCloseTo(1 / Math.sqrt(i), 6);
        return `σ₁₆/σ₁ = ${(values[15] / values[0]).toFixed(3)}`;
      },
    },
    { step: 'One rate for every rank?', says: 'It falls to … at rank 16.', shows: turns },
    {
      step: EDGE,
      says: 'The last rate before that edge is within 8% of the best.',
      shows: () => {
        // recorded.test.ts trains the map again.
        const rows = RULES.flatMap((rule) => RECORDED.maps.sgd.cells[rule]);
        const over = rows.map((row) => {
          const trained = row.filter((ratio) => ratio !== null);
          expect(row.indexOf(null)).toBe(trained.length);
          return trained[trained.length - 1] / Math.min(...trained);
        });
        expect(over).toHaveLength(18);
        expect(Math.max(...over)).toBeLessThan(1.08);
        return `at most ${Math.max(...over).toFixed(2)} times the best of its row`;
      },
    },
    {
      step: 'One rate for every rank?',
      says: 'Then it rises, to … at rank 64, where … is possible.',
      shows: async () => {
        const { error, floor } = await errorAt(64);
        expect([error, floor]).toEqual([expect.closeTo(0.942, 2), expect.closeTo(0.356, 2)]);
        return `error ${three(error)}, floor ${three(floor)}`;
      },
    },
    {
      step: RULE,
      says: 'Under α/r, α = r always means s = 1, and α = 2r means s = 2: the rank cancels.',
      shows: () => {
        for (const r of [1, 4, 64]) expect([sOf.standard(r, r), sOf.standard(2 * r, r)]).toEqual([1, 2]);
        return '1 and 2 at rank 1, 4 and 64';
      },
    },
    {
      step: RULE,
      says: 'With α = r, s is √r: it grows to 8 at rank 64.',
      shows: () => {
        expect(sOf.rslora(64, 64)).toBe(8);
        return '64/√64 = 8';
      },
    },
    {
      step: RULE,
      says: 'With a fixed α, s still falls, but more slowly: four times the rank halves it; under α/r it would be a quarter.',
      shows: () => {
        for (const r of [1, 4, 16])
          expect([sOf.rslora(16, 4 * r) / sOf.rslora(16, r), sOf.standard(16, 4 * r) / sOf.standard(16, r)]).toEqual([
            0.5, 0.25,
          ]);
        return 'factors 0.5 and 0.25';
      },
    },
    {
      step: STALL,
      says: 'Measured: under α/r the norm at rank 64 is about a quarter of that at rank 4.',
      shows: async () => {
        const [plain, root, none] = await Promise.all(
          RULES.map(async (rule) => (await firstGradient(rule, 64)) / (await firstGradient(rule, 4))),
        );
        expect([plain, root, none]).toEqual([expect.closeTo(0.25, 1), expect.closeTo(1, 0), expect.closeTo(4, 0)]);
        expect(root).toBeGreaterThan(0.9);
        expect(root).toBeLessThan(1.1);
        return `factors ${three(plain)} and ${three(root)}, under s = 1 ${three(none)}`;
      },
    },
    {
      step: STALL,
      says: 'The first step lowers the loss by the rate times its square: about 16 times less, 14 times in this draw.',
      shows: async () => {
        const times = await recordedFigures(FIGURES, 'first gradient, rank 4 over 64, squared', SEEDS, async (seed) => {
          const [low, high] = [await firstGradient('standard', 4, seed), await firstGradient('standard', 64, seed)];
          return (low / high) ** 2;
        });
        const mean = times.reduce((sum, one) => sum + one, 0) / times.length;
        // By the formula: 16² from s², a sixteenth of it from sixteen times the rows.
        expect(Math.abs(mean - 16)).toBeLessThan(1);
        expect(times[0].toFixed(0)).toBe('14');
        const few = await firstGradient('standard', 4);
        const rate = 1e-4;
        const { points } = await run(FIXED, { rank: 4, lr: rate, steps: 1 });
        const [before, after] = points.series.loss;
        expect((before - after) / (rate * few ** 2)).toBeCloseTo(1, 2);
        return `${three(times[0])} times; ${three(mean)} times on average over ${times.length} seeds`;
      },
    },
    {
      step: STALL,
      says: 'Where the entries of A have variance 1/r, its rows shrink too, and the norm falls by another √r.',
      shows: async () => {
        const norm = async (rank: number) =>
          (await run(FIXED, { rank, init: 'gaussian', steps: 1 })).points.modules[0].gradNormB[0];
        const factor = (await norm(64)) / (await norm(4));
        expect(factor).toBeCloseTo(1 / 16, 2);
        return `under α/r to ${three(factor)}, about 1/16`;
      },
    },
    {
      step: STALL,
      says: 'Under α/√r the error falls with every rank, to … at rank 64.',
      shows: async () => {
        const errors: number[] = [];
        for (const rank of [4, 8, 16, 32, 64]) errors.push((await errorAt(rank, { scaling: 'rslora' })).error);
        expect(errors.slice(1).every((error, i) => error < errors[i])).toBe(true);
        expect(three(errors[4])).toBe('0.474');
        return `error ${errors.map(three).join(', ')} at rank 4, 8, 16, 32, 64`;
      },
    },
    {
      step: ADAM,
      says: 'All three rules end on the floor at every rank, at … at rank 64.',
      shows: async () => {
        const ratios = [];
        for (const rank of [4, 16, 64])
          for (const scaling of RULES) ratios.push((await errorAt(rank, { scaling, opt: 'adam', lr: 0.01 })).ratio);
        expect(Math.max(...ratios)).toBeLessThan(1.01);
        return `error at most ${three(Math.max(...ratios))} times the floor at rank 4, 16, 64`;
      },
    },
    {
      step: EDGE,
      says: 'From rank 1 to 32 the largest rate that trains grows 100-fold under α/r, 10-fold under α/√r.',
      shows: async () => {
        const [plain, root] = [await edge('standard', 32, 1), await edge('rslora', 32, 0.1)];
        const [one, rootOne] = [await edge('standard', 1, 0.01), await edge('rslora', 1, 0.01)];
        expect([plain / one, root / rootOne]).toEqual([expect.closeTo(100, 9), expect.closeTo(10, 9)]);
        return `${one} to ${plain} and ${rootOne} to ${root}`;
      },
    },
    {
      step: EDGE,
      says: 'Under s = 1 it lies at 1 at every rank.',
      shows: async () => {
        const edges: number[] = [await edge('standard', 16, 0.5)];
        for (const rank of [1, 4, 8, 32]) edges.push(await edge('none', rank, 0.5));
        expect(edges).toEqual([1, 1, 1, 1, 1]);
        return `${edges.join(', ')} at rank 16 under α/r, at rank 1, 4, 8 and 32 under s = 1`;
      },
    },
    {
      step: EDGE,
      says: 'With s = 16 the edge lies at 0.02, and with some other seeds at 0.05.',
      shows: async () => {
        const edges = [await edge('standard', 1, 0.01), await edge('rslora', 1, 0.01)];
        expect(edges).toEqual([0.02, 0.02]);
        const others = await recordedFigures(FIGURES, 'edge at s = 16', SEEDS, (seed) =>
          edge('standard', 1, 0.01, seed),
        );
        const high = others.filter((one) => one === 0.05).length;
        expect(others.filter((one) => one === 0.02).length).toBe(SEEDS.length - high);
        expect(high).toBeGreaterThan(0);
        expect(high).toBeLessThan(SEEDS.length / 4);
        return `${edges.join(' and ')}; at 0.05 with ${high} of ${SEEDS.length} seeds`;
      },
    },
    {
      step: EDGE,
      says: 'So it depends on s, hardly on the rank: with s = 4 it is 0.2, at rank 4 under α/r and at 16 under α/√r.',
      shows: async () => {
        const edges = [await edge('standard', 4, 0.1), await edge('rslora', 16, 0.1)];
        expect(edges).toEqual([0.2, 0.2]);
        return edges.join(' and ');
      },
    },
    {
      step: EDGE,
      says: 'At rank 1 it was 0.02: under α/r and SGD, one rate cannot serve both.',
      shows: async () => {
        expect([await edge('standard', 1, 0.01), await edge('standard', 32, 1)]).toEqual([0.02, 2]);
        const slow = await cell('sgd', 'standard', 32, 0.02);
        expect(slow).toBeGreaterThan(10 * (await cell('sgd', 'standard', 32, 2)));
        return `edges 0.02 and 2; at 0.02 rank 32 ends at ${three(slow)} times its floor`;
      },
    },
    {
      step: EDGE,
      says: 'With Adam nothing diverges up to a rate of 1, at any rank and under any rule: it divides by the size of the gradient.',
      shows: async () => {
        const ratios: number[] = [];
        for (const scaling of RULES) for (const rank of [1, 8, 32]) ratios.push(await cell('adam', scaling, rank, 1));
        expect(Math.max(...ratios)).toBeLessThan(Number.POSITIVE_INFINITY);
        return `at a rate of 1 and rank 1, 8, 32 at most ${three(Math.max(...ratios))} times the floor`;
      },
    },
    {
      step: LOW,
      says: 'At rank 4, rates from 0.1 to 0.2 are good; at rank 32, from 1 to 2, and 0.2 ends at 2.6 times the error.',
      shows: async () => {
        const [few, many] = [
          await good('sgd', 'standard', 4, RATES.slice(3, 8)),
          await good('sgd', 'standard', 32, RATES.slice(6)),
        ];
        expect([few, many]).toEqual([
          [0.1, 0.2],
          [1, 2],
        ]);
        const factor = (await cell('sgd', 'standard', 32, 0.2)) / (await cell('sgd', 'standard', 32, 2));
        expect(factor).toBeCloseTo(2.6, 1);
        return `${few.join(', ')}; ${many.join(', ')}; at 0.2 ${three(factor)} times`;
      },
    },
    {
      step: LOW,
      says: 'Under α/√r the good rate doubles from rank 4 to 32.',
      shows: async () => {
        const rates = RATES.slice(3, 8);
        const found = [await good('sgd', 'rslora', 4, rates), await good('sgd', 'rslora', 32, rates)];
        expect(found).toEqual([[0.1], [0.2]]);
        return '0.1 at rank 4, 0.2 at rank 32';
      },
    },
    {
      step: LOW,
      says: 'Under s = 1 they overlap.',
      shows: async () => {
        const rates = RATES.slice(5, 10);
        const [few, many] = [await good('sgd', 'none', 4, rates), await good('sgd', 'none', 32, rates)];
        expect(few.filter((rate) => many.includes(rate))).toEqual([0.5, 1]);
        return `0.5 and 1 are good at both`;
      },
    },
    {
      step: LOW,
      says: 'Yes, under every rule: 0.02 is good at all six ranks.',
      shows: async () => {
        let worst = 1;
        for (const scaling of RULES)
          for (const rank of [1, 2, 4, 8, 16, 32]) {
            const own = await cell('adam', scaling, rank, 0.02);
            // No run ends below its floor: within 10% of that needs no comparison.
            if (own <= 1.1) continue;
            const others = [];
            for (const lr of RATES.slice(1, 6)) others.push(await cell('adam', scaling, rank, lr));
            worst = Math.max(worst, own / Math.min(...others));
          }
        expect(worst).toBeLessThan(1.1);
        return `at most ${three(worst)} times the best of its row, where it is not within 10% of the floor`;
      },
    },
    {
      step: LOW,
      says: 'At rank 32 that is too few steps to reach its floor, unlike that of the target of steps 1 to 4, so a good rate there is a fast one.',
      shows: async () => {
        const best = await cell('sgd', 'standard', 32, 2);
        expect(best).toBeGreaterThan(2);
        const other = (await errorAt(32, { scaling: 'standard', opt: 'adam', lr: 0.01 })).ratio;
        expect(other).toBeLessThan(1.01);
        return `the best SGD run under α/r ends at ${three(best)} times the floor, the other target with Adam at ${three(other)}`;
      },
    },
    {
      step: LOW,
      says: 'With SGD it needs s = 1 here, or a new search at the high rank.',
      shows: async () => {
        const ratio = (await cell('sgd', 'none', 32, 0.5)) / (await cell('sgd', 'none', 32, 1));
        expect(ratio).toBeLessThan(1.1);
        return '0.5 and 1 are good at rank 4 and 32 under s = 1, nothing is under the other rules';
      },
    },
    {
      step: BOTH,
      says: 'Under SGD the first step changes ΔW in proportion to the rate times s²: s counts once in the gradient of B, and once more when ΔW is formed.',
      shows: () => {
        const [one, other] = [firstSteps('sgd', { s: 1, rate: 0.1 }, 1), firstSteps('sgd', { s: 3, rate: 0.1 }, 1)];
        expect(frobenius(other) / frobenius(one)).toBeCloseTo(9, 9);
        return 'three times s: nine times ΔW';
      },
    },
    {
      step: BOTH,
      says: 'Under Adam it is the rate times s.',
      shows: () => {
        const [one, other] = [firstSteps('adam', { s: 1, rate: 0.1 }, 1), firstSteps('adam', { s: 3, rate: 0.1 }, 1)];
        expect(frobenius(other) / frobenius(one)).toBeCloseTo(3, 5);
        return 'three times s: three times ΔW';
      },
    },
    {
      step: BOTH,
      says: 'So doubling α does to the first step what four times the rate does with SGD, and twice the rate with Adam.',
      shows: () => {
        const size = (opt: 'sgd' | 'adam', s: number, rate: number) => frobenius(firstSteps(opt, { s, rate }, 1));
        expect(size('sgd', 2, 0.1)).toBeCloseTo(size('sgd', 1, 0.4), 9);
        expect(size('adam', 2, 0.1)).toBeCloseTo(size('adam', 1, 0.2), 5);
        return 'the same ΔW, to rounding';
      },
    },
    {
      step: BOTH,
      says: 'Under SGD, multiplying s by c is the same as multiplying the rate by c and making the first A √c times as long.',
      shows: () => {
        const one = firstSteps('sgd', { s: 4, rate: 0.02 }, 50);
        const other = firstSteps('sgd', { s: 1, rate: 0.08, longer: 2 }, 50);
        const off = Math.max(...one.data.map((v, i) => Math.abs(v - other.data[i])));
        expect(off).toBeLessThan(1e-12);
        expect(frobenius(one)).toBeGreaterThan(0.1);
        return 'c = 4, 50 steps: the entries of ΔW agree within 10⁻¹²';
      },
    },
    {
      step: BOTH,
      says: 'Under Adam, rate and first A are both multiplied by √c, as far as its small ε does not matter.',
      shows: () => {
        const one = firstSteps('adam', { s: 4, rate: 0.01, epsilon: 0 }, 50);
        const other = firstSteps('adam', { s: 1, rate: 0.02, longer: 2, epsilon: 0 }, 50);
        const off = Math.max(...one.data.map((v, i) => Math.abs(v - other.data[i])));
        expect(off).toBeLessThan(1e-9);
        return 'c = 4, 50 steps, ε = 0: the entries of ΔW agree within 10⁻⁹';
      },
    },
    {
      step: BOTH,
      says: 'After one step the error is …, just as before.',
      shows: async () => {
        const [before, after] = [await together({}), await together({ alpha: 32, lr: 0.0125 })];
        expect(after.errors[1]).toBeCloseTo(before.errors[1], 5);
        return `${three(before.errors[1])} and ${three(after.errors[1])}`;
      },
    },
    {
      step: BOTH,
      says: 'After 100 steps it is … instead of 0.351: the first steps agree, the runs do not.',
      shows: async () => {
        const [before, after] = [await together({}), await together({ alpha: 32, lr: 0.0125 })];
        expect(three(before.error)).toBe('0.351');
        expect(after.error).toBeGreaterThan(1.5 * before.error);
        return `${three(after.error)} instead of ${three(before.error)}`;
      },
    },
    {
      step: 'Questions',
      says: 'B’s first gradient is about a quarter of what it was, and the first step lowers the loss far less.',
      shows: async () => {
        const factor = (await firstGradient('standard', 64)) / (await firstGradient('standard', 4));
        expect(Math.abs(factor - 0.25)).toBeLessThan(0.02);
        const [few, many] = [await errorAt(4), await errorAt(64)];
        expect(many.error).toBeGreaterThan(few.error);
        return `${three(factor)} of it; after 100 steps the error is ${three(many.error)} instead of ${three(few.error)}`;
      },
    },
    {
      step: 'Questions',
      says: 'The first step goes with the rate times s², and s² has grown fourfold.',
      shows: () => {
        const size = (s: number, rate: number) => frobenius(firstSteps('sgd', { s, rate }, 1));
        expect(size(2, 0.1)).toBeCloseTo(size(1, 0.4), 9);
        return 'at a quarter of the rate the first ΔW is the same';
      },
    },
    {
      step: 'Questions',
      says: 'α = 16 under α/√r.',
      shows: () => {
        expect(sOf.rslora(16, 64)).toBe(2);
        return '16/√64 = 2';
      },
    },
    {
      step: STALL,
      says: 'Under α/r it falls, under α/√r it stays level.',
      shows: async () => {
        const factors: number[] = [];
        for (const rule of RULES) factors.push((await firstGradient(rule, 32)) / (await firstGradient(rule, 8)));
        expect(factors).toEqual([expect.closeTo(0.5, 1), expect.closeTo(1, 1), expect.closeTo(2, 0)]);
        return `factors ${factors.map(three).join(', ')} from rank 8 to 32 under α/r, α/√r and s = 1`;
      },
    },
    {
      step: 'Questions',
      says: 'Get the run below an error of 0.15 in 100 steps, by α alone.',
      shows: async () => {
        const state = initialState({ backend: null, stepper: null });
        const judged = async (alpha: number) => {
          const { error, errors, summary } = await run(SLOW, { alpha });
          const experiment = { ...parseLink(SLOW).experiment, alpha };
          const status = summary.status === 'diverged' ? 'diverged' : 'finished';
          const trace = { ...state.run.trace, series: { loss: errors, relativeError: Float64Array.from(errors) } };
          return { error, ...checkAlpha({ ...state, run: { ...state.run, experiment, status, trace } }) };
        };
        const [own, right, far] = [await judged(16), await judged(128), await judged(256)];
        expect([own.right, right.right, far.right]).toEqual([false, true, false]);
        expect(far.says).toMatch(/diverged/);
        return `α = 16: ${three(own.error)}, α = 128: ${three(right.error)}, α = 256 diverges`;
      },
    },
  ],
  {
    plain: [
      'SGD trains it at one learning rate, 0.05, with α = 16.',
      'Under s = α/r, what does the error after 100 steps do as the rank rises?',
      'α/r, the original one, α/√r, called rsLoRA, and no rule at all, s = 1.',
      'α is chosen by habit: as large as r, twice as large, or fixed, usually between 8 and 64.',
      'The second figure shows the result after 100 steps.',
      'Switch to Adam, with the same 100 steps.',
      'Point at the largest rate that trains at rank 32 under α/r.',
      'Rate 2.',
      'Call a rate good if the run ends within 10% of the best at its rank.',
      'The picture, one seed, 100 steps, α = 16.',
      'On screen is SGD with α = 16 at a rate of 0.05.',
      'SGD at a rate of 0.1, rank 32, s = α/r.',
      's is now ….',
      'α = 2r under s = α/r.',
      'What is s at rank 32?',
      'Put α = 2r into α/r.',
      's = 2r/r = 2, at every rank.',
      'SGD, s = α/r, α = 16, a rate that suits rank 4.',
      'You raise the rank to 64 and change nothing else.',
      'What is s at rank 64?',
      'What is the square root of 64?',
      's = 16/√64 = 16/8 = 2.',
      'Divide α by √64.',
      'Which s has its edge of divergence near a rate of 0.1?',
      'Look at the map of step 5.',
    ],
  },
);
