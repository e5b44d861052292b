/** Figures of two models against ΔW that is known, and against Eckart and Young. */

import { beforeAll, describe, expect, it } from 'vitest';
import { svd } from '../../../math/factor/svd.ts';
import { frobenius, multiply, subtract } from '../../../math/matrix.ts';
import { cutErrors, type DifferenceFigures, differenceFigures, neededRank } from './difference-figures.ts';
import type { TensorMatches } from './match-tensors.ts';
import { type MadeUpPair, madeUpPair, matched, SIGMA } from './testing/made-up-pair.ts';

let pair: MadeUpPair;
let matches: TensorMatches;
let figures: readonly DifferenceFigures[];
const of = (name: string) => figures[matches.pairs.findIndex((one) => one.name === name)];

beforeAll(async () => {
  pair = madeUpPair();
  const added = { name: 'model.extra.weight', shape: [4, 4], values: new Float64Array(16).fill(1) };
  const other = { ...added, name: 'lm_head.weight' };
  const retyped = {
    ...added,
    name: 'model.retyped.weight',
    values: Float64Array.from({ length: 16 }, (_, i) => 1 + i / 3),
  };
  matches = await matched(
    [...pair.base, other, { ...retyped, dtype: 'F32' }, { ...added, name: 'old.weight' }],
    [...pair.fine, added, { ...other, shape: [2, 8] }, { ...retyped, dtype: 'BF16' }],
  );
  const found = [];
  for (const one of matches.pairs) found.push(await differenceFigures(one));
  figures = found;
});

describe('two models of 50 tensors', () => {
  it('are matched by names, and what is in one alone or of another shape is listed', () => {
    expect(matches.pairs).toHaveLength(51);
    expect(matches.onlyFine.map(({ name }) => name)).toEqual(['model.extra.weight']);
    expect(matches.onlyBase.map(({ name }) => name)).toEqual(['old.weight']);
    expect(matches.unlike.map(([{ name }]) => name)).toEqual(['lm_head.weight']);
  });

  it('did not change where every bit is equal, and changed by rounding alone to another type', () => {
    const unchanged = matches.pairs.filter((_, i) => figures[i].change === 'same bits').map(({ name }) => name);
    expect(unchanged).toHaveLength(6 + 5);
    expect(of('model.layers.2.self_attn.v_proj.weight')).toMatchObject({
      change: 'same bits',
      norm: 0,
      spectrum: null,
    });
    expect(of('model.retyped.weight')).toMatchObject({ change: 'rounded', spectrum: null });
    expect(of('model.layers.0.input_layernorm.weight')).toMatchObject({ change: 'changed', spectrum: null });
  });

  it('have the norm and the singular values of the stored ΔW', () => {
    for (const [name, delta] of pair.deltas) {
      const { norm, spectrum, baseNorm } = of(name);
      expect(Math.abs(norm - frobenius(delta)), name).toBeLessThan(1e-13 * norm);
      expect(baseNorm).toBeGreaterThan(norm);
      if (delta.cols === 1) continue;
      const { S } = svd(delta);
      expect(spectrum?.sigma, name).toHaveLength(S.length);
      for (const [i, x] of S.entries()) expect(Math.abs((spectrum?.sigma[i] ?? 0) - x), name).toBeLessThan(1e-13);
    }
  });

  it('need three directions for what was learned at rank 3, and more with noise', () => {
    const low = of('model.layers.1.self_attn.q_proj.weight').spectrum;
    expect(low?.rank99).toBeLessThanOrEqual(SIGMA.length);
    expect(low?.sigma[SIGMA.length]).toBeLessThan(1e-5);
    const noisy = of('model.layers.1.self_attn.o_proj.weight').spectrum;
    expect(noisy?.sigma[SIGMA.length]).toBeGreaterThan(1e-3);
  });
});

describe('the error of a cut', () => {
  it('is that of Eckart and Young at every rank', () => {
    const delta = pair.deltas.get('model.layers.1.self_attn.o_proj.weight');
    if (!delta) throw new Error('no delta');
    const { U, S, V } = svd(delta);
    const errors = cutErrors(S, frobenius(delta), true);
    for (const rank of [0, 1, 2, 5, 20, 31]) {
      const cut = { ...delta, data: new Float64Array(delta.data.length) };
      for (let p = 0; p < rank; p++) {
        const u = {
          rows: U.rows,
          cols: 1,
          data: Float64Array.from({ length: U.rows }, (_, i) => U.data[i * U.cols + p]),
        };
        const v = {
          rows: 1,
          cols: V.rows,
          data: Float64Array.from({ length: V.rows }, (_, i) => V.data[i * V.cols + p] * S[p]),
        };
        multiply(u, v).data.forEach((x, i) => {
          cut.data[i] += x;
        });
      }
      expect(Math.abs(errors[rank] - frobenius(subtract(delta, cut)) / frobenius(delta))).toBeLessThan(1e-12);
    }
  });

  it('counts what lies beyond the known directions as lost', () => {
    expect([...cutErrors(Float64Array.of(3, 2), Math.sqrt(14), false)].map((x) => x * x * 14)).toEqual([
      expect.closeTo(14, 12),
      expect.closeTo(5, 12),
      expect.closeTo(1, 12),
    ]);
    const sigma = Float64Array.of(3, 2, 1);
    expect([0.6, 0.95, 1].map((share) => neededRank(sigma, Math.sqrt(14), share))).toEqual([1, 3, 3]);
    expect(neededRank(sigma, 4, 0.95)).toBeNull();
    expect(neededRank(sigma, 0, 0.9)).toBe(0);
  });
});
