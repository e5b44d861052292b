import { describe, expect, it } from 'vitest';
import { svd } from '../../math/factor/svd.ts';
import { frobenius, type Matrix64, multiply, scale, zeros } from '../../math/matrix.ts';
import { stream } from '../../math/random.ts';
import { readUpdate } from './factors.ts';
import { fileFigures } from './figures/file-figures.ts';
import { randomModules } from './figures/testing/random-modules.ts';
import {
  blockMeans,
  energyOf,
  figuresOf,
  figuresOfUpdate,
  rankByEnergy,
  rankByNorm,
  rankByRatio,
  rankBySum,
  scaleFigures,
} from './figures.ts';
import { openAdapter } from './open.ts';
import { makeFile, makePair, normalMatrix, type TestTensor } from './testing/make-file.ts';

const matrix = (rows: number, cols: number, ...data: number[]): Matrix64 => ({
  rows,
  cols,
  data: Float64Array.from(data),
});

describe('figures of 200 random modules', () => {
  it.each(randomModules(200, 3, 60))('$about', ({ B, A, s }) => {
    const product = scale(multiply(B, A), s);
    const { S } = svd(product);
    const found = figuresOf({ B, A }, s);
    const n = Math.min(B.rows, B.cols, A.cols);
    expect(found.sigma.length).toBe(n);
    for (let i = 0; i < n; i++) expect(Math.abs(found.sigma[i] - S[i])).toBeLessThanOrEqual(1e-13 * S[0]);
    expect(Math.abs(found.frobenius - frobenius(product))).toBeLessThanOrEqual(1e-13 * S[0]);
    const squares = S.reduce((sum, x) => sum + x * x, 0);
    const held = (count: number) => S.subarray(0, count).reduce((sum, x) => sum + x * x, 0) / squares;
    for (const [count, share] of [
      [found.rank90, 0.9],
      [found.rank95, 0.95],
      [found.rank99, 0.99],
    ] as const) {
      if (S[0] === 0) expect(count).toBe(0);
      else {
        expect(held(count)).toBeGreaterThanOrEqual(share - 1e-12);
        expect(held(count - 1)).toBeLessThan(share + 1e-12);
      }
    }
    expect(found.effectiveRank.stable).toBeCloseTo(S[0] === 0 ? 0 : squares / S[0] ** 2, 9);
    expect(found.dead).toBe(S.slice(0, n).filter((x) => x < 1e-6 * S[0]).length);
    expect(found.untrained).toBe(S[0] === 0);
    expect(found.finite).toBe(true);
    const later = scaleFigures(figuresOf({ B, A }, null), s);
    for (let i = 0; i < n; i++) expect(Math.abs(later.sigma[i] - S[i])).toBeLessThanOrEqual(1e-13 * S[0]);
    const whole = figuresOfUpdate(product);
    expect(whole.frobenius).toBeCloseTo(found.frobenius, 9);
    expect(whole.rank95).toBe(found.rank95);
  });
});

it('says what cannot be measured, and what is zero', () => {
  const A = matrix(1, 2, 3, 4);
  const nan = figuresOf({ B: matrix(2, 1, 1, Number.NaN), A }, 1);
  expect(nan).toMatchObject({ finite: false, untrained: false, frobenius: 0, dead: 0, rank95: 0 });
  expect(nan.sigma.length).toBe(0);
  expect(figuresOf({ B: matrix(2, 1, 1, 1), A: matrix(1, 2, Infinity, 0) }, 1).finite).toBe(false);
  // 10²⁰⁰ · 10²⁰⁰ is infinite in float64.
  expect(figuresOf({ B: matrix(1, 1, 1e200), A: matrix(1, 1, 1e200) }, 1).finite).toBe(false);
  expect(figuresOf({ B: zeros(2, 1), A }, 2)).toMatchObject({ untrained: true, frobenius: 0, dead: 0, rank90: 0 });
  expect(figuresOf({ B: matrix(1, 1, 2), A }, -0.5)).toMatchObject({ sigma: Float64Array.of(5), frobenius: 5 });
});

/** By definition: the first k = 1, 2, … whose kept values reach the share of the total. */
function firstThat(sigma: readonly number[], reaches: (kept: readonly number[], all: readonly number[]) => boolean) {
  for (let k = 1; k <= sigma.length; k++) if (reaches(sigma.slice(0, k), sigma)) return k;
  return sigma.length;
}
const sum = (values: readonly number[]) => values.reduce((total, x) => total + x, 0);
const squares = (values: readonly number[]) => sum(values.map((x) => x * x));

