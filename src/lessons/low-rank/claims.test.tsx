import { describe, expect, it } from 'vitest';
import { trainInBackground } from '../../engine/background-runs/background-run.ts';
import { assetsInNode } from '../../engine/testing/assets-in-node.ts';
import { nodeBackends } from '../../engine/testing/node-backends.ts';
import type { NetworkProblem } from '../../experiment/layer/problem.ts';
import { parseLink } from '../../experiment/link/link.ts';
import { change } from '../../experiment/settings/experiment.ts';
import type { Experiment } from '../../experiment/settings/params.ts';
import { svd } from '../../math/factor/svd.ts';
import { gaussian, stream } from '../../math/random.ts';
import { type EffectiveRankKind, effectiveRank } from '../../math/spectral/spectra.ts';
import { claims } from '../testing/claims.tsx';
import { ADAPTERS } from './adapters.ts';
import { decayingValues, errorsInSubspace, intrinsicDimension, NUMBERS, SEEDS, SIDE } from './figures.tsx';
import { lesson } from './lesson.tsx';

const linkOf = (title: string) => lesson.steps.find((step) => step.title === title)?.link ?? '';

function entropyRank(values: readonly number[]): number {
  const total = values.reduce((sum, v) => sum + v, 0);
  const shares = values.filter((v) => v > 0).map((v) => v / total);
  return Math.exp(-shares.reduce((sum, p) => sum + p * Math.log(p), 0));
}
const stableRank = (values: readonly number[]) => values.reduce((sum, v) => sum + v * v, 0) / values[0] ** 2;

const known = new Map<string, ReturnType<typeof make>>();
function run(title: string, changes: Partial<Experiment> = {}) {
  const key = `${title} ${JSON.stringify(changes)}`;
  const made = known.get(key) ?? make(title, changes);
  known.set(key, made);
  return made;
}

/** Singular values of ΔW* and of ΔW at the end of a run, by an SVD of the whole matrices. */
async function make(title: string, changes: Partial<Experiment>) {
  const { experiment, faults } = parseLink(linkOf(title));
  expect(faults).toEqual([]);
  const e = change(experiment, changes);
  const {
    problem,
    scalings: [scaling],
    observed,
    summary,
  } = await trainInBackground(e, {
    backends: nodeBackends,
    observe: [e.steps],
  });
  const { d, k, rank, wanted } = problem.modules[0];
  const [{ A, B }] = observed[observed.length - 1].factors;
  const update = new Float64Array(d * k);
  for (let i = 0; i < d; i++)
    for (let q = 0; q < rank; q++)
      for (let j = 0; j < k; j++) update[i * k + j] += scaling * B[i * rank + q] * A[q * k + j];
  const values = (data: Float64Array) => Array.from(svd({ rows: d, cols: k, data }).S);
  return {
    sigma: values(update),
    wanted: wanted ? values(Float64Array.from(wanted.matrix.data)) : [],
    error: summary.relativeError ?? Number.NaN,
    losses: summary.losses,
  };
}

const floorOf = (sigma: readonly number[], rank: number) => {
  const energy = (values: readonly number[]) => values.reduce((sum, v) => sum + v * v, 0);
  return Math.sqrt(energy(sigma.slice(rank)) / energy(sigma));
};

describe('random subspaces', () => {
  it('are projections: the error is what least squares by normal equations leave', () => {
    // m = 5 of 144, few equations: solved by another method.
    const [seed, m] = [2, 5];
    const purpose = (name: string) => stream(seed, `subspace ${name}`);
    const inputs = gaussian(SIDE, 3, purpose('inputs')).data;
    const target = gaussian(SIDE, SIDE, purpose('target')).data;
    const P = gaussian(NUMBERS, NUMBERS, purpose('P')).data;
    const outputs = (W: ArrayLike<number>) =>
      Array.from({ length: SIDE * 3 }, (_, e) => {
        let sum = 0;
        for (let j = 0; j < SIDE; j++) sum += W[Math.floor(e / 3) * SIDE + j] * inputs[j * 3 + (e % 3)];
        return sum;
      });
    const columns = Array.from({ length: m }, (_, c) => outputs(P.subarray(c * NUMBERS, (c + 1) * NUMBERS)));
    const y = outputs(target);
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
    // Gauss–Jordan on MᵀM z = Mᵀy.
    const rows = columns.map((a) => [...columns.map((b) => dot(a, b)), dot(a, y)]);
    for (let i = 0; i < m; i++) {
      const pivot = rows[i][i];
      rows[i] = rows[i].map((v) => v / pivot);
      for (let j = 0; j < m; j++) if (j !== i) rows[j] = rows[j].map((v, c) => v - rows[j][i] * rows[i][c]);
    }
    const rest = y.map((v, i) => v - rows.reduce((sum, row, c) => sum + row[m] * columns[c][i], 0));
    expect(errorsInSubspace('few', seed)[m]).toBeCloseTo(Math.sqrt(dot(rest, rest) / dot(y, y)), 10);
  });
});

