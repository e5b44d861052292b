import { describe, expect, it } from 'vitest';
import { typescriptBackend } from '../../engine/backends/own-backends.ts';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { toBfloat16 } from '../../experiment/layer/merging.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { presets } from '../../experiment/presets.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { editShade } from '../../experiment/targets/edit.ts';
import { editedOwl } from '../../experiment/targets/edited-owl.ts';
import { type Matrix64, multiply, scale, subtract } from '../../math/matrix.ts';
import { median } from '../../math/median.ts';
import { recordedFigures } from '../../math/testing/recorded-figures.ts';
import { claims } from '../testing/claims.tsx';
import { adapters, dot, mergedUpdate, type OwlAdapter, RANK, SIDE } from './adapters.ts';
import { lesson } from './lesson.tsx';

const FIGURES = new URL('./testing/seeds.json', import.meta.url);
const linkOf = (title: string) => parseLink(lesson.steps.find((step) => step.title === title)?.link ?? '').experiment;
const percent = (share: number) => `${Math.round(100 * share)}%`;

/** ΔW = s·B·A and W₀ after those steps of a run, in float64. */
async function updates(title: string, steps: readonly number[]) {
  const e = { ...linkOf(title), steps: steps[steps.length - 1] };
  const {
    problem,
    scalings: [scaling],
    observed,
  } = await trainInBackground(e, { backends: [typescriptBackend], observe: steps });
  const { base, d, k, rank } = problem.modules[0];
  const formed = observed.map(({ factors: [{ A, B }] }) => {
    const dW = new Float64Array(d * k);
    for (let i = 0; i < d; i++)
      for (let q = 0; q < rank; q++)
        for (let j = 0; j < k; j++) dW[i * k + j] += scaling * B[i * rank + q] * A[q * k + j];
    return dW;
  });
  return { W0: Float64Array.from(base.data), formed };
}

const norm = (values: ArrayLike<number>) => Math.sqrt(dot(values, values));

/** The share of ΔW that is missing from bf16(bf16(W₀) + ΔW) − bf16(W₀). */
function lost(W0: Float64Array, dW: Float64Array): number {
  const stored = toBfloat16(Float32Array.from(W0));
  const merged = toBfloat16(Float32Array.from(dW, (value, i) => stored[i] + value));
  return norm(dW.map((value, i) => merged[i] - stored[i] - value)) / norm(dW);
}

const half = updates('bfloat16 swallows small updates', [1, 10, 100, 1000]);
const owl = updates('One matrix again', [300]);
const [glasses, hat, again] = adapters;

describe('what the figure adds', () => {
  const matrix = (rows: number, cols: number, data: ArrayLike<number>, by = 1): Matrix64 => ({
    rows,
    cols,
    data: Float64Array.from(data, (value) => by * value),
  });
  const add = (one: Matrix64, other: Matrix64) => subtract(one, scale(other, -1));
  const B = ({ B }: OwlAdapter, by = 1) => matrix(SIDE, RANK, B, by);
  const A = ({ A }: OwlAdapter, by = 1) => matrix(RANK, SIDE, A, by);
  const parts = [
    [glasses, 0.25],
    [hat, -1],
  ] as const;
  const largest = (of: Matrix64, from: Float64Array) =>
    Math.max(...from.map((value, i) => Math.abs(value - of.data[i])));

  it('is the sum of the weighed products, by another multiplication', () => {
    const [one, other] = parts.map(([of, weight]) => multiply(B(of, weight), A(of)));
    expect(largest(add(one, other), mergedUpdate(parts, 'products'))).toBeLessThan(1e-12);
  });

  it('or the product of the sums, with the root of each weight in either factor and its sign in B', () => {
    const left = add(B(glasses, 0.5), B(hat, -1));
    const right = add(A(glasses, 0.5), A(hat, 1));
    expect(largest(multiply(left, right), mergedUpdate(parts, 'factors'))).toBeLessThan(1e-12);
  });
});

