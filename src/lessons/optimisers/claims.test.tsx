import { expect } from 'vitest';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { nodeBackends } from '../../engine/testing/node-backends.ts';
import { layerCache } from '../../experiment/layer/problem.ts';
import { parseLink } from '../../experiment/link/link.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, type Matrix64, multiply, scale, subtract, toFloat64, transpose } from '../../math/matrix.ts';
import { median } from '../../math/median.ts';
import { gaussian, stream } from '../../math/random.ts';
import { recordedFigures } from '../../math/testing/recorded-figures.ts';
import { initialState } from '../../state/state.ts';
import { claims } from '../testing/claims.tsx';
import { lesson } from './lesson.tsx';
import {
  alignments,
  BEST,
  DIALS,
  type DialOptimiser,
  EDGE_RUN,
  FIRST_STEPS,
  FLOOR,
  LENGTH,
  LENGTH_OPTIMISERS,
  NEAR,
  nearestMove,
  ORDER,
  type OrderRank,
} from './runs.ts';

const FIGURES = new URL('./testing/seeds.json', import.meta.url);
const SEEDS = [1, 2, 3, 4, 5];
const cache = layerCache();
/** In the place of a step that does not come. */
const NEVER = 400;

const run = (experiment: Experiment, changes: Partial<Experiment> = {}, observe: readonly number[] = []) =>
  trainInBackground({ ...experiment, ...changes }, { backends: nodeBackends, cache, observe });

/** Of the run of an optimiser: the lengths of its first and its last step, by the parameters in one list. */
async function ends(opt: (typeof LENGTH_OPTIMISERS)[number]) {
  const { observed, points } = await run(LENGTH.experiments[LENGTH_OPTIMISERS.indexOf(opt)], {}, [0, 1, 2, 99]);
  const flat = observed.map(({ factors: [{ A, B }] }) => [...A, ...B]);
  const between = (i: number, j: number) => Math.hypot(...flat[j].map((v, at) => v - flat[i][at]));
  return { first: between(0, 1), second: between(1, 2), last: between(3, 4), points };
}

/** The step, of every second one, at which each of the four largest directions has 90% of its size. */
async function arrived(rank: OrderRank, which: 0 | 1, seed: number): Promise<readonly number[]> {
  const { experiments, observe } = ORDER[rank];
  const { problem, observed, scalings } = await run(experiments[which], { seed }, observe);
  const [{ d, k, wanted }] = problem.modules;
  const { U, V, S } = svd(toFloat64(wanted.matrix));
  const r = Number(rank);
  const at = [0, 1, 2, 3].map(() => Number.POSITIVE_INFINITY);
  for (const { step, factors } of observed) {
    const [{ A, B }] = factors;
    const update = multiply(toFloat64({ rows: d, cols: r, data: B }), toFloat64({ rows: r, cols: k, data: A }));
    const { data, cols } = multiply(multiply(transpose(U), update), V);
    for (let i = 0; i < 4; i++) if (at[i] > step && scalings[0] * data[i * (cols + 1)] >= 0.9 * S[i]) at[i] = step;
  }
  return at;
}

/** ‖ΔW₁‖² over many draws of a uniform A, d = k = 64, all else as in the figure: an independent float64 step. */
function firstSquare(opt: 'sgd' | 'adam', rank: number, draws = 60): number {
  const [n, s, rate] = [64, 16 / rank, opt === 'sgd' ? 0.05 : 0.01];
  const M = svd(gaussian(n, n, stream(3, 'target'))).U;
  let sum = 0;
  for (let seed = 1; seed <= draws; seed++) {
    const random = stream(seed, 'A');
    const data = Float64Array.from({ length: rank * n }, () => (2 * random.uniform() - 1) / Math.sqrt(n));
    const A = { rows: rank, cols: n, data };
    const gradient = scale(multiply(M, transpose(A)), s);
    const B = { ...gradient, data: gradient.data.map((g) => rate * (opt === 'sgd' ? g : Math.sign(g))) };
    sum += (s * frobenius(multiply(B, A))) ** 2 / draws;
  }
  return sum;
}

const DECAY = FLOOR.experiments[0];
const errorOf = async (i: number, changes: Partial<Experiment> = {}) => {
  const { summary } = await run(FLOOR.experiments[i], changes);
  return { error: summary.relativeError ?? Number.NaN, floor: summary.floor ?? Number.NaN };
};