/** The network of the step with other settings: its accuracy, and the effective rank of ΔW of the first matrix. */
async function network(changes: Partial<Experiment> = {}) {
  const { experiment } = parseLink(linkOf('The update of a network'));
  const e = change(experiment, changes);
  const assets = await assetsInNode(e, '');
  const { summary, observed, problem } = await trainInBackground<NetworkProblem>(e, {
    ...{ backends: nodeBackends, network: assets, observe: [0] },
  });
  const [{ d, k, rank, frozenFactor }] = problem.modules;
  const [{ A, B }] = observed[1].factors;
  const update = new Float64Array(d * k);
  for (let i = 0; i < d; i++)
    for (let q = 0; q < rank; q++) for (let j = 0; j < k; j++) update[i * k + j] += B[i * rank + q] * A[q * k + j];
  expect(frozenFactor).toBe(e.method === 'full' ? 'A' : null);
  return {
    numbers: problem.layers.reduce((sum, layer) => sum + layer.d * layer.k, 0),
    size: [d, k],
    rank: entropyRank(Array.from(svd({ rows: d, cols: k, data: update }).S)),
    before: observed[0].losses?.accuracy ?? Number.NaN,
    accuracy: summary.losses?.accuracy ?? Number.NaN,
  };
}

const medianRank = ({ modules }: (typeof ADAPTERS)[number]) => {
  const ranks = modules.map(({ sigma }) => entropyRank(sigma)).sort((a, b) => a - b);
  // Of an even number: the mean of the middle two.
  return (ranks[ranks.length / 2 - 1] + ranks[ranks.length / 2]) / 2;
};
/** DistilBERT, IMDB reviews: q of the last layer. */
const narrow = () => {
  const [{ what, modules }] = ADAPTERS;
  expect(what).toBe('DistilBERT, IMDB reviews');
  const found = modules.find(({ name }) => name === 'distilbert.transformer.layer.5.attention.q_lin');
  if (!found) throw new Error('no such module');
  return found;
};