claims(
  lesson,
  [
    {
      step: 'One matrix again',
      says: 'The merged layer has 4,096 numbers, as many as before.',
      shows: async () => {
        const { W0, formed } = await owl;
        const merged = W0.map((value, i) => value + formed[0][i]);
        expect([merged.length, W0.length]).toEqual([4096, 4096]);
        return `${merged.length} numbers`;
      },
    },
    {
      step: 'One matrix again',
      says: 'By rounding only.',
      shows: async () => {
        const { W0, formed } = await owl;
        const x = Float64Array.from({ length: SIDE }, (_, j) => ((j * 37) % 64) / 32 - 1);
        let [exact, rounded] = [0, 0];
        for (let i = 0; i < SIDE; i++) {
          const row = (of: ArrayLike<number>) => {
            let [sum, sum32] = [0, 0];
            for (let j = 0; j < SIDE; j++) {
              sum += of[i * SIDE + j] * x[j];
              sum32 = Math.fround(sum32 + Math.fround(Math.fround(of[i * SIDE + j]) * Math.fround(x[j])));
            }
            return [sum, sum32];
          };
          const [apart, update, merged] = [W0, formed[0], W0.map((value, n) => value + formed[0][n])].map(row);
          exact = Math.max(exact, Math.abs(merged[0] - apart[0] - update[0]));
          rounded = Math.max(rounded, Math.abs(merged[1] - Math.fround(apart[1] + update[1])));
        }
        expect(exact).toBeLessThan(1e-13);
        expect(rounded).toBeGreaterThan(0);
        expect(rounded).toBeLessThan(1e-5);
        return `in float64 ${exact.toExponential(0)}, in float32 ${rounded.toExponential(0)}`;
      },
    },
    {
      step: 'bfloat16 swallows small updates',
      says: 'After 1 the next number is 1.0078.',
      shows: () => {
        // Halfway to the next one, and a little more.
        const [down, up] = toBfloat16(Float32Array.of(1 + 1 / 256, 1 + 1 / 256 + 1e-6));
        expect([down, up]).toEqual([1, 1.0078125]);
        return String(up);
      },
    },
    {
      step: 'bfloat16 swallows small updates',
      says: 'Add less than half that gap to 1, and nothing changes.',
      shows: () => {
        const gap = 2 ** -7;
        const sums = [0.1, 0.3, 0.49, 0.51, 0.9].map((part) => 1 + part * gap);
        expect(Array.from(toBfloat16(Float32Array.from(sums)))).toEqual([1, 1, 1, 1 + gap, 1 + gap]);
        return 'up to 0.49 of the gap stays 1, from 0.51 on it is the next number';
      },
    },
    {
      step: 'bfloat16 swallows small updates',
      says: 'Here it grows slowly: after 1 step it is 0.0001 of the norm of W₀, and after 1,000 steps 0.08.',
      shows: async () => {
        const { W0, formed } = await half;
        const sizes = [formed[0], formed[3]].map((dW) => norm(dW) / norm(W0));
        expect(sizes[0]).toBeCloseTo(0.0001, 5);
        expect(sizes[1]).toBeCloseTo(0.08, 2);
        return sizes.map((size) => size.toPrecision(2)).join(', ');
      },
    },
    {
      step: 'bfloat16 swallows small updates',
      says: 'After 1 step it is 98%, after 10 steps 79%, after 100 steps 17%, and at the end 2%.',
      shows: async () => {
        const { W0, formed } = await half;
        const shares = formed.map((dW) => percent(lost(W0, dW)));
        expect(shares).toEqual(['98%', '79%', '17%', '2%']);
        return shares.join(', ');
      },
    },
    {
      step: 'bfloat16 swallows small updates',
      says: 'In float32 practically nothing is lost.',
      shows: async () => {
        const { W0, formed } = await half;
        const merged = Float32Array.from(W0, (value, i) => value + formed[0][i]);
        const share = norm(formed[0].map((value, i) => merged[i] - W0[i] - value)) / norm(formed[0]);
        expect(share).toBeLessThan(0.002);
        return `${share.toExponential(0)} of the smallest of these updates`;
      },
    },
    {
      step: 'bfloat16 swallows small updates',
      says: 'A base in NF4 is coarser: it is 9% off W₀, and an adapter of rank 8 then leaves 0.23 of a low-rank update instead of 0.04 (the experiment).',
      shows: async () => {
        const { experiment } = parseLink(presets.byName('quantised-start').link);
        const train = (changes: Partial<Experiment>) =>
          trainInBackground({ ...experiment, init: 'kaiming-uniform', ...changes }, { backends: [typescriptBackend] });
        const cases = (['nf4', 'none'] as const).flatMap((quant) => [1, 2, 3, 4, 5].map((seed) => ({ quant, seed })));
        const ends = await recordedFigures(FIGURES, 'an adapter on NF4, and on W₀', cases, async (changes) => {
          const { problem, summary } = await train(changes);
          const off = problem.modules[0].quantised?.start;
          if (changes.quant === 'nf4') expect(percent(off ?? 0)).toBe('9%');
          return summary.relativeError ?? Number.NaN;
        });
        const [coarse, plain] = [median(ends.slice(0, 5)), median(ends.slice(5))];
        expect([coarse.toFixed(2), plain.toFixed(2)]).toEqual(['0.23', '0.04']);
        return `${coarse.toFixed(3)} and ${plain.toFixed(4)}, medians of five draws`;
      },
    },
    {
      step: 'What an unmerged adapter costs',
      says: 'Here 4,096 become 5,120: 25% more.',
      shows: () => {
        const counted = multiplications(64, 64, 8);
        expect(counted).toEqual([4096, 5120]);
        expect(counted[1] / counted[0] - 1).toBe(0.25);
        return counted.join(', ');
      },
    },
    {
      step: 'What an unmerged adapter costs',
      says: 'In a layer with 4,096 rows and columns, r = 16 costs 0.78% more.',
      shows: () => {
        const [merged, unmerged] = [4096 * 4096, 4096 * 4096 + 16 * 4096 + 4096 * 16];
        expect([unmerged - merged, merged]).toEqual([131_072, 16_777_216]);
        expect(((unmerged - merged) / merged).toFixed(4)).toBe('0.0078');
        return `${(100 * (unmerged / merged - 1)).toFixed(2)}%`;
      },
    },
    {
      step: 'What an unmerged adapter costs',
      says: 'Beyond rank 32 the two thin matrices hold more numbers than W₀: this is the break-even rank.',
      shows: () => {
        const over = Array.from({ length: 64 }, (_, i) => i + 1).filter((r) => r * (64 + 64) > 64 * 64);
        expect(over[0]).toBe(33);
        return `from rank ${over[0]} on`;
      },
    },
    {
      step: 'One base, many adapters',
      says: 'Here the base has 4,096 numbers, and each adapter adds 1,024.',
      shows: () => {
        const sizes = adapters.map(({ A, B }) => A.length + B.length);
        expect(sizes).toEqual([1024, 1024, 1024]);
        return String(sizes[0]);
      },
    },
    {
      step: 'Adding two adapters',
      says: 'Their ranks add: two of rank 8 give an update of rank 16 at most.',
      shows: () => {
        const rank = rankOf(
          mergedUpdate(
            [
              [glasses, 1],
              [hat, 1],
            ],
            'products',
          ),
        );
        expect(rank).toBe(16);
        return `rank ${rank}`;
      },
    },
    {
      step: 'Adding two adapters',
      says: 'The hat and the sunglasses lie in different rows of the picture: their cosine is 0, and the sum does both.',
      shows: () => {
        const [one, other] = [glasses, hat].map((of) => mergedUpdate([[of, 1]], 'products'));
        const rowsOf = (of: Float64Array) =>
          new Set(
            Array.from(of, (value, i) => (Math.abs(value) > 1e-9 ? Math.floor(i / SIDE) : -1)).filter(
              (row) => row >= 0,
            ),
          );
        const common = [...rowsOf(one)].filter((row) => rowsOf(other).has(row));
        expect(common).toEqual([]);
        expect(Math.abs(dot(one, other))).toBeLessThan(1e-9);
        // Against the edits themselves, as far as rank 8 reaches each.
        const both = mergedUpdate(
          [
            [glasses, 1],
            [hat, 1],
          ],
          'products',
        );
        const wanted = ['sunglasses', 'hat'].map((name) => {
          const made = editedOwl(editShade(name), SIDE, SIDE);
          if ('why' in made) throw new Error(made.why);
          return made.difference.data;
        });
        const sum = wanted[0].map((value, i) => value + wanted[1][i]);
        const left = norm(sum.map((value, i) => value - both[i])) / norm(sum);
        expect(left).toBeLessThan(0.08);
        return `cosine 0; the sum misses both edits by ${left.toFixed(3)}`;
      },
    },
    {
      step: 'Adding two adapters',
      says: 'The second pair of sunglasses was trained from another seed, and learned the same change: the cosine is 1.00.',
      shows: () => {
        const [one, other] = [glasses, again].map((of) => mergedUpdate([[of, 1]], 'products'));
        const cos = dot(one, other) / (norm(one) * norm(other));
        expect(cos.toFixed(2)).toBe('1.00');
        // The factors do differ.
        expect(norm(glasses.A.map((value, i) => value - again.A[i]))).toBeGreaterThan(0.5 * norm(glasses.A));
        return cos.toFixed(5);
      },
    },
    {
      step: 'Adding two adapters',
      says: 'Added to the first it gives that change twice.',
      shows: () => {
        const [once, twice] = [
          mergedUpdate([[glasses, 1]], 'products'),
          mergedUpdate(
            [
              [glasses, 1],
              [again, 1],
            ],
            'products',
          ),
        ];
        const ratio = norm(twice) / norm(once);
        expect(ratio).toBeCloseTo(2, 2);
        return ratio.toFixed(3);
      },
    },
    {
      step: 'Adding two adapters',
      says: 'Weights that add up to 1 give the change once.',
      shows: () => {
        const once = mergedUpdate([[glasses, 1]], 'products');
        const shared = [0.25, 0.5, 1.5].map((w) =>
          mergedUpdate(
            [
              [glasses, w],
              [again, 1 - w],
            ],
            'products',
          ),
        );
        const max = Math.max(...shared.map((one) => norm(one.map((value, i) => value - once[i])) / norm(once)));
        expect(max).toBeLessThan(0.01);
        return `within ${(100 * max).toFixed(1)}%`;
      },
    },
    {
      step: 'Adding two adapters',
      says: 'A weight of −1 would subtract it.',
      shows: () => {
        const none = mergedUpdate(
          [
            [glasses, 1],
            [glasses, -1],
          ],
          'products',
        );
        expect(norm(none)).toBe(0);
        return 'nothing is left';
      },
    },
    {
      step: 'Add the products, not the factors',
      says: 'For the hat and the sunglasses the result misses the sum of the products by 87%.',
      shows: () => {
        const [right, wrong] = (['products', 'factors'] as const).map((way) =>
          mergedUpdate(
            [
              [glasses, 1],
              [hat, 1],
            ],
            way,
          ),
        );
        const share = norm(right.map((value, i) => wrong[i] - value)) / norm(right);
        expect(percent(share)).toBe('87%');
        return percent(share);
      },
    },
    {
      step: 'Add the products, not the factors',
      says: 'Average an adapter with itself this way (√½ on each factor), and you get it twice.',
      shows: () => {
        const halves = [
          [glasses, 0.5],
          [glasses, 0.5],
        ] as const;
        const once = mergedUpdate([[glasses, 1]], 'products');
        const rest = mergedUpdate(halves, 'factors').map((value, i) => value - 2 * once[i]);
        expect(norm(rest)).toBeLessThan(1e-9);
        return 'exactly twice';
      },
    },
    {
      step: 'Add the products, not the factors',
      says: 'The exact way stacks the factors, [B₁ B₂] beside A₁ over A₂: rank 16, no cross terms.',
      shows: () => {
        const right = mergedUpdate(
          [
            [glasses, 1],
            [hat, 1],
          ],
          'products',
        );
        let max = 0;
        for (let i = 0; i < SIDE; i++)
          for (let j = 0; j < SIDE; j++) {
            const B = [glasses, hat].flatMap((one) => one.B.slice(i * RANK, (i + 1) * RANK));
            const A = [glasses, hat].flatMap((one) => Array.from({ length: RANK }, (_, q) => one.A[q * SIDE + j]));
            max = Math.max(max, Math.abs(dot(B, A) - right[i * SIDE + j]));
          }
        expect(max).toBeLessThan(1e-12);
        return 'equal to the sum of the products';
      },
    },
    {
      step: 'Questions',
      says: '8,192 beside 1,048,576 is 0.781%.',
      shows: () => {
        expect([4 * (1024 + 1024), 1024 * 1024]).toEqual([8192, 1_048_576]);
        return `${(100 * 8192) / 1_048_576}%`;
      },
    },
  ],
  {
    plain: [
      'Large models are often stored in bfloat16: 16 bits per number, which give 8 significant binary digits.',
      'Now … of ΔW is lost.',
      'Rank … adds ….',
      'The weights of the two pairs should add up to 1.',
      'It is tempting to add the factors: one B = B₁ + B₂ and one A = A₁ + A₂ keep the rank at 8.',
      'How many numbers does a merged 64 × 64 layer hold, if the adapter had rank 8?',
      'The same as W₀: the sum of two 64 × 64 matrices is one of them.',
      'That is the unmerged layer: 4,096 + 1,024.',
      'A layer is 1,024 × 1,024, its adapter has rank 4.',
      'Divide r(d + k) = 8,192 by dk = 1,048,576.',
      'That is the share; as a percentage it is 100 times as large.',
      'Sunglasses at 0.5 or 0.25, hat at 1, the products added.',
    ],
  },
);

