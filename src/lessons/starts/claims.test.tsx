import { expect } from 'vitest';
import type { InitName } from '../../experiment/inits/index.ts';
import { floorOf } from '../../experiment/layer/floor.ts';
import { productTarget } from '../../experiment/layer/module.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { presets } from '../../experiment/presets.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { frobenius, multiply } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import { initialState } from '../../state/state.ts';
import { claims } from '../testing/claims.tsx';
import { checkInit, lesson } from './lesson.tsx';
import { DEAD_INIT, STUCK_PISSA, TWO_STEPS } from './recorded.ts';
import { raceErrors, STEPS, trainLink } from './testing/runs.ts';
import { decayingTarget, trainWidened, WIDENING } from './widened.ts';

const three = (value: number) => value.toPrecision(3);
const race = async (opt: 'adam' | 'sgd', init: InitName, step: number) =>
  (await raceErrors(opt, init)).median[STEPS.indexOf(step)];

const made = new Map<string, ReturnType<typeof madeOf>>();
function run(link: string, changes: Partial<Experiment> = {}) {
  const key = link + JSON.stringify(changes);
  const found = made.get(key) ?? madeOf(link, changes);
  made.set(key, found);
  return found;
}

async function madeOf(link: string, changes: Partial<Experiment>) {
  const { problem, points, summary } = await trainLink(link, changes);
  const [module] = problem.modules;
  const norm = module.wanted?.norm ?? Number.NaN;
  return {
    ...{ module, summary, norms: points.modules[0] },
    errors: points.series.relativeError ?? new Float64Array(),
    error: summary.status === 'diverged' ? Number.POSITIVE_INFINITY : (summary.relativeError ?? Number.NaN),
    floor: floorOf(module.wanted?.spectrum.values ?? [])[module.rank],
    /** Floor of the target of s·B·A, which an initialisation may have moved. */
    ownFloor: () =>
      module.wanted
        ? errorAtRank(singularValues(productTarget({ ...module, wanted: module.wanted })))[module.rank] / norm
        : Number.NaN,
  };
}

/** Independent draws of B·A and of Ax: other streams, other sizes. */
function spread(rank: number, sigma: number): { readonly variance: number; readonly kurtosis: number } {
  const [ofA, ofB] = [stream(7, 'claims A'), stream(7, 'claims B')];
  let [two, four, n] = [0, 0, 0];
  for (let i = 0; i < 1500; i++) {
    const { data } = multiply(gaussian(5, rank, ofB), gaussian(rank, 5, ofA));
    for (const value of data) {
      const v = value * sigma * sigma;
      two += v * v;
      four += v ** 4;
      n += 1;
    }
  }
  return { variance: two / n, kurtosis: four / n / (two / n) ** 2 };
}

/** The mean of ‖Ax‖²/‖x‖² over draws of A with k = 64. */
function length(rank: number, entry: (draw: () => { normal: number; uniform: number }) => number): number {
  const source = stream(11, 'claims');
  const draw = () => ({ normal: source.normal(), uniform: 2 * source.uniform() - 1 });
  let mean = 0;
  const draws = Math.ceil(1200 / rank);
  for (let i = 0; i < draws; i++) {
    const x = Array.from({ length: 64 }, () => source.normal());
    const square = x.reduce((sum, v) => sum + v * v, 0);
    for (let row = 0; row < rank; row++) mean += x.reduce((sum, v) => sum + v * entry(draw), 0) ** 2 / square / draws;
  }
  return mean;
}

const widen = (filling: 'zeros' | 'random') => {
  const { target, floors } = decayingTarget(16);
  const { errors, B } = trainWidened(target, 2, filling, WIDENING);
  return { floors, errors, B, end: errors[errors.length - 1] };
};

const firstGradient = async (init: InitName, rank: number) =>
  (await run(TWO_STEPS, { init, rank, steps: 1 })).norms.gradNormB[0];

const ZEROS = presets.byName('where-the-zero-goes').link;
const zeros = async (init: InitName, lr: number) => {
  const { error, floor } = await run(ZEROS, { init, lr });
  return error / floor;
};

