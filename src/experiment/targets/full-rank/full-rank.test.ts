import { describe, expect, it } from 'vitest';
import { determinantSign } from '../../../math/factor/determinant.ts';
import { svd } from '../../../math/factor/svd.ts';
import { frobenius, identity, type Matrix64, multiply, rowsOf, subtract, transpose } from '../../../math/matrix.ts';
import { singularValues } from '../../../math/spectral/singular-values.ts';
import { builtBases } from '../../layer/built-bases.ts';
import { moduleStreams } from '../../layer/cache.ts';
import { type OneModule, prepareModule } from '../../layer/testing/one-module.ts';
import { defaults } from '../../settings/experiment.ts';
import type { Experiment } from '../../settings/params.ts';
import { fullRankTargets } from './words.ts';

function layerOf(changes: Partial<Experiment>): OneModule {
  const layer = prepareModule({ ...defaults(), rank: 1, ...changes }, null, { vectors: false });
  if ('why' in layer) throw new Error(layer.why);
  return layer;
}

const SIZES = [
  [9, 6],
  [6, 9],
  [64, 64],
] as const;

/** Entries of ΔW* over those of W₀, where neither is small enough for its rounding to count. */
function factors({ base, target }: OneModule): Float64Array {
  return Float64Array.from(target.data, (x, i) => (Math.abs(base.data[i]) < 1e-3 ? Number.NaN : x / base.data[i]));
}

describe('an update of full rank', () => {
  it.each(fullRankTargets.map(({ name }) => name))(
    '%s has σ₁ = 1 before noise, and no other like it at another seed',
    (target) => {
      for (const [d, k] of SIZES) {
        const layer = layerOf({ target, d, k, noise: 0, truerank: 2 });
        expect(singularValues(layer.target)[0], `${d} × ${k}`).toBeCloseTo(1, 6);
        expect(layerOf({ target, d, k, noise: 0, truerank: 2, seed: 2 }).target).not.toEqual(layer.target);
      }
    },
  );

  it.each(['row-scaling', 'hadamard', 'turned-base'] as const)(
    '%s keeps the ratio of W₀ and ΔW*: W₀ is the usual one over σ₁',
    (target) => {
      const { base } = layerOf({ target, d: 12, k: 8, truerank: 2 });
      const streams = moduleStreams(1, null);
      const usual = builtBases.gaussian({ d: 12, k: 8, stream: streams.stream('W0'), progress: () => {} }).matrix;
      const scale = base.data[0] / usual.data[0];
      base.data.forEach((w, i) => {
        expect(w / usual.data[i]).toBeCloseTo(scale, 5);
      });
    },
  );
});

it('a row scaling has one factor a row', () => {
  const layer = layerOf({ target: 'row-scaling', d: 20, k: 30 });
  const ratios = factors(layer);
  for (let i = 0; i < 20; i++) {
    const row = [...ratios.subarray(i * 30, i * 30 + 30)].filter((x) => !Number.isNaN(x));
    for (const x of row) expect(x).toBeCloseTo(row[0], 4);
  }
  expect(new Set(Array.from({ length: 20 }, (_, i) => ratios[i * 30 + 3].toFixed(3))).size).toBe(20);
});

it('W₀ ∘ low rank is W₀ times a matrix of that rank', () => {
  for (const truerank of [1, 3]) {
    const { base, target } = layerOf({ target: 'hadamard', d: 24, k: 16, truerank });
    const ratio = { rows: 24, cols: 16, data: Float64Array.from(target.data, (x, i) => x / base.data[i]) };
    const values = singularValues(ratio);
    // An entry of W₀ near 0 has a ratio with few digits.
    expect(values[truerank] / values[truerank - 1]).toBeLessThan(1e-3);
    expect(values[truerank - 1] / values[0]).toBeGreaterThan(0.05);
  }
});