it('counts directions by their definitions', () => {
  const random = stream(1, 'counts');
  for (let i = 0; i < 2000; i++) {
    const sigma = Array.from({ length: 1 + random.integer(40) }, () => Math.exp(6 * random.normal()));
    sigma.sort((a, b) => b - a);
    const t = random.uniform();
    const values = Float64Array.from(sigma);
    expect(rankByEnergy(values, t)).toBe(firstThat(sigma, (kept, all) => squares(kept) >= t * squares(all)));
    expect(rankByNorm(values, t)).toBe(firstThat(sigma, (kept, all) => squares(kept) >= t * t * squares(all)));
    expect(rankBySum(values, t)).toBe(firstThat(sigma, (kept, all) => sum(kept) >= t * sum(all)));
    const ratio = 1 + 50 * t;
    expect(rankByRatio(values, ratio)).toBe(sigma.filter((x) => x > sigma[0] / ratio).length);
  }
});

it('counts at the ends and where values are equal', () => {
  const four = Float64Array.of(1, 1, 1, 1);
  expect([0, 0.25, 0.26, 0.5, 0.75, 1].map((share) => rankByEnergy(four, share))).toEqual([1, 1, 2, 2, 3, 4]);
  expect([0.5, 0.51, 1].map((t) => rankByNorm(four, t))).toEqual([1, 2, 4]);
  // kohya's own script gives one more here.
  expect(rankBySum(Float64Array.of(6, 3, 1), 0.9)).toBe(2);
  expect(rankByRatio(Float64Array.of(8, 4, 2, 1), 4)).toBe(2);
  for (const count of [rankByEnergy, rankByNorm, rankBySum, rankByRatio]) {
    expect(count(new Float64Array(3), 0.5)).toBe(0);
    expect(count(new Float64Array(0), 0.5)).toBe(0);
    // Squares of neither overflow nor vanish.
    expect(count(Float64Array.of(1e200, 1e199), 0.999)).toBe(count(Float64Array.of(1e-200, 1e-201), 0.999));
  }
});

const tensor = (name: string, rows: number, cols: number, shape: readonly number[] = [rows, cols]): TestTensor => ({
  name,
  shape,
  values: normalMatrix(rows, cols, 3, name).data,
});
const alpha = (name: string, value: number): TestTensor => ({ name, shape: [], values: [value] });
const BASE = 'lora_unet_mid_block_attentions_0_';

async function opened(tensors: readonly TestTensor[]) {
  const { source } = await makeFile('f.safetensors', tensors);
  const adapter = await openAdapter(source, null, null);
  if ('fault' in adapter) throw new Error(adapter.details);
  return { source, modules: adapter.modules };
}

it('measures Hadamard and Kronecker products as if they were formed', async () => {
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((name) => `${BASE}${name}`);
  const { source, modules } = await opened([
    ...[tensor(`${a}.hada_w1_a`, 30, 3), tensor(`${a}.hada_w1_b`, 3, 40), tensor(`${a}.hada_w2_a`, 30, 3)],
    ...[tensor(`${a}.hada_w2_b`, 3, 40), alpha(`${a}.alpha`, 6)],
    // Of rank 36 at most, more than 20 × 24 has.
    ...[tensor(`${b}.hada_w1_a`, 20, 6), tensor(`${b}.hada_w1_b`, 6, 24), tensor(`${b}.hada_w2_a`, 20, 6)],
    ...[tensor(`${b}.hada_w2_b`, 6, 24), alpha(`${b}.alpha`, 3)],
    ...[
      tensor(`${c}.lokr_w1`, 4, 3),
      tensor(`${c}.lokr_w2_a`, 8, 2),
      tensor(`${c}.lokr_w2_b`, 2, 9),
      alpha(`${c}.alpha`, 1),
    ],
    ...[tensor(`${d}.lokr_w1`, 4, 4), tensor(`${d}.lokr_w2`, 6, 5 * 9, [6, 5, 3, 3]), alpha(`${d}.alpha`, 7)],
    tensor(`${e}.diff`, 12, 10),
  ]);
  expect(modules.map(({ kind }) => kind).sort()).toEqual(['full', 'loha', 'loha', 'lokr', 'lokr']);
  for (const module of modules) {
    const update = await readUpdate(source, module);
    if (!('matrix' in update)) throw new Error('not formed');
    const wanted = figuresOfUpdate(scale(update.matrix, module.scaling ?? 1));
    const found = await fileFigures(source, module);
    for (const [i, x] of wanted.sigma.entries()) {
      expect(Math.abs((found.sigma[i] ?? 0) - x)).toBeLessThan(1e-12 * wanted.sigma[0]);
    }
    expect(found.frobenius).toBeCloseTo(wanted.frobenius, 8);
    expect([found.rank90, found.rank95, found.rank99]).toEqual([wanted.rank90, wanted.rank95, wanted.rank99]);
    expect(found.effectiveRank.entropy).toBeCloseTo(wanted.effectiveRank.entropy, 8);
  }
});