const TARGETS = {
  landscape: {},
  owl: { target: 'edit' },
  decay: { target: 'decay' },
} as const satisfies Readonly<Record<string, Partial<Experiment>>>;
const RULES = [
  ['Adam', { opt: 'adam' }],
  ['Muon', { opt: 'muon' }],
  ['LoRA+', { opt: 'adam', ratio: 16 }],
] as const satisfies readonly (readonly [string, Partial<Experiment>])[];
/** Around the automatic rate. */
const FACTORS = [0.125, 0.25, 0.5, 1, 2, 4, 8];

/** The steps to 5% above the floor, the median of five seeds, at the best of seven rates. */
async function searched(target: keyof typeof TARGETS, [name, rule]: (typeof RULES)[number]) {
  const { lr: _, ...rest } = BEST.experiments[0];
  const cases = FACTORS.flatMap((factor) => SEEDS.map((seed) => ({ factor, seed })));
  const steps = await recordedFigures(FIGURES, `${name}, ${target}`, cases, async ({ factor, seed }) => {
    const e = { ...rest, lr: null, ...rule, ...TARGETS[target], seed } as Experiment;
    const { points, summary } = await trainInBackground(e, { backends: nodeBackends, cache, factor });
    const at = [...(points.series.relativeError ?? [])].findIndex((error) => error <= 1.05 * (summary.floor ?? 0));
    return at < 0 ? NEVER : at;
  });
  return Math.min(...FACTORS.map((_, i) => median(steps.slice(5 * i, 5 * i + 5))));
}

const found = new Map<string, Promise<number>>();
function fastest(target: keyof typeof TARGETS, rule: (typeof RULES)[number]) {
  const key = `${rule[0]} ${target}`;
  const made = found.get(key) ?? searched(target, rule);
  found.set(key, made);
  return made;
}

const LENGTHS = 'How long is a step?';
const FIRST = 'The first step, by rank';
const ORDERED = 'Which direction comes first?';
const PAIR = 'Two factors, one product';
const NEAREST = 'The nearest move to full fine-tuning';
const FLOORS = 'Where it does not matter';
const SAID = 'What is often said';

const add = (one: Matrix64, other: Matrix64): Matrix64 => ({ ...one, data: one.data.map((v, i) => v + other.data[i]) });

/** The map of five Newton–Schulz steps on a singular value. */
function newtonSchulz(sigma: number): number {
  let x = sigma;
  for (let i = 0; i < 5; i++) x = 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5;
  return x;
}
const muonRange = () => {
  const values = Array.from({ length: 100_000 }, (_, i) => newtonSchulz(0.01 + (0.99 * i) / 99_999));
  return [Math.min(...values), Math.max(...values)];
};