/** Multiplications for one input, counted in the loops of a merged and of an unmerged layer. */
function multiplications(d: number, k: number, r: number): [number, number] {
  let [merged, unmerged] = [0, 0];
  for (let i = 0; i < d; i++) for (let j = 0; j < k; j++) merged += 1;
  for (let q = 0; q < r; q++) for (let j = 0; j < k; j++) unmerged += 1;
  for (let i = 0; i < d; i++) for (let q = 0; q < r; q++) unmerged += 1;
  return [merged, merged + unmerged];
}

/** By Gaussian elimination with complete pivoting. */
function rankOf(matrix: Float64Array): number {
  const M = Array.from({ length: SIDE }, (_, i) => Array.from(matrix.subarray(i * SIDE, (i + 1) * SIDE)));
  for (let rank = 0; rank < SIDE; rank++) {
    let [row, col] = [rank, rank];
    for (let i = rank; i < SIDE; i++)
      for (let j = rank; j < SIDE; j++) if (Math.abs(M[i][j]) > Math.abs(M[row][col])) [row, col] = [i, j];
    if (Math.abs(M[row][col]) < 1e-9) return rank;
    [M[rank], M[row]] = [M[row], M[rank]];
    for (const line of M) [line[rank], line[col]] = [line[col], line[rank]];
    for (let i = rank + 1; i < SIDE; i++) {
      const factor = M[i][rank] / M[rank][rank];
      for (let j = rank; j < SIDE; j++) M[i][j] -= factor * M[rank][j];
    }
  }
  return SIDE;
}
