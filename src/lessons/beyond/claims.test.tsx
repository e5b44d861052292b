import { expect } from 'vitest';
import { prepareProblem } from '../../experiment/layer/problem.ts';
import { settingsLink } from '../../experiment/link/link.ts';
import { methodFloor } from '../../experiment/methods/floors/method-floor.ts';
import { ADAPTERS } from '../../experiment/methods/which/adapters.ts';
import { KINDS, type KindName } from '../../experiment/methods/which/kinds.ts';
import { cellOf, rowOf, TABLE_SEEDS } from '../../experiment/methods/which/map.ts';
import { experimentOf } from '../../experiment/methods/which/measured.ts';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, type Matrix64, multiply, transpose } from '../../math/matrix.ts';
import { median } from '../../math/median.ts';
import { gaussian, permutation, stream } from '../../math/random.ts';
import { recordedFigures } from '../../math/testing/recorded-figures.ts';
import { claims } from '../testing/claims.tsx';
import { type TrainedRun, trainLink } from '../testing/train-link.ts';
import { lesson } from './lesson.tsx';
import { type ShapeName, shapeOf } from './shapes.ts';
import { DORA_AT_RANK, EQUAL_RANKS, sharesOf, UNKNOWN, UNKNOWN_SEED } from './values.ts';

const FIGURES = new URL('./testing/seeds.json', import.meta.url);

const FIRST = 'What LoRA cannot write';
const TRAINED = 'Training cannot help';
const TURNED = 'Another formula can';
const FORMULAS = 'Six formulas';
const MAP = 'A map of updates';
const LARGEST = 'The largest entries';
const DORA = 'DoRA, and what lengths cost';
const KNOW = 'How would you know?';

const SEEDS = Array.from({ length: TABLE_SEEDS }, (_, n) => n + 1);
const SCALE = { rank: 8, places: false } as const;
const three = (value: number) => value.toPrecision(3);
const range = (values: readonly number[]) => `${three(Math.min(...values))} to ${three(Math.max(...values))}`;

const matrices = new Map<string, { readonly update: ArrayLike<number>; readonly base: ArrayLike<number> }>();
/** ΔW* and W₀ of a kind, row by row. */
function matricesOf(name: KindName, seed: number) {
  const key = `${name} ${seed}`;
  const kind = KINDS.find((one) => one.name === name);
  const problem =
    matrices.has(key) || !kind ? null : prepareProblem(experimentOf(kind, seed), null, { vectors: false });
  if (problem && !('why' in problem)) {
    const [{ wanted, base }] = problem.modules;
    matrices.set(key, { update: wanted.matrix.data, base: base.data });
  }
  const made = matrices.get(key);
  if (!made) throw new Error(`${key} cannot be made`);
  return made;
}
const updateOf = (name: KindName, seed = 1): Matrix64 => ({
  rows: 64,
  cols: 64,
  data: Float64Array.from(matricesOf(name, seed).update),
});
const baseOf = (name: KindName, seed = 1): Matrix64 => ({
  rows: 64,
  cols: 64,
  data: Float64Array.from(matricesOf(name, seed).base),
});

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((all, one) => all + one, 0);
const squaresOf = (m: Matrix64) => Array.from(m.data, (value) => value * value);

/** √Σ_{i>r} σᵢ² over ‖M‖, from all singular vectors. */
function loraFloor(m: Matrix64, rank: number): number {
  const { S } = svd(m);
  return Math.sqrt(sum(S.slice(rank).map((s) => s * s)) / sum(S.map((s) => s * s)));
}
/** What the n largest entries leave. */
function largestRest(m: Matrix64, n: number): number {
  const squares = squaresOf(m).toSorted((a, b) => b - a);
  return Math.sqrt(sum(squares.slice(n)) / sum(squares));
}
const medianOf = (name: KindName, of: (m: Matrix64) => number) => median(SEEDS.map((seed) => of(updateOf(name, seed))));

const runs = new Map<string, Promise<TrainedRun>>();
function run(changes: Parameters<typeof trainLink>[1] = {}) {
  const key = JSON.stringify(changes);
  const made = runs.get(key) ?? trainLink(lesson.steps[1].link ?? '', changes);
  runs.set(key, made);
  return made;
}