it('has the magnitudes of DoRA beside the figures of s·B·A', async () => {
  const { B, A } = makePair(12, 10, [3, 1], 1);
  const name = `${BASE}q`;
  const { source, modules } = await opened([
    { name: `${name}.lora_down.weight`, shape: [2, 10], values: A.data },
    { name: `${name}.lora_up.weight`, shape: [12, 2], values: B.data },
    { name: `${name}.dora_scale`, shape: [12, 1], values: Array.from({ length: 12 }, (_, i) => 12 - i) },
    alpha(`${name}.alpha`, 4),
  ]);
  const { magnitudes, sigma } = await fileFigures(source, modules[0]);
  expect(magnitudes).toEqual([1, 6.5, 12]);
  expect(sigma.length).toBe(2);
});

it('orders the directions of all modules by size', () => {
  const figures = randomModules(40, 5, 30).map(({ B, A, s }) => figuresOf({ B, A }, s));
  const { directions, share, counts } = energyOf([null, ...figures]);
  const squares = figures.flatMap(({ sigma }) => [...sigma]).map((x) => x * x);
  const total = squares.reduce((sum, x) => sum + x, 0);
  expect(directions).toBe(squares.length);
  expect([share[0], share[directions]]).toEqual([0, 1]);
  for (const threshold of [0.1, 0.01, 0.001].map((part) => part * Math.max(...squares))) {
    const above = squares.filter((x) => x > threshold);
    expect(share[above.length]).toBeCloseTo(above.reduce((sum, x) => sum + x, 0) / total, 12);
  }
  for (const [i, part] of [0.9, 0.95, 0.99].entries()) {
    expect(share[counts[i]]).toBeGreaterThanOrEqual(part);
    expect(share[counts[i] - 1]).toBeLessThan(part);
  }
});

it('is all 0 without energy', () => {
  expect(energyOf([]).counts).toEqual([0, 0, 0]);
  const zero = randomModules(9, 5, 30).find(({ about }) => about.startsWith('zero'));
  if (!zero) throw new Error('no zero');
  expect(energyOf([figuresOf(zero, 1)]).share.every((x) => x === 0)).toBe(true);
});

it.each([
  [20, 12, 8, 3],
  [7, 31, 5, 4],
  [3, 2, 60, 1],
])('the product of the means is the means of the product: %i × %i in %i blocks', (d, k, max, r) => {
  const [B, A] = [normalMatrix(d, r, 1, 'B'), normalMatrix(r, k, 1, 'A')];
  const means = blockMeans({ B, A }, max);
  const { blocksOfRows, blocksOfCols, block } = means;
  expect(Math.max(blocksOfRows, blocksOfCols)).toBeLessThanOrEqual(max);
  const W = multiply(B, A);
  for (let p = 0; p < blocksOfRows; p++) {
    for (let q = 0; q < blocksOfCols; q++) {
      const entries = [];
      for (let i = p * block[0]; i < Math.min(d, (p + 1) * block[0]); i++) {
        for (let j = q * block[1]; j < Math.min(k, (q + 1) * block[1]); j++) entries.push(W.data[i * k + j]);
      }
      let product = 0;
      for (let i = 0; i < r; i++) product += means.B[p * r + i] * means.A[i * blocksOfCols + q];
      expect(product).toBeCloseTo(entries.reduce((sum, x) => sum + x, 0) / entries.length, 5);
    }
  }
});