claims(
  lesson,
  [
    {
      step: LENGTHS,
      says: 'Muon makes all singular values of a factor’s step about 1.',
      shows: () => {
        const [low, high] = muonRange();
        expect(low).toBeGreaterThan(0.6);
        expect(high).toBeLessThan(1.2);
        return `those from 0.01 to 1 become ${low.toFixed(2)} to ${high.toFixed(2)}`;
      },
    },
    {
      step: LENGTHS,
      says: 'SGD’s last step is 21 times shorter than its first.',
      shows: async () => {
        const { first, last, points } = await ends('sgd');
        expect((first / last).toFixed(0)).toBe('21');
        // Its length is the rate times the gradient.
        const { gradNormA, gradNormB } = points.modules[0];
        expect(last / (0.16 * Math.hypot(gradNormA[99], gradNormB[99]))).toBeCloseTo(1, 2);
        return `${first.toFixed(4)} and ${last.toFixed(4)}`;
      },
    },
    {
      step: LENGTHS,
      says: 'Those of signSGD and Muon are as long as before, so they cannot come to rest:',
      shows: async () => {
        const [sign, muon] = [await ends('signsgd'), await ends('muon')];
        // In the very first step A has no gradient.
        expect(sign.last / sign.second).toBeCloseTo(1, 3);
        expect(muon.last / muon.second).toBeCloseTo(1, 1);
        return `signSGD ${sign.second.toFixed(4)} and ${sign.last.toFixed(4)}, Muon ${muon.second.toFixed(4)} and ${muon.last.toFixed(4)}`;
      },
    },
    {
      step: LENGTHS,
      says: 'Near the floor the signs alternate and cancel in Adam’s average: its last step is 18 times shorter than its first.',
      shows: async () => {
        const { first, last } = await ends('adam');
        expect((first / last).toFixed(0)).toBe('18');
        return `${first.toFixed(4)} and ${last.toFixed(4)}`;
      },
    },
    {
      step: FIRST,
      says: 'One rate for all ranks: under α/r SGD’s first step is 58 times shorter at rank 16 than at rank 1.',
      shows: () => {
        const factor = Math.sqrt(firstSquare('sgd', 1) / firstSquare('sgd', 16));
        expect(Math.abs(factor / 58 - 1)).toBeLessThan(0.05);
        return `${factor.toFixed(1)} times over 60 draws`;
      },
    },
    {
      step: FIRST,
      says: 'Under α/r it becomes 3.7 times shorter from rank 1 to 16.',
      shows: () => {
        const factor = Math.sqrt(firstSquare('adam', 1) / firstSquare('adam', 16));
        expect(factor.toFixed(1)).toBe('3.7');
        return `${factor.toFixed(2)} times over 60 draws`;
      },
    },
    {
      step: FIRST,
      says: 'Under α/√r, up to about rank 16.',
      shows: () => {
        // s = 16/√r in the place of 16/r: √r times as long.
        const at = (rank: number) => Math.sqrt(firstSquare('adam', rank) * rank);
        const [one, sixteen, all] = [at(1), at(16), at(64)];
        expect(sixteen / one).toBeLessThan(1.1);
        expect(all / one).toBeGreaterThan(1.2);
        return `${(sixteen / one).toFixed(2)} times at rank 16, ${(all / one).toFixed(2)} at 64, of rank 1`;
      },
    },
    {
      step: FIRST,
      says: 'On average over draws of A, the step points along ΔW*, and under Adam that part stays as it is under α/r and grows as √r under α/√r.',
      shows: async () => {
        const along = async (scaling: 'standard' | 'rslora', rank: number) => {
          let sum = 0;
          for (const seed of SEEDS) {
            const { problem, observed, scalings } = await run(FIRST_STEPS.adam.experiments[0], { scaling, rank, seed });
            const [{ wanted, d, k }] = problem.modules;
            const [{ A, B }] = observed[observed.length - 1].factors;
            const update = multiply(
              toFloat64({ rows: d, cols: rank, data: B }),
              toFloat64({ rows: rank, cols: k, data: A }),
            ).data;
            sum += scalings[0] * update.reduce((all, v, i) => all + v * wanted.matrix.data[i], 0);
          }
          return sum;
        };
        const [plain, root] = [
          (await along('standard', 16)) / (await along('standard', 4)),
          (await along('rslora', 16)) / (await along('rslora', 4)),
        ];
        expect(plain).toBeCloseTo(1, 1);
        expect(root).toBeCloseTo(2, 0);
        return `from rank 4 to 16 by ${plain.toFixed(2)} and ${root.toFixed(2)}`;
      },
    },
    {
      step: ORDERED,
      says: 'ΔW* has the singular values 1, ½, ¼, ⅛ and so on.',
      shows: async () => {
        const { problem } = await run(ORDER[16].experiments[0], { steps: 1 });
        const values = [...problem.modules[0].wanted.spectrum.values].slice(0, 5);
        for (const [i, value] of values.entries()) expect(value).toBeCloseTo(0.5 ** i, 6);
        return values.map((value) => value.toFixed(4)).join(', ');
      },
    },
    {
      step: ORDERED,
      says: 'The smallest, at step 12, and the largest last, at step 54: all grow alike, and who has the shortest way arrives first.',
      shows: async () => {
        const at = await arrived('16', 1, 2);
        expect(at).toEqual([54, 30, 20, 12]);
        return at.join(', ');
      },
    },
    {
      step: ORDERED,
      says: 'With SGD they arrive at steps 10, 16, 42 and 68.',
      shows: async () => {
        const at = await arrived('16', 0, 2);
        expect(at).toEqual([10, 16, 42, 68]);
        return at.join(', ');
      },
    },
    {
      step: ORDERED,
      says: 'No: now the largest is last and the smallest not first.',
      shows: async () => {
        const at = await arrived('4', 1, 2);
        expect(at[0]).toBe(Math.max(...at));
        expect(at[3]).toBeGreaterThan(Math.min(...at));
        return at.join(', ');
      },
    },
    {
      step: ORDERED,
      says: 'Over five, the two largest come last at rank 16, and at rank 4 no order is the same.',
      shows: async () => {
        const arrivals = async (rank: OrderRank) => {
          const cases = SEEDS.flatMap((seed) => [0, 1, 2, 3].map((i) => ({ seed, i })));
          const all = await recordedFigures(
            FIGURES,
            `arrivals under Muon at rank ${rank}`,
            cases,
            async ({ seed, i }) => Math.min(NEVER, (await arrived(rank, 1, seed))[i]),
          );
          return SEEDS.map((_, n) => all.slice(4 * n, 4 * n + 4));
        };
        const [wide, narrow] = [await arrivals('16'), await arrivals('4')];
        for (const [one, half, quarter, eighth] of wide) {
          expect(one).toBeGreaterThan(half);
          expect(half).toBeGreaterThan(Math.max(quarter, eighth));
        }
        const orders = narrow.map((at) => [0, 1, 2, 3].toSorted((i, j) => at[i] - at[j]).join(''));
        expect(new Set(orders).size).toBe(5);
        return `rank 16: ${wide.map((at) => at.join(' ')).join('; ')}; rank 4: ${narrow.map((at) => at.join(' ')).join('; ')}; ${NEVER} for never`;
      },
    },
    {
      step: ORDERED,
      says: 'Muon’s step is orthogonal only about: it brings singular values to between 0.68 and 1.13.',
      shows: () => {
        const range = muonRange().map((value) => value.toFixed(2));
        expect(range).toEqual(['0.68', '1.13']);
        return `those from 0.01 to 1 of the matrix’s norm become ${range.join(' to ')}`;
      },
    },
    {
      step: PAIR,
      says: 'Multiply A by 4 and divide B by it:',
      shows: async () => {
        const spread = async (opt: DialOptimiser) => {
          const all: Float64Array[] = [];
          for (const experiment of DIALS[opt].experiments)
            all.push((await run(experiment)).points.series.relativeError ?? new Float64Array());
          return Math.max(...all.flatMap((errors) => Array.from(errors, (error, t) => Math.abs(error - all[1][t]))));
        };
        const [sgd, adam, own] = [await spread('sgd'), await spread('adam'), await spread('scaled')];
        expect(sgd).toBeGreaterThan(0.2);
        expect(adam).toBeGreaterThan(0.2);
        expect(own).toBe(0);
        return `the three courses of the error are apart by up to ${sgd.toFixed(2)} with SGD, ${adam.toFixed(2)} with Adam, ${own} with ScaledGD`;
      },
    },
    {
      step: PAIR,
      says: 'After 10 steps it is within 5% of the floor.',
      shows: async () => {
        const { points, summary } = await run(DIALS.scaled.experiments[1]);
        const [floor, errors] = [summary.floor ?? 0, points.series.relativeError ?? []];
        expect([errors[9] > 1.05 * floor, errors[10] <= 1.05 * floor]).toEqual([true, true]);
        return `${(errors[10] / floor).toFixed(3)} times the floor after 10 steps`;
      },
    },
    {
      step: PAIR,
      says: 'On a matrix its loss never rises at a rate below 2, whatever the start; at 2.1 it does.',
      shows: async () => {
        const rises = async (changes: Partial<Experiment>) => {
          const { points } = await run(DIALS.scaled.experiments[1], changes);
          const { loss } = points.series;
          // Rounding alone: 10⁻⁶ of it.
          return loss.some((value, t) => t > 0 && value > loss[t - 1] * (1 + 1e-6));
        };
        let runs = 0;
        for (const target of Object.values(TARGETS))
          for (const init of ['kaiming-uniform', 'gaussian', 'symmetric', 'both-random', 'init-b'] as const)
            for (const lr of [0.1, 0.5, 1, 1.9]) {
              expect(await rises({ ...target, init, lr }), `${init} at ${lr}`).toBe(false);
              runs += 1;
            }
        expect(await rises({ lr: 2.1 })).toBe(true);
        return `no rise in ${runs} runs from five starts at rates up to 1.9; at 2.1 it rises`;
      },
    },
    {
      step: NEAREST,
      says: 'Adam’s second step has 0.47 of it, SGD’s 0.26.',
      shows: async () => {
        const shares = async (i: number) => {
          const { problem, observed, scalings } = await run(NEAR.experiments[i], {}, NEAR.observe);
          const [{ wanted, d, k }] = problem.modules;
          const course = {
            factors: observed.map(({ factors }) => factors[0]),
            target: Float32Array.from(wanted.matrix.data),
          };
          return alignments(course, { d, k, rank: 8, scaling: scalings[0] });
        };
        // By another way: all moves s·(B·X + Y·A) by least squares, descended to the end.
        const [E, A, B] = ['E', 'A', 'B'].map((name, i) => gaussian([5, 2, 5][i], [4, 4, 2][i], stream(9, name)));
        let [X, Y] = [scale(A, 0), scale(B, 0)];
        const reached = () => subtract(E, add(multiply(B, X), multiply(Y, A)));
        for (let t = 0; t < 3000; t++) {
          const left = reached();
          [X, Y] = [
            add(X, scale(multiply(transpose(B), left), 0.05)),
            add(Y, scale(multiply(left, transpose(A)), 0.05)),
          ];
        }
        expect(frobenius(subtract(subtract(E, reached()), nearestMove(E, A, B)))).toBeLessThan(1e-9);
        const [pro, adam, sgd] = [await shares(0), await shares(1), await shares(2)];
        for (const share of pro) expect(Math.abs(share - 1)).toBeLessThan(0.03);
        expect([adam[1].toFixed(2), sgd[1].toFixed(2)]).toEqual(['0.47', '0.26']);
        return `${adam[1].toFixed(3)} and ${sgd[1].toFixed(3)}; LoRA-Pro from ${Math.min(...pro).toFixed(3)} to ${Math.max(...pro).toFixed(3)}`;
      },
    },
    {
      step: NEAREST,
      says: 'LoRA-Pro has a rate of 0.05 here, a sixth of its own.',
      shows: async () => {
        const { summary } = await run(NEAR.experiments[0], { lr: null, steps: 1 });
        expect([NEAR.experiments[0].lr, summary.rate]).toEqual([0.05, 0.3]);
        return `0.05 and ${summary.rate}`;
      },
    },
    {
      step: NEAREST,
      says: 'And nearest in one step is not soonest at the end: at their own rates ScaledGD is at the floor earlier.',
      shows: async () => {
        const soon = async (opt: 'scaled' | 'lora-pro') => {
          const { points, summary } = await run(DIALS[opt].experiments[1], { lr: null });
          return [...(points.series.relativeError ?? [])].findIndex((error) => error <= 1.05 * (summary.floor ?? 0));
        };
        const [scaled, pro] = [await soon('scaled'), await soon('lora-pro')];
        expect(scaled).toBeGreaterThan(0);
        expect(scaled).toBeLessThan(pro);
        return `within 5% of it after ${scaled} and ${pro} steps`;
      },
    },
    {
      step: 'Questions',
      says: 'Its gradient of B is now 10 times as large, and that of A 10 times as small.',
      shows: () => {
        const [E, A, B] = ['E', 'A', 'B'].map((name, i) => gaussian([5, 2, 5][i], [4, 4, 2][i], stream(7, name)));
        const norms = (t: number) => [
          frobenius(multiply(E, transpose(scale(A, t)))),
          frobenius(multiply(transpose(scale(B, 1 / t)), E)),
        ];
        const [[b, a], [ofB, ofA]] = [norms(1), norms(10)];
        expect([ofB / b, ofA / a]).toEqual([expect.closeTo(10, 9), expect.closeTo(0.1, 9)]);
        return 'factors 10 and 1/10 of ∂L/∂B = s·E·Aᵀ and ∂L/∂A = s·BᵀE';
      },
    },
    {
      step: 'Questions',
      says: 'Its steps keep their length, but A is 10 times as long and B 10 times as short.',
      shows: () => 'the factors of the question',
    },
    {
      step: FLOORS,
      says: 'No optimiser changes the floor: the rank sets it, here at 0.168.',
      shows: async () => {
        const { error, floor } = await errorOf(2);
        expect(floor).toBeCloseTo(0.8 ** 8, 4);
        expect(floor.toFixed(3)).toBe('0.168');
        return `0.8⁸ = ${(0.8 ** 8).toFixed(4)}; Adam ends at ${error.toFixed(4)}`;
      },
    },
    {
      step: FLOORS,
      says: 'Given enough steps all get there, or close, and the matrices they find are nearly the same ΔW.',
      shows: async () => {
        const errors = [];
        for (const i of [0, 1, 2, 3, 4]) {
          const { error, floor } = await errorOf(i);
          expect(error / floor).toBeLessThan(1.03);
          errors.push(error);
        }
        const ends = [];
        for (const i of [0, 2, 3]) {
          const { observed, scalings } = await run(FLOOR.experiments[i]);
          const [{ A, B }] = observed[observed.length - 1].factors;
          const product = multiply(
            { rows: 64, cols: 8, data: Float64Array.from(B) },
            { rows: 8, cols: 64, data: Float64Array.from(A) },
          );
          ends.push(scale(product, scalings[0]));
        }
        const [sgd, adam, muon] = ends;
        const apart = (one: typeof sgd, other: typeof sgd) =>
          frobenius({ ...one, data: one.data.map((v, i) => v - other.data[i]) }) / frobenius(one);
        expect(apart(sgd, adam)).toBeLessThan(0.06);
        expect(apart(adam, muon)).toBeLessThan(0.06);
        return `errors ${errors.map((error) => error.toFixed(4)).join(', ')}; SGD’s ΔW and Adam’s ${(100 * apart(sgd, adam)).toFixed(1)}% apart, Adam’s and Muon’s ${(100 * apart(adam, muon)).toFixed(1)}%`;
      },
    },
    {
      step: FLOORS,
      says: 'On a layer of 4,096 × 4,096 at rank 16, Muon’s steps would add 2.6% without tokens, and with 2,048 of them 0.03%.',
      shows: () => {
        // Each of five steps: X·Xᵀ, its square, and their sum times X, for r × n and n × r; beside 3dkr of the gradients.
        const share = (n: number, r: number) => (5 * 2 * (r * r * n + r ** 3 + r * r * n)) / (3 * n * n * r);
        expect((100 * share(4096, 16)).toFixed(1)).toBe('2.6');
        // With n tokens: W₀x and W₀ᵀδ, and for each of A and B its output, its gradient, and the one that it passes back.
        const [n, r, tokens] = [4096, 16, 2048];
        const withTokens = (5 * 2 * (r * r * n + r ** 3 + r * r * n)) / (tokens * (2 * n * n + 3 * r * 2 * n));
        expect((100 * withTokens).toFixed(2)).toBe('0.03');
        expect(share(64, 8)).toBeGreaterThan(0.85);
        expect(share(64, 8)).toBeLessThan(1);
        return `${(100 * share(4096, 16)).toFixed(1)}%, with tokens ${(100 * withTokens).toFixed(3)}%, and ${(100 * share(64, 8)).toFixed(0)}% at 64 × 64 and rank 8`;
      },
    },
    {
      step: FLOORS,
      says: 'Its error falls from 0.201 to 0.172.',
      shows: async () => {
        const { lr } = FLOOR.experiments[6];
        const { summary } = await run({ ...DECAY, opt: 'signsgd' }, { steps: 1 });
        expect(Number(lr) / Number(summary.rate)).toBeCloseTo(0.25, 2);
        const errors = [(await errorOf(5)).error, (await errorOf(6)).error].map((error) => error.toFixed(3));
        expect(errors).toEqual(['0.201', '0.172']);
        return errors.join(' to ');
      },
    },
    {
      step: SAID,
      says: 'Adam is within 5% of the floor after 55 steps, Muon after 143.',
      shows: async () => {
        const said = [];
        for (const target of ['landscape', 'owl', 'decay'] as const) {
          const [adam, muon] = [await fastest(target, RULES[0]), await fastest(target, RULES[1])];
          expect(adam).toBeLessThan(muon);
          if (target === 'landscape') expect([adam, muon]).toEqual([55, 143]);
          said.push(`${target} ${adam} and ${muon}`);
        }
        return `best of seven rates, median of five seeds, ${NEVER} for never: ${said.join(', ')}`;
      },
    },
    {
      step: SAID,
      says: 'With λ = 16, Adam is not there after 200 steps.',
      shows: async () => {
        const said = [];
        for (const target of ['landscape', 'owl', 'decay'] as const) {
          const [adam, plus] = [await fastest(target, RULES[0]), await fastest(target, RULES[2])];
          expect(adam).toBeLessThan(plus);
          if (target === 'landscape') expect(plus).toBeGreaterThan(200);
          said.push(`${target} ${adam} and ${plus}`);
        }
        return said.join(', ');
      },
    },
    {
      step: SAID,
      says: 'At rank 8, 2/q is 0.34, and at 0.46 SGD is at the floor after 300 steps.',
      shows: async () => {
        const { experiment } = parseLink(EDGE_RUN);
        const { problem } = await run(experiment, { steps: 1 });
        const a = svd(toFloat64(problem.modules[0].A)).S[0];
        const q = 4 * a * a + 4;
        expect((2 / q).toFixed(2)).toBe('0.34');
        const ratios = [];
        for (const changes of [{}, TARGETS.decay])
          for (const seed of [1, 2, 3]) {
            expect(experiment.steps).toBe(300);
            const { summary } = await run(experiment, { lr: 0.46, seed, ...changes });
            ratios.push((summary.relativeError ?? Number.NaN) / (summary.floor ?? Number.NaN));
          }
        expect(Math.max(...ratios)).toBeLessThan(1.01);
        return `2/q = ${(2 / q).toFixed(3)}; at 0.46 at most ${Math.max(...ratios).toFixed(3)} times the floor`;
      },
    },
    {
      step: 'Questions',
      says: 'The lab runs SGD, and 2/q is 0.34.',
      shows: async () => {
        const { experiment } = parseLink(EDGE_RUN);
        const { problem } = await run(experiment, { steps: 1 });
        const a = svd(toFloat64(problem.modules[0].A)).S[0];
        expect([experiment.opt, (2 / (4 * a * a + 4)).toFixed(2)]).toEqual(['sgd', '0.34']);
        return `2/(s²a² + 2sσ₁) with s = 2, a = ${a.toFixed(3)}, σ₁ = 1`;
      },
    },
    {
      step: 'Questions',
      says: 'Find a rate of at least 0.36 that still ends at the floor.',
      shows: async () => {
        const question = lesson.steps.at(-1)?.questions?.at(-1);
        if (question?.kind !== 'lab') return expect.fail('no question for the lab');
        const state = initialState({ backend: null, stepper: null });
        const judged = async (lr: number) => {
          const experiment = { ...parseLink(EDGE_RUN).experiment, lr };
          const { points, summary } = await run(experiment);
          const { status } = summary;
          const { series } = points;
          const trace = { ...state.run.trace, series, length: series.loss.length };
          return question.check({ ...state, run: { ...state.run, experiment, status, trace } }, {});
        };
        const all = [await judged(0.16), await judged(0.36), await judged(0.42), await judged(0.45), await judged(0.6)];
        expect(all.map(({ right }) => right)).toEqual([false, true, true, true, false]);
        expect(all[4].says).toMatch(/diverged/);
        return '0.36, 0.42 and 0.45 end at the floor, 0.6 diverges';
      },
    },
  ],
  {
    plain: [
      'SGD, Adam, signSGD and Muon each train A and B for 100 steps.',
      'With B = 0 and entries of variance v in A, the length of the first step of ΔW is known before the run.',
      'At rank 16, which of the directions of size 1, ½, ¼ and ⅛ has 90% of its size first under Muon?',
      'Choose rank 4.',
      'SGD diverges above 2/q.',
      'LoRA+ trains B with λ times the rate of A. q is the largest curvature along the way, so 2/q is a safe bound, not the edge.',
      'The error is now ….',
      'Here 1 is the nearest possible.',
      'You multiply A by 10 and divide B by 10 in the middle of a run.',
      'All gradients become 100 times smaller, and the rate stays.',
      'Steps of Muon grow three directions of size 1, ½ and ¼ alike, by 0.05 a step.',
      'How many steps of 0.05 are there in ¼?',
      '0.25/0.05 = 5.',
      'The one of size 1 takes 20.',
      'Divide 0.25 by 0.05.',
    ],
  },
);
