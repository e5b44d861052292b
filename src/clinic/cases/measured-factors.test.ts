import { describe, expect, it } from 'vitest';
import { newRecord, type RunRecord } from '../../experiment/run-file/run-record.ts';
import { change, defaults } from '../../experiment/settings/experiment.ts';
import { frobenius, type Matrix64, multiply, subtract, toFloat32 } from '../../math/matrix.ts';
import { gaussian, stream } from '../../math/random.ts';
import { singularValues } from '../../math/spectral/singular-values.ts';
import { errorAtRank } from '../../math/spectral/spectra.ts';
import type { CaseRun } from './case.ts';
import { measuredFactors } from './measured-factors.ts';

const [D, K] = [7, 5];

/** A run whose adapter is at random, and its ΔW = s·B·A. */
function trained(rank: number, alpha: number, name: string): { readonly run: RunRecord; readonly update: Matrix64 } {
  const [A, B] = [gaussian(rank, K, stream(1, `${name} A`)), gaussian(D, rank, stream(1, `${name} B`))].map(toFloat32);
  const record = newRecord(change(defaults(), { d: 8, k: 8, rank, alpha }));
  const factors = { A: A.data, B: B.data, spectrum: null, alignment: null };
  const sizes = { name: 'W', d: D, k: K, rank };
  const run: RunRecord = { ...record, modules: [sizes], frames: [{ step: 1, modules: [factors] }] };
  const product = multiply(B, A);
  return { run, update: { ...product, data: product.data.map((x) => (alpha / rank) * x) } };
}

const runOf = (measures: CaseRun['measures']): CaseRun => ({
  ...{ key: 'made', label: '', role: 'reference', link: '' },
  measures,
});

/** The product of the only pair, with s = 1. */
function productOf(run: CaseRun, known: ReadonlyMap<string, RunRecord>, rank: number): Matrix64 {
  const [{ A, B }] = measuredFactors(run, known) ?? [];
  return multiply({ rows: D, cols: rank, data: B }, { rows: rank, cols: K, data: A });
}

const apart = (a: Matrix64, b: Matrix64) => frobenius(subtract(a, b)) / frobenius(b);

describe('factors of runs without steps', () => {
  const [one, other] = [trained(2, 6, 'one'), trained(3, 1.5, 'other')];
  const known = new Map([
    ['one', one.run],
    ['other', other.run],
  ]);

  it('of a sum have the weighted sum of both ΔW as their product', () => {
    const sum = runOf({
      sum: [
        { run: 'one', weight: 0.5 },
        { run: 'other', weight: -2 },
      ],
    });
    const wanted = { ...one.update, data: one.update.data.map((x, i) => 0.5 * x - 2 * other.update.data[i]) };
    expect(apart(productOf(sum, known, 5), wanted)).toBeLessThan(1e-6);
  });

  it('of a cut are as far from ΔW as the Eckart–Young theorem says, and those of the full rank give it back', () => {
    const least = errorAtRank(singularValues(other.update));
    for (const rank of [1, 2, 3])
      expect(frobenius(subtract(productOf(runOf({ cut: 'other', rank }), known, rank), other.update))).toBeCloseTo(
        least[rank],
        5,
      );
  });

  it('are not there before the runs that they are made of', () => {
    expect(measuredFactors(runOf({ cut: 'missing', rank: 1 }), known)).toBeNull();
    expect(
      measuredFactors(
        runOf({
          sum: [
            { run: 'one', weight: 1 },
            { run: 'missing', weight: 1 },
          ],
        }),
        known,
      ),
    ).toBeNull();
    expect(measuredFactors(runOf(undefined), known)).toBeNull();
  });
});
