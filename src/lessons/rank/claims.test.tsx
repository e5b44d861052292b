import { expect } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { type BackgroundRun, trainInBackground } from '../../engine/background-runs/background-run.ts';
import { layerCache } from '../../experiment/layer/problem.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { leastOf } from '../../experiment/settings/rate.ts';
import { thinQr } from '../../math/factor/qr.ts';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, type Matrix64, multiply, scale, subtract, toFloat64, transpose } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { claims } from '../testing/claims.tsx';
import { MATRIX } from './ellipse.tsx';
import { lesson } from './lesson.tsx';
import { PICTURE, RANKS } from './predict.tsx';

const PLANE = '#v=1&target=decay&law=geometric&rate=0.6&d=3&k=3&rank=2&steps=300';
/** B stays at its random draw; only A trains. */
const FROZEN = `${PLANE}&init=mica`;

const cache = layerCache();
const runs = new Map<string, Promise<BackgroundRun>>();

/** A run to its end, in float32 as on the page; each once. */
function run(link: string, changes: Partial<Experiment> = {}, observe: readonly number[] = []): Promise<BackgroundRun> {
  const key = `${link} ${JSON.stringify(changes)} ${observe}`;
  const known = runs.get(key);
  if (known) return known;
  const made = trainInBackground(change(parseLink(link).experiment, changes), {
    backends: [typescriptBackend],
    cache,
    observe,
  });
  runs.set(key, made);
  return made;
}

const errorOf = ({ summary }: BackgroundRun) => summary.relativeError ?? Number.NaN;
const targetOf = ({ problem }: BackgroundRun) => toFloat64(problem.modules[0].wanted.matrix);
const at = (rank: number) => run(PICTURE, { rank });

function product({ problem, observed, scalings: [scaling] }: BackgroundRun): Matrix64 {
  const { d, k, rank } = problem.modules[0];
  const [{ A, B }] = (observed.at(-1) as (typeof observed)[number]).factors;
  return scale(multiply({ rows: d, cols: rank, data: B }, { rows: rank, cols: k, data: A }), scaling);
}

/** Σ_{l ≤ n} σₗuₗvₗᵀ. */
function firstLayers(matrix: Matrix64, n: number): Matrix64 {
  const { U, S, V } = svd(matrix);
  const { rows, cols } = matrix;
  const sum = { rows, cols, data: new Float64Array(rows * cols) };
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < cols; j++)
      for (let l = 0; l < n; l++) sum.data[cols * i + j] += U.data[U.cols * i + l] * S[l] * V.data[V.cols * j + l];
  return sum;
}

/** √(Σ_{j > r} σⱼ²)/‖M‖ from a full decomposition. */
function floor(matrix: Matrix64, r: number): number {
  const rest = svd(matrix).S.slice(r);
  return Math.sqrt(rest.reduce((sum, v) => sum + v * v, 0)) / frobenius(matrix);
}

/** ‖P·M‖²/‖M‖² with P the projection onto the columns of a matrix. */
function share(columns: Matrix64, matrix: Matrix64): number {
  return (frobenius(multiply(transpose(thinQr(columns).Q), matrix)) / frobenius(matrix)) ** 2;
}

const FAST = '#v=1&target=decay&law=geometric&rate=0.8&d=64&k=64&rank=8&steps=300';
const FLAT = { target: 'rotation' } as const;
const TRUE_8 = { target: 'low-rank', truerank: 8, shape: 'equal', noise: 0.05 } as const;
const [floors, made, decides, plane, learned] = [
  'No run beats the floor',
  'What the floor is made of',
  'The singular values decide',
  'Only in the plane of B',
  'The plane is learned',
];

const [two, first] = (() => {
  const m = { rows: 2, cols: 2, data: Float64Array.from(MATRIX) };
  const { U, S, V } = svd(m);
  return [
    { m, S },
    { v: [V.data[0], V.data[2]], u: [U.data[0], U.data[2]] },
  ];
})();