describe('W₀ turned', () => {
  /** W₀ + ΔW* = R·W₀ for a square W₀ gives R = (W₀ + ΔW*)·W₀⁻¹. */
  function rotationOf({ base, target }: OneModule): Matrix64 {
    const { U, S, V } = svd(base);
    const turned = { ...base, data: Float64Array.from(base.data, (w, i) => w + target.data[i]) };
    const scaledV = { ...V, data: V.data.map((v, i) => v / S[i % S.length]) };
    return multiply(turned, multiply(scaledV, transpose(U)));
  }

  it.each([1, 2, 3])('in %d blocks is a rotation of each and nothing between', (turns) => {
    const d = 13;
    const R = rotationOf(layerOf({ target: 'turned-base', d, k: d, turns }));
    expect(frobenius(subtract(multiply(R, transpose(R)), identity(d)))).toBeLessThan(1e-4);
    const blockOf = (i: number) =>
      Array.from({ length: turns }, (_, n) => Math.floor(((n + 1) * d) / turns)).findIndex((end) => i < end);
    for (let i = 0; i < d; i++)
      for (let j = 0; j < d; j++) if (blockOf(i) !== blockOf(j)) expect(Math.abs(R.data[i * d + j])).toBeLessThan(1e-5);
  });

  it('never mirrors: each block has determinant 1', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const R = rotationOf(layerOf({ target: 'turned-base', d: 8, k: 8, turns: 2, seed }));
      const upper = { rows: 4, cols: 4, data: new Float64Array(16) };
      for (let i = 0; i < 4; i++) upper.data.set(rowsOf(R, i, 1).data.subarray(0, 4), 4 * i);
      expect(determinantSign(upper)).toBe(1);
      expect(determinantSign(R)).toBe(1);
    }
  });
});

describe('a Kronecker product', () => {
  it('has four proportional blocks', () => {
    const { target } = layerOf({ target: 'kronecker', d: 12, k: 16, noise: 0 });
    const block = (p: number, q: number) =>
      Float64Array.from({ length: 48 }, (_, at) => target.data[(6 * p + Math.floor(at / 8)) * 16 + 8 * q + (at % 8)]);
    const first = block(0, 0);
    for (const [p, q] of [
      [0, 1],
      [1, 0],
      [1, 1],
    ]) {
      const other = block(p, q);
      const ratio = other[0] / first[0];
      other.forEach((x, i) => {
        expect(x).toBeCloseTo(ratio * first[i], 6);
      });
    }
  });

  it('has noise of the given norm relative to it', () => {
    const [clean, noisy] = [0, 0.05].map((noise) => layerOf({ target: 'kronecker', d: 24, k: 40, noise }));
    expect(frobenius(subtract(noisy.target, clean.target)) / clean.targetNorm).toBeCloseTo(0.05, 6);
  });
});

it('dots are one entry of each tile of 4 × 4, all of one size', () => {
  const { target } = layerOf({ target: 'dots', d: 10, k: 16 });
  const tiles = new Map<string, number>();
  target.data.forEach((x, at) => {
    if (x === 0) return;
    const tile = `${Math.floor(at / 64)} ${Math.floor((at % 16) / 4)}`;
    tiles.set(tile, (tiles.get(tile) ?? 0) + 1);
    expect(Math.abs(x)).toBe(Math.max(...target.data));
  });
  expect([...tiles.values()]).toEqual(new Array(12).fill(1));
});

it('noise has the spectrum of random entries: the largest three quarters of the energy in the first half of directions', () => {
  const values = singularValues(layerOf({ target: 'noise', d: 64, k: 64 }).target);
  const energy = (n: number) => values.subarray(0, n).reduce((sum, x) => sum + x * x, 0);
  // Marchenko and Pastur: for a square the quarter circle, σ = 2·sin θ with σ² of share (2θ − sin 4θ/2)/π below.
  expect(energy(8) / energy(64)).toBeCloseTo(0.38, 1);
});