/** Rows and columns of the entries that one number moves. */
function movedBy(name: ShapeName) {
  const { one } = shapeOf(name);
  const places = [...one.data.keys()].filter((at) => Math.abs(one.data[at]) > 1e-9);
  return {
    entries: places.length,
    rows: new Set(places.map((at) => Math.floor(at / 64))).size,
    columns: new Set(places.map((at) => at % 64)).size,
  };
}

const distribution = () => {
  // The share of E x² beyond t where P(|x| > t) = 1/4 for a Gaussian x, by adding up the density.
  let [tail, energy, x] = [0, 0, 8];
  const step = 1e-4;
  while (tail < 0.125) {
    const mass = (step * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
    tail += mass;
    energy += mass * x * x;
    x -= step;
  }
  return 2 * energy;
};

claims(
  lesson,
  [
    {
      step: FIRST,
      says: 'But ΔW* spreads over nearly all directions, and its singular values fall slowly.',
      shows: () => {
        const { S } = svd(updateOf('rotation'));
        const above = S.filter((s) => s > 0.01 * S[0]).length;
        expect(above).toBeGreaterThanOrEqual(56);
        expect(S[31] / S[0]).toBeGreaterThan(0.1);
        return `${above} of 64 above 0.01·σ₁; σ₁₆/σ₁ = ${three(S[15] / S[0])}, σ₃₂/σ₁ = ${three(S[31] / S[0])}`;
      },
    },
    {
      step: FIRST,
      says: 'That leaves the length of each half as it was, whatever the input.',
      shows: () => {
        const [M, W] = [updateOf('rotation'), baseOf('rotation')];
        const after = Float64Array.from(M.data, (value, at) => value + W.data[at]);
        // ‖Wx‖² = xᵀ(WᵀW)x for the 32 rows of each half.
        const offs = [0, 32].map((first) => {
          const gram = (data: Float64Array) => {
            const rows = { rows: 32, cols: 64, data: data.slice(64 * first, 64 * (first + 32)) };
            return multiply(transpose(rows), rows).data;
          };
          const [one, other] = [gram(W.data), gram(after)];
          return Math.max(...one.map((value, at) => Math.abs(value - other[at]))) / Math.max(...one);
        });
        expect(Math.max(...offs)).toBeLessThan(1e-5);
        return `WᵀW of each half agrees to ${Math.max(...offs).toExponential(0)}`;
      },
    },
    {
      step: FIRST,
      says: 'The floor is 0.73: no eight directions hold more than 47% of the energy of this update, and a run can only find the best eight.',
      shows: async () => {
        const floor = loraFloor(updateOf('rotation'), 8);
        expect([floor.toFixed(2), (100 * (1 - floor ** 2)).toFixed(0)]).toEqual(['0.73', '47']);
        expect(settingsLink((await run()).experiment)).toBe(settingsLink(experimentOf(KINDS[3], 1)));
        const others = SEEDS.map((seed) => loraFloor(updateOf('rotation', seed), 8));
        return `${three(floor)}; ${range(others)} over five draws`;
      },
    },
    {
      step: TRAINED,
      says: 'The error is …, the floor ….',
      shows: async () => {
        const { error, floor } = await run();
        expect(error - floor[8]).toBeGreaterThan(-1e-6);
        expect(error - floor[8]).toBeLessThan(1e-3);
        return `${error.toFixed(5)} and ${floor[8].toFixed(5)}`;
      },
    },
    {
      step: TRAINED,
      says: 'Ten times as many steps lower it by less than 0.0001.',
      shows: async () => {
        const [once, long] = [await run(), await run({ steps: 3000 })];
        expect(once.experiment.steps).toBe(300);
        expect(once.error - long.error).toBeLessThan(1e-4);
        return (once.error - long.error).toExponential(1);
      },
    },
    {
      step: FIRST,
      says: 'A higher rank helps: at rank 32, 0.24 is left.',
      shows: () => {
        const floor = loraFloor(updateOf('rotation'), 32);
        expect(floor.toFixed(2)).toBe('0.24');
        return three(floor);
      },
    },
    {
      step: FIRST,
      says: 'But these two rotations have only 992 numbers, fewer than LoRA at rank 8.',
      shows: () => {
        expect([2 * ((32 * 31) / 2), 8 * (64 + 64)]).toEqual([992, 1024]);
        return '2 · 32·31/2 = 992, 8 · 128 = 1,024';
      },
    },
    {
      step: TURNED,
      says: 'It has 992 numbers, fewer than LoRA had.',
      shows: () => {
        expect(2 * ((32 * 31) / 2)).toBe(992);
        return '992 and 8 · 128 = 1,024';
      },
    },
    {
      step: TURNED,
      says: 'The error is … and still falls: the floor of OFT is 0 here.',
      shows: async () => {
        const { error, experiment } = await trainLink(lesson.steps[2].link ?? '');
        expect(experiment.method).toBe('oft');
        expect(error).toBeLessThan(0.1);
        const half = await trainLink(lesson.steps[2].link ?? '', { steps: 150 });
        expect(error).toBeLessThan(half.error);
        expect(cellOf('rotation', 'oft', SCALE)).toBe(0);
        return `${three(half.error)} after 150 steps, ${three(error)} after 300`;
      },
    },
    {
      step: FORMULAS,
      says: 'Most have about 1,024 numbers here, IA³ only 64.',
      shows: () => {
        const counts = (['lora', 'oft', 'ia3', 'hira', 'lokr', 'shira'] as const).map((name) => shapeOf(name).count);
        expect(counts).toEqual([1024, 992, 64, 1024, 1028, 1024]);
        return counts.join(', ');
      },
    },
    {
      step: FORMULAS,
      says: 'One of LoRA, HiRA or IA³ moves a row, one of OFT all 32 rows of a block, one of LoKr a quarter of the matrix.',
      shows: () => {
        for (const name of ['lora', 'hira', 'ia3'] as const)
          expect(movedBy(name)).toEqual({ entries: 64, rows: 1, columns: 64 });
        expect(movedBy('oft')).toEqual({ entries: 32 * 64, rows: 32, columns: 64 });
        expect(movedBy('lokr')).toEqual({ entries: 1024, rows: 32, columns: 32 });
        expect(movedBy('shira').entries).toBe(1);
        // OFT's formula is a rotation: W₀ + ΔW has the inner products of W₀ within a block.
        return 'entries: 64, 64, 64; 2,048; 1,024; of SHiRA 1';
      },
    },
    {
      step: MAP,
      says: 'SHiRA.',
      shows: () => {
        const most = ADAPTERS.map(
          (adapter) => [adapter, Math.max(...KINDS.map(({ name }) => cellOf(name, adapter, SCALE)))] as const,
        );
        expect(most.filter(([, error]) => error <= 0.53).map(([adapter]) => adapter)).toEqual(['shira']);
        return most.map(([adapter, error]) => `${adapter} ${error.toFixed(2)}`).join(', ');
      },
    },
    {
      step: MAP,
      says: 'It is made for the dots alone, yet LoRA is better than it in one row only, low rank.',
      shows: () => {
        const better = KINDS.filter(
          ({ name }) => medianOf(name, (m) => loraFloor(m, 8)) < medianOf(name, (m) => largestRest(m, 1024)),
        );
        expect(better.map(({ name }) => name)).toEqual(['low-rank']);
        expect(
          KINDS.filter(({ madeFor }) => (madeFor as readonly string[]).includes('shira')).map(({ name }) => name),
        ).toEqual(['dots']);
        return '6 of 7 rows';
      },
    },
    {
      step: MAP,
      says: 'Noise.',
      shows: () => {
        const least = KINDS.map(({ name }) => [name, Math.min(...Object.values(rowOf(name, SCALE)))] as const);
        expect(least.filter(([, error]) => error > 0.5).map(([name]) => name)).toEqual(['noise']);
        return least.map(([name, error]) => `${name} ${error.toFixed(3)}`).join(', ');
      },
    },
    {
      step: MAP,
      says: 'It has no structure for which an adapter could be made; the best of them leaves ….',
      shows: () => {
        const rest = medianOf('noise', (m) => largestRest(m, 1024));
        expect(rest).toBeCloseTo(cellOf('noise', 'shira', SCALE), 4);
        expect(Math.min(...Object.values(rowOf('noise', SCALE)))).toBe(cellOf('noise', 'shira', SCALE));
        return three(rest);
      },
    },
    {
      step: LARGEST,
      says: 'A random quarter of all directions holds a quarter of the energy, on average, and √0.75 = 0.87 is left of any update.',
      shows: () => {
        expect(Math.sqrt(0.75).toFixed(2)).toBe('0.87');
        const kinds = ['low-rank', 'rotation', 'dots', 'noise'] as const;
        const found = kinds.map((name) => {
          const squares = squaresOf(updateOf(name));
          const rests = SEEDS.map((seed) => {
            const kept = permutation(4096, stream(seed, 'random entries')).subarray(0, 1024);
            return 1 - sum(Array.from(kept, (at) => squares[at])) / sum(squares);
          });
          return Math.sqrt(sum(rests) / rests.length);
        });
        for (const error of found) expect(Math.abs(error - Math.sqrt(0.75))).toBeLessThan(0.02);
        // B beside a random A of 16 rows: its rows are a quarter of all 64 directions.
        const frozen = kinds.map((name) => {
          const rests = SEEDS.map((seed) => {
            const { V } = svd(gaussian(16, 64, stream(seed, 'frozen A')));
            const M = updateOf(name);
            return 1 - (frobenius(multiply(M, { ...V })) / frobenius(M)) ** 2;
          });
          return Math.sqrt(sum(rests) / rests.length);
        });
        for (const error of frozen) expect(Math.abs(error - Math.sqrt(0.75))).toBeLessThan(0.02);
        return `random entries ${range(found)}, B beside a frozen A ${range(frozen)}`;
      },
    },
    {
      step: LARGEST,
      says: 'It is 72%.',
      shows: () => {
        const share = distribution();
        expect((100 * share).toFixed(0)).toBe('72');
        const drawn = SEEDS.map((seed) => 1 - largestRest(updateOf('noise', seed), 1024) ** 2);
        for (const one of drawn) expect(Math.abs(one - share)).toBeLessThan(0.02);
        return `${(100 * share).toFixed(1)}%; in five draws of 4,096 ${range(drawn)}`;
      },
    },
    {
      step: LARGEST,
      says: 'So √0.28 = 0.53 is left of noise, less than LoRA leaves.',
      shows: () => {
        expect(Math.sqrt(0.28).toFixed(2)).toBe('0.53');
        const lora = SEEDS.map((seed) => loraFloor(updateOf('noise', seed), 8));
        expect(Math.min(...lora)).toBeGreaterThan(0.75);
        return `LoRA leaves ${range(lora)}`;
      },
    },
    {
      step: LARGEST,
      says: 'LoRA, by far: … against … with 1,024 numbers.',
      shows: () => {
        const [lora, shira] = [
          medianOf('low-rank', (m) => loraFloor(m, 8)),
          medianOf('low-rank', (m) => largestRest(m, 1024)),
        ];
        expect([lora.toFixed(3), shira.toFixed(2)]).toEqual(['0.044', '0.50']);
        return `${three(lora)} and ${three(shira)}`;
      },
    },
    {
      step: LARGEST,
      says: 'With 512 numbers and their 512 places, SHiRA leaves … of noise, still less than LoRA.',
      shows: () => {
        const [lora, shira] = [
          medianOf('noise', (m) => loraFloor(m, 8)),
          medianOf('noise', (m) => largestRest(m, 512)),
        ];
        expect(shira).toBeCloseTo(cellOf('noise', 'shira', { rank: 8, places: true }), 4);
        expect(shira).toBeLessThan(lora);
        return `${three(shira)} and ${three(lora)}`;
      },
    },
    {
      step: DORA,
      says: 'At equal rank it can write all that LoRA can, for 64 numbers more: 1,088 instead of 1,024 at rank 8.',
      shows: () => {
        expect([8 * 128 + 64, 8 * 128]).toEqual([1088, 1024]);
        // With m = ‖W₀ + B·A‖ by row, W is W₀ + B·A.
        const W = baseOf('low-rank');
        const BA = multiply(gaussian(64, 8, stream(1, 'B')), gaussian(8, 64, stream(1, 'A')));
        const { value } = methodFloor('dora', { wanted: { ...W, data: BA.data }, base: W }, { rank: 8 });
        expect(value).toBeLessThan(1e-3);
        return `lowest error found for a random B·A of rank 8: ${value === 0 ? 0 : value.toExponential(0)}`;
      },
    },
    {
      step: DORA,
      says: 'On an update of rank 8, DoRA then leaves … and LoRA ….',
      shows: async () => {
        const kinds = ['low-rank', 'rotation'] as const;
        const cases = kinds.flatMap((name) =>
          EQUAL_RANKS.flatMap((rank) => SEEDS.map((seed) => ({ name, rank, seed }))),
        );
        const all = await recordedFigures(
          FIGURES,
          'DoRA at equal rank',
          cases,
          async ({ name, rank, seed }) =>
            methodFloor('dora', { wanted: updateOf(name, seed), base: baseOf(name, seed) }, { rank }).value,
        );
        const medians = kinds.map((_, n) =>
          EQUAL_RANKS.map((_, i) => median(all.slice(15 * n + 5 * i, 15 * n + 5 * i + 5))),
        );
        for (const [n, name] of kinds.entries()) expect(medians[n].map(three)).toEqual(DORA_AT_RANK[name].map(three));
        // Never above LoRA, whose updates it can write.
        for (const [i, { name, rank, seed }] of cases.entries())
          expect(all[i]).toBeLessThan(loraFloor(updateOf(name, seed), rank));
        return medians.map((errors, n) => `${kinds[n]} at ranks 4, 8, 16: ${errors.map(three).join(', ')}`).join('; ');
      },
    },
    {
      step: DORA,
      says: 'With no more than 1,024 numbers DoRA has rank 7 and 960 numbers.',
      shows: () => {
        expect([7 * 128 + 64 <= 1024, 8 * 128 + 64 <= 1024]).toEqual([true, false]);
        return '7 · 128 + 64 = 960, 8 · 128 + 64 = 1,088';
      },
    },
    {
      step: DORA,
      says: 'One of eight directions is missing, and … is left.',
      shows: () => {
        const M = updateOf('low-rank');
        const { value: dora } = methodFloor('dora', { wanted: M, base: baseOf('low-rank') }, { rank: 7 });
        // More than rank 7 alone could not help: rows of W₀ hold next to nothing of it.
        expect(dora).toBeLessThan(loraFloor(M, 7));
        expect(dora.toFixed(2)).toBe('0.35');
        expect(Math.abs(dora - cellOf('low-rank', 'dora', SCALE))).toBeLessThan(0.005);
        return `${three(dora)} and ${three(loraFloor(M, 8))}`;
      },
    },
    {
      step: DORA,
      says: 'DoRA’s lowest error is 0 at any size, LoRA’s … even at rank 16.',
      shows: () => {
        const lora = medianOf('row-scaling', (m) => loraFloor(m, 16));
        expect(lora).toBeCloseTo(cellOf('row-scaling', 'lora', { rank: 16, places: false }), 4);
        for (const rank of [4, 8, 16] as const) expect(cellOf('row-scaling', 'dora', { rank, places: false })).toBe(0);
        // Each row of the update is a multiple of that of W₀, which the lengths alone write.
        const [M, W] = [updateOf('row-scaling'), baseOf('row-scaling')];
        const factors = Array.from({ length: 64 }, (_, i) => M.data[64 * i] / W.data[64 * i]);
        const off = Math.max(...M.data.map((value, at) => Math.abs(value - factors[Math.floor(at / 64)] * W.data[at])));
        expect(off).toBeLessThan(1e-5);
        return `LoRA ${three(lora)}`;
      },
    },
    {
      step: DORA,
      says: 'DoRA is lower at every size.',
      shows: () => {
        const sizes = ([4, 8, 16] as const).map((rank) => {
          const scale = { rank, places: false };
          const lora = medianOf('rotation', (m) => loraFloor(m, rank));
          expect(cellOf('rotation', 'dora', scale)).toBeLessThan(lora);
          return `${three(cellOf('rotation', 'dora', scale))} and ${three(lora)}`;
        });
        return sizes.join('; ');
      },
    },
    {
      step: DORA,
      says: 'Low rank: level at equal rank, and with as many numbers LoRA is lower.',
      shows: () =>
        ([4, 8, 16] as const)
          .map((rank, i) => {
            const lora = medianOf('low-rank', (m) => loraFloor(m, rank));
            const dora = cellOf('low-rank', 'dora', { rank, places: false });
            expect(Math.abs(DORA_AT_RANK['low-rank'][i] - lora)).toBeLessThan(0.02);
            expect(dora).toBeGreaterThan(lora);
            return `LoRA ${three(lora)}, DoRA ${three(DORA_AT_RANK['low-rank'][i])} and ${three(dora)}`;
          })
          .join('; '),
    },
    {
      step: DORA,
      says: 'It may also be slow: on row scaling, at rank 8 and the automatic rate, 0.27 is left after 300 steps with the norm that PEFT detaches, 0.08 with the exact one (medians of five draws).',
      shows: async () => {
        const link = '#v=1&target=row-scaling&d=64&k=64&method=dora&rank=8&alpha=16';
        const ends = (norm: 'detached' | 'exact') =>
          recordedFigures(FIGURES, `DoRA on row scaling, ${norm}`, SEEDS, async (seed) => {
            const { error, experiment } = await trainLink(`${link}&norm=${norm}`, { seed });
            expect([experiment.steps, experiment.norm]).toEqual([300, norm]);
            return error;
          });
        const [detached, exact] = [await ends('detached'), await ends('exact')];
        expect([median(detached).toFixed(2), median(exact).toFixed(2)]).toEqual(['0.27', '0.08']);
        return `${range(detached)}, and ${range(exact)}`;
      },
    },
    {
      step: KNOW,
      says: 'LoRA leaves an error of 0.04.',
      shows: () => {
        const rest = loraFloor(updateOf(UNKNOWN.S, UNKNOWN_SEED), 8);
        expect(rest.toFixed(2)).toBe('0.04');
        return three(rest);
      },
    },
    {
      step: KNOW,
      says: 'The next bar is long too, 76.3% for the largest entries, but it leaves 0.49.',
      shows: () => {
        const rest = largestRest(updateOf(UNKNOWN.S, UNKNOWN_SEED), 1024);
        expect([(100 * (1 - rest ** 2)).toFixed(1), rest.toFixed(2)]).toEqual(['76.3', '0.49']);
        const { lora: _, shira, ...others } = sharesOf('S');
        expect(Math.max(...Object.values(others))).toBeLessThan(shira);
        return three(rest);
      },
    },
    {
      step: KNOW,
      says: 'P: eight directions hold … of its energy.',
      shows: () =>
        Object.entries(UNKNOWN)
          .map(([letter, name]) => `${letter} ${three(100 * (1 - loraFloor(updateOf(name, UNKNOWN_SEED), 8) ** 2))}%`)
          .join(', '),
    },
    {
      step: KNOW,
      says: 'LoRA would leave an error of ….',
      shows: () =>
        Object.entries(UNKNOWN)
          .map(([letter, name]) => `${letter} ${loraFloor(updateOf(name, UNKNOWN_SEED), 8).toFixed(2)}`)
          .join(', '),
    },
    {
      step: KNOW,
      says: 'S: eight directions hold 99.8% of its energy, and its spectrum drops after the eighth.',
      shows: () => {
        const S = updateOf(UNKNOWN.S, UNKNOWN_SEED);
        const held = 1 - loraFloor(S, 8) ** 2;
        expect((100 * held).toFixed(1)).toBe('99.8');
        const sigma = svd(S).S;
        expect(sigma[7] / sigma[8]).toBeGreaterThan(10);
        expect(1 - largestRest(S, 1024) ** 2).toBeLessThan(0.8);
        return `${(100 * held).toFixed(2)}%, σ₈/σ₉ = ${three(sigma[7] / sigma[8])}`;
      },
    },
    {
      step: 'Questions',
      says: '√(1 − 1/2) = 0.71.',
      shows: () => {
        expect(Math.SQRT1_2.toFixed(2)).toBe('0.71');
        return '0.707';
      },
    },
  ],
  {
    plain: [
      'LoRA trains on it at rank 8, as long as it likes.',
      'That update is the target now, and LoRA has rank 8.',
      'To the right of 8 the spectrum is out of reach.',
      // A paper's number.
      'OFT 2306.07280, IA³ 2205.05638, HiRA ICLR 2025, LoKr 2309.14859, SHiRA 2406.13175.',
      'The map has a column for each adapter, with about as many trained numbers as LoRA at rank 8; IA³ has 64, and no size.',
      'One adapter leaves at most 0.53 of every kind of update.',
      'In one row every number is above 0.5.',
      'One matrix of 64 × 64, and one size of adapter.',
      'Of 4,096 Gaussian numbers you keep the largest quarter.',
      'Now an update of rank 8.',
      'DoRA (arXiv 2402.09353) has no floor in closed form: its numbers are the lowest found from six starts, and training may pass them.',
      'A bar near 100% means: this formula can write it.',
      'Real updates are mixed, and a task may be done by another update than the one that you measured: in lesson … full fine-tuning used many directions, and LoRA learned nearly as much with few.',
      // Of the three, B and A of rank 1: 2 · 64 numbers.
      'It can: a factor for each row is of rank 1.',
      'At rank 8, LoRA stands at 0.73 on W₀ turned.',
    ],
  },
);