const drawn = {
  matrix: SEEDS.map((seed) => errorsInSubspace('matrix', seed)),
  few: SEEDS.map((seed) => errorsInSubspace('few', seed)),
};
const all = (task: 'matrix' | 'few') => drawn[task];
/** Enough seeds for claims about draws in general. */
const MANY = Array.from({ length: 100 }, (_, i) => i + 1);
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const range = (values: readonly number[], digits = 2) =>
  `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;

claims(
  lesson,
  [
    {
      step: 'How many directions are used?',
      says: 'The hat has rank 8, but its first direction is four times as strong as the second: few of them matter.',
      shows: async () => {
        const { wanted } = await run('How many directions are used?');
        expect(wanted.filter((s) => s > 1e-6)).toHaveLength(8);
        expect(Math.abs(wanted[0] / wanted[1] - 4)).toBeLessThan(0.05);
        return `8 values, σ₁/σ₂ = ${(wanted[0] / wanted[1]).toFixed(2)}`;
      },
    },
    {
      step: 'How many directions are used?',
      says: 'The effective rank of ΔW settles at …, and the target’s is 2.93.',
      shows: async () => {
        const { wanted, sigma } = await run('How many directions are used?');
        expect(entropyRank(wanted).toFixed(2)).toBe('2.93');
        expect(Math.abs(entropyRank(sigma) / entropyRank(wanted) - 1)).toBeLessThan(0.01);
        return `ΔW ${entropyRank(sigma).toFixed(2)}, ΔW* ${entropyRank(wanted).toFixed(2)}`;
      },
    },
    {
      step: 'Four ways to count',
      says: 'In a measured matrix that is all of them, so a softer count is needed.',
      shows: async () => {
        const { sigma } = await run('Noise fills every direction');
        expect(sigma.filter((s) => s === 0)).toEqual([]);
        expect(entropyRank(sigma)).toBeLessThan(sigma.length - 1);
        return `of an update learned from noisy samples all ${sigma.length}; the entropy counts ${entropyRank(sigma).toFixed(1)}`;
      },
    },
    {
      step: 'Four ways to count',
      says: 'For equal values all four say 8, for a single one all say 1.',
      shows: () => {
        const kinds: readonly EffectiveRankKind[] = ['entropy', 'entropy-squared', 'participation', 'stable'];
        for (const kind of kinds) {
          expect(effectiveRank(decayingValues(1), kind)).toBeCloseTo(8, 10);
          expect(effectiveRank(decayingValues(0), kind)).toBeCloseTo(1, 10);
        }
        return '8 and 1, four times';
      },
    },
    {
      step: 'Four ways to count',
      says: 'At 0.70 the entropy counts 6.06 and the stable rank 1.95.',
      shows: () => {
        const values = Array.from({ length: 8 }, (_, i) => 0.7 ** i);
        expect([entropyRank(values).toFixed(2), stableRank(values).toFixed(2)]).toEqual(['6.06', '1.95']);
        return '6.06, 1.95';
      },
    },
    {
      step: 'Four ways to count',
      says: 'Set the decay so that the stable rank is below 1.5 while the entropy still counts more than 2.',
      shows: () => {
        const fits = Array.from({ length: 21 }, (_, i) => i / 20).filter((decay) => {
          const values = Array.from({ length: 8 }, (_, i) => decay ** i);
          return stableRank(values) < 1.5 && entropyRank(values) > 2;
        });
        expect([Math.min(...fits), Math.max(...fits)]).toEqual([0.25, 0.55]);
        return `decay 0.25 to 0.55`;
      },
    },
    {
      step: 'Four ways to count',
      says: 'The same eight values: the four counts always come in the same order, entropy first, stable rank last.',
      shows: () => {
        for (let i = 1; i < 20; i++) {
          const sigma = decayingValues(i / 20);
          const counts = (['entropy', 'entropy-squared', 'participation', 'stable'] as const).map((kind) =>
            effectiveRank(sigma, kind),
          );
          for (let j = 1; j < 4; j++) expect(counts[j]).toBeLessThanOrEqual(counts[j - 1] + 1e-12);
        }
        return 'for 19 decays';
      },
    },
    {
      step: 'What the target decides',
      says: 'The hat’s effective rank is 2.93, that of the sunglasses 7.25, and that of the confetti 34.0.',
      shows: async () => {
        const ranks = [];
        for (const edit of ['hat', 'sunglasses', 'confetti'] as const)
          ranks.push(entropyRank((await run('What the target decides', { edit })).wanted));
        expect(ranks.map((rank) => rank.toPrecision(3))).toEqual(['2.93', '7.25', '34.0']);
        return ranks.map((rank) => rank.toPrecision(3)).join(', ');
      },
    },
    {
      step: 'What the target decides',
      says: 'At rank 8 no matrix gets closer to the confetti than 0.63.',
      shows: async () => {
        const { wanted, error } = await run('What the target decides', { edit: 'confetti' });
        expect(floorOf(wanted, 8).toFixed(2)).toBe('0.63');
        expect(error).toBeGreaterThan(floorOf(wanted, 8) - 1e-6);
        return `floor ${floorOf(wanted, 8).toFixed(3)}, run ${error.toFixed(3)}`;
      },
    },
    {
      step: 'What the target decides',
      says: 'Their spectrum falls, so that rank 8 leaves 0.074.',
      shows: async () => {
        const { error } = await run('What the target decides', { edit: 'sunglasses' });
        expect(error.toFixed(3)).toBe('0.074');
        return error.toFixed(4);
      },
    },
    {
      step: 'Noise fills every direction',
      says: 'None of the 32 singular values is zero, and the 28 beyond the fourth hold 43% of the energy.',
      shows: async () => {
        const { sigma } = await run('Noise fills every direction');
        expect(sigma.filter((s) => s > 1e-5)).toHaveLength(32);
        const beyond = floorOf(sigma, 4) ** 2;
        expect((100 * beyond).toFixed(0)).toBe('43');
        return `${(100 * beyond).toFixed(1)}%, σ₃₂ = ${sigma[31].toExponential(1)}`;
      },
    },
    {
      step: 'Noise fills every direction',
      says: 'That is learned noise: the held-out loss is 2.4 times as high as at rank 4.',
      shows: async () => {
        const [full, four] = [
          await run('Noise fills every direction'),
          await run('Noise fills every direction', { rank: 4 }),
        ];
        const ratio = (full.losses?.heldOut ?? Number.NaN) / (four.losses?.heldOut ?? Number.NaN);
        expect(ratio.toFixed(1)).toBe('2.4');
        return `${ratio.toFixed(2)} times`;
      },
    },
    {
      step: 'Random subspaces',
      says: 'With 72 of 144 dimensions the error is still about 0.7, whatever the matrix.',
      shows: () => {
        const errors = all('matrix').map((draw) => draw[72]);
        // Half of all 144 numbers, and none off by more than a tenth.
        expect(NUMBERS).toBe(2 * 72);
        for (const error of errors) expect(Math.abs(error - Math.SQRT1_2)).toBeLessThan(0.11);
        return range(errors);
      },
    },
    {
      step: 'Random subspaces',
      says: 'On average it follows √(1 − m/144): a random direction is as good as any other.',
      shows: () => {
        let max = 0;
        for (const m of [12, 36, 72, 108, 132]) {
          const mean = all('matrix').reduce((sum, draw) => sum + draw[m] ** 2, 0) / SEEDS.length;
          max = Math.max(max, Math.abs(Math.sqrt(mean) - Math.sqrt(1 - m / NUMBERS)));
        }
        expect(max).toBeLessThan(0.05);
        return `within ${max.toFixed(3)} on average`;
      },
    },
    {
      step: 'Random subspaces',
      says: '36: as many as the task asks for, of all 144 numbers.',
      shows: () => {
        const dimensions = all('few').map((draw) => intrinsicDimension(draw, 1e-9));
        expect(new Set(dimensions)).toEqual(new Set([36]));
        return '36 in five draws';
      },
    },
    {
      step: 'Random subspaces',
      says: 'From m = 36 on the error is 0, though 144 numbers could move.',
      shows: () => {
        for (const draw of all('few')) {
          expect(draw[35]).toBeGreaterThan(0);
          expect(Math.max(...draw.subarray(36))).toBe(0);
        }
        return 'in five draws';
      },
    },
    {
      step: 'What an intrinsic dimension counts',
      says: 'A random subspace of 24 dimensions leaves 0.91 to 0.94 in these five draws, and 0.91 on average over many.',
      shows: () => {
        const five = range(all('matrix').map((draw) => draw[24]));
        expect(five).toBe('0.91 to 0.94');
        const mean = meanOf(MANY.map((seed) => errorsInSubspace('matrix', seed, 24)[24]));
        expect(mean.toFixed(2)).toBe('0.91');
        // The average remainder of a projection onto m of n dimensions.
        expect(Math.abs(mean - Math.sqrt(1 - 24 / NUMBERS))).toBeLessThan(0.005);
        return `${five}; ${mean.toFixed(3)} over ${MANY.length} draws`;
      },
    },
    {
      step: 'What an intrinsic dimension counts',
      says: 'The best rank-1 matrix leaves about 0.85 of such a noise matrix, and 0.29 of a hat.',
      shows: async () => {
        expect(1 * (SIDE + SIDE)).toBe(24);
        const floors = MANY.map((seed) => {
          const { data } = gaussian(SIDE, SIDE, stream(seed, 'subspace target'));
          return floorOf(Array.from(svd({ rows: SIDE, cols: SIDE, data }).S), 1);
        });
        const mean = meanOf(floors);
        expect(mean.toFixed(2)).toBe('0.85');
        const hat = floorOf((await run('How many directions are used?')).wanted, 1);
        expect(hat.toFixed(2)).toBe('0.29');
        return `${mean.toFixed(3)} on average over ${MANY.length} draws (${range(floors)}), ${hat.toFixed(3)}`;
      },
    },
    {
      step: 'What real adapters show',
      says: 'In the three of rank 8 its median is 5.16, 3.97 and 4.01: some directions stay unused.',
      shows: () => {
        const eight = ADAPTERS.filter(({ rank }) => rank === 8).map(medianRank);
        expect(eight.map((rank) => rank.toFixed(2))).toEqual(['5.16', '3.97', '4.01']);
        return eight.map((rank) => `${rank.toFixed(3)} of 8`).join(', ');
      },
    },
    {
      step: 'What real adapters show',
      says: 'In the one of rank 4 it is 3.65: nearly all are used.',
      shows: () => {
        const four = ADAPTERS.filter(({ rank }) => rank === 4).map(medianRank);
        expect(four.map((rank) => rank.toFixed(2))).toEqual(['3.65']);
        return `${four[0].toFixed(3)} of 4`;
      },
    },
    {
      step: 'What real adapters show',
      says: 'In both DistilBERTs the first layer uses the most directions, and q of the last layer the fewest.',
      shows: () => {
        const found = ADAPTERS.filter(({ what }) => what.startsWith('DistilBERT')).map(({ modules }) => {
          const ranks = modules.map(({ sigma }) => entropyRank(sigma));
          const [most, fewest] = [Math.max, Math.min].map((of) => modules[ranks.indexOf(of(...ranks))].name);
          expect(most).toContain('.layer.0.');
          expect(fewest).toContain('.layer.5.attention.q_lin');
          return `${Math.max(...ranks).toFixed(2)} and ${Math.min(...ranks).toFixed(2)}`;
        });
        expect(found).toHaveLength(2);
        return found.join('; ');
      },
    },
    {
      step: 'What real adapters show',
      says: 'Layer 5, q: an effective rank of 1.65, and one direction holds 99.8% of the energy.',
      shows: () => {
        const { sigma } = narrow();
        const held = 1 - floorOf(sigma, 1) ** 2;
        expect([entropyRank(sigma).toFixed(2), (100 * held).toFixed(1)]).toEqual(['1.65', '99.8']);
        return `${entropyRank(sigma).toFixed(3)}, ${(100 * held).toFixed(2)}%`;
      },
    },
    {
      step: 'What real adapters show',
      says: 'Cut to rank 1 it would change by 4.5%.',
      shows: () => {
        const error = floorOf(narrow().sigma, 1);
        expect((100 * error).toFixed(1)).toBe('4.5');
        return error.toFixed(4);
      },
    },
    {
      step: 'Questions',
      says: 'exp(ln 4) = 4.',
      shows: () => {
        expect(entropyRank([1, 1, 1, 1])).toBeCloseTo(4, 12);
        return '4';
      },
    },
    {
      step: 'Questions',
      says: '√(1 − 1/2) = 0.707, whatever its rank.',
      shows: () => {
        // Projecting any target, here one of rank 1, onto a random half of all dimensions.
        const [u, v] = [gaussian(SIDE, 1, stream(1, 'u')).data, gaussian(SIDE, 1, stream(1, 'v')).data];
        const shares = SEEDS.map((seed) => {
          const P = gaussian(NUMBERS, NUMBERS / 2, stream(seed, 'half'));
          const { U } = svd(P);
          const target = Float64Array.from({ length: NUMBERS }, (_, i) => u[Math.floor(i / SIDE)] * v[i % SIDE]);
          let [kept, whole] = [0, 0];
          for (let c = 0; c < U.cols; c++) {
            let along = 0;
            for (let i = 0; i < NUMBERS; i++) along += U.data[i * U.cols + c] * target[i];
            kept += along * along;
          }
          for (const t of target) whole += t * t;
          return Math.sqrt(1 - kept / whole);
        });
        const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
        expect(Math.abs(mean - Math.SQRT1_2)).toBeLessThan(0.05);
        return `${mean.toFixed(3)} on average for rank 1`;
      },
    },
    {
      step: 'The update of a network',
      says: 'In the first matrix the full update has an effective rank of about 27 of 64, LoRA’s about 5; yet LoRA learns at least 95% as much.',
      shows: async () => {
        const [full, low] = [await network({ method: 'full' }), await network()];
        expect(full.size).toEqual([64, 64]);
        expect([full.rank.toFixed(0), low.rank.toFixed(0)]).toEqual(['27', '5']);
        const share = (low.accuracy - low.before) / (full.accuracy - full.before);
        expect(share).toBeGreaterThan(0.95);
        return `${full.rank.toFixed(1)} and ${low.rank.toFixed(1)}, ${(100 * share).toFixed(1)}%`;
      },
    },
    {
      step: 'The update of a network',
      says: 'A network of 8,832 numbers.',
      shows: async () => {
        const { numbers } = await network();
        expect(numbers).toBe(8832);
        return String(numbers);
      },
    },
  ],
  {
    plain: [
      'Here B and A offer 32 directions for a hat.',
      'After training with 32 directions on offer, what will the effective rank of ΔW be?',
      'About 3.',
      'The hat has rank 8, but its first direction is four times as strong as the second: the rank counts all eight alike, the effective rank weighs them.',
      'One can train all of W and look at its change; the hypothesis was made from such spectra (LoRA, arXiv 2106.09685, section 7), and this page has no network to show it yet.',
      'Here 48 noisy samples of an update of true rank 4 are learned at full rank, 32.',
      'Train the same samples at rank 4.',
      'The task now asks for the outputs of only 3 inputs: 36 numbers.',
      // A paper's claim, which the text attributes to it.
      'For many language tasks it is small: 200 random dimensions were enough for 90% of full performance on one of them (RoBERTa on MRPC, arXiv 2012.13255; not shown here).',
      'Go back to the whole matrix, and read the error at m = 24.',
      'A rank-1 LoRA of this layer trains 24 numbers.',
      'A matrix has the singular values 1, 1, 1 and 1.',
      'Rank 8 trained as well as full fine-tuning.',
      'Another update, of rank 8, did the task as well.',
      'In a random subspace of half of all numbers, a matrix of rank 1 is learned …',
    ],
  },
);