const COST = 'Does a zero cost time?';
const ZERO_B = 'B = 0: nothing changes at first';
const DEAD_START = 'Dead starts';
const LARGE = 'How large is a random B·A?';
const LONG = 'How long is Ax?';
const WHERE = 'Where the zero goes';
const FIRST = 'Data-driven initialisations';
const LAST = 'Questions';

const level = async () => {
  const [zero, random, start] = [
    await race('adam', 'kaiming-uniform', 20),
    await race('adam', 'symmetric', 20),
    await race('adam', 'symmetric', 0),
  ];
  expect(Math.abs(zero / random - 1)).toBeLessThan(0.1);
  expect(start).toBeGreaterThan(1.1);
  return `${three(zero)} and ${three(random)} after 20 steps, from 1 and ${three(start)}`;
};

const stuck = async () => {
  const [pissa, kaiming] = [await run(STUCK_PISSA), await run(STUCK_PISSA, { init: 'kaiming-uniform' })];
  expect(three(pissa.ownFloor())).toBe('0.843');
  expect(pissa.error / pissa.ownFloor()).toBeLessThan(1.001);
  expect(Math.min(...pissa.errors)).toBeGreaterThan(0.999 * pissa.ownFloor());
  expect(kaiming.error).toBeLessThan(0.05);
  return `${three(pissa.error)}, its own floor ${three(pissa.ownFloor())}; Kaiming ${three(kaiming.error)}`;
};

