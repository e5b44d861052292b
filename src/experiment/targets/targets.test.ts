import { describe, expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, leadingColumns, multiply, subtract, transpose, zeros32 } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { partOf } from '../../math/testing/part-of.ts';
import { type OneModule, prepareModule } from '../layer/testing/one-module.ts';
import { SIZES } from '../layer/testing/sizes.ts';
import { defaults } from '../settings/experiment.ts';
import type { Experiment } from '../settings/params.ts';
import { builtTargets } from './build.ts';
import { targets } from './index.ts';
import type { TargetContext, TargetSettings } from './target.ts';

function layerOf(changes: Partial<Experiment>): OneModule {
  const layer = prepareModule({ ...defaults(), rank: 1, noise: 0, ...changes }, null, { vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  return layer;
}

/** Float32 rounds each entry by up to 2^-24 of its size, so a singular value by up to that share of the norm. */
function expectValues(layer: OneModule, wanted: ArrayLike<number>) {
  expect(layer.spectrum.values).toHaveLength(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    expect(Math.abs(layer.spectrum.values[i] - wanted[i])).toBeLessThan(1e-7 * layer.targetNorm);
  }
}

describe('low rank', () => {
  it('has the prescribed singular values', () => {
    for (const [d, k] of SIZES) {
      const size = Math.min(d, k);
      for (const truerank of new Set([1, Math.min(5, size), size])) {
        for (const [shape, ratio] of [
          ['equal', 1],
          ['geometric', 0.7],
        ] as const) {
          const wanted = Array.from({ length: size }, (_, i) => (i < truerank ? ratio ** i : 0));
          expectValues(layerOf({ target: 'low-rank', d, k, truerank, shape }), wanted);
        }
      }
    }
  });

  it('adds noise of the given norm relative to the signal, and does not scale again', () => {
    for (const noise of [0.05, 2]) {
      const clean = layerOf({ target: 'low-rank', d: 24, k: 40, truerank: 4 });
      const noisy = layerOf({ target: 'low-rank', d: 24, k: 40, truerank: 4, noise });
      expect(frobenius(subtract(noisy.target, clean.target)) / clean.targetNorm).toBeCloseTo(noise, 6);
    }
  });

  it('aligned, has the share of its signal in W₀’s leading subspace, and noise as before', () => {
    const settings = { target: 'low-rank', d: 24, k: 40, truerank: 4, align: 0.3 } as const;
    const clean = layerOf(settings);
    expectValues(clean, [1, 1, 1, 1, ...new Array(20).fill(0)]);
    const leading = leadingColumns(svd(clean.base).U, 4);
    // All four directions have σ = 1, so the squared norm of the part inside is 4·0.3.
    expect(frobenius(multiply(transpose(leading), clean.target)) ** 2).toBeCloseTo(1.2, 6);
    const noises = [settings, { ...settings, align: null }].map((s) =>
      subtract(layerOf({ ...s, noise: 0.1 }).target, layerOf(s).target),
    );
    expect(frobenius(subtract(noises[0], noises[1]))).toBeLessThan(1e-5);
  });
});

describe('decay', () => {
  it('follows its law over the whole spectrum', () => {
    for (const [d, k] of SIZES) {
      const index = Array.from({ length: Math.min(d, k) }, (_, i) => i);
      expectValues(
        layerOf({ target: 'decay', d, k, law: 'geometric', rate: 0.8 }),
        index.map((i) => 0.8 ** i),
      );
      expectValues(
        layerOf({ target: 'decay', d, k, law: 'power', rate: 0.5 }),
        index.map((i) => (i + 1) ** -0.5),
      );
      expectValues(
        layerOf({ target: 'decay', d, k, law: 'power', rate: 0 }),
        index.map(() => 1),
      );
    }
  });

  it('above 512 has its leading 64 directions exact and the tail’s energy in the rest', () => {
    const layer = layerOf({ target: 'decay', d: 520, k: 513, law: 'power', rate: 1 });
    const wanted = Array.from({ length: 513 }, (_, i) => 1 / (i + 1));
    const { values } = layer.spectrum;
    expect(values[0]).toBeCloseTo(1, 6);
    // The noise's largest value is about 0.02, so it does not reach the first 40.
    for (let i = 0; i < 40; i++) expect(Math.abs(values[i] - wanted[i])).toBeLessThan(1e-6);
    expect(layer.targetNorm).toBeCloseTo(Math.sqrt(wanted.reduce((sum, s) => sum + s * s, 0)), 5);
  });

  it('has σ₁ = 1 even where the tail outweighs the head', () => {
    expect(layerOf({ target: 'decay', d: 520, k: 513, law: 'geometric', rate: 1 }).spectrum.values[0]).toBeCloseTo(
      1,
      6,
    );
  });
});

describe('rotation', () => {
  it('has a flat spectrum at every size, by QR and by reflections', () => {
    const sizes = [
      ...SIZES,
      ...partOf<(typeof SIZES)[number]>(
        [
          [513, 514],
          [514, 513],
        ],
        2,
      ),
    ];
    for (const [d, k] of sizes) {
      expectValues(layerOf({ target: 'rotation', d, k }), new Array(Math.min(d, k)).fill(1));
    }
  });
});

const SETTINGS: TargetSettings = {
  ...{ d: 9, k: 12, truerank: 4, shape: 'equal', noise: 0, align: null },
  ...{ law: 'power', rate: 1, turns: 2, picture: 'owl', edit: 'hat', normalise: true },
};

function updateOf(other: Partial<TargetSettings>, seed = 1) {
  const context: TargetContext = {
    settings: { ...SETTINGS, ...other },
    stream: (purpose) => stream(seed, purpose),
    baseTriplets: () => svd(zeros32(9, 12)),
    drawing: null,
    progress: () => {},
  };
  const built = builtTargets.regression(context);
  if ('why' in built) throw new Error(built.why);
  return built.matrix;
}

it('ΔW* of regression has `truerank` singular values of 1, whatever other targets’ settings say', () => {
  singularValues(updateOf({})).forEach((value, i) => {
    expect(value).toBeCloseTo(i < 4 ? 1 : 0, 6);
  });
  expect(updateOf({ shape: 'geometric', noise: 0.3, align: 0.5 })).toEqual(updateOf({}));
  expect(updateOf({}, 2)).not.toEqual(updateOf({}));
});

describe('the tile of a target', () => {
  it('has a sign of its own, a picture, or a matrix of so low a rank that it shows', () => {
    const signs = targets.all.flatMap(({ sign }) => (sign ? [sign.lines] : []));
    expect(new Set(signs).size).toBe(signs.length);
    for (const { name, sign, small, params } of targets.all)
      expect(!!sign || params.includes('picture') || params.includes('edit') || (small?.truerank ?? 3) < 3, name).toBe(
        true,
      );
  });
});