claims(
  lesson,
  [
    {
      step: floors,
      says: 'The error falls fast, then slowly, because a few patterns hold most of the picture.',
      shows: async () => {
        const errors = await Promise.all(RANKS.map(async (rank) => errorOf(await at(rank))));
        const falls = errors.slice(1).map((error, i) => (errors[i] - error) / (RANKS[i + 1] - RANKS[i]));
        expect(falls.every((fall, i) => i === 0 || fall < falls[i - 1])).toBe(true);
        expect(falls[0] / falls[falls.length - 1]).toBeGreaterThan(40);
        const S = svd(targetOf(await at(8))).S;
        const four = S.slice(0, 4).reduce((sum, v) => sum + v * v, 0) / S.reduce((sum, v) => sum + v * v, 0);
        expect(four).toBeGreaterThan(0.9);
        return `errors ${errors.map((error) => error.toFixed(3)).join(', ')}; 4 of 64 patterns hold ${(100 * four).toFixed(0)}%`;
      },
    },
    {
      step: floors,
      says: 'From rank 4 to 8 it falls by 0.135, from 16 to 32 only by 0.059, although that adds four times as many parameters to train.',
      shows: async () => {
        const [four, eight, sixteen, max] = await Promise.all(
          [4, 8, 16, 32].map(async (rank) => errorOf(await at(rank))),
        );
        expect((four - eight).toFixed(3)).toBe('0.135');
        expect((sixteen - max).toFixed(3)).toBe('0.059');
        expect((16 * (64 + 64)) / (4 * (64 + 64))).toBe(4);
        return `${(four - eight).toFixed(4)} and ${(sixteen - max).toFixed(4)}; 512 and 2,048 new numbers`;
      },
    },
    {
      step: floors,
      says: 'All six dots lie on the dashed curve, within 0.002.',
      shows: async () => {
        const target = targetOf(await at(8));
        const above = await Promise.all(RANKS.map(async (rank) => errorOf(await at(rank)) - floor(target, rank)));
        expect(Math.min(...above)).toBeGreaterThan(-1e-6);
        expect(Math.max(...above)).toBeLessThan(0.002);
        return `at most ${Math.max(...above).toFixed(4)} above`;
      },
    },
    {
      step: made,
      says: 'No learning rate gets below this floor, and no initialisation either, as long as W₀ stays as it is.',
      shows: async () => {
        const target = targetOf(await at(8));
        let min = Number.POSITIVE_INFINITY;
        for (const changes of [{ init: 'symmetric' }, { init: 'both-random' }, { opt: 'sgd' }, { lr: 0.05 }] as const) {
          const other = await run(PICTURE, { ...changes, steps: 150 });
          min = Math.min(min, errorOf(other) - floor(target, 8));
        }
        expect(min).toBeGreaterThan(-1e-6);
        return `four other ways end at least ${min.toExponential(1)} above`;
      },
    },
    {
      step: made,
      says: 'No: it ends at …, above the floor of ….',
      shows: async () => {
        const { summary, problem } = await at(8);
        const slow = await run(PICTURE, { lr: Number((leastOf(summary.rate) / 10).toPrecision(2)) });
        const least = floor(toFloat64(problem.modules[0].wanted.matrix), 8);
        expect(errorOf(slow)).toBeGreaterThan(least);
        return `${errorOf(slow).toFixed(4)}, the floor is ${least.toFixed(4)}`;
      },
    },
    {
      step: made,
      says: 'LoRA-GA ends lower here, at 0.106, and PiSSA higher, at 0.843.',
      shows: async () => {
        const target = targetOf(await at(8));
        const [moved, pissa] = [await run(PICTURE, { init: 'lora-ga' }), await run(PICTURE, { init: 'pissa' })];
        const [eight, sixteen] = [floor(target, 8), floor(target, 16)];
        expect(errorOf(moved)).toBeLessThan(eight);
        expect(errorOf(moved)).toBeGreaterThan(sixteen);
        expect([moved, pissa].map((one) => errorOf(one).toFixed(3))).toEqual(['0.106', '0.843']);
        return `${errorOf(moved).toFixed(3)} and ${errorOf(pissa).toFixed(3)}; the floors at rank 8 and 16 are ${eight.toFixed(3)} and ${sixteen.toFixed(3)}`;
      },
    },
    {
      step: 'A bottleneck of r numbers',
      says: 'Each column of ΔW is a mix of the r columns of B, each row a mix of the r rows of A.',
      shows: async () => {
        const ended = await at(8);
        const [{ A, B }] = (ended.observed.at(-1) as (typeof ended.observed)[number]).factors;
        const dW = product(ended);
        const columns = share(toFloat64({ rows: 64, cols: 8, data: B }), dW);
        const rows = share(transpose(toFloat64({ rows: 8, cols: 64, data: A })), transpose(dW));
        expect([columns, rows]).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
        const values = svd(dW).S;
        expect(values[7]).toBeGreaterThan(1e-3);
        expect(values[8]).toBeLessThan(1e-12);
        return `σ₈ = ${values[7].toFixed(3)}, σ₉ = ${values[8].toExponential(0)}`;
      },
    },
    {
      step: 'A bottleneck of r numbers',
      says: 'Every row of ΔW is a multiple of the same row.',
      shows: async () => {
        const values = svd(product(await at(1))).S;
        expect(values[1]).toBeLessThan(1e-12);
        return `at rank 1 σ₂ = ${values[1].toExponential(0)}`;
      },
    },
    {
      step: 'A bottleneck of r numbers',
      says: 'With B = 0, as at step 0, it has rank 0.',
      shows: async () => {
        const { B } = (await at(8)).problem.modules[0];
        expect(B.data.every((entry) => entry === 0)).toBe(true);
        return 'B is zero at step 0';
      },
    },
    {
      step: 'Peel it, and add it up again',
      says: '4 patterns hold 93% of the energy of ΔW, and 91% of that of ΔW*.',
      shows: async () => {
        const eight = await at(8);
        const S = svd(product(eight)).S;
        const whole = S.reduce((sum, v) => sum + v * v, 0);
        const kept = [3, 4].map((n) => S.slice(0, n).reduce((sum, v) => sum + v * v, 0) / whole);
        expect(kept.map((one) => (100 * one).toFixed(0))).toEqual(['89', '93']);
        const target = targetOf(eight);
        const left = frobenius(subtract(firstLayers(product(eight), 4), target)) / frobenius(target);
        const ofTarget = 1 - left ** 2;
        expect((100 * ofTarget).toFixed(0)).toBe('91');
        const [three, four] = kept.map((one) => (100 * one).toFixed(1));
        return `of ΔW 3 layers ${three}%, 4 layers ${four}%; of ΔW* 4 layers ${(100 * ofTarget).toFixed(1)}%`;
      },
    },
    {
      step: 'Peel it, and add it up again',
      says: 'That leaves an error of 0.307, the same as that of the run at rank 4: that run found the same patterns.',
      shows: async () => {
        const [eight, four] = await Promise.all([at(8), at(4)]);
        const sum = firstLayers(product(eight), 4);
        const target = targetOf(eight);
        const error = frobenius(subtract(sum, target)) / frobenius(target);
        expect([error.toFixed(3), errorOf(four).toFixed(3)]).toEqual(['0.307', '0.307']);
        const apart = frobenius(subtract(sum, product(four))) / frobenius(sum);
        expect(apart).toBeLessThan(0.05);
        return `both 0.307; the two matrices differ by ${(100 * apart).toFixed(1)}%`;
      },
    },
    {
      step: 'Peel it, and add it up again',
      says: 'Each takes the largest share of the energy that is left that one pattern can.',
      shows: async () => {
        let left = product(await at(8));
        const { S } = svd(left);
        const taken: string[] = [];
        for (let i = 0; i < 3; i++) {
          // The best u·vᵀ by turns, each time the best for the other, from a random start.
          let v = gaussian(64, 1, stream(i, 'v'));
          for (let turn = 0; turn < 200; turn++)
            v = scale(multiply(transpose(left), multiply(left, v)), 1 / frobenius(v) / S[0]);
          const unit = scale(v, 1 / frobenius(v));
          const out = multiply(left, unit);
          expect(frobenius(out)).toBeCloseTo(S[i], 3);
          taken.push(frobenius(out).toFixed(3));
          left = subtract(left, multiply(out, transpose(unit)));
        }
        return `the best single patterns, one after another: ${taken.join(', ')}, as σ₁, σ₂, σ₃`;
      },
    },
    {
      step: 'Peel it, and add it up again',
      says: 'Pattern i is one column uᵢ times one row vᵢ, an outer product, scaled by its singular value σᵢ: alone, a tartan.',
      shows: () => {
        const outer = multiply(gaussian(5, 1, stream(1, 'u')), gaussian(1, 7, stream(1, 'v')));
        expect(svd(outer).S[1]).toBeLessThan(1e-12);
        return 'an outer product has one singular value';
      },
    },
    {
      step: 'The direction stretched most',
      says: 'The input v₁ is stretched most, by σ₁ = 1.28: its output is the long half axis, σ₁u₁.',
      shows: () => {
        const lengths = Array.from({ length: 1800 }, (_, i) => {
          const t = (i * Math.PI) / 1800;
          return Math.hypot(
            MATRIX[0] * Math.cos(t) + MATRIX[1] * Math.sin(t),
            MATRIX[2] * Math.cos(t) + MATRIX[3] * Math.sin(t),
          );
        });
        const longest = Math.max(...lengths);
        expect([longest.toFixed(2), two.S[0].toFixed(2)]).toEqual(['1.28', '1.28']);
        const [x, y] = first.v;
        expect([MATRIX[0] * x + MATRIX[1] * y, MATRIX[2] * x + MATRIX[3] * y]).toEqual(
          first.u.map((u) => expect.closeTo(two.S[0] * u, 12)),
        );
        return `the longest of 1,800 outputs is ${longest.toFixed(4)}, σ₁ = ${two.S[0].toFixed(4)}`;
      },
    },
    {
      step: 'The direction stretched most',
      says: 'At right angles to it lies v₂, stretched least, by σ₂ = 0.561.',
      shows: () => {
        const [x, y] = [-first.v[1], first.v[0]];
        const length = Math.hypot(MATRIX[0] * x + MATRIX[1] * y, MATRIX[2] * x + MATRIX[3] * y);
        expect(length).toBeCloseTo(two.S[1], 12);
        expect(length.toFixed(3)).toBe('0.561');
        return length.toFixed(4);
      },
    },
    {
      step: 'The direction stretched most',
      says: 'What is lost is never longer than σ₂.',
      shows: () => {
        const [x, y] = first.v;
        const rest = MATRIX.map((entry, i) => entry - two.S[0] * first.u[i >> 1] * (i % 2 === 0 ? x : y));
        const largest = svd({ rows: 2, cols: 2, data: Float64Array.from(rest) }).S[0];
        expect(largest).toBeCloseTo(two.S[1], 12);
        return `what is left of M stretches by ${largest.toFixed(4)} at most`;
      },
    },
    {
      step: 'The direction stretched most',
      says: 'The longest output is 1.28, that of v₁.',
      shows: () => {
        expect(two.S[0].toFixed(2)).toBe('1.28');
        return two.S[0].toFixed(4);
      },
    },
    {
      step: decides,
      says: 'Here each is 0.8 times the one before: rank 8 leaves an error of 0.168, rank 16 only 0.028.',
      shows: async () => {
        const ended = await run(FAST);
        // A geometric series: √(Σ_{i ≥ r} 0.64ⁱ / Σ 0.64ⁱ) = 0.8ʳ, but for its end.
        const closed = (r: number) => Math.sqrt((0.64 ** r - 0.64 ** 64) / (1 - 0.64 ** 64));
        expect([errorOf(ended).toFixed(3), closed(8).toFixed(3), closed(16).toFixed(3)]).toEqual([
          '0.168',
          '0.168',
          '0.028',
        ]);
        expect(floor(targetOf(ended), 16)).toBeCloseTo(closed(16), 5);
        return `the run ends at ${errorOf(ended).toFixed(4)}; 0.8⁸ = ${closed(8).toFixed(4)}, 0.8¹⁶ = ${closed(16).toFixed(4)}`;
      },
    },
    {
      step: decides,
      says: 'Its floor falls to 0.043 at that rank.',
      shows: async () => {
        const ended = await run(FAST, TRUE_8);
        const [seven, eight] = [7, 8].map((r) => floor(targetOf(ended), r));
        expect([seven > 0.35, eight.toFixed(3), errorOf(ended).toFixed(3)]).toEqual([true, '0.043', '0.043']);
        return `floors at rank 7 and 8: ${seven.toFixed(3)}, ${eight.toFixed(3)}; the run ends at ${errorOf(ended).toFixed(4)}`;
      },
    },
    {
      step: decides,
      says: 'Higher ranks learn nothing but noise.',
      shows: async () => {
        const target = targetOf(await run(FAST, TRUE_8));
        const { S } = svd(target);
        // Eight strong directions, then a gap.
        expect(S[7] / S[8]).toBeGreaterThan(10);
        return `σ₈ = ${S[7].toFixed(3)}, σ₉ = ${S[8].toFixed(3)}`;
      },
    },
    {
      step: decides,
      says: 'The worst case is a rotation: it stretches all 64 directions equally, so no pattern is more important than another.',
      shows: async () => {
        const { S } = svd(targetOf(await run(FAST, FLAT)));
        expect(S[0] - S[63]).toBeLessThan(1e-5);
        return `σ from ${S[63].toFixed(5)} to ${S[0].toFixed(5)}`;
      },
    },
    {
      step: decides,
      says: 'The error is √(1 − 8/64) = 0.935.',
      shows: async () => {
        const error = errorOf(await run(FAST, FLAT));
        expect([error.toFixed(3), Math.sqrt(1 - 8 / 64).toFixed(3)]).toEqual(['0.935', '0.935']);
        return `the run ends at ${error.toFixed(4)}`;
      },
    },
    {
      step: decides,
      says: 'Rank 8 takes 8 of 64 equal shares of the energy, and the error is a root: even rank 32 leaves √(1 − 32/64) = 0.707.',
      shows: async () => {
        const error = errorOf(await run(FAST, { ...FLAT, rank: 32 }));
        expect([error.toFixed(3), Math.sqrt(0.5).toFixed(3)]).toEqual(['0.707', '0.707']);
        return `the run ends at ${error.toFixed(4)}`;
      },
    },
    {
      step: plane,
      says: 'A squeezes three numbers into two: inputs that differ only along the blue line get the same z, and the same s·BAx.',
      shows: async () => {
        const dW = product(await run(PLANE));
        const { V, S } = svd(dW);
        const lost = multiply(dW, { rows: 3, cols: 1, data: Float64Array.from([V.data[2], V.data[5], V.data[8]]) });
        expect(frobenius(lost)).toBeLessThan(1e-12);
        expect(S[1]).toBeGreaterThan(0.5);
        return `‖ΔW·n‖ = ${frobenius(lost).toExponential(0)}`;
      },
    },
    {
      step: plane,
      says: 'The crimson stroke is σ₃ = 0.36 long: no input of length 1 is sent further out of this plane.',
      shows: async () => {
        const ended = await run(PLANE);
        const out = subtract(targetOf(ended), product(ended));
        const { S } = svd(out);
        expect(S[0].toFixed(2)).toBe('0.36');
        return `ΔW* − ΔW stretches by ${S[0].toFixed(4)} at most`;
      },
    },
    {
      step: plane,
      says: 'With singular values 1, 0.6 and 0.36 the floor is 0.36/√(1² + 0.6² + 0.36²) = 0.295, and there the run ends.',
      shows: async () => {
        const ended = await run(PLANE);
        const { S } = svd(targetOf(ended));
        expect(Array.from(S, (v) => v.toFixed(2))).toEqual(['1.00', '0.60', '0.36']);
        expect([errorOf(ended).toFixed(3), (0.36 / Math.sqrt(1 + 0.6 ** 2 + 0.36 ** 2)).toFixed(3)]).toEqual([
          '0.295',
          '0.295',
        ]);
        return `the run ends at ${errorOf(ended).toFixed(4)}`;
      },
    },
    {
      step: learned,
      says: 'At step 10 it holds 87% of the energy of ΔW*.',
      shows: async () => {
        const { observed, problem } = await run(PLANE, {}, [10]);
        const B = toFloat64({ rows: 3, cols: 2, data: observed[0].factors[0].B });
        const held = share(B, toFloat64(problem.modules[0].wanted.matrix));
        expect([observed[0].step, (100 * held).toFixed(0)]).toEqual([10, '87']);
        return `${(100 * held).toFixed(1)}%`;
      },
    },
    {
      step: learned,
      says: 'Training turns it until it holds 91.3%; no plane can hold more.',
      shows: async () => {
        const ended = await run(PLANE);
        const [{ B }] = (ended.observed.at(-1) as (typeof ended.observed)[number]).factors;
        const held = share(toFloat64({ rows: 3, cols: 2, data: B }), targetOf(ended));
        const max = (1 + 0.6 ** 2) / (1 + 0.6 ** 2 + 0.36 ** 2);
        expect([(100 * held).toFixed(1), (100 * max).toFixed(1)]).toEqual(['91.3', '91.3']);
        return `${(100 * held).toFixed(2)}%; 1 − σ₃²/Σσ² = ${(100 * max).toFixed(2)}%`;
      },
    },
    {
      step: learned,
      says: 'Then the plane stays where chance has put it: on average it holds r/d of a target, two thirds here, but 0.4% with 4,096 outputs and rank 16.',
      shows: async () => {
        const target = targetOf(await run(PLANE));
        const draws = Array.from({ length: 400 }, (_, i) => share(gaussian(3, 2, stream(i, 'plane')), target));
        const mean = draws.reduce((sum, v) => sum + v, 0) / draws.length;
        expect(mean).toBeGreaterThan(0.63);
        expect(mean).toBeLessThan(0.7);
        expect(((100 * 16) / 4096).toFixed(1)).toBe('0.4');
        return `mean of 400 random planes ${(100 * mean).toFixed(1)}%`;
      },
    },
    {
      step: learned,
      says: 'The frozen plane holds 67% of ΔW*, at every step.',
      shows: async () => {
        const { observed, problem } = await run(FROZEN, {}, [0]);
        const target = toFloat64(problem.modules[0].wanted.matrix);
        const held = observed.map(({ factors }) => share(toFloat64({ rows: 3, cols: 2, data: factors[0].B }), target));
        expect(held.map((one) => (100 * one).toFixed(0))).toEqual(['67', '67']);
        expect(held[0]).toBe(held[1]);
        return `${(100 * held[0]).toFixed(1)}% at step 0 and at the end`;
      },
    },
    {
      step: learned,
      says: 'The error ends at 0.574 instead of 0.295: a floor of its own, √(1 − 0.67).',
      shows: async () => {
        const [frozen, free] = [errorOf(await run(FROZEN)), errorOf(await run(PLANE))];
        expect([frozen.toFixed(3), free.toFixed(3)]).toEqual(['0.574', '0.295']);
        expect(Math.sqrt(1 - 0.671)).toBeCloseTo(frozen, 3);
        return `${frozen.toFixed(4)} and ${free.toFixed(4)}`;
      },
    },
    {
      step: learned,
      says: 'Here that weight is random, so the plane is too; in a network its authors choose it with care.',
      shows: () => {
        expect(parseLink(FROZEN).experiment).toMatchObject({ base: 'gaussian', init: 'mica' });
        return 'W₀ is Gaussian; arXiv 2604.01694 for the method';
      },
    },
    {
      step: 'Questions',
      says: '√(1 − 16/64) = 0.866.',
      shows: () => {
        expect(Math.sqrt(1 - 16 / 64).toFixed(3)).toBe('0.866');
        return Math.sqrt(0.75).toFixed(4);
      },
    },
    {
      step: 'Questions',
      says: 'It is √(1 − r/d).',
      shows: async () => {
        const target = targetOf(await run(FAST, FLAT));
        for (const r of [1, 8, 40]) expect(floor(target, r)).toBeCloseTo(Math.sqrt(1 - r / 64), 5);
        return 'at ranks 1, 8 and 40 of 64';
      },
    },
    {
      step: 'Questions',
      says: 'Rank 16 takes 16 of 64 equal shares of the energy.',
      shows: async () => {
        const target = targetOf(await run(FAST, FLAT));
        expect(floor(target, 16)).toBeCloseTo(Math.sqrt(1 - 16 / 64), 5);
        return `floor at rank 16: ${floor(target, 16).toFixed(4)}`;
      },
    },
    {
      step: 'Questions',
      says: 'Find the lowest rank at which a run of this picture ends below an error of 0.2, and train it.',
      shows: async () => {
        const [six, seven] = await Promise.all([at(6), at(7)]);
        expect(floor(targetOf(six), 6)).toBeGreaterThan(0.2);
        expect(errorOf(seven)).toBeLessThan(0.2);
        return `rank 6 has a floor of ${floor(targetOf(six), 6).toFixed(3)}, rank 7 ends at ${errorOf(seven).toFixed(3)}`;
      },
    },
  ],
  {
    plain: [
      'Here is a target ΔW*: a picture with 64 rows and 64 columns.',
      'We will train it at six ranks, from 1 to 32.',
      'An error of 1 means that nothing was learned, 0 that the picture is perfect.',
      'Draw the error that you expect, from rank 1 to rank 32.',
      'Choose rank 2 in the lab.',
      'Then find out what rank 16 adds.',
      'Rank 8.',
      'Follow an input x of 64 numbers. 1 A turns it into z = Ax, which has only r numbers. 2 B makes the whole output from these.',
      'Set the rank to 1: one number passes.',
      'Three patterns 1 already show sun and mountains.',
      'Keep as few patterns as you can and still hold 90% of the energy of ΔW.',
      'A matrix M of two rows and two columns turns the circle of all inputs of length 1 into an ellipse.',
      'The same holds in 64 dimensions: v₁ is the input that ΔW stretches most, v₂ the one at right angles to it that it stretches most, and so on.',
      // Live, at the slider's initial angle.
      'The output is 0.860 long.',
      'This output is 0.860 long.',
      'A target of true rank 8 is eight patterns and a little noise.',
      'How much error will rank 8 leave of a rotation with 64 rows?',
      'Train all three at rank 8, and watch the dashed curve.',
      'A run with three inputs, three outputs and rank 2.',
      'What remains between dots and rings is at right angles to it: the part that rank 2 cannot reach.',
      'At 4,096 outputs and rank 16 the “plane” has 16 dimensions of 4,096.',
      ...['3', '12345678', '1248163264'],
      'Keep as few patterns as hold 90% of the energy of this run.',
      'A rotation has 64 rows and 64 columns.',
      'What is the lowest error at rank 16?',
      'After training at rank 2, you send a new input through the layer.',
    ],
  },
);