claims(
  lesson,
  [
    { step: COST, says: 'They are about level: … with B = 0, … with both random.', shows: level },
    {
      step: COST,
      says: 'The random product is noise that has to be unlearned, so that run begins at an error of ….',
      shows: level,
    },
    {
      step: COST,
      says: 'SVD begins at …, the floor: it has been told the answer.',
      shows: async () => {
        const { errors, floor } = await run(TWO_STEPS, { init: 'svd', steps: 1 });
        expect(errors[0]).toBeCloseTo(floor, 4);
        return `${three(errors[0])}, floor ${three(floor)}`;
      },
    },
    {
      step: COST,
      says: 'PiSSA stays at …, because W₀ knows nothing of this target.',
      shows: async () => {
        const pissa = await race('adam', 'pissa', 20);
        expect(pissa).toBeGreaterThan(2 * (await race('adam', 'kaiming-uniform', 20)));
        return `${three(pissa)} after 20 steps`;
      },
    },
    {
      step: COST,
      says: 'With SGD the zero does cost something: after 60 steps it stands at …, two random factors at ….',
      shows: async () => {
        const [zero, random] = [await race('sgd', 'kaiming-uniform', 60), await race('sgd', 'symmetric', 60)];
        expect(random).toBeLessThan(0.85 * zero);
        return `${three(zero)} and ${three(random)}`;
      },
    },
    {
      step: COST,
      says: 'Larger values add more noise: where B is uniform within ±1/√r, as PEFT has it without a zero, the error begins at 4 and is still above 1 after 20 steps.',
      shows: async () => {
        const { median } = await raceErrors('adam', 'both-random');
        expect(median[0]).toBeCloseTo(4.1, 0);
        expect(median[STEPS.indexOf(20)]).toBeGreaterThan(1);
        return `${three(median[0])}, then ${three(median[STEPS.indexOf(20)])}`;
      },
    },
    {
      step: ZERO_B,
      says: 'With B = 0, ΔW = s·B·A is zero, whatever A holds: the layer returns exactly W₀x.',
      shows: async () => {
        const { module } = await run(TWO_STEPS, { steps: 1 });
        expect(frobenius(module.A)).toBeGreaterThan(1);
        expect(frobenius(multiply(module.B, module.A))).toBe(0);
        const x = gaussian(64, 1, stream(3, 'x'));
        const before = multiply(module.base, x).data;
        const path = multiply(module.B, multiply(module.A, x)).data;
        expect(before.every((v, i) => v + 2 * path[i] === v)).toBe(true);
        return 'all 64 entries of the output agree bit for bit';
      },
    },
    {
      step: ZERO_B,
      says: 'So with B = 0 the gradient of A is exactly zero, and that of B is not:',
      shows: async () => {
        const { norms } = await run(TWO_STEPS, { steps: 2 });
        expect(norms.gradNormA[0]).toBe(0);
        expect(norms.gradNormB[0]).toBeGreaterThan(0.1);
        return `‖∂L/∂A‖ 0, ‖∂L/∂B‖ ${three(norms.gradNormB[0])}`;
      },
    },
    {
      step: ZERO_B,
      says: '‖∂L/∂A‖ was … at step 0, … at step 1, and is … now.',
      shows: async () => {
        const { norms } = await run(TWO_STEPS, { steps: 3 });
        expect(norms.gradNormA[0]).toBe(0);
        expect(norms.gradNormA[1]).toBeGreaterThan(0);
        expect(norms.gradNormA[2]).toBeGreaterThan(norms.gradNormA[1]);
        return `0, ${three(norms.gradNormA[1])}, ${three(norms.gradNormA[2])}`;
      },
    },
    {
      step: ZERO_B,
      says: '‖∂L/∂B‖ began at … and is ….',
      shows: async () => {
        const { norms } = await run(TWO_STEPS, { steps: 3 });
        expect(norms.gradNormB[2]).toBeLessThan(norms.gradNormB[0]);
        return `${three(norms.gradNormB[0])}, ${three(norms.gradNormB[2])}`;
      },
    },
    {
      step: ZERO_B,
      says: 'Train 2 steps, and look at the gradient norms.',
      shows: () => {
        // The chart ends where the text ends.
        expect(parseLink(TWO_STEPS).experiment.steps).toBe(2);
        return '2 of 2 steps';
      },
    },
    {
      step: DEAD_START,
      says: 'On screen are 300 steps of such a dead start.',
      shows: async () => {
        const { errors, norms, error } = await run(DEAD_INIT);
        expect(errors.length).toBe(301);
        expect(Math.max(...norms.gradNormA, ...norms.gradNormB)).toBe(0);
        expect(error).toBeCloseTo(1, 12);
        return 'both gradients 0 at every step, error 1';
      },
    },
    {
      step: DEAD_START,
      says: 'Zeros in the new rows of A and columns of B never train: the black curve stays at …, the floor of rank 2.',
      shows: () => {
        const { errors, floors, end, B } = widen('zeros');
        expect(errors[WIDENING.at] / errors[WIDENING.at - 1]).toBeCloseTo(1, 9);
        expect(end).toBeCloseTo(floors[2], 5);
        expect(B.data.filter((_, i) => i % B.cols >= 2).every((v) => v === 0)).toBe(true);
        return `${three(end)} after 400 steps, floor ${three(floors[2])}; the new columns of B are still exactly 0`;
      },
    },
    {
      step: DEAD_START,
      says: 'Random rows and zero columns train: the error falls to …, the floor of rank 4.',
      shows: () => {
        const { errors, floors, end } = widen('random');
        expect(errors[WIDENING.at] / errors[WIDENING.at - 1]).toBeCloseTo(1, 3);
        expect(end / floors[4]).toBeCloseTo(1, 2);
        return `${three(errors[WIDENING.at])} when it is widened, ${three(end)} at the end, floor ${three(floors[4])}`;
      },
    },
    {
      step: LARGE,
      says: 'Twice the rank makes twice the variance; half of σ makes a sixteenth.',
      shows: () => {
        const [four, eight, half] = [spread(4, 0.5), spread(8, 0.5), spread(4, 0.25)];
        expect(Math.abs(eight.variance / four.variance - 2)).toBeLessThan(0.1);
        expect(four.variance / (4 * 0.5 ** 4)).toBeCloseTo(1, 1);
        expect(half.variance / four.variance).toBeCloseTo(1 / 16, 9);
        return `rank 4: ${three(four.variance)}, formula 0.25; rank 8: ${three(eight.variance)}; σ = 0.25: ${three(half.variance)}`;
      },
    },
    {
      step: LARGE,
      says: 'At rank 1 the entries do not form a bell: most are near 0, a few are large.',
      shows: () => {
        // A normal distribution has kurtosis 3; a product of two normal numbers has 9.
        const [one, many] = [spread(1, 0.5).kurtosis, spread(32, 0.5).kurtosis];
        expect(one).toBeGreaterThan(6);
        expect(many).toBeLessThan(3.6);
        return `kurtosis ${three(one)} at rank 1, ${three(many)} at rank 32, 3 for a bell`;
      },
    },
    {
      step: LARGE,
      says: 'A start that is harmless at rank 4 is four times as loud at rank 64, in standard deviation.',
      shows: () => {
        const factor = Math.sqrt(spread(64, 0.5).variance / spread(4, 0.5).variance);
        expect(Math.abs(factor - 4)).toBeLessThan(0.2);
        return `${three(factor)} times`;
      },
    },
    {
      step: LONG,
      says: 'With variance 1/r, as in the Gaussian initialisation, that is ‖x‖² at every rank.',
      shows: () => {
        const found = [4, 16, 64].map((rank) => length(rank, (draw) => draw().normal / Math.sqrt(rank)));
        for (const one of found) expect(Math.abs(one - 1)).toBeLessThan(0.15);
        return `${found.map(three).join(', ')} of ‖x‖² at rank 4, 16, 64`;
      },
    },
    {
      step: LONG,
      says: 'With Kaiming’s 1/(3k) it grows with the rank.',
      shows: () => {
        const found = [4, 16, 64].map((rank) => length(rank, (draw) => draw().uniform / 8) / (rank / 192));
        for (const one of found) expect(Math.abs(one - 1)).toBeLessThan(0.15);
        expect(64 / (3 * 64)).toBeCloseTo(1 / 3, 12);
        return `${found.map(three).join(', ')} times r/192 at rank 4, 16, 64`;
      },
    },
    {
      step: LONG,
      says: 'Under α/r it falls as 1/r for Gaussian, and only as 1/√r for Kaiming.',
      shows: async () => {
        const [gauss, kaiming] = [
          (await firstGradient('gaussian', 64)) / (await firstGradient('gaussian', 4)),
          (await firstGradient('kaiming-uniform', 64)) / (await firstGradient('kaiming-uniform', 4)),
        ];
        expect(gauss * 16).toBeGreaterThan(0.75);
        expect(gauss * 16).toBeLessThan(1.33);
        expect(kaiming * 4).toBeGreaterThan(0.75);
        expect(kaiming * 4).toBeLessThan(1.33);
        return `from rank 4 to 64 to ${three(gauss)} (1/16) and to ${three(kaiming)} (1/4)`;
      },
    },
    {
      step: LONG,
      says: 'PEFT calls something else Gaussian: entries of standard deviation 1/r, so variance 1/r².',
      shows: async () => {
        const { module } = await run(TWO_STEPS, { init: 'gaussian-peft', rank: 16, steps: 1 });
        const deviation = frobenius(module.A) / Math.sqrt(16 * 64);
        expect(deviation * 16).toBeCloseTo(1, 1);
        return `${three(deviation)} at rank 16, 1/16 = 0.0625`;
      },
    },
    {
      step: LONG,
      says: 'There the average of ‖Ax‖² falls as 1/r.',
      shows: () => {
        const ratio = length(64, (draw) => draw().normal / 64) / length(4, (draw) => draw().normal / 4);
        expect(ratio * 16).toBeGreaterThan(0.75);
        expect(ratio * 16).toBeLessThan(1.33);
        return `to ${three(ratio)} from rank 4 to 64, 1/16 = 0.0625`;
      },
    },
    {
      step: WHERE,
      says: 'A = 0 with B random keeps the output just as well.',
      shows: async () => {
        const { module, norms } = await run(TWO_STEPS, { init: 'init-b', steps: 1 });
        expect(frobenius(multiply(module.B, module.A))).toBe(0);
        expect(norms.gradNormB[0]).toBe(0);
        expect(norms.gradNormA[0]).toBeGreaterThan(0.1);
        return `‖B·A‖ 0, ‖∂L/∂B‖ 0, ‖∂L/∂A‖ ${three(norms.gradNormA[0])}`;
      },
    },
    {
      step: WHERE,
      says: 'With B = 0 and A of variance 1/k, SGD trains at a rate of 0.2.',
      shows: async () => {
        const [at, above] = [await zeros('kaiming-normal', 0.2), await zeros('kaiming-normal', 0.5)];
        expect(at).toBeLessThan(1.01);
        expect(above).toBe(Number.POSITIVE_INFINITY);
        return `${three(at)} times the floor at 0.2; diverges at 0.5`;
      },
    },
    {
      step: WHERE,
      says: 'With A = 0 and B of variance 1/r it diverges above 0.05, where its error is 19 times the floor.',
      shows: async () => {
        const [at, above] = [await zeros('init-b', 0.05), await zeros('init-b', 0.1)];
        expect(at.toFixed(0)).toBe('19');
        expect(above).toBe(Number.POSITIVE_INFINITY);
        return `${three(at)} times the floor at 0.05, diverges at 0.1`;
      },
    },
    {
      step: WHERE,
      says: 'But the third row, B = 0 with A of variance 1/r, has the same limit.',
      shows: async () => {
        expect(await zeros('gaussian', 0.05)).toBeLessThan(30);
        expect(await zeros('gaussian', 0.1)).toBe(Number.POSITIVE_INFINITY);
        return 'trains at 0.05, diverges at 0.1';
      },
    },
    {
      step: WHERE,
      says: 'At a rate of 0.2 this run is at its floor.',
      shows: async () => {
        const at = await zeros('kaiming-normal', 0.2);
        expect(at).toBeLessThan(1.01);
        return `${three(at)} times the floor`;
      },
    },
    ...(
      [
        ['lora-ga', '0.106'],
        ['kaiming-uniform', '0.172'],
        ['milora', '0.250'],
        ['pissa', '0.843'],
        ['olora', '0.916'],
      ] as const
    ).map(([init, says]) => ({
      step: FIRST,
      says,
      shows: async () => {
        const experiment = parseLink(presets.byName('own-floors').link).experiment;
        expect(experiment).toMatchObject({ target: 'picture', rank: 8 });
        const { ownFloor } = await run(presets.byName('own-floors').link, { init, steps: 1 });
        expect(ownFloor().toFixed(3)).toBe(says);
        return `${init} ${three(ownFloor())}`;
      },
    })),
    {
      step: FIRST,
      says: 'If the target lies along the large directions of W₀, PiSSA is far ahead after 10 steps: 0.067 against 0.651 for Kaiming.',
      shows: async () => {
        const link = presets.byName('pissa').link;
        const [pissa, kaiming] = [await run(link), await run(link, { init: 'kaiming-uniform' })];
        expect([pissa.errors[10], kaiming.errors[10]]).toEqual([expect.closeTo(0.067, 3), expect.closeTo(0.651, 3)]);
        expect(pissa.error / kaiming.error).toBeCloseTo(1, 2);
        return `${three(pissa.errors[10])} and ${three(kaiming.errors[10])}; after 100 steps ${three(pissa.error)} and ${three(kaiming.error)}`;
      },
    },
    {
      step: FIRST,
      says: 'If not, it never gets below 0.843.',
      shows: stuck,
    },
    {
      step: DEAD_START,
      says: 'The owl has its sunglasses: the error is ….',
      shows: async () => {
        const { error, floor } = await run(DEAD_INIT, { init: 'kaiming-uniform' });
        expect(error / floor).toBeLessThan(1.05);
        return `${three(error)}, floor ${three(floor)}`;
      },
    },
    {
      step: LARGE,
      says: 'Variance drawn: …, by the formula: …',
      shows: () => {
        const { variance } = spread(4, 0.5);
        expect(Math.abs(variance - 0.25)).toBeLessThan(0.02);
        return `other draws at rank 4: ${three(variance)}`;
      },
    },
    {
      step: LAST,
      says: 'W₀ stays frozen throughout, and A has a gradient from step 1 on.',
      shows: async () => {
        const { norms } = await run(TWO_STEPS, { steps: 2 });
        expect(norms.gradNormA[1]).toBeGreaterThan(0);
        return three(norms.gradNormA[1]);
      },
    },
    {
      step: LAST,
      says: 'r·v·‖x‖² with v = 1/(3k): it grows with r.',
      shows: () => {
        const ratio = length(16, (draw) => draw().uniform / 8) / length(4, (draw) => draw().uniform / 8);
        expect(Math.abs(ratio / 4 - 1)).toBeLessThan(0.2);
        return `factor ${three(ratio)} from rank 4 to 16`;
      },
    },
    {
      step: LAST,
      says: 'A and B are random with σ = 0.1, and r = 16.',
      shows: () => {
        const { variance } = spread(16, 0.1);
        expect(variance / 0.0016).toBeCloseTo(1, 1);
        return `drawn ${three(variance)}, formula 0.0016`;
      },
    },
    { step: LAST, says: 'PiSSA is stuck at 0.843 here.', shows: stuck },
    {
      step: LAST,
      says: 'Find a start with a zero in it that gets below 0.05 in 300 steps.',
      shows: async () => {
        const state = initialState({ backend: null, stepper: null });
        const judged = async (init: InitName) => {
          const { errors, error } = await run(STUCK_PISSA, { init });
          const experiment = { ...parseLink(STUCK_PISSA).experiment, init };
          const series = { loss: errors, relativeError: Float64Array.from(errors) };
          const trace = { ...state.run.trace, length: errors.length, series };
          const run_ = { ...state.run, experiment, status: 'finished' as const, trace };
          return { error, ...checkInit({ ...state, next: null, run: run_ }) };
        };
        const [kaiming, symmetric, dead] = [
          await judged('kaiming-uniform'),
          await judged('symmetric'),
          await judged('both-zero'),
        ];
        expect([kaiming.right, symmetric.right, dead.right]).toEqual([true, false, false]);
        return `Kaiming ${three(kaiming.error)}`;
      },
    },
  ],
  {
    plain: [
      'random A, B = 0',
      'main directions of the inputs in A, B = 0',
      'PiSSA, MiLoRA, OLoRA, CorDA and LoRA-GA move a part of W₀ into B·A, which they must give back: each has a floor of its own, the lowest error above (the picture, rank 8).',
      'On the picture, at rank 8',
      'LoRA usually starts with A random and B = 0.',
      'A race tests it, over five seeds:',
      'B = 0, both factors random, the best rank-8 approximation of ΔW* itself (SVD), and PiSSA, made from W₀.',
      'With the optimiser Adam, where does B = 0 stand after 20 steps, against two random factors?',
      '“Both random” has σ = 0.05.',
      'Let both factors be random, with independent entries of mean 0 and variance σ² (no singular value here).',
      'Here both are drawn with σ = 0.5.',
      'Choose rank 64, and draw a few times.',
      'Variance drawn: …, by the formula: ….',
      'The paper that compares the two sides (arXiv 2406.08447) finds on language models that larger rates are possible with B = 0.',
      'EVA takes their main directions as rows of A, and B = 0.',
      'See all 21 initialisations',
      'The error is now ….',
      'Why is the gradient of A exactly zero at step 0?',
      'r·σ⁴: what is 0.1 to the fourth power?',
      '16 · 0.0001 = 0.0016.',
      'During training you raise the rank from 4 to 8.',
      'That holds for entries of variance 1/r.',
      'Kaiming’s have 1/(3k), whatever the rank.',
      'B = 0: the layer is unchanged at step 0, and B trains at once.',
    ],
  },
);
